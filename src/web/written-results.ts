import type { DiagnosticReport, Task } from '@medplum/fhirtypes';
import type { FhirClient } from '../fhir/client.ts';
import { codeSystem } from '../fhir/codes.ts';
import { referenceForm } from '../fhir/references.ts';
import { type JobResult, storedResults } from '../fhir/results.ts';
import { isResult, type ObservationRow, rowOf } from './observation-row.ts';

/** One job of the ledger, with what it wrote. */
export interface WrittenResult {
  readonly task: string;
  readonly analysis: string;
  /** Task.status: requested, in-progress, completed, rejected, failed, cancelled. */
  readonly status: string;
  /** Reference in the source of what was read. */
  readonly subject?: string;
  /** Why a job ended without a result: a stable code and a sentence. */
  readonly reason?: { readonly code: string; readonly text?: string };
  readonly began?: string;
  readonly ended?: string;
  /** Id of our DiagnosticReport in the store; the review page is `/review/{report}`. */
  readonly report?: string;
  readonly conclusion?: string;
  readonly rows: readonly ObservationRow[];
}

export async function readWritten(
  servers: { readonly store: FhirClient; readonly source: FhirClient },
  patientId: string,
  signal: AbortSignal,
): Promise<readonly WrittenResult[]> {
  const form = referenceForm({ store: servers.store.base, source: servers.source.base });
  const results = await storedResults(servers.store, form.toStore(`Patient/${patientId}`), { signal });
  return results.map((result) => written(result, form.toSource));
}

function written({ task, report, observations }: JobResult, toSource: (reference: string) => string): WrittenResult {
  const reason = reasonOf(task);
  return {
    task: task.id ?? '',
    analysis: task.code?.coding?.find((one) => one.system === codeSystem.job)?.code ?? '',
    status: task.status,
    rows: observations.filter(isResult).map(rowOf),
    ...(task.focus?.reference ? { subject: toSource(task.focus.reference) } : {}),
    ...(reason ? { reason } : {}),
    ...(task.executionPeriod?.start ? { began: task.executionPeriod.start } : {}),
    ...(task.executionPeriod?.end ? { ended: task.executionPeriod.end } : {}),
    ...reportParts(report),
  };
}

function reportParts(report: DiagnosticReport | undefined) {
  return {
    ...(report?.id ? { report: report.id } : {}),
    ...(report?.conclusion ? { conclusion: report.conclusion } : {}),
  };
}

function reasonOf(task: Task): WrittenResult['reason'] {
  const code = task.statusReason?.coding?.[0]?.code;
  return code ? { code, ...(task.statusReason?.text ? { text: task.statusReason.text } : {}) } : undefined;
}
