import type { Patient } from '@medplum/fhirtypes';
import type { FhirClient } from '../fhir/client.ts';
import { CANONICAL } from '../fhir/codes.ts';

export interface PatientLine {
  readonly id: string;
  readonly name: string;
  readonly birthDate?: string;
  readonly gender?: string;
  readonly mrn?: string;
  /** Of a sample patient: what it shows. */
  readonly title?: string;
  readonly shows?: string;
}

const SAMPLE_PURPOSE = `${CANONICAL}/StructureDefinition/sample-purpose`;

/** The patients of the EHR: sample patients first, in the order in which they were made, then the others by name. */
export async function listPatients(source: FhirClient, signal: AbortSignal): Promise<readonly PatientLine[]> {
  const patients = await source.search<Patient>('Patient', { _count: '100' }, { signal, maxResources: 200 });
  return patients.map(patientLine).sort((left, right) => order(left).localeCompare(order(right)));
}

function order(line: PatientLine): string {
  return line.title ? `0 ${line.mrn ?? ''}` : `1 ${line.name}`;
}

export function patientLine(patient: Patient): PatientLine {
  const name = patient.name?.find((one) => one.use === 'official') ?? patient.name?.[0];
  const purpose = patient.extension?.find((one) => one.url === SAMPLE_PURPOSE)?.extension;
  const part = (url: string) => purpose?.find((one) => one.url === url)?.valueString;
  const mrn =
    patient.identifier?.find((one) => one.type?.coding?.some((coding) => coding.code === 'MR')) ??
    patient.identifier?.[0];
  return {
    id: patient.id ?? '',
    name: name?.text ?? ([name?.family, name?.given?.join(' ')].filter(Boolean).join(', ') || 'Unnamed patient'),
    ...(patient.birthDate ? { birthDate: patient.birthDate } : {}),
    ...(patient.gender ? { gender: patient.gender } : {}),
    ...(mrn?.value ? { mrn: mrn.value } : {}),
    ...(part('title') ? { title: part('title') } : {}),
    ...(part('shows') ? { shows: part('shows') } : {}),
  };
}
