import type { Task } from '@medplum/fhirtypes';
import type { PlannedJob } from '../analyses/plan.ts';
import { asIntervalError, type IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { mapReferences, type ReferenceForm } from '../fhir/references.ts';
import { createTask, findTask, hastenTask, requeueTask } from '../fhir/tasks.ts';
import { isMoreUrgent } from '../queue/lanes.ts';
import type { EnqueueOptions, Job, Queue } from '../queue/queue.ts';
import { jobPriorityOf, taskPriorityOf } from './priority.ts';

export interface Ledger {
  readonly store: FhirClient;
  readonly form: ReferenceForm;
  /** Absent when other processes find the jobs in the store: then the Task alone asks for them. */
  readonly queue?: Queue;
  readonly clock: () => Date;
  /** A job whose Task stands and that the queue did not take: the next sweep brings it. */
  readonly onDeferred?: (job: Job, error: IntervalError) => void;
}

/**
 * Asks for every job that is due: the Task first, then the queue, so that a crash between the two loses nothing, and a
 * queue that is full or away is no reason to ask again. What waits already becomes as urgent as it is asked for now.
 * Returns how many were asked for by this call.
 */
export async function requestDue(
  planned: readonly PlannedJob[],
  ledger: Ledger,
  options: EnqueueOptions = {},
): Promise<number> {
  const { store, form } = ledger;
  const { priority = 'now' } = options;
  let asked = 0;
  for (const { job, state } of planned) {
    if (state === 'due') {
      const now = ledger.clock().toISOString();
      const wanted = { now, priority: taskPriorityOf(priority) };
      const { task: found } = await createTask(store, rewritten(job, form.toStore), wanted);
      const task = found.status === 'failed' || found.status === 'cancelled' ? await reopen(found, now) : found;
      if (task.status === 'requested') {
        asked += (await enqueue(job)) === 'already' ? 0 : 1;
      }
    } else if (state === 'waiting') {
      await hasten(job);
    }
  }
  return asked;

  async function enqueue(job: Job): Promise<'queued' | 'already' | undefined> {
    try {
      return await ledger.queue?.enqueue(job, options);
    } catch (thrown) {
      const error = asIntervalError(thrown);
      if (error.code === 'queue-full' || error.code === 'queue-unavailable') {
        ledger.onDeferred?.(job, error);
        return 'queued';
      }
      throw error;
    }
  }

  async function hasten(job: Job): Promise<void> {
    if (ledger.queue) {
      await enqueue(job);
    } else if (priority !== 'backfill') {
      const task = await findTask(store, job.key);
      if (task?.status === 'requested' && isMoreUrgent(priority, jobPriorityOf(task))) {
        const now = ledger.clock().toISOString();
        // Somebody begins it at this moment: soon enough.
        await unlessFaster(hastenTask(store, task, { now, priority: taskPriorityOf(priority) }), task);
      }
    }
  }

  function reopen(task: Task, now: string): Promise<Task> {
    // Somebody else was faster, and puts it into a queue.
    return unlessFaster(requeueTask(store, task, { now }), task);
  }

  async function unlessFaster(change: Promise<Task>, before: Task): Promise<Task> {
    try {
      return await change;
    } catch (error) {
      if (asIntervalError(error).code === 'fhir-conflict') {
        return before;
      }
      throw error;
    }
  }
}

/** A job under other references; its key stays. */
export function rewritten(job: Job, rewrite: (reference: string) => string): Job {
  return { ...mapReferences(job, rewrite), patient: rewrite(job.patient) };
}
