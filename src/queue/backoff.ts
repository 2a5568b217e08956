/** Half a second before the second attempt, twice as long before each that follows, a minute at most. */
export const defaultBackoffMs = (attempt: number): number => Math.min(500 * 2 ** (attempt - 1), 60_000);

/** A server that asks for more patience than this is asked again all the same: its job would be forgotten. */
const LONGEST_MS = 15 * 60_000;

/**
 * Milliseconds before the next attempt: what the server asked for where that is longer, within reason, and up to a quarter
 * more by chance, so that jobs that failed together do not come back together.
 */
export function delayBefore(backoffMs: number, retryAfterMs = 0, random: () => number = Math.random): number {
  const least = Math.max(backoffMs, Math.min(retryAfterMs, LONGEST_MS));
  return Math.round(least * (1 + random() / 4));
}
