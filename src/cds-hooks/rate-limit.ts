import { IntervalError } from '../errors.ts';

/** Takes one call from a client's allowance. Throws `too-many-calls` with the time after which there is room again. */
export type RateLimit = (client: string, callsPerMinute: number) => void;

/**
 * One bucket a client, filled evenly, that holds ten seconds' worth: a burst when a ward opens its charts is let through, a
 * client that has gone wild is not. Kept in this process: each replica counts for itself.
 */
export function createRateLimit(clock: () => number): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return (client, callsPerMinute) => {
    if (callsPerMinute <= 0) {
      return;
    }
    const perMs = callsPerMinute / 60_000;
    const capacity = Math.max(1, callsPerMinute / 6);
    const now = clock();
    const bucket = buckets.get(client) ?? { left: capacity, at: now };
    const left = Math.min(capacity, bucket.left + Math.max(0, now - bucket.at) * perMs);
    if (left < 1) {
      buckets.set(client, { left, at: now });
      const retryAfterMs = Math.ceil((1 - left) / perMs);
      throw new IntervalError('too-many-calls', 'This client calls more often than it may.', { retryAfterMs });
    }
    buckets.set(client, { left: left - 1, at: now });
  };
}
