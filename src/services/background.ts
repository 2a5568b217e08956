import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BackgroundOptions {
  /** Pieces of work that may wait; what comes beyond is lost, and said so. */
  readonly limit: number;
  /** Pause after each piece, so that answering hooks comes first. */
  readonly pauseMs: number;
  /** The longest pause, while this process has its hands full and there is room for more that waits. */
  readonly busyPauseMs?: number;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly retryMs: number;
  readonly onLost: (kind: string, error: unknown) => void;
}

export interface Background {
  /** Does it soon, behind the answer's back, in the order in which it was asked for. */
  add(kind: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing waits any more, at the latest after so many milliseconds. */
  idle(maxMs?: number): Promise<void>;
}

/** Part of its time that the event loop is at work. */
const BUSY = 0.9;

/**
 * What must not keep a clinician waiting: records and audit events are written here, one after the other, each tried a few
 * times. What waits is lost when the process is killed; nothing of it is needed to answer.
 */
export function createBackground(options: BackgroundOptions): Background {
  const waiting: { readonly kind: string; readonly work: () => Promise<unknown> }[] = [];
  let running: Promise<void> | undefined;

  async function attempt(kind: string, work: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await work();
        return;
      } catch (error) {
        if (tries >= options.attempts) {
          options.onLost(kind, error);
          return;
        }
        await sleep(options.retryMs * 2 ** (tries - 1), undefined, { ref: false });
      }
    }
  }

  async function rest(): Promise<void> {
    const { pauseMs, busyPauseMs = pauseMs } = options;
    const before = performance.eventLoopUtilization();
    for (let rested = pauseMs; ; rested += pauseMs) {
      await sleep(pauseMs, undefined, { ref: false });
      const busy = performance.eventLoopUtilization(before).utilization > BUSY;
      if (!busy || rested >= busyPauseMs || waiting.length > options.limit / 2) {
        return;
      }
    }
  }

  async function drain(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await attempt(next.kind, next.work);
      if (options.pauseMs > 0 && waiting.length > 0) {
        await rest();
      }
    }
    running = undefined;
  }

  return {
    add(kind, work) {
      if (waiting.length >= options.limit) {
        options.onLost(kind, undefined);
        return;
      }
      waiting.push({ kind, work });
      running ??= drain();
    },
    async idle(maxMs = 5000) {
      const late = sleep(maxMs, undefined, { ref: false });
      while (running !== undefined) {
        const ended = await Promise.race([running.then(() => true), late.then(() => false)]);
        if (!ended) {
          return;
        }
      }
    },
  };
}
