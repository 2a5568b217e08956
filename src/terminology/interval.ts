import type { Comparator } from './numbers.ts';

/** One numeric interval as printed. A limit is part of the interval unless the sign printed before it is strict. */
export interface Interval {
  readonly low?: number;
  readonly high?: number;
  /** True for ">5": 5 itself is outside. */
  readonly lowOpen: boolean;
  /** True for "<200": 200 itself is outside, hence high. */
  readonly highOpen: boolean;
}

/** Where a value stands against an interval; undefined when a comparator straddles a limit or nothing is printed. */
export function positionIn(
  interval: Partial<Interval>,
  value: number,
  comparator?: Comparator,
): 'low' | 'inside' | 'high' | undefined {
  const { low, high, lowOpen, highOpen } = interval;
  if (low === undefined && high === undefined) {
    return undefined;
  }
  const under = low !== undefined && (lowOpen ? value <= low : value < low);
  const over = high !== undefined && (highOpen ? value >= high : value > high);
  if (comparator === undefined) {
    return under ? 'low' : over ? 'high' : 'inside';
  }
  if (comparator === '<' || comparator === '<=') {
    // Everything up to the value is possible.
    const allUnder = low !== undefined && (under || (comparator === '<' && value <= low));
    if (allUnder) {
      return 'low';
    }
    return (low === undefined || low <= 0) && !over ? 'inside' : undefined;
  }
  const allOver = high !== undefined && (over || (comparator === '>' && value >= high));
  if (allOver) {
    return 'high';
  }
  return high === undefined && !under ? 'inside' : undefined;
}
