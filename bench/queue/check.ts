import type { DiagnosticReport, Observation, Provenance, Resource, Task } from '@medplum/fhirtypes';
import type { FhirClient } from '../../src/fhir/client.ts';
import { identifierSystem } from '../../src/fhir/codes.ts';
import { attemptsOf, outputsOf } from '../../src/fhir/job-task.ts';
import { identifierOf } from '../../src/fhir/result-key.ts';
import { ROWS } from '../../test/support/invented-reports.ts';

/** What the store holds when all is over. Everything but `tasks`, `completed`, `sets` and `begunAgain` should be 0. */
export interface Found {
  readonly tasks: number;
  readonly completed: number;
  /** Jobs with one whole set of results. */
  readonly sets: number;
  /** Subjects without a Task, or whose Task has not ended. */
  readonly lost: number;
  /** Ended otherwise than completed: all of these reports can be read. */
  readonly failed: number;
  /** Tasks or results that stand twice under one identifier, and results that two Provenances claim. */
  readonly duplicated: number;
  /** Completed jobs whose set lacks something, and results without a completed job. */
  readonly halfWritten: number;
  /** Jobs that more than one attempt was begun at. */
  readonly begunAgain: number;
}

/** Counts, by identifiers, what became of each subject's job. */
export async function check(store: FhirClient, subjects: readonly string[]): Promise<Found> {
  const all = <T extends Resource>(type: T['resourceType'], query: Record<string, string>) =>
    store.search<T>(
      type,
      { ...query, _count: '1000' },
      { maxResources: 1_000_000, maxPages: 10_000, timeoutMs: 60_000 },
    );
  const ours = { identifier: `${identifierSystem.result}|` };
  const [tasks, reports, observations, provenances] = [
    await all<Task>('Task', { identifier: `${identifierSystem.job}|` }),
    await all<DiagnosticReport>('DiagnosticReport', ours),
    await all<Observation>('Observation', ours),
    await all<Provenance>('Provenance', {}),
  ];
  const bySubject = Map.groupBy(tasks, (task) => task.focus?.reference);
  const ended = new Set(['completed', 'failed', 'rejected', 'cancelled']);
  const lost = subjects.filter((subject) => !bySubject.get(subject)?.some(({ status }) => ended.has(status ?? '')));
  const completed = tasks.filter(({ status }) => status === 'completed');

  const twice = (resources: readonly Resource[], system: string) =>
    resources.length - new Set(resources.map((one) => identifierOf(one, system))).size;
  const claims = new Map<string, number>();
  for (const reference of provenances.flatMap(({ target }) => target.map((one) => one.reference ?? ''))) {
    claims.set(reference, (claims.get(reference) ?? 0) + 1);
  }
  const claimedTwice = [...claims.values()].filter((count) => count > 1).length;
  const tooManyTasks = [...bySubject.values()].filter((some) => some.length > 1).length;

  const stored = new Map([...reports, ...observations].map((one) => [`${one.resourceType}/${one.id}`, one]));
  const owned = new Set(completed.flatMap(outputsOf));
  const whole = completed.filter((task) => {
    const outputs = outputsOf(task);
    const [report] = outputs.filter((one) => one.startsWith('DiagnosticReport/'));
    const results = outputs.filter((one) => one.startsWith('Observation/'));
    const listed = (stored.get(report ?? '') as DiagnosticReport | undefined)?.result ?? [];
    return (
      results.length === ROWS &&
      listed.length === ROWS &&
      listed.every(({ reference }) => results.includes(reference ?? '')) &&
      outputs.every((one) => stored.has(one) && claims.get(one) === 1)
    );
  });
  const orphans = [...stored.keys()].filter((reference) => !owned.has(reference)).length;
  return {
    tasks: tasks.length,
    completed: completed.length,
    sets: whole.length,
    lost: lost.length,
    failed: tasks.filter(({ status }) => ended.has(status ?? '') && status !== 'completed').length,
    duplicated:
      tooManyTasks +
      twice(tasks, identifierSystem.job) +
      twice([...reports, ...observations], identifierSystem.result) +
      claimedTwice,
    halfWritten: completed.length - whole.length + orphans,
    begunAgain: tasks.filter((task) => attemptsOf(task) > 1).length,
  };
}
