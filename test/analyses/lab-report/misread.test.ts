import { describe, expect, test } from '@jest/globals';
import { misreadUnit } from '../../../src/analyses/lab-report/misread-unit.ts';
import { scannedNumber } from '../../../src/analyses/lab-report/scanned-number.ts';
import { resolveTest } from '../../../src/terminology/lab-dictionary.ts';
import { toUcum } from '../../../src/terminology/units.ts';

const unitsOf = (name: string) => [
  ...new Set(resolveTest({ name })!.entry.variants.flatMap((variant) => variant.units)),
];

describe('units that recognition misread', () => {
  test.each([
    ['Thrombozyten', 'Tsd./pl', '10*3/uL'],
    ['Gamma-GT', 'ui', 'U/L'],
    ['Gamma-GT', 'Ull', 'U/L'],
    ['Creatinine', 'mgidL', 'mg/dL'],
    ['HDL cholesterol', 'mmoliL', 'mmol/L'],
    ['Platelets', '1073/uL', '10*3/uL'],
    ['RBC', '10%6/pL', '10*6/uL'],
    ['Hb', 'gidL', 'g/dL'],
    ['Potassium', 'ME/L', 'meq/L'],
  ])('%s in %s is in %s', (name, printed, code) => {
    expect(toUcum(misreadUnit(printed, unitsOf(name)) ?? '')?.code).toBe(code);
  });

  // A letter is never supplied: g is not g/dL, and the d of mg/dL is not dropped.
  test.each([
    ['Albumin', 'g'],
    ['Creatinine', 'gidl'],
    ['Magnesium', 'mgd'],
    ['Alanine transaminase', 'U'],
    ['Creatinine', ''],
  ])('%s in "%s" stays what it is', (name, printed) => {
    expect(misreadUnit(printed, unitsOf(name))).toBeUndefined();
  });

  test('the digits of a power must be the same', () => {
    expect(misreadUnit('10%6/uL', ['10*3/uL'])).toBeUndefined();
  });
});

describe('numbers of scans', () => {
  test('a mark behind the number that looks like a digit is left out and said, where the limits have as many decimals', () => {
    expect(scannedNumber('5,48 1', '0,50 - 0,90', 'comma')).toEqual({ text: '5,48', marked: true });
    expect(scannedNumber('5,4 1', '0,50 - 0,90', 'comma')).toBeUndefined();
    expect(scannedNumber('548 1', undefined, 'comma')).toBeUndefined();
  });

  test('a last digit too many that may be a mark makes the number unbelievable', () => {
    expect(scannedNumber('8,51', '12,0 - 15,4', 'comma')).toBeUndefined();
    expect(scannedNumber('8,52', '12,0 - 15,4', 'comma')).toEqual({ text: '8,52' });
    expect(scannedNumber('8.51', '12.00 - 15.40', 'point')).toEqual({ text: '8.51' });
  });

  test('a number with fewer decimals than its limits has lost digits', () => {
    expect(scannedNumber('4,8', '4,00 - 5,30', 'comma')).toBeUndefined();
    expect(scannedNumber('3', '2,4 - 5,7', 'comma')).toBeUndefined();
    expect(scannedNumber('<3', '2,4 - 5,7', 'comma')).toEqual({ text: '<3' });
    expect(scannedNumber('3', '2 - 5,7', 'comma')).toEqual({ text: '3' });
  });

  test('one document has one decimal sign; thousands are not touched', () => {
    expect(scannedNumber('5,66', '2.00 - 7.50', 'point')).toEqual({ text: '5.66' });
    expect(scannedNumber('7,800', '4,000 - 11,000', 'point')).toEqual({ text: '7,800' });
    expect(scannedNumber('positive', undefined, 'point')).toEqual({ text: 'positive' });
  });
});
