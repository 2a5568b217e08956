import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The value that a part of all is not above; NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  return values.toSorted((one, other) => one - other)[Math.ceil(part * values.length) - 1] ?? Number.NaN;
}

export function latencyOf(values: readonly number[]): Latency {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}

/**
 * Calls at even distances, whether or not earlier ones have ended, and waits for all. A timer of this process that came late is
 * not the other side's: what `call` measures begins with the call.
 */
export async function evenly<T>(perSecond: number, seconds: number, call: (at: number) => Promise<T>): Promise<T[]> {
  const sent: Promise<T>[] = [];
  const begun = performance.now();
  for (let at = 0; at < perSecond * seconds; at += 1) {
    await sleep(Math.max(0, begun + (1000 * at) / perSecond - performance.now()));
    sent.push(call(at));
  }
  return Promise.all(sent);
}
