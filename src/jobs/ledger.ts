import { asIntervalError, type IntervalError } from '../errors.ts';
import { failTask, findTask, rejectTask, requeueTask } from '../fhir/tasks.ts';
import type { Job, JobHandler } from '../queue/queue.ts';
import type { Ledger } from './request.ts';
import { endOf } from './run.ts';

/**
 * Keeps the Task true when an attempt throws, also when the process that ran it died: input that cannot be read rejects
 * the job, what may pass puts it back, everything else fails it. The error goes on to the queue, which decides alike.
 */
export function keepLedger(
  handler: JobHandler,
  ledger: Pick<Ledger, 'store' | 'clock'>,
  onLost: (job: Job, error: IntervalError) => void,
): JobHandler {
  return async (job, signal, attempt) => {
    try {
      await handler(job, signal, attempt);
    } catch (thrown) {
      const error = asIntervalError(signal.aborted ? (signal.reason ?? thrown) : thrown);
      // A store that cannot be written keeps the Task in progress; the next start or worker finds it there.
      await record(job, error, attempt.last).catch((failure) => onLost(job, asIntervalError(failure)));
      if (error.kind !== 'input') {
        throw error;
      }
    }
  };

  async function record(job: Job, error: IntervalError, last: boolean): Promise<void> {
    const task = await findTask(ledger.store, job.key);
    if (task?.status !== 'in-progress' && task?.status !== 'requested') {
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
