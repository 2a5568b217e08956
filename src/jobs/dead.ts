import { asIntervalError } from '../errors.ts';
import { attemptsOf, jobOfTask } from '../fhir/job-task.ts';
import { findFailed, requeueTask } from '../fhir/tasks.ts';
import type { DeadLetter } from '../queue/queue.ts';
import { jobPriorityOf } from './priority.ts';
import { type Ledger, rewritten } from './request.ts';

/** Jobs that were given up, newest first: those whose Tasks failed, and what the queue gave up beside them. */
export async function deadJobs({ store, queue }: Pick<Ledger, 'store' | 'queue'>): Promise<readonly DeadLetter[]> {
  const [tasks, letters] = await Promise.all([findFailed(store), queue?.dead() ?? []]);
  const failed = tasks.flatMap((task) => {
    const job = jobOfTask(task);
    const code = task.statusReason?.coding?.[0]?.code ?? 'internal';
    return job ? [{ job, code, attempts: attemptsOf(task), at: task.executionPeriod?.end ?? '' }] : [];
  });
  const known = new Set(failed.map(({ job }) => job.key));
  const others = letters.filter(({ job }) => !known.has(job.key));
  return [...failed, ...others].sort((one, other) => other.at.localeCompare(one.at));
}

/**
 * Asks again for jobs that were given up, all of them or those named: the Task first, then the queue. Returns the keys that
 * are asked for; without a queue here, whoever sweeps the store finds them.
 */
export async function replayDead(ledger: Ledger, keys?: readonly string[]): Promise<readonly string[]> {
  const { store, form, queue, clock } = ledger;
  const wanted = keys && new Set(keys);
  const replayed: string[] = [];
  for (const task of await findFailed(store)) {
    const record = jobOfTask(task);
    if (!record || (wanted && !wanted.has(record.key))) {
      continue;
    }
    try {
      await requeueTask(store, task, { now: clock().toISOString() });
    } catch (error) {
      // Somebody asked for it in this moment.
      if (asIntervalError(error).code !== 'fhir-conflict') {
        throw error;
      }
    }
    await queue?.enqueue(rewritten(record, form.toSource), { priority: jobPriorityOf(task) });
    replayed.push(record.key);
  }
  const rest = keys?.filter((key) => !replayed.includes(key));
  const letters = (await queue?.dead()) ?? [];
  for (const { job } of letters.filter(({ job }) => rest === undefined || rest.includes(job.key))) {
    await queue?.replay([job.key]);
    replayed.push(job.key);
  }
  return replayed;
}
