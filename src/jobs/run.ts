import type { Patient, Task } from '@medplum/fhirtypes';
import { type ActiveAnalysis, readerDraft } from '../analyses/active.ts';
import { type Abstention, isAbstention, type LoadWorld } from '../analyses/analysis.ts';
import { inputKey } from '../analyses/plan.ts';
import { asIntervalError, IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { type CompleteContext, type CompleteResult, completeResult } from '../fhir/complete.ts';
import { parseReference, type ReferenceForm } from '../fhir/references.ts';
import type { ResultDraft } from '../fhir/result-draft.ts';
import { type StaleReason, staleReasons } from '../fhir/subject.ts';
import { cancelTask, completeTask, createTask, rejectTask, startTask } from '../fhir/tasks.ts';
import type { WriteMode, WriteOutcome } from '../fhir/write-back.ts';
import type { Job } from '../queue/queue.ts';
import type { JobEvent } from './events.ts';
import { rewritten } from './request.ts';
import { createSettling, type Settled, type SettleParts, type Stale } from './settle.ts';

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
  /** How results reach the source; where it is `full` they are withdrawn there too. Default `none`. */
  readonly mode?: WriteMode;
  /**
   * Validates and writes into the store and, where the mode says so, the source. `check` throws when the subject has changed:
   * it is to be asked before anything is overwritten that another job wrote.
   */
  readonly write: (result: CompleteResult, signal: AbortSignal, check: () => Promise<void>) => Promise<WriteOutcome>;
  readonly onWithdrawn?: SettleParts['onWithdrawn'];
  readonly onEvent?: (event: JobEvent) => void;
  readonly clock: () => Date;
}

/**
 * One attempt at one job, from the Task's start to its last write. Whatever is killed in between, the next attempt ends in
 * the same state: every write is conditional on its key, and the Task completes last.
 * Throws the IntervalError of the attempt; what that means for the Task is the ledger's decision (ledger.ts).
 */
export function createRunner(parts: RunParts): (job: Job, signal: AbortSignal) => Promise<JobOutcome> {
  const { store, source, form, clock } = parts;
  const now = () => clock().toISOString();
  const settling = createSettling(parts);

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
    const seen: { stale?: Stale } = {};
    const check = async () => {
      const stale = await settling.staleOf(job, { signal });
      if (stale) {
        seen.stale = stale;
        throw new IntervalError('cancelled', 'What the job reads has changed since.');
      }
    };
    const noted = ({ reason, retracted: count, kept }: Settled) => {
      if (count + kept > 0) {
        parts.onEvent?.({ type: 'withdrawn', analysis: job.analysis, reason, count, kept });
      }
    };
    const end = async (found: Stale): Promise<JobOutcome> => {
      noted(await settling.withdrawStale(job, active, found, { signal }));
      await cancelTask(store, task, { now: now(), system: 'abstention', code: found.reason });
      return 'cancelled';
    };
    try {
      await check();
      const read = await readSubject(job, active, signal);
      if (isAbstention(read)) {
        if (staleReasons.has(read.reason)) {
          await check();
          return await end({ input: job.subject, reason: read.reason as StaleReason });
        }
        // What an older version said does not stand either: this one says something else, whatever it is.
        noted(await settling.supersede(job, active, undefined, check, { signal }));
        parts.onEvent?.({ type: 'abstained', analysis: job.analysis, reason: read.reason });
        await rejectTask(store, task, { now: now(), system: 'abstention', code: read.reason, text: read.detail });
        return 'rejected';
      }
      signal.throwIfAborted();
      const written = await parts.write(read, signal, check);
      // New results first, so that there is no moment with none.
      noted(await settling.supersede(job, active, { ...written, set: read.set.value ?? '' }, check, { signal }));
      const { report, observations, media, device } = written.store;
      await completeTask(store, task, {
        now: now(),
        outputs: [report, ...observations, ...media].filter((one) => one !== undefined),
        ...(device === undefined ? {} : { owner: device }),
      });
      return 'completed';
    } catch (error) {
      if (seen.stale) {
        return end(seen.stale);
      }
      const { retry, kind, code } = asIntervalError(error);
      if (kind === 'input') {
        parts.onEvent?.({ type: 'abstained', analysis: job.analysis, reason: code });
      }
      if (!retry && kind !== 'upstream' && !signal.aborted) {
        // It cannot be read, now or later. The ledger says so in the Task, after this.
        noted(await settling.supersede(job, active, undefined, check, { signal }));
      }
      throw error;
    }
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
    const begun = performance.now();
    const reading = await active.read(input, signal);
    const seconds = (performance.now() - begun) / 1000;
    parts.onEvent?.({ type: 'read', analysis: analysis.id, reader: active.reader.id, seconds });
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
      inputKey: inputKey(job),
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
