import type { Task } from '@medplum/fhirtypes';
import type { PlannedJob } from '../analyses/plan.ts';
import type { FhirClient } from '../fhir/client.ts';
import { jobOfTask } from '../fhir/job-task.ts';
import { mapReferences, type ReferenceForm } from '../fhir/references.ts';
import { createTask, findUnfinished } from '../fhir/tasks.ts';
import type { Job, Queue } from '../queue/queue.ts';

export interface Ledger {
  readonly store: FhirClient;
  readonly form: ReferenceForm;
  /** Absent when other processes run the jobs: then the Task alone asks for it. */
  readonly queue?: Queue;
  readonly clock: () => Date;
}

/**
 * Asks for every job that is due: the Task first, then the queue, so that a crash between the two loses nothing.
 * Returns how many were asked for by this call.
 */
export async function requestDue(planned: readonly PlannedJob[], ledger: Ledger): Promise<number> {
  let asked = 0;
  for (const { job, state } of planned) {
    if (state === 'due') {
      const { task } = await createTask(ledger.store, mapReferences(job, ledger.form.toStore), {
        now: ledger.clock().toISOString(),
      });
      if (task.status === 'requested') {
        asked += (await ledger.queue?.enqueue(job)) === 'already' ? 0 : 1;
      }
    }
  }
  return asked;
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
  return record && mapReferences(record, form.toSource);
}
