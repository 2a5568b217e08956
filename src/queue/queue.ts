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
}

export interface QueueStats {
  readonly waiting: number;
  readonly running: number;
  readonly delayed: number;
}

export interface Queue {
  /** `already` when a job of this key waits, runs or is delayed. Throws `queue-full` beyond the limit. */
  enqueue(job: Job): Promise<'queued' | 'already'>;
  /** Once, before or after jobs are enqueued. */
  process(handler: JobHandler): void;
  stats(): Promise<QueueStats>;
  /** Resolves when nothing waits, runs or is delayed. */
  idle(): Promise<void>;
  /** Takes no more work, lets what runs end within the grace period, then aborts it. */
  close(graceMs?: number): Promise<void>;
}
