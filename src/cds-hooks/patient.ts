import type { Resource } from '@medplum/fhirtypes';

/** Types that belong to nobody in particular: they come along by _include and are kept without a check. */
const shared: ReadonlySet<string> = new Set([
  'Endpoint',
  'HealthcareService',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Substance',
]);

interface PatientScope {
  readonly patientId: string;
  /** Base of the server that ids belong to; an absolute reference to another server is another patient. */
  readonly fhirServer?: string;
}

/** Whether a resource is about the patient of the context (X7). What does not say so is not. */
export function belongsTo(resource: Resource, scope: PatientScope): boolean {
  if (shared.has(resource.resourceType)) {
    return true;
  }
  if (resource.resourceType === 'Patient') {
    return resource.id === scope.patientId;
  }
  const named = patientReference(resource);
  return named !== undefined && isReferenceTo(named, scope);
}

/** Whether a draft, which need not name anybody yet, names somebody else. */
export function namesAnother(resource: Resource, scope: PatientScope): boolean {
  const named = patientReference(resource);
  return named !== undefined && !isReferenceTo(named, scope);
}

function patientReference(resource: Resource): string | undefined {
  const { subject, patient } = resource as {
    subject?: { reference?: unknown } | null;
    patient?: { reference?: unknown } | null;
  };
  const reference = subject?.reference ?? patient?.reference;
  return typeof reference === 'string' ? reference : undefined;
}

function isReferenceTo(reference: string, { patientId, fhirServer }: PatientScope): boolean {
  const match = /^(?:(https?:\/\/.+)\/)?Patient\/([^/]+)(?:\/_history\/[^/]+)?$/.exec(reference);
  return (
    match !== null &&
    match[2] === patientId &&
    (match[1] === undefined || fhirServer === undefined || match[1] === fhirServer)
  );
}
