import { asIntervalError, type IntervalError } from '../errors.ts';
import { runnerOf } from '../fhir/job-task.ts';
import { failTask, findTask, rejectTask, requeueTask } from '../fhir/tasks.ts';
import type { Job, JobAttempt, JobHandler } from '../queue/queue.ts';
import type { Ledger } from './request.ts';
import { endOf } from './run.ts';

/** An attempt as the ledger knows it. */
export interface LedgerAttempt extends JobAttempt {
  /** `host/pid/start/count`: what the Task says of who runs it, unlike any other attempt of any process. */
  readonly runner: string;
}

export type LedgerHandler = (job: Job, signal: AbortSignal, attempt: LedgerAttempt) => Promise<void>;

export interface KeepOptions {
  /** Names this process, unlike any other and any before it. */
  readonly owner: string;
  /** The Task of a job could not be written; it stays in progress, and is taken over when it has been silent for long enough. */
  readonly onLost: (job: Job, error: IntervalError) => void;
}

/**
 * Keeps the Task true when an attempt throws, also when the process that ran it died: input that cannot be read rejects
 * the job, what may pass puts it back, everything else fails it. The error goes on to the queue, which decides alike.
 * A Task that somebody else has taken over meanwhile is theirs, and left alone.
 */
export function keepLedger(
  handler: LedgerHandler,
  ledger: Pick<Ledger, 'store' | 'clock'>,
  { owner, onLost }: KeepOptions,
): JobHandler {
  let begun = 0;
  return async (job, signal, attempt) => {
    begun += 1;
    const runner = `${owner}/${begun}`;
    try {
      await handler(job, signal, { ...attempt, runner });
    } catch (thrown) {
      const error = asIntervalError(signal.aborted ? (signal.reason ?? thrown) : thrown);
      await record(job, error, runner, attempt.last).catch((failure) => onLost(job, asIntervalError(failure)));
      if (error.kind !== 'input') {
        throw error;
      }
    }
  };

  async function record(job: Job, error: IntervalError, runner: string, last: boolean): Promise<void> {
    const task = await findTask(ledger.store, job.key);
    const ours = task !== undefined && runnerOf(task) === runner;
    // Requested and ours: it was taken over, and waits. In progress and not ours: it was taken over, and runs.
    if (task === undefined || (task.status === 'in-progress' ? !ours : task.status !== 'requested' || ours)) {
      return;
    }
    const options = {
      now: ledger.clock().toISOString(),
      system: 'error',
      code: error.code,
      text: error.message,
    } as const;
    const end = endOf(error, last);
    if (end === 'rejected') {
      await rejectTask(ledger.store, task, options);
    } else if (end === 'failed') {
      await failTask(ledger.store, task, options);
    } else if (task.status === 'in-progress') {
      await requeueTask(ledger.store, task, options);
    }
  }
}
