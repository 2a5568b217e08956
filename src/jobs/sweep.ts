import type { Task } from '@medplum/fhirtypes';
import { asIntervalError } from '../errors.ts';
import type { CallOptions } from '../fhir/client.ts';
import { attemptsOf, jobOfTask } from '../fhir/job-task.ts';
import { failTask, findInProgress, findRequested, requeueTask } from '../fhir/tasks.ts';
import type { Queue } from '../queue/queue.ts';
import { jobPriorityOf, taskPriorities } from './priority.ts';
import { type Ledger, rewritten } from './request.ts';

export interface SweepOptions {
  /** Time without a sign of life after which a job in progress is taken over. */
  readonly staleMs: number;
  /** Of one priority so many are put into the queue at once at most; Infinity for a queue that takes them all. */
  readonly most?: number;
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number;
}

export interface Swept {
  /** Put into the queue that were not in it. */
  readonly queued: number;
  /** Of processes that died or were cut off. */
  readonly takenOver: number;
}

export interface Sweep {
  /** Puts requested jobs into the queue, and takes over those whose worker gives no sign of life. */
  (call?: CallOptions): Promise<Swept>;
  /** The same when whoever ran a job cannot be alive, since the store was down with it: nothing is waited for. */
  afterRestart(): Promise<Swept>;
}

/** Begun so often and never ended, a job may be what kills its workers: it fails, and is due again as failed ones are. */
const MAX_BEGUN = 10;

/**
 * Brings jobs back from their Tasks: after a restart, when a queue lost them or could not be reached, and when a worker
 * died. A worker is dead when its Task has not changed while this process watched it for `staleMs` on its own clock, so
 * that clocks need not agree. Taking over is a change of the Task's version, which the one who lost it runs into.
 */
export function createSweep(ledger: Ledger & { readonly queue: Queue }, options: SweepOptions): Sweep {
  const { store, form, queue, clock } = ledger;
  const { staleMs, most = Number.POSITIVE_INFINITY, elapsed = () => performance.now() } = options;
  /** Tasks in progress as they were when first seen so. */
  const watched = new Map<string, { readonly version: string | undefined; readonly since: number }>();

  async function takeOver(task: Task): Promise<boolean> {
    const reason = {
      now: clock().toISOString(),
      system: 'error',
      code: 'worker-lost',
      text: 'The worker gave no sign of life.',
    } as const;
    try {
      await (attemptsOf(task) >= MAX_BEGUN ? failTask(store, task, reason) : requeueTask(store, task, reason));
      return true;
    } catch (error) {
      // It was alive after all, or another was faster.
      if (asIntervalError(error).code === 'fhir-conflict') {
        return false;
      }
      throw error;
    }
  }

  async function takeOverStale(atOnce: boolean, call: CallOptions): Promise<number> {
    const tasks = await findInProgress(store, call);
    const now = elapsed();
    const ids = new Set(tasks.map(({ id }) => id));
    for (const id of watched.keys()) {
      if (!ids.has(id)) {
        watched.delete(id);
      }
    }
    let taken = 0;
    for (const task of tasks) {
      const id = task.id as string;
      const version = task.meta?.versionId ?? task.meta?.lastUpdated;
      const before = watched.get(id);
      const since = before !== undefined && before.version === version ? before.since : now;
      watched.set(id, { version, since });
      if (atOnce || now - since >= staleMs) {
        watched.delete(id);
        taken += (await takeOver(task)) ? 1 : 0;
      }
    }
    return taken;
  }

  async function queueRequested(call: CallOptions): Promise<number> {
    let queued = 0;
    for (const task of await requested(call)) {
      call.signal?.throwIfAborted();
      const record = jobOfTask(task);
      const asked = task.authoredOn === undefined ? {} : { requestedAt: task.authoredOn };
      try {
        const options = { priority: jobPriorityOf(task), ...asked };
        if (record && (await queue.enqueue(rewritten(record, form.toSource), options)) === 'queued') {
          queued += 1;
        }
      } catch (error) {
        if (asIntervalError(error).code === 'queue-full') {
          // What has no room now stays in the store, and is found again.
          break;
        }
        throw error;
      }
    }
    return queued;
  }

  async function requested(call: CallOptions): Promise<readonly Task[]> {
    if (most === Number.POSITIVE_INFINITY) {
      return findRequested(store, call);
    }
    const all = await findRequested(store, { ...call, most });
    if (all.length < most) {
      return all;
    }
    // More than are taken at once: the most urgent must be among them.
    const urgent: Task[] = [];
    for (const priority of taskPriorities) {
      urgent.push(...(await findRequested(store, { ...call, most, priority })));
    }
    return [...urgent, ...all.filter(({ priority }) => priority === undefined)];
  }

  const sweep = async (atOnce: boolean, call: CallOptions = {}): Promise<Swept> => {
    const takenOver = await takeOverStale(atOnce, call);
    return { takenOver, queued: await queueRequested(call) };
  };
  return Object.assign((call?: CallOptions) => sweep(false, call), { afterRestart: () => sweep(true) });
}
