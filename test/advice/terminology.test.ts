import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { CodeSystem, Resource } from '@medplum/fhirtypes';
import { overrideReasons } from '../../src/advice/override-reasons.ts';
import { createValidator } from '../../src/fhir/validate.ts';
import { resultReasons } from '../../src/services/result-judgement.ts';
import { advice, ago, loinc, order, result, study } from './chart.ts';

const published = (name: string): Record<string, string | undefined> => {
  const path = new URL(`../../fhir-profiles/generated/CodeSystem-${name}.json`, import.meta.url);
  const { concept = [] } = JSON.parse(readFileSync(path, 'utf8')) as CodeSystem;
  return Object.fromEntries(concept.map(({ code, display }) => [code, display]));
};

/** One chart in which every rule speaks. */
const summaries = advice({
  orders: [
    order(loinc('36813-4', 'CT Abdomen and Pelvis W contrast IV')),
    order(loinc('24628-0'), { encounter: { reference: 'Encounter/1' } }),
    order('HbA1c'),
    order('HbA1c'),
    order('CT head'),
  ],
  observations: [
    result('98979-8', 'eGFR', 21, 'mL/min/{1.73_m2}', ago(2)),
    result('4548-4', 'Hemoglobin A1c', 8.4, '%', ago(21)),
  ],
  studies: [study('CT HEAD', 'CT', ago(3))],
});
const unknown = advice({ orders: [order(loinc('24628-0'), { encounter: { reference: 'Encounter/1' } })] });

describe('what advice puts into cards', () => {
  test('override reasons are the published code system', () => {
    const ofResults = Object.entries(resultReasons).map(([code, { display }]) => [code, display]);
    expect(published('override-reason')).toEqual({ ...overrideReasons, ...Object.fromEntries(ofResults) });
  });

  test('every topic is published', () => {
    const topics = new Set(summaries.map(({ topic }) => topic));
    expect([...topics].toSorted()).toEqual(['contrast-egfr', 'duplicate-order', 'recent-imaging']);
    for (const topic of topics) {
      expect(published('topic')[topic]).toBeDefined();
    }
  });

  test('R15–R19: resources of suggestions are valid R4, updates whole', () => {
    const validate = createValidator();
    const actions = [...summaries, ...unknown].flatMap(({ suggestions }) => suggestions.flatMap((one) => one.actions));
    const types = actions.map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['create', 'update', 'delete']));
    for (const action of actions) {
      if (action.type !== 'delete') {
        expect(validate(action.resource as Resource)).toEqual([]);
      }
      expect(action.type !== 'update' || action.resource.id !== undefined).toBe(true);
    }
  });
});
