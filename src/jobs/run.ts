import type { Patient, Task } from '@medplum/fhirtypes';
import { type ActiveAnalysis, readerDraft } from '../analyses/active.ts';
import { type Abstention, isAbstention, type LoadWorld } from '../analyses/analysis.ts';
import type { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { type CompleteContext, type CompleteResult, completeResult } from '../fhir/complete.ts';
import { runnerOf } from '../fhir/job-task.ts';
import { parseReference, type ReferenceForm } from '../fhir/references.ts';
import type { ResultDraft } from '../fhir/result-draft.ts';
import { cancelTask, completeTask, createTask, rejectTask } from '../fhir/tasks.ts';
import type { ServerOutcome } from '../fhir/write-back.ts';
import type { Job } from '../queue/queue.ts';
import { type Hold, takeHold } from './hold.ts';
import { rewritten } from './request.ts';

/** How a job ended in this attempt. */
export type JobOutcome =
  | 'completed'
  /** A reader or guard abstained, or the input cannot be read. */
  | 'rejected'
  /** The subject is gone or has changed since. */
  | 'cancelled'
  /** Somebody else has it, or it was done before. */
  | 'already';

export interface RunParts {
  readonly store: FhirClient;
  readonly source: FhirClient;
  readonly form: ReferenceForm;
  readonly analyses: readonly ActiveAnalysis[];
  readonly world: Omit<LoadWorld, 'signal' | 'source'>;
  readonly complete: Omit<CompleteContext, 'now'>;
  /**
   * Validates and writes into the store and, where the mode says so, the source; returns the store's references. Before
   * each write `assure` passes while the job is ours.
   */
  readonly write: (result: CompleteResult, signal: AbortSignal, assure: () => Promise<void>) => Promise<ServerOutcome>;
  readonly clock: () => Date;
  /** How often the Task of a job that runs says so, in milliseconds. */
  readonly beatMs: number;
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number;
}

/** Abstentions that mean "another job reads it, if any": the Task is cancelled, nobody is told. */
const stale: ReadonlySet<string> = new Set(['subject-gone', 'subject-changed']);

/**
 * One attempt at one job, from the Task's start to its last write. Whatever is killed in between, the next attempt ends in
 * the same state: every write is conditional on its key, and the Task completes last. While it runs, its Task gives signs
 * of life; who lost it to another writes no more.
 * Throws the IntervalError of the attempt; what that means for the Task is the ledger's decision (ledger.ts).
 */
export function createRunner(
  parts: RunParts,
): (job: Job, signal: AbortSignal, attempt: { readonly runner: string }) => Promise<JobOutcome> {
  const { store, source, form, clock } = parts;
  const now = () => clock().toISOString();

  return async (job, signal, { runner }) => {
    const active = parts.analyses.find((one) => one.analysis.id === job.analysis);
    const { task: found } = await createTask(store, rewritten(job, form.toStore), { now: now(), signal });
    if (!isFree(found, runner)) {
      return 'already';
    }
    const { beatMs, elapsed } = parts;
    const hold = await takeHold(store, found, { runner, beatMs, clock, signal, ...(elapsed ? { elapsed } : {}) });
    if (!hold) {
      return 'already';
    }
    try {
      return await carryOut(job, active, hold, AbortSignal.any([signal, hold.signal]));
    } catch (error) {
      if (hold.lost && !signal.aborted) {
        return 'already';
      }
      throw error;
    } finally {
      await hold.release();
    }
  };

  async function carryOut(
    job: Job,
    active: ActiveAnalysis | undefined,
    hold: Hold,
    signal: AbortSignal,
  ): Promise<JobOutcome> {
    const end = async (outcome: JobOutcome, write: (task: Task) => Promise<Task>) =>
      (await hold.finish(write)) ? outcome : 'already';
    if (!active || active.reader.id !== job.reader) {
      const reason = { system: 'error', code: 'reader-unavailable' } as const;
      return end('cancelled', (task) => cancelTask(store, task, { now: now(), ...reason }));
    }
    const read = await readSubject(job, active, signal);
    if (isAbstention(read)) {
      const reason = { system: 'abstention', code: read.reason, text: read.detail } as const;
      return stale.has(read.reason)
        ? end('cancelled', (task) => cancelTask(store, task, { now: now(), ...reason }))
        : end('rejected', (task) => rejectTask(store, task, { now: now(), ...reason }));
    }
    signal.throwIfAborted();
    const written = await parts.write(read, signal, hold.assure);
    const outputs = [written.report, ...written.observations, ...written.media].filter((one) => one !== undefined);
    const owner = written.device === undefined ? {} : { owner: written.device };
    return end('completed', (task) => completeTask(store, task, { now: now(), outputs, ...owner }));
  }

  async function readSubject(
    job: Job,
    active: ActiveAnalysis,
    signal: AbortSignal,
  ): Promise<CompleteResult | Abstention> {
    const { analysis } = active;
    const patient = await source.read<Patient>('Patient', parseReference(job.patient)?.id ?? '', { signal });
    const input = await analysis.load({ subject: job.subject, companions: job.companions }, patient, {
      ...parts.world,
      source,
      signal,
    });
    if (isAbstention(input)) {
      return input;
    }
    const reading = await active.read(input, signal);
    if (isAbstention(reading)) {
      return reading;
    }
    // Written into the store: references stand there in the store's form.
    const { toStore } = form;
    const draft = analysis.draft(reading.finding, input, {
      patient: toStore(job.patient),
      subject: toStore(job.subject.reference),
      companions: job.companions.map(({ role, reference }) => ({ role, reference: toStore(reference) })),
      now: now(),
      timeZone: parts.world.timeZone,
    });
    const whole: ResultDraft = {
      ...draft,
      jobKey: job.key,
      analysis: analysis.id,
      reader: readerDraft(active),
      patient: toStore(job.patient),
      subject: toStore(job.subject.reference),
    };
    return completeResult(whole, { ...parts.complete, now: now() });
  }
}

/**
 * Whether the job may be taken up: it waits, or it was this process that had it and could not put it back. One that
 * another process has is left to it, alive or not; src/jobs/sweep.ts knows who is.
 */
function isFree(task: Task, runner: string): boolean {
  const owner = (name: string | undefined) => name?.slice(0, name.lastIndexOf('/'));
  return task.status === 'requested' || (task.status === 'in-progress' && owner(runnerOf(task)) === owner(runner));
}

/** What an error of an attempt means for its job. One that was cut off is no failure: its process ends, or lost it. */
export function endOf(error: IntervalError, last: boolean): 'rejected' | 'failed' | 'again' {
  if (error.code === 'cancelled') {
    return 'again';
  }
  if (error.kind === 'input') {
    return 'rejected';
  }
  return error.retry && !last ? 'again' : 'failed';
}
