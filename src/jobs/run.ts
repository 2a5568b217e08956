import type { Patient, Task } from '@medplum/fhirtypes';
import { type ActiveAnalysis, readerDraft } from '../analyses/active.ts';
import { type Abstention, isAbstention, type LoadWorld } from '../analyses/analysis.ts';
import { asIntervalError, type IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { type CompleteContext, type CompleteResult, completeResult } from '../fhir/complete.ts';
import { parseReference, type ReferenceForm } from '../fhir/references.ts';
import type { ResultDraft } from '../fhir/result-draft.ts';
import { cancelTask, completeTask, createTask, rejectTask, startTask } from '../fhir/tasks.ts';
import type { ServerOutcome } from '../fhir/write-back.ts';
import type { Job } from '../queue/queue.ts';
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
  /** Validates and writes into the store and, where the mode says so, the source; returns the store's references. */
  readonly write: (result: CompleteResult, signal: AbortSignal) => Promise<ServerOutcome>;
  readonly clock: () => Date;
}

/** Abstentions that mean "another job reads it, if any": the Task is cancelled, nobody is told. */
const stale: ReadonlySet<string> = new Set(['subject-gone', 'subject-changed']);

/**
 * One attempt at one job, from the Task's start to its last write. Whatever is killed in between, the next attempt ends in
 * the same state: every write is conditional on its key, and the Task completes last.
 * Throws the IntervalError of the attempt; what that means for the Task is the ledger's decision (ledger.ts).
 */
export function createRunner(parts: RunParts): (job: Job, signal: AbortSignal) => Promise<JobOutcome> {
  const { store, source, form, clock } = parts;
  const now = () => clock().toISOString();

  return async (job, signal) => {
    const active = parts.analyses.find((one) => one.analysis.id === job.analysis);
    const { task: found } = await createTask(store, rewritten(job, form.toStore), { now: now(), signal });
    if (found.status !== 'requested' && found.status !== 'in-progress') {
      return 'already';
    }
    const task = await takeUp(found, signal);
    if (!task) {
      return 'already';
    }
    try {
      return await carryOut(job, active, task, signal);
    } catch (error) {
      if (asIntervalError(error).code === 'fhir-conflict' && !(await isStillOurs(task))) {
        return 'already';
      }
      throw error;
    }
  };

  async function carryOut(
    job: Job,
    active: ActiveAnalysis | undefined,
    task: Task,
    signal: AbortSignal,
  ): Promise<JobOutcome> {
    if (!active || active.reader.id !== job.reader) {
      await cancelTask(store, task, { now: now(), system: 'error', code: 'reader-unavailable' });
      return 'cancelled';
    }
    const read = await readSubject(job, active, signal);
    if (isAbstention(read)) {
      const reason = { now: now(), system: 'abstention', code: read.reason, text: read.detail } as const;
      await (stale.has(read.reason) ? cancelTask(store, task, reason) : rejectTask(store, task, reason));
      return stale.has(read.reason) ? 'cancelled' : 'rejected';
    }
    signal.throwIfAborted();
    const written = await parts.write(read, signal);
    await completeTask(store, task, {
      now: now(),
      outputs: [written.report, ...written.observations, ...written.media].filter((one) => one !== undefined),
      ...(written.device === undefined ? {} : { owner: written.device }),
    });
    return 'completed';
  }

  /** False when another process has taken the job over since: then it is theirs to end. */
  async function isStillOurs(task: Task): Promise<boolean> {
    const current = await store.read<Task>('Task', task.id ?? '');
    return current.meta?.versionId === task.meta?.versionId;
  }

  /** The Task in progress, or undefined when another process was faster. */
  async function takeUp(task: Task, signal: AbortSignal): Promise<Task | undefined> {
    try {
      return await startTask(store, task, { now: now(), signal });
    } catch (error) {
      if (asIntervalError(error).code === 'fhir-conflict') {
        return undefined;
      }
      throw error;
    }
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

/** What an error of an attempt means for its job. */
export function endOf(error: IntervalError, last: boolean): 'rejected' | 'failed' | 'again' {
  if (error.kind === 'input') {
    return 'rejected';
  }
  return error.retry && !last ? 'again' : 'failed';
}
