import type { IntervalError } from '../errors.ts';
import type { Job } from './queue.ts';

/** What every queue is told, whatever engine is behind it. */
export interface QueueOptions {
  readonly concurrency: number;
  /** Jobs that may wait; beyond it `enqueue` throws `queue-full`. */
  readonly limit: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  /** Delay before attempt n + 1; a Retry-After of the error is respected when it is longer. */
  readonly backoffMs?: (attempt: number) => number;
  readonly clock?: () => Date;
  /** A job that ended for good, with the error of its last attempt if it has one. */
  readonly onEnd?: (job: Job, error: IntervalError | undefined, milliseconds: number) => void;
  readonly onRetry?: (job: Job, error: IntervalError, attempt: number) => void;
  /** Asked before each attempt; one that is not admitted is asked for again later, and has cost none. */
  readonly admit?: Admit;
}

export type Admit = (job: Job) => Promise<Admitted>;

/** What is to be let go of after the attempt, or how long to wait before asking again. */
export type Admitted = { release(): Promise<void> } | { readonly againMs: number };

/** So many given-up jobs are remembered; the Tasks know them all. */
export const MAX_DEAD_LETTERS = 1000;
