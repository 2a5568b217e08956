import { IntervalError } from '../../errors.ts';
import type { ReplayStore } from './replay.ts';

/** What was used, in this process alone: for a service without replicas. A restart forgets. */
export function createMemoryReplayStore(options: {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Keys that are kept at most; beyond them nothing is taken until some expire, since forgetting would let a token in twice. */
  readonly limit?: number;
}): ReplayStore {
  const { clock, limit = 1_000_000 } = options;
  const seen = new Map<string, number>();
  let sweepAt = Math.min(limit, 1024);

  function sweep(now: number): void {
    for (const [key, until] of seen) {
      if (until <= now) {
        seen.delete(key);
      }
    }
    sweepAt = Math.min(limit, Math.max(1024, seen.size * 2));
  }

  return {
    async firstUse(key, until) {
      const now = clock();
      const known = seen.get(key);
      if (known !== undefined && known > now) {
        return false;
      }
      if (seen.size >= sweepAt) {
        sweep(now);
        if (seen.size >= limit) {
          throw new IntervalError('replay-store-unavailable', 'More tokens are in use than can be remembered.');
        }
      }
      seen.set(key, until);
      return true;
    },
    async ready() {},
    async close() {
      seen.clear();
    },
  };
}
