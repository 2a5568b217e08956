import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

export interface BackgroundOptions {
  /** Pieces of work that may wait; what comes beyond is lost, and said so. */
  readonly limit: number;
  /** Pause after each piece, so that answering hooks comes first. */
  readonly pauseMs: number;
  /** The longest pause: it is longer after what took longer, as long as there is room for more that waits. */
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

/** How much longer hooks have the event loop than what is done here. */
const SHARE = 4;

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

  /** After work that kept the event loop for so long, in milliseconds. */
  function rest(active: number): Promise<void> {
    const { pauseMs, busyPauseMs = pauseMs } = options;
    const room = waiting.length <= options.limit / 2;
    return sleep(room ? Math.max(pauseMs, Math.min(busyPauseMs, SHARE * active)) : pauseMs, undefined, { ref: false });
  }

  async function drain(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const before = performance.eventLoopUtilization();
      await attempt(next.kind, next.work);
      const { active } = performance.eventLoopUtilization(before);
      if (options.pauseMs > 0 && waiting.length > 0) {
        await rest(active);
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
