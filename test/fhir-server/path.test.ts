import { describe, expect, test } from '@jest/globals';
import { evalFhirPath, getExpressionForResourceType } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import { loadDefinitions, readDefinitions } from '../../src/fhir/definitions.ts';
import { compilePath } from '../../src/fhir-server/path.ts';

loadDefinitions();
const { parameters } = readDefinitions();

const resources: readonly Resource[] = [
  {
    resourceType: 'Patient',
    id: 'p',
    active: true,
    deceasedDateTime: '2026-01-01',
    name: [{ family: 'A', given: ['B', 'C'] }, { text: 'D' }],
    telecom: [
      { system: 'phone', value: '1' },
      { system: 'email', value: 'a@example.org' },
    ],
    generalPractitioner: [{ reference: 'Practitioner/1' }, { reference: 'Organization/2' }],
    contact: [{ name: { family: 'E' } }],
  },
  {
    resourceType: 'Observation',
    id: 'o',
    status: 'final',
    code: { coding: [{ system: 's', code: 'c', display: 'd' }] },
    subject: { reference: 'Patient/p' },
    performer: [{ reference: 'Practitioner/1' }],
    effectivePeriod: { start: '2026-01-01' },
    valueQuantity: { value: 3, unit: 'g' },
    derivedFrom: [{ reference: 'ImagingStudy/1' }, { reference: 'DocumentReference/2' }],
    component: [
      { code: { text: 'x' }, valueQuantity: { value: 1 } },
      { code: { text: 'y' }, valueCodeableConcept: { text: 'z' } },
    ],
  },
  {
    resourceType: 'MedicationRequest',
    id: 'm',
    status: 'active',
    intent: 'order',
    medicationReference: { reference: 'Medication/1' },
    subject: { reference: 'Patient/p' },
    dosageInstruction: [{ timing: { event: ['2026-01-01'] } }],
  },
  {
    resourceType: 'Condition',
    id: 'c',
    subject: { reference: 'Group/1' },
    onsetDateTime: '2020',
    abatementAge: { value: 3, unit: 'a' },
    evidence: [{ code: [{ text: 'e' }], detail: [{ reference: 'Observation/o' }] }],
  },
  {
    resourceType: 'ImagingStudy',
    id: 'i',
    status: 'available',
    subject: { reference: 'Patient/p' },
    series: [{ uid: '1.2', modality: { code: 'DX' }, instance: [{ uid: '1.2.3', sopClass: { code: 'x' } }] }],
  },
  {
    resourceType: 'Task',
    id: 't',
    status: 'requested',
    intent: 'order',
    for: { reference: 'Patient/p' },
    focus: { reference: 'ImagingStudy/i' },
    executionPeriod: { end: '2026-01-01' },
  },
  {
    resourceType: 'Provenance',
    id: 'v',
    recorded: '2026-01-01T00:00:00Z',
    target: [{ reference: 'Observation/o' }, { reference: 'Patient/p' }],
    agent: [{ who: { reference: 'Device/d' } }],
    entity: [{ role: 'source', what: { reference: 'DocumentReference/1' } }],
  },
];

describe('compiled search expressions', () => {
  test.each(resources.map((resource) => [resource.resourceType, resource] as const))(
    'of %s read what the FHIRPath interpreter reads',
    (type, resource) => {
      const own = parameters.filter((p) => p.type !== 'composite' && (p.base as string[]).includes(type));
      expect(own.length).toBeGreaterThan(5);
      for (const { code, expression } of own) {
        const narrowed = getExpressionForResourceType(type, expression!);
        expect([code, compilePath(narrowed!, type)(resource)]).toEqual([code, evalFhirPath(narrowed!, resource)]);
      }
    },
  );

  test('a logical reference counts by its declared type', () => {
    const read = compilePath('Observation.subject.where(resolve() is Patient)', 'Observation');
    const subject = { type: 'Patient', identifier: { value: '1' } };
    expect(read({ resourceType: 'Observation', subject })).toEqual([subject]);
  });

  test('an absolute reference counts by the type in its URL', () => {
    const read = compilePath('Observation.subject.where(resolve() is Patient)', 'Observation');
    const subject = { reference: 'https://other.example.org/fhir/Patient/1/_history/2' };
    expect(read({ resourceType: 'Observation', subject })).toEqual([subject]);
  });
});
