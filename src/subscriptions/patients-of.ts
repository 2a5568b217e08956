import type { DiagnosticReport, DocumentReference, ImagingStudy, Reference, Task } from '@medplum/fhirtypes';
import type { FhirClient } from '../fhir/client.ts';
import { identifierSystem } from '../fhir/codes.ts';
import { unlessMissing } from '../fhir/missing.ts';
import { parseReference, type ReferenceForm } from '../fhir/references.ts';
import { isAiAsserted, isOurs } from '../fhir/result-key.ts';
import type { WatchedType } from './watched.ts';

export interface PatientsWorld {
  readonly source: FhirClient;
  readonly store: FhirClient;
  readonly form: ReferenceForm;
}

type Watched = DiagnosticReport | DocumentReference | ImagingStudy;

/**
 * Ids of the patients whose charts a change of this resource (`Type/id` in the source) concerns: whose it is now, and whose
 * it was when it was read, since it may be gone or may have been filed under somebody else. None for what Interval wrote.
 */
export async function patientsOf(reference: string, world: PatientsWorld): Promise<readonly string[]> {
  const [type, id = ''] = reference.split('/');
  const [now, before] = await Promise.all([
    unlessMissing(world.source.read<Watched>(type as WatchedType, id)),
    world.store.search<Task>('Task', {
      focus: world.form.toStore(reference),
      identifier: `${identifierSystem.job}|`,
      _count: '50',
    }),
  ]);
  if (now !== undefined && isOurs(now) && isAiAsserted(now)) {
    return [];
  }
  const subjects: readonly (Reference | undefined)[] = [now?.subject, ...before.map((task) => task.for)];
  return [...new Set(subjects.flatMap((subject) => patientId(subject?.reference, world) ?? []))];
}

/** Id of a patient of the source. */
export function patientId(
  reference: string | undefined,
  { source, form }: Pick<PatientsWorld, 'source' | 'form'>,
): string | undefined {
  const parsed = parseReference(form.toSource(reference ?? ''));
  return parsed?.type === 'Patient' && (parsed.base === undefined || parsed.base === source.base)
    ? parsed.id
    : undefined;
}
