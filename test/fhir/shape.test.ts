import { describe, expect, test } from '@jest/globals';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { hasShape } from '../../src/fhir/shape.ts';
import { createSamples } from '../../src/samples/create.ts';

const { samples, shared } = await createSamples({ now: new Date(), timeZone: 'UTC' });
const resources = [...shared, ...samples.flatMap((sample) => sample.resources)];
const potassium: Observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
  valueQuantity: { value: 6.8, unit: 'mmol/L' },
};

describe('the outline of a resource', () => {
  test('every sample resource has it', () => {
    expect(resources.length).toBeGreaterThan(40);
    expect(resources.filter((resource) => !hasShape(resource))).toEqual([]);
  });

  test.each<readonly [string, object]>([
    ['null in a list', { code: { coding: [null] } }],
    ['null for an element', { code: null }],
    ['a text for an object', { code: 'potassium' }],
    ['an object for a list', { category: { coding: [] } }],
    ['a text for a number', { valueQuantity: { value: '6.8' } }],
    ['a number for a text', { effectiveDateTime: 20260203 }],
    ['a list for an object', { subject: [] }],
    ['null among identifiers', { identifier: [null] }],
    ['a nested one', { component: [{ code: { coding: 'x' } }] }],
  ])('%s has it not', (_what, change) => {
    expect(hasShape({ ...potassium, ...change } as Resource)).toBe(false);
  });

  test('values, unknown elements and other types are not looked into', () => {
    expect(hasShape(potassium)).toBe(true);
    expect(hasShape({ ...potassium, status: 'nonsense', strange: [null] } as unknown as Resource)).toBe(true);
    expect(hasShape({ resourceType: 'Device', deviceName: 7 } as unknown as Resource)).toBe(true);
  });
});
