import type { ActiveAnalysis } from '../analyses/active.ts';
import { readBy } from '../analyses/active.ts';
import type { Chart, StoredResult } from '../analyses/analysis.ts';
import { type LedgerState, type PlannedJob, plan } from '../analyses/plan.ts';
import { fetchChart } from '../fhir/chart.ts';
import type { FhirClient } from '../fhir/client.ts';
import { identifierSystem } from '../fhir/codes.ts';
import { identifierOf } from '../fhir/result-key.ts';
import { storedResults } from '../fhir/results.ts';
import { type Ledger, requestDue } from './request.ts';

/** At most so many subjects of one patient are read for one analysis, newest first: a long chart must not flood the queue. */
const MAX_CANDIDATES = 20;

/** What is done, due, running, abstained or failed for one analysis of one chart. */
export function planFor(
  active: ActiveAnalysis,
  chart: Chart,
  patient: string,
  results: readonly StoredResult[],
): readonly PlannedJob[] {
  const ledger = new Map<string, LedgerState>();
  for (const { task } of results) {
    const key = identifierOf(task, identifierSystem.job);
    if (key) {
      ledger.set(key, task.status as LedgerState);
    }
  }
  return plan(active.analysis.candidates(chart).slice(0, MAX_CANDIDATES), { ...readBy(active), patient }, ledger);
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
    asked += await requestDue(planFor(active, chart, patient, results), world.ledger);
  }
  return asked;
}
