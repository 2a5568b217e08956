import type { DiagnosticReport, Observation, Resource, Task } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient } from './client.ts';
import { identifierSystem } from './codes.ts';
import { outputsOf } from './job-task.ts';
import { parseReference } from './references.ts';

/** What the store holds of one job; src/analyses/analysis.ts calls the same shape StoredResult. */
export interface JobResult {
  readonly task: Task;
  readonly report?: DiagnosticReport;
  readonly observations: readonly Observation[];
}

/** What `storedResults` rests on: a write of anything else changes nothing of it. */
export const resultTypes = ['Task', 'DiagnosticReport', 'Observation'] as const;

/**
 * What the store holds for a patient, newest first, in two searches. Observations come through the report that groups
 * them, and the report through the Task that completed: a job that was killed half-way shows nothing. Where a later job
 * rewrote the same report, the earlier Task stands alone, without it. Entered-in-error is left out.
 * @param patient reference as it stands in the store (see referenceForm)
 */
export async function storedResults(
  store: FhirClient,
  patient: string,
  options: CallOptions & { readonly maxTasks?: number } = {},
): Promise<readonly JobResult[]> {
  const { maxTasks = 200, ...call } = options;
  const [tasks, resources] = await Promise.all([
    store.search<Task>(
      'Task',
      { subject: patient, identifier: `${identifierSystem.job}|`, _sort: '-_lastUpdated', _count: '100' },
      { ...call, maxResources: maxTasks },
    ),
    store.search<DiagnosticReport | Observation>(
      'DiagnosticReport',
      {
        subject: patient,
        identifier: `${identifierSystem.result}|`,
        _include: 'DiagnosticReport:result',
        _sort: '-_lastUpdated',
        _count: '100',
      },
      { ...call, maxResources: 5000 },
    ),
  ]);
  return joinResults(tasks, resources);
}

/** Tasks (newest first) with the reports that they wrote and the Observations of those. Pure. */
export function joinResults(tasks: readonly Task[], resources: readonly Resource[]): readonly JobResult[] {
  const byReference = new Map(resources.map((one) => [`${one.resourceType}/${one.id}`, one]));
  const shown = new Set<string>();
  const results: JobResult[] = [];
  for (const task of tasks) {
    const outputs = task.status === 'completed' ? outputsOf(task) : [];
    const key = outputs.map(localReference).find((reference) => reference?.startsWith('DiagnosticReport/')) ?? '';
    const found = shown.has(key) ? undefined : (byReference.get(key) as DiagnosticReport | undefined);
    shown.add(key);
    const report = found?.status === 'entered-in-error' ? undefined : found;
    const observations = (report?.result ?? [])
      .map((result) => byReference.get(localReference(result.reference) ?? '') as Observation | undefined)
      .filter((one) => one !== undefined && one.status !== 'entered-in-error') as Observation[];
    results.push({ task, ...(report === undefined ? {} : { report }), observations });
  }
  return results;
}

/** A reference inside the store, whichever way the store writes it. */
function localReference(reference: string | undefined): string | undefined {
  const parsed = parseReference(reference);
  return parsed && `${parsed.type}/${parsed.id}`;
}
