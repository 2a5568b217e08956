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
import { type Ledger, requestDue } from './request.ts';

/** At most so many subjects of one patient are read for one analysis, newest first: a long chart must not flood the queue. */
const MAX_CANDIDATES = 20;

/** A job that failed for a reason that may have passed is due again after so long, until it has been begun so often. */
const AGAIN_AFTER_MS = 10 * 60_000;
const MAX_ATTEMPTS = 30;

/** What is done, due, running, abstained or failed for one analysis of one chart. */
export function planFor(
  active: ActiveAnalysis,
  chart: Chart,
  patient: string,
  results: readonly StoredResult[],
  now: Date,
): readonly PlannedJob[] {
  const ledger = new Map<string, LedgerState>();
  for (const { task } of results) {
    const key = identifierOf(task, identifierSystem.job);
    if (key && !isDueAgain(task, now)) {
      ledger.set(key, task.status as LedgerState);
    }
  }
  return plan(active.analysis.candidates(chart).slice(0, MAX_CANDIDATES), { ...readBy(active), patient }, ledger);
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

/** Reads a patient's chart from the source and asks for every analysis that is due. Returns how many were asked for. */
export async function requestForPatient(
  patientId: string,
  world: { readonly source: FhirClient; readonly analyses: readonly ActiveAnalysis[]; readonly ledger: Ledger },
): Promise<number> {
  const patient = `Patient/${patientId}`;
  const [chart, results] = await Promise.all([
    fetchChart(world.source, patientId, { own: false }),
    storedResults(world.ledger.store, world.ledger.form.toStore(patient)),
  ]);
  let asked = 0;
  for (const active of world.analyses) {
    asked += await requestDue(planFor(active, chart, patient, results, world.ledger.clock()), world.ledger);
  }
  return asked;
}
