import { setTimeout as sleep } from 'node:timers/promises';

export interface BackgroundOptions {
  /** Pieces of work that may wait; what comes beyond is lost, and said so. */
  readonly limit: number;
  /** Pause after each piece, so that answering hooks comes first on a busy machine. */
  readonly pauseMs: number;
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

  async function drain(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await attempt(next.kind, next.work);
      if (options.pauseMs > 0 && waiting.length > 0) {
        await sleep(options.pauseMs, undefined, { ref: false });
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
