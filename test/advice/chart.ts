import type { ImagingStudy, Observation, Patient, ServiceRequest } from '@medplum/fhirtypes';
import { type AdviceInput, advise } from '../../src/advice/index.ts';
import { aiAsserted } from '../../src/fhir/codes.ts';

export const now = '2026-03-31T12:00:00Z';

/** An instant so many days (and hours) before `now`. */
export function ago(days: number, hours = 0): string {
  return new Date(Date.parse(now) - days * 86_400_000 - hours * 3_600_000).toISOString();
}

export const adult: Patient = { resourceType: 'Patient', id: '1', gender: 'male', birthDate: '1956-02-03' };

let count = 0;
const nextId = () => {
  count += 1;
  return `r${count}`;
};

export function result(
  loinc: string,
  name: string,
  value: number | string,
  unit: string,
  when: string,
  over: Partial<Observation> = {},
): Observation {
  return {
    resourceType: 'Observation',
    id: nextId(),
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: loinc, display: name }], text: name },
    subject: { reference: 'Patient/1' },
    effectiveDateTime: when,
    ...(typeof value === 'number' ? { valueQuantity: { value, unit, code: unit } } : { valueString: value }),
    ...over,
  };
}

/** What Interval read from a document and nobody has looked at yet. */
export const machineRead: Partial<Observation> = {
  status: 'preliminary',
  meta: { security: [aiAsserted] },
  device: { reference: 'Device/1', display: 'lab-report embedded 0.1.0' },
};

export function order(code: ServiceRequest['code'] | string, over: Partial<ServiceRequest> = {}): ServiceRequest {
  return {
    resourceType: 'ServiceRequest',
    id: nextId(),
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/1' },
    code: typeof code === 'string' ? { text: code } : code,
    ...over,
  };
}

export function loinc(code: string, display?: string): ServiceRequest['code'] {
  return { coding: [{ system: 'http://loinc.org', code, ...(display === undefined ? {} : { display }) }] };
}

export function study(
  description: string,
  modality: string,
  when: string,
  over: Partial<ImagingStudy> = {},
): ImagingStudy {
  return {
    resourceType: 'ImagingStudy',
    id: nextId(),
    status: 'available',
    subject: { reference: 'Patient/1' },
    started: when,
    description,
    modality: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: modality }],
    ...over,
  };
}

export function advice(input: Partial<AdviceInput>) {
  return advise({ orders: [], patient: adult, observations: [], studies: [], reports: [], now, ...input });
}
