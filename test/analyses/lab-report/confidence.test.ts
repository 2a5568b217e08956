import { describe, expect, test } from '@jest/globals';
import {
  type ConfidenceModel,
  calibrated,
  calibration,
  confidenceFeatures,
  featuresOfRow,
} from '../../../src/analyses/lab-report/confidence.ts';
import { findingOf, rowOf } from '../../evaluation/made.ts';

const zero = Object.fromEntries(confidenceFeatures.map((name) => [name, 0])) as ConfidenceModel['weights'];
const sodium = rowOf('Sodium', '150', {
  unit: 'mmol/L',
  ucum: 'mmol/L',
  loinc: '2951-2',
  range: { text: '136 - 145', low: 136, high: 145 },
  flag: { text: 'H', code: 'H' },
});
const feature = (name: (typeof confidenceFeatures)[number], row = sodium, scan = false) =>
  featuresOfRow(row, { scan })[confidenceFeatures.indexOf(name)];

describe('what the model of confidence sees', () => {
  test('a flag and limits that say the same, or the opposite', () => {
    expect([feature('flagAgrees'), feature('flagContradicts')]).toEqual([1, 0]);
    const low = {
      ...sodium,
      flag: { text: 'L', code: 'L' },
      value: { kind: 'quantity', text: '140', number: 140 } as const,
    };
    expect([feature('flagAgrees', low), feature('flagContradicts', low)]).toEqual([0, 1]);
    const { range: _, ...bare } = sodium;
    expect([feature('rangeRead', bare), feature('flagAgrees', bare)]).toEqual([0, 0]);
  });

  test('names, units and codes that are not known', () => {
    expect([feature('coded'), feature('nameUnknown'), feature('unitUnknown')]).toEqual([1, 0, 0]);
    const odd = rowOf('Xyzzy', '5', { unit: 'Hg/dl' });
    expect([feature('coded', odd), feature('nameUnknown', odd), feature('unitUnknown', odd)]).toEqual([0, 1, 1]);
    expect(feature('unitMissing', rowOf('Sodium', '5'))).toBe(1);
  });

  test('all are finite at both ends of the reader’s own confidence', () => {
    for (const confidence of [0, 1]) {
      for (const value of featuresOfRow({ ...sodium, confidence }, { scan: true }))
        expect(Number.isFinite(value)).toBe(true);
    }
  });
});

describe('calibrated confidence', () => {
  test('is a probability of three decimals, by the weights given', () => {
    expect(calibrated(sodium, { scan: false }, { intercept: 0, weights: zero })).toBe(0.5);
    expect(calibrated(sodium, { scan: true }, { intercept: 0, weights: { ...zero, scan: -2 } })).toBe(0.119);
    expect(calibrated(sodium, { scan: false }, { intercept: 40, weights: zero })).toBe(1);
  });

  test('the shipped model trusts a clean row of a text layer, and more than the same row with doubts', () => {
    const clean = calibrated({ ...sodium, confidence: 0.97 }, { scan: false });
    const doubtful = {
      ...sodium,
      confidence: 0.5,
      issues: ['unit-unknown', 'test-unknown'],
      ucum: undefined,
      loinc: undefined,
    };
    expect(clean).toBeGreaterThan(0.9);
    expect(calibrated(doubtful, { scan: true })).toBeLessThan(clean);
  });

  test('as a guard it changes the confidence, and what is more likely wrong is left out and said', async () => {
    const doubtful = {
      ...sodium,
      item: 'x.0',
      confidence: 0.05,
      issues: ['unit-unknown', 'mark-unread'],
      loinc: undefined,
    };
    const finding = findingOf([sodium, doubtful]);
    const page = { number: 1, width: 1, height: 1, unit: 'pixel', source: 'ocr', words: [] } as const;
    const input = { document: { sha256: 'a'.repeat(64), contentType: 'image/png', pages: [page] } } as const;
    const guarded = (await calibration(finding, input, new AbortController().signal)) as typeof finding;
    expect(guarded.rows).toEqual([{ ...sodium, confidence: calibrated(sodium, { scan: true }) }]);
    expect(guarded.unread.map(({ reason }) => reason)).toEqual(['confidence-low']);
  });
});
