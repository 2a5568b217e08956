import type { QueueFigures } from '../metrics.ts';

/** One analysis of one subject. Carries references only: never a token, never patient text. */
export interface Job {
  /** Names the job by what it reads; the same key twice is the same job. */
  readonly key: string;
  readonly analysis: string;
  readonly reader: string;
  /** `Patient/id` in the source. */
  readonly patient: string;
  /** Reference and version of what is read. */
  readonly subject: VersionedReference;
  /** Others that are read with it, e.g. the prior study. */
  readonly companions: readonly (VersionedReference & { readonly role: string })[];
}

export interface VersionedReference {
  readonly reference: string;
  readonly version: string;
}

/** What somebody waits for comes first: an order being signed or an open chart, then what arrived, then what was there already. */
export type JobPriority = 'now' | 'arrival' | 'backfill';

/** Most urgent first. */
export const jobPriorities: readonly JobPriority[] = ['now', 'arrival', 'backfill'];

export interface EnqueueOptions {
  /** Default `now`. */
  readonly priority?: JobPriority;
  /** W3C traceparent of what asked for the job; never anything else. */
  readonly trace?: string;
  /** ISO instant at which the job was asked for, where that was earlier than now: its Task was waiting. */
  readonly requestedAt?: string;
}

/**
 * Runs the job. Resolves when the job has ended in a state that its Task records (completed, rejected, failed); rejects
 * with an IntervalError otherwise, and the error says whether to run it again.
 */
export type JobHandler = (job: Job, signal: AbortSignal, attempt: JobAttempt) => Promise<void>;

export interface JobAttempt {
  /** 1 for the first. */
  readonly number: number;
  /** True when no further attempt follows: the handler must leave a final state behind. */
  readonly last: boolean;
  /** ISO instant at which the job was asked for. */
  readonly requestedAt: string;
  /** Of what asked for it. */
  readonly trace?: string;
}

export type QueueStats = QueueFigures;

/** A job that was given up: no attempt follows until it is replayed or asked for anew. */
export interface DeadLetter {
  readonly job: Job;
  /** Of the last error, src/errors.ts. */
  readonly code: string;
  readonly attempts: number;
  /** ISO instant at which it was given up. */
  readonly at: string;
}

export interface Queue {
  /**
   * `already` when a job of this key waits, runs or is delayed; one that waits with less urgency becomes as urgent as
   * asked for now. Throws `queue-full` beyond the limit, `queue-unavailable` when an engine elsewhere does not answer.
   */
  enqueue(job: Job, options?: EnqueueOptions): Promise<'queued' | 'already'>;
  /** Once, before or after jobs are enqueued. */
  process(handler: JobHandler): void;
  stats(): Promise<QueueStats>;
  /** Resolves when nothing waits, runs or is delayed, or the queue is closed. */
  idle(): Promise<void>;
  /** Newest first. */
  dead(): Promise<readonly DeadLetter[]>;
  /** Puts given-up jobs back with all their attempts, all of them or those named. Returns how many. */
  replay(keys?: readonly string[]): Promise<number>;
  /** Takes no more work, lets what runs end within the grace period, then aborts it. */
  close(graceMs?: number): Promise<void>;
}
