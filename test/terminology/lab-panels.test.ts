import { describe, expect, test } from '@jest/globals';
import { labTests } from '../../src/terminology/lab-dictionary.ts';
import { panelCodes, panelOf } from '../../src/terminology/lab-panels.ts';
import { isLoincCode } from '../../src/terminology/loinc-code.ts';

/** Where each panel term was seen with this name; "repositories": several public ones that agree. */
const seenIn: Readonly<Record<string, string>> = {
  '24323-8': 'repositories',
  '24325-3': 'repositories',
  '24326-1': 'repositories',
  '24331-1': 'C-CDA sample record, Lipid Panel',
  '24336-0': 'repositories, among them sample HL7 v2 messages and the mapping of a university hospital',
  '24356-8': 'C-CDA sample record, Urinalysis complete pnl Ur',
  '24357-6': 'repositories',
  '24362-6': 'repositories, among them sample HL7 v2 messages',
  '50190-8': 'repositories',
  '51990-0': 'C-CDA sample record, Basic Metabolic Panel - Blood',
  '57021-8': 'C-CDA sample record, CBC W Auto Differential panel',
  '58410-2': 'repositories',
};

const bloodCount = ['leukocytes', 'erythrocytes', 'hemoglobin', 'hematocrit', 'mcv', 'platelets'];

describe('panels', () => {
  test('every panel term has its check digit, a source, and is no result of the dictionary', () => {
    const results = new Set(labTests.flatMap(({ variants }) => variants.map(({ loinc }) => loinc)));
    expect(panelCodes.map(({ loinc }) => loinc).sort()).toEqual(Object.keys(seenIn).sort());
    expect(panelCodes.filter(({ loinc }) => !isLoincCode(loinc) || results.has(loinc))).toEqual([]);
  });

  test('the heading says it and half of the members are there', () => {
    expect(panelOf('Complete Blood Count (CBC)', bloodCount)?.loinc).toBe('58410-2');
    expect(panelOf('LIPID PROFILE', ['2093-3', '2085-9', '2571-8', '13457-7'])?.loinc).toBe('24331-1');
    expect(panelOf('Emocromo completo', bloodCount)?.loinc).toBe('58410-2');
  });

  test('neither alone is enough', () => {
    expect(panelOf('Haematology', bloodCount)).toBeUndefined();
    expect(panelOf('Complete Blood Count (CBC)', ['hemoglobin'])).toBeUndefined();
    expect(panelOf('Lipid profile', bloodCount)).toBeUndefined();
    expect(panelOf('', [])).toBeUndefined();
  });
});
