import { setTimeout as sleep } from 'node:timers/promises';
import { asIntervalError, type IntervalError } from '../errors.ts';
import type { Sweep, Swept } from './sweep.ts';

/** Sweeps now and then until it is told to stop, never twice at the same time. */
export async function keepSweeping(
  sweep: Sweep,
  options: {
    readonly everyMs: number;
    /** The first sweep has been made: the next is due after a pause. */
    readonly begun?: boolean;
    readonly signal: AbortSignal;
    readonly onSwept?: (swept: Swept) => void;
    /** The store or the queue could not be asked; the next time they may. */
    readonly onError: (error: IntervalError) => void;
  },
): Promise<void> {
  const { everyMs, begun = false, signal, onSwept, onError } = options;
  const pause = () => sleep(everyMs, undefined, { signal }).catch(() => undefined);
  if (begun) {
    await pause();
  }
  while (!signal.aborted) {
    await sweep({ signal }).then(onSwept, (error) => signal.aborted || onError(asIntervalError(error)));
    await pause();
  }
}
