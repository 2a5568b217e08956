import { describe, expect, test } from '@jest/globals';
import {
  bindReferences,
  mapReferences,
  parseReference,
  referenceForm,
  sameReference,
} from '../../src/fhir/references.ts';
import { conditionalQuery, escapeSearch, keyPart, resultKey, token } from '../../src/fhir/result-key.ts';

describe('references', () => {
  test.each([
    ['Patient/1', { type: 'Patient', id: '1' }],
    ['Patient/1/_history/2', { type: 'Patient', id: '1', version: '2' }],
    ['https://a.test/fhir/Patient/1', { base: 'https://a.test/fhir', type: 'Patient', id: '1' }],
    [
      'https://a.test/fhir/Patient/1/_history/2',
      { base: 'https://a.test/fhir', type: 'Patient', id: '1', version: '2' },
    ],
  ])('%s', (reference, parsed) => expect(parseReference(reference)).toEqual(parsed));

  test.each([
    '',
    '#contained',
    'urn:uuid:1',
    'Patient?identifier=x',
    'Patient/',
    'Patient/..',
    '/Patient/1',
    'Patient/1/x',
    'patient/1',
    'https://a.test/fhir?x=Patient/1',
    'Patient/1 ',
    'ftp://a.test/Patient/1',
    undefined,
  ])('%j is none', (reference) => expect(parseReference(reference)).toBeUndefined());

  test('are compared without version, relative ones against the base', () => {
    expect(sameReference('Patient/1', 'https://a.test/fhir/Patient/1/_history/3', 'https://a.test/fhir/')).toBe(true);
    expect(sameReference('Patient/1', 'https://b.test/fhir/Patient/1', 'https://a.test/fhir')).toBe(false);
    expect(sameReference('Patient/1', 'Patient/2', 'https://a.test/fhir')).toBe(false);
    expect(sameReference('x', 'x', 'https://a.test/fhir')).toBe(false);
  });

  test('take one form for a pair of servers, there and back', () => {
    const apart = referenceForm({ source: 'https://ehr.test/r4/', store: 'http://localhost/fhir' });
    expect(apart.toStore('Patient/1')).toBe('https://ehr.test/r4/Patient/1');
    expect(apart.toStore('https://ehr.test/r4/Patient/1')).toBe('https://ehr.test/r4/Patient/1');
    expect(apart.toStore('#x')).toBe('#x');
    expect(apart.toSource('https://ehr.test/r4/Patient/1')).toBe('Patient/1');
    expect(apart.toSource('https://other.test/r4/Patient/1')).toBe('https://other.test/r4/Patient/1');
    expect(apart.toSource('https://ehr.test/r4x/Patient/1')).toBe('https://ehr.test/r4x/Patient/1');
    const same = referenceForm({ source: 'https://ehr.test/r4', store: 'https://ehr.test/r4/' });
    expect(same.toStore('Patient/1')).toBe('Patient/1');
  });

  test('are rewritten wherever they stand, and nothing else is', () => {
    const resource = { subject: { reference: 'a' }, extension: [{ valueReference: { reference: 'a' } }], note: 'a' };
    expect(mapReferences(resource, (reference) => reference.toUpperCase())).toEqual({
      subject: { reference: 'A' },
      extension: [{ valueReference: { reference: 'A' } }],
      note: 'a',
    });
  });

  test('a logical reference gets its literal one beside it, of the right type only', () => {
    const device = { type: 'Device', identifier: { system: 's', value: 'k' } };
    expect(bindReferences({ device }, new Map([['k', 'Device/1']]))).toEqual({
      device: { reference: 'Device/1', ...device },
    });
    expect(bindReferences({ device }, new Map([['k', 'Media/1']]))).toEqual({ device });
    expect(bindReferences({ identifier: [{ value: 'k' }] }, new Map([['k', 'Device/1']]))).toEqual({
      identifier: [{ value: 'k' }],
    });
  });
});

describe('keys', () => {
  test('hold only what needs no escaping, and stay apart', () => {
    expect(resultKey('lab-report', 'doc-7:5f2a', 'potassium-0')).toBe('lab-report:doc-7:5f2a:potassium-0');
    const awkward = ['a|b', 'a,b', 'a b', 'a/b', 'Kalium₊', '日本', '', 'a#b&c', 'a:b'];
    const parts = awkward.map(keyPart);
    expect(parts.every((part) => /^[A-Za-z0-9.-]+$/.test(part))).toBe(true);
    expect(new Set(parts).size).toBe(awkward.length);
  });

  test('search values and conditions are escaped', () => {
    expect(escapeSearch('a|b,c$d\\e')).toBe('a\\|b\\,c\\$d\\\\e');
    expect(token('http://x', 'a|b')).toBe('http://x|a\\|b');
    expect(conditionalQuery([['identifier', 'http://x|a&b#c']])).toBe('identifier=http%3A%2F%2Fx%7Ca%26b%23c');
  });
});
