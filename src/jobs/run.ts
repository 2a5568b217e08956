import type { Patient, Task } from '@medplum/fhirtypes';
import { type ActiveAnalysis, readerDraft } from '../analyses/active.ts';
import { type Abstention, isAbstention, type LoadWorld } from '../analyses/analysis.ts';
import { inputKey } from '../analyses/plan.ts';
import { asIntervalError, IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { type CompleteContext, type CompleteResult, completeResult } from '../fhir/complete.ts';
import { runnerOf } from '../fhir/job-task.ts';
import { parseReference, type ReferenceForm } from '../fhir/references.ts';
import type { ResultDraft } from '../fhir/result-draft.ts';
import { type StaleReason, staleReasons } from '../fhir/subject.ts';
import { cancelTask, completeTask, createTask, rejectTask } from '../fhir/tasks.ts';
import type { WriteMode, WriteOutcome } from '../fhir/write-back.ts';
import type { Job } from '../queue/queue.ts';
import { noTraces, type Traces } from '../traces.ts';
import type { JobEvent } from './events.ts';
import { createFence } from './fence.ts';
import { type Hold, takeHold } from './hold.ts';
import { rewritten } from './request.ts';
import { createSettling, type Settled, type SettleParts, type Stale, type Written } from './settle.ts';

/** How a job ended in this attempt. */
export type JobOutcome =
  | 'completed'
  /** A reader or guard abstained, or the input cannot be read. */
  | 'rejected'
  /** The subject is gone or has changed since. */
  | 'cancelled'
  /** Somebody else has it, or it was done before. */
  | 'already';

/** What a job asks itself while it writes. */
export interface WriteChecks {
  /** Passes while the job is ours: before each write. */
  readonly assure: () => Promise<void>;
  /** Throws when its subject has changed since: before anything is overwritten that was read from something else. */
  readonly check: () => Promise<void>;
}

export interface RunParts {
  readonly store: FhirClient;
  readonly source: FhirClient;
  readonly form: ReferenceForm;
  readonly analyses: readonly ActiveAnalysis[];
  readonly world: Omit<LoadWorld, 'signal' | 'source'>;
  readonly complete: Omit<CompleteContext, 'now'>;
  /** How results reach the source; where it is `full` they are withdrawn there too. Default `none`. */
  readonly mode?: WriteMode;
  /** Validates and writes into the store and, where the mode says so, the source. */
  readonly write: (result: CompleteResult, signal: AbortSignal, asked: WriteChecks) => Promise<WriteOutcome>;
  readonly onWithdrawn?: SettleParts['onWithdrawn'];
  readonly onEvent?: (event: JobEvent) => void;
  readonly traces?: Traces;
  readonly clock: () => Date;
  /** How often the Task of a job that runs says so, in milliseconds. */
  readonly beatMs: number;
  /** Milliseconds that only ever grow. */
  readonly elapsed?: () => number;
}

/** Which attempt it is. */
export interface RunAttempt {
  readonly runner: string;
  /** W3C traceparent of what asked for the job. */
  readonly trace?: string;
}

/**
 * One attempt at one job, from the Task's start to its last write. Whatever is killed in between, the next attempt ends in
 * the same state: every write is conditional on its key, and the Task completes last. While it runs, its Task gives signs
 * of life; who lost it to another writes no more.
 * Throws the IntervalError of the attempt; what that means for the Task is the ledger's decision (ledger.ts).
 */
export function createRunner(
  parts: RunParts,
): (job: Job, signal: AbortSignal, attempt: RunAttempt) => Promise<JobOutcome> {
  const { store, source, form, clock } = parts;
  const now = () => clock().toISOString();
  const fence = createFence();
  const { traces = noTraces } = parts;
  const settling = createSettling({ ...parts, store: fence.guard(store), source: fence.guard(source) });

  return (job, signal, attempt) =>
    traces.span(
      'job',
      {
        parent: attempt.trace,
        attributes: { 'interval.analysis': job.analysis, 'interval.reader': job.reader, 'interval.job': job.key },
      },
      async (span) => {
        const outcome = await runOne(job, signal, attempt);
        span.set({ 'interval.outcome': outcome });
        return outcome;
      },
    );

  async function runOne(job: Job, signal: AbortSignal, { runner }: RunAttempt): Promise<JobOutcome> {
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
  }

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
    const supersede = (written?: Written) =>
      fence.within(hold.assure, async () => noted(await settling.supersede(job, active, written, check, { signal })));
    const endStale = async (stale: Stale) => {
      await fence.within(hold.assure, async () => noted(await settling.withdrawStale(job, active, stale, { signal })));
      const reason = { system: 'abstention', code: stale.reason } as const;
      return end('cancelled', (task) => cancelTask(store, task, { now: now(), ...reason }));
    };
    try {
      await check();
      const read = await readSubject(job, active, signal);
      if (isAbstention(read)) {
        if (staleReasons.has(read.reason)) {
          await check();
          return await endStale({ input: job.subject, reason: read.reason as StaleReason });
        }
        // What an older version said does not stand either: this one says something else, whatever it is.
        await supersede();
        parts.onEvent?.({ type: 'abstained', analysis: job.analysis, reason: read.reason });
        const reason = { system: 'abstention', code: read.reason, text: read.detail } as const;
        return await end('rejected', (task) => rejectTask(store, task, { now: now(), ...reason }));
      }
      signal.throwIfAborted();
      const written = await traces.span('write', {}, () => parts.write(read, signal, { assure: hold.assure, check }));
      // New results first, so that there is no moment with none.
      await supersede({ ...written, set: read.set.value ?? '' });
      const { report, observations, media, device } = written.store;
      const outputs = [report, ...observations, ...media].filter((one) => one !== undefined);
      const owner = device === undefined ? {} : { owner: device };
      return await end('completed', (task) => completeTask(store, task, { now: now(), outputs, ...owner }));
    } catch (error) {
      if (seen.stale) {
        return endStale(seen.stale);
      }
      const { retry, kind, code } = asIntervalError(error);
      if (kind === 'input') {
        parts.onEvent?.({ type: 'abstained', analysis: job.analysis, reason: code });
      }
      if (!retry && kind !== 'upstream' && !signal.aborted) {
        // It cannot be read, now or later. The ledger says so in the Task, after this.
        await supersede();
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
    const input = await traces.span('read subject', {}, async () => {
      const patient = await source.read<Patient>('Patient', parseReference(job.patient)?.id ?? '', { signal });
      const { subject, companions } = job;
      return analysis.load({ subject, companions }, patient, { ...parts.world, source, signal });
    });
    if (isAbstention(input)) {
      return input;
    }
    const begun = performance.now();
    const reading = await active.read(input, signal, traces);
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
