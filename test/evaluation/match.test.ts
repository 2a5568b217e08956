import { describe, expect, test } from '@jest/globals';
import { matchRows, nameLikeness } from '../../src/evaluation/match.ts';
import { rowOf } from './made.ts';

describe('the matcher', () => {
  test('takes the printed name first, then the same name written otherwise', () => {
    const { pairs, missed, spurious } = matchRows(
      [
        { name: 'Sodium', value: '138', unit: 'mmol/L' },
        { name: 'Glucose (fasting)', value: '99', unit: 'mg/dL' },
      ],
      [rowOf('GLUCOSE, FASTING', '99', { unit: 'mg/dL' }), rowOf('Sodium', '183', { unit: 'mmol/L' })],
    );
    expect(pairs).toEqual([
      { truth: 0, read: 1, phase: 'name' },
      { truth: 1, read: 0, phase: 'normalised-name' },
    ]);
    expect({ missed, spurious }).toEqual({ missed: [], spurious: [] });
  });

  test('rows of one name pair by value, then in reading order', () => {
    const truth = ['12', '40', '96'].map((value) => ({ name: 'Troponin I', value, unit: 'ng/L' }));
    const read = ['96', '12', '41'].map((value) => rowOf('Troponin I', value, { unit: 'ng/L' }));
    expect(matchRows(truth, read).pairs.map(({ truth: at, read: other }) => [at, other])).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
  });

  test('one value of two specimens goes to the row of the same unit', () => {
    const { pairs } = matchRows(
      [{ name: 'Glucose', value: '90', unit: 'mmol/L' }],
      [rowOf('Glucose', '90', { unit: 'mg/dL' }), rowOf('Glucose', '90', { unit: 'mmol/L' })],
    );
    expect(pairs[0]!.read).toBe(1);
  });

  test('another name of the same test pairs; a similar name of another test does not', () => {
    const potassium = matchRows(
      [{ name: 'Potassium', value: '4.1', unit: 'mmol/L' }],
      [rowOf('Kalium', '4.1', { unit: 'mmol/L', loinc: '2823-3' })],
    );
    expect(potassium.pairs).toEqual([{ truth: 0, read: 0, phase: 'test' }]);
    const bilirubin = matchRows(
      [{ name: 'Bilirubin, direct', value: '0.3', unit: 'mg/dL' }],
      [rowOf('Bilirubin, total', '0.3', { unit: 'mg/dL' })],
    );
    expect(bilirubin).toEqual({ pairs: [], missed: [0], spurious: [0] });
  });

  test('a misread name pairs by its letters, nothing pairs without any likeness', () => {
    const { pairs, missed, spurious } = matchRows(
      [
        { name: 'Ferritin', value: '51', unit: 'ng/mL' },
        { name: 'Zinc', value: '12', unit: 'umol/L' },
      ],
      [rowOf('Ferritln', '51', { unit: 'ng/mL' }), rowOf('Account', '8812')],
    );
    expect(pairs).toEqual([{ truth: 0, read: 0, phase: 'overlap' }]);
    expect({ missed, spurious }).toEqual({ missed: [1], spurious: [1] });
  });

  test('likeness is symmetric and between 0 and 1', () => {
    expect(nameLikeness('free t4', 'free t4')).toBe(1);
    expect(nameLikeness('', '')).toBe(0);
    expect(nameLikeness('anion gap', 'gap anion')).toBe(1);
    expect(nameLikeness('sodium', 'potassium')).toBe(nameLikeness('potassium', 'sodium'));
    expect(nameLikeness('sodium', 'potassium')).toBeLessThan(0.5);
  });
});
