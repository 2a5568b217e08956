import type { ActiveAnalysis } from '../analyses/active.ts';
import { readBy } from '../analyses/active.ts';
import type { Chart, StoredResult } from '../analyses/analysis.ts';
import { type LedgerState, type PlannedJob, plan } from '../analyses/plan.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { fetchChart } from '../fhir/chart.ts';
import type { FhirClient } from '../fhir/client.ts';
import { codeSystem, identifierSystem } from '../fhir/codes.ts';
import { attemptsOf } from '../fhir/job-task.ts';
import { identifierOf } from '../fhir/result-key.ts';
import { storedResults } from '../fhir/results.ts';
import type { EnqueueOptions } from '../queue/queue.ts';
import { type Ledger, requestDue } from './request.ts';

/** At most so many subjects of one patient are read for one analysis, newest first: a long chart must not flood the queue. */
const MAX_CANDIDATES = 20;

/** A job that failed for a reason that may have passed is due again after so long, until it has been begun so often. */
const AGAIN_AFTER_MS = 10 * 60_000;
const MAX_ATTEMPTS = 30;

/** What is done, due, running, abstained or failed for one analysis of one chart, or of one `subject` (`Type/id`) in it. */
export function planFor(
  active: ActiveAnalysis,
  chart: Chart,
  patient: string,
  results: readonly StoredResult[],
  now: Date,
  subject?: string,
): readonly PlannedJob[] {
  const ledger = new Map<string, LedgerState>();
  for (const { task } of results) {
    const key = identifierOf(task, identifierSystem.job);
    if (key && !isDueAgain(task, now)) {
      ledger.set(key, task.status as LedgerState);
    }
  }
  const candidates = active.analysis.candidates(chart);
  const asked = subject === undefined ? candidates : candidates.filter((one) => one.subject.reference === subject);
  return plan(asked.slice(0, MAX_CANDIDATES), { ...readBy(active), patient }, ledger);
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
  return world.analyses
    .filter(({ analysis }) => options.analyses?.includes(analysis.id) ?? true)
    .flatMap((active) => planFor(active, chart, patient, results, world.ledger.clock(), options.subject));
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
