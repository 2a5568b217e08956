import type { Task } from '@medplum/fhirtypes';
import { asIntervalError, IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { runnerOf } from '../fhir/job-task.ts';
import { startTask, touchTask } from '../fhir/tasks.ts';

/** A job is taken over when it has given no sign of life for so many beats. */
export const MISSED_BEATS = 3;

/** The attempt's hold on its job: while it lasts, the Task says so every now and then, and nobody else takes it. */
export interface Hold {
  /** Aborts when somebody else has the job. */
  readonly signal: AbortSignal;
  readonly lost: boolean;
  /** Passes while the job is known to be ours, and asks the store where that was too long ago. Throws what the store throws, or `cancelled`. */
  assure(): Promise<void>;
  /** The last write to the Task, as it stands now. False when the job is no longer ours: then nothing was written. */
  finish(end: (task: Task) => Promise<Task>): Promise<boolean>;
  /** Gives no more signs of life. */
  release(): Promise<void>;
}

export interface HoldOptions {
  /** Names this attempt, unlike any other of any process. */
  readonly runner: string;
  readonly beatMs: number;
  readonly clock: () => Date;
  /** Milliseconds that only ever grow: a clock that is set does not end a hold. */
  readonly elapsed?: () => number;
  readonly signal?: AbortSignal;
}

/** Takes the job up. Undefined when another process was faster. */
export async function takeHold(store: FhirClient, found: Task, options: HoldOptions): Promise<Hold | undefined> {
  const { runner, beatMs, clock, elapsed = () => performance.now() } = options;
  const now = () => clock().toISOString();
  let provenAt = elapsed();
  let task: Task;
  try {
    const call = options.signal ? { signal: options.signal } : {};
    task = await startTask(store, found, { now: now(), runner, ...call });
  } catch (error) {
    if (isConflict(error)) {
      return undefined;
    }
    throw error;
  }
  const gone = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let released = false;

  /** After a conflict: whether the job is still ours, since the answer to our own write may have been lost. */
  async function isOurs(): Promise<boolean> {
    const current = await store.read<Task>('Task', task.id as string);
    if (runnerOf(current) === runner && current.status === 'in-progress') {
      task = current;
      return true;
    }
    lose();
    return false;
  }

  function lose(): void {
    if (!gone.signal.aborted) {
      gone.abort(new IntervalError('cancelled', 'Another worker has taken the job over.'));
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  }

  const beat = () =>
    inTurn(async () => {
      if (released || gone.signal.aborted) {
        return;
      }
      const at = elapsed();
      try {
        task = await touchTask(store, task, { now: now() });
        provenAt = at;
      } catch (error) {
        if (!isConflict(error)) {
          throw error;
        }
        if (await isOurs()) {
          provenAt = at;
        }
      }
    });

  const schedule = () => {
    timer = setTimeout(async () => {
      // A store that does not answer now may answer the next time; three times are missed before anybody minds.
      await beat().catch(() => undefined);
      if (!released && !gone.signal.aborted) {
        schedule();
      }
    }, beatMs);
    timer.unref();
  };
  schedule();

  const release = async () => {
    released = true;
    clearTimeout(timer);
    await turn;
  };

  return {
    signal: gone.signal,
    get lost() {
      return gone.signal.aborted;
    },
    async assure() {
      // Whoever takes a job over has watched it for as many beats as may be missed: within two of them nobody has.
      if (elapsed() - provenAt > (MISSED_BEATS - 1) * beatMs) {
        await beat();
      }
      gone.signal.throwIfAborted();
    },
    async finish(end) {
      await release();
      if (gone.signal.aborted) {
        return false;
      }
      for (let attempt = 1; ; attempt += 1) {
        try {
          await end(task);
          return true;
        } catch (error) {
          if (!isConflict(error) || attempt >= 3) {
            throw error;
          }
          if (!(await isOurs())) {
            return false;
          }
        }
      }
    },
    release,
  };
}

function isConflict(error: unknown): boolean {
  return asIntervalError(error).code === 'fhir-conflict';
}
