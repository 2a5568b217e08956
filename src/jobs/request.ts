import type { Task } from '@medplum/fhirtypes';
import type { PlannedJob } from '../analyses/plan.ts';
import { asIntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { jobOfTask } from '../fhir/job-task.ts';
import { mapReferences, type ReferenceForm } from '../fhir/references.ts';
import { createTask, findUnfinished, requeueTask } from '../fhir/tasks.ts';
import type { EnqueueOptions, Job, Queue } from '../queue/queue.ts';

export interface Ledger {
  readonly store: FhirClient;
  readonly form: ReferenceForm;
  /** Absent when other processes run the jobs: then the Task alone asks for it. */
  readonly queue?: Queue;
  readonly clock: () => Date;
}

/**
 * Asks for every job that is due: the Task first, then the queue, so that a crash between the two loses nothing. What
 * waits already becomes as urgent as it is asked for now. Returns how many were asked for by this call.
 */
export async function requestDue(
  planned: readonly PlannedJob[],
  ledger: Ledger,
  options: EnqueueOptions = {},
): Promise<number> {
  let asked = 0;
  for (const { job, state } of planned) {
    if (state === 'due') {
      const now = ledger.clock().toISOString();
      const { task: found } = await createTask(ledger.store, rewritten(job, ledger.form.toStore), { now });
      const task = found.status === 'failed' || found.status === 'cancelled' ? await reopen(found, now) : found;
      if (task.status === 'requested') {
        asked += (await ledger.queue?.enqueue(job, options)) === 'already' ? 0 : 1;
      }
    } else if (state === 'waiting') {
      await ledger.queue?.enqueue(job, options);
    }
  }
  return asked;

  async function reopen(task: Task, now: string): Promise<Task> {
    try {
      return await requeueTask(ledger.store, task, { now });
    } catch (error) {
      // Somebody else was faster, and puts it into a queue.
      if (asIntervalError(error).code === 'fhir-conflict') {
        return task;
      }
      throw error;
    }
  }
}

/**
 * Puts unfinished jobs of the store back into the queue: after a restart, and now and then in a worker. A Task that was
 * in progress later than `inProgressBefore` may still be alive elsewhere and is left alone.
 */
export async function recover(
  ledger: Ledger & { readonly queue: Queue },
  options: { readonly inProgressBefore: Date },
): Promise<number> {
  const tasks = await findUnfinished(ledger.store, { inProgressBefore: options.inProgressBefore.toISOString() });
  let recovered = 0;
  for (const task of tasks) {
    const job = jobFrom(task, ledger.form);
    if (job && (await ledger.queue.enqueue(job)) === 'queued') {
      recovered += 1;
    }
  }
  return recovered;
}

function jobFrom(task: Task, form: ReferenceForm): Job | undefined {
  const record = jobOfTask(task);
  return record && rewritten(record, form.toSource);
}

/** A job under other references; its key stays. */
export function rewritten(job: Job, rewrite: (reference: string) => string): Job {
  return { ...mapReferences(job, rewrite), patient: rewrite(job.patient) };
}
