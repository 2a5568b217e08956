import type { ActiveAnalysis } from '../analyses/active.ts';
import { readBy } from '../analyses/active.ts';
import type { Candidate, Chart, StoredResult } from '../analyses/analysis.ts';
import { type LedgerState, type PlannedJob, plan } from '../analyses/plan.ts';
import {
  type OutdatedResult,
  type SeenSubjects,
  type Standing,
  seenIn,
  standingOf,
  withdrawals,
} from '../analyses/standing.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { fetchChart } from '../fhir/chart.ts';
import type { FhirClient } from '../fhir/client.ts';
import { codeSystem, identifierSystem } from '../fhir/codes.ts';
import { attemptsOf, jobOfTask } from '../fhir/job-task.ts';
import { identifierOf } from '../fhir/result-key.ts';
import { storedResults } from '../fhir/results.ts';
import { staleBy } from '../fhir/subject.ts';
import type { EnqueueOptions } from '../queue/queue.ts';
import { type Ledger, requestDue } from './request.ts';

/** At most so many subjects of one patient are read for one analysis, newest first: a long chart must not flood the queue. */
const MAX_CANDIDATES = 20;

/** A job that failed for a reason that may have passed is due again after so long, until it has been begun so often. */
const AGAIN_AFTER_MS = 10 * 60_000;
const MAX_ATTEMPTS = 30;

/**
 * What is done, due, running, abstained or failed for one analysis of one chart, or of one `subject` (`Type/id`) in it; among
 * it jobs that withdraw what was read from subjects that do not stand any more (`outdated`).
 */
export function planFor(
  active: ActiveAnalysis,
  chart: Chart,
  patient: string,
  results: readonly StoredResult[],
  now: Date,
  { outdated = [], subject }: { readonly outdated?: readonly OutdatedResult[]; readonly subject?: string } = {},
): readonly PlannedJob[] {
  const ledger = new Map<string, LedgerState>();
  for (const { task } of results) {
    const key = identifierOf(task, identifierSystem.job);
    if (key && !isDueAgain(task, now)) {
      ledger.set(key, task.status as LedgerState);
    }
  }
  const candidates = active.analysis.candidates(chart);
  const asked = (all: readonly Candidate[]) =>
    subject === undefined ? all : all.filter((one) => one.subject.reference === subject);
  const by = { ...readBy(active), patient };
  return [
    ...plan(asked(candidates).slice(0, MAX_CANDIDATES), by, ledger),
    ...plan(asked(withdrawals(outdated, candidates.slice(0, MAX_CANDIDATES))), by, ledger).map((one) =>
      withdrawing(one, results, now),
    ),
  ];
}

/** A withdrawal that has ended and left something standing is not asked for at every hook. */
function withdrawing(planned: PlannedJob, results: readonly StoredResult[], now: Date): PlannedJob {
  const task = results.find((one) => identifierOf(one.task, identifierSystem.job) === planned.job.key)?.task;
  const rests =
    task?.status === 'cancelled' &&
    (attemptsOf(task) >= MAX_ATTEMPTS || now.getTime() - Date.parse(task.lastModified ?? '') < AGAIN_AFTER_MS);
  return { ...planned, withdraws: true, ...(rests ? { state: 'done' as const } : {}) };
}

function isDueAgain(task: StoredResult['task'], now: Date): boolean {
  const code = task.statusReason?.coding?.find(({ system }) => system === codeSystem.error)?.code ?? '';
  const error = Object.hasOwn(errorTable, code) ? errorTable[code as ErrorCode] : undefined;
  return (
    task.status === 'failed' &&
    (error?.retry || error?.kind === 'upstream') &&
    attemptsOf(task) < MAX_ATTEMPTS &&
    now.getTime() - Date.parse(task.lastModified ?? '') >= AGAIN_AFTER_MS
  );
}

export interface PatientWorld {
  readonly source: FhirClient;
  readonly analyses: readonly ActiveAnalysis[];
  readonly ledger: Ledger;
}

export interface PatientOptions extends EnqueueOptions {
  /** Ids of the analyses that are meant; all of them when absent. */
  readonly analyses?: readonly string[];
  /** `Type/id` in the source: nothing else of the patient is asked for. */
  readonly subject?: string;
}

/** Reads a patient's chart from the source and tells for every analysis what is done, due or under way. */
export async function planForPatient(
  patientId: string,
  world: PatientWorld,
  options: Pick<PatientOptions, 'analyses' | 'subject'> = {},
): Promise<readonly PlannedJob[]> {
  const patient = `Patient/${patientId}`;
  const [chart, results] = await Promise.all([
    fetchChart(world.source, patientId, { own: false }),
    storedResults(world.ledger.store, world.ledger.form.toStore(patient)),
  ]);
  const planned: PlannedJob[] = [];
  for (const active of world.analyses) {
    if (options.analyses?.includes(active.analysis.id) ?? true) {
      const own = results.filter(({ task }) => isOfAnalysis(task, active));
      const seen = seenIn([...chart.reports, ...chart.documents, ...chart.studies]);
      const outdated = await verified(standingOf(own, seen), seen, world);
      const { subject } = options;
      planned.push(
        ...planFor(active, chart, patient, own, world.ledger.clock(), { outdated, ...(subject ? { subject } : {}) }),
      );
    }
  }
  return planned;
}

/** Asks for every analysis of a patient that is due. Returns how many were asked for. */
export async function requestForPatient(
  patientId: string,
  world: PatientWorld,
  options: PatientOptions = {},
): Promise<number> {
  const { analyses: _analyses, subject: _subject, ...enqueue } = options;
  return requestDue(await planForPatient(patientId, world, options), world.ledger, enqueue);
}

/** Subjects that are looked at by themselves, because the chart does not show them, at most. */
const MAX_LOOKS = 50;

/** A chart shows the newest of each type, without what is entered in error: the rest is looked at one by one. */
async function verified(
  { current, outdated }: Standing,
  { resources }: SeenSubjects,
  { source, ledger }: { readonly source: FhirClient; readonly ledger: Ledger },
): Promise<readonly OutdatedResult[]> {
  const found: OutdatedResult[] = [...outdated];
  let looks = 0;
  const known = new Map<string, ReturnType<typeof staleBy>>();
  for (const result of current) {
    const job = result.report === undefined ? undefined : jobOfTask(result.task);
    for (const { reference, version } of job ? [job.subject, ...job.companions] : []) {
      const input = { reference: ledger.form.toSource(reference), version };
      const key = `${input.reference} ${version}`;
      if (resources.has(input.reference)) {
        continue;
      }
      if (!known.has(key) && looks++ >= MAX_LOOKS) {
        break;
      }
      known.set(key, known.get(key) ?? staleBy(source, input));
      const stale = await known.get(key);
      if (stale !== undefined) {
        found.push({ result, reason: stale.reason, input });
        break;
      }
    }
  }
  return found;
}

export function isOfAnalysis(task: StoredResult['task'], { analysis }: ActiveAnalysis): boolean {
  return task.code?.coding?.some(({ code }) => code === analysis.id) ?? false;
}
