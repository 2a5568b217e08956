import { describe, expect, test } from '@jest/globals';
import { deriveFlag, parseFlag } from '../../src/terminology/flags.ts';
import type { NumberLocale } from '../../src/terminology/numbers.ts';
import { parseRange, positionIn } from '../../src/terminology/ranges.ts';

describe('ranges', () => {
  test.each<[string, NumberLocale, object]>([
    ['3.5-5.0', 'point', { low: 3.5, high: 5, lowOpen: false, highOpen: false }],
    ['3.5 – 5.0', 'point', { low: 3.5, high: 5 }],
    ['3,5 à 5,0', 'comma', { low: 3.5, high: 5 }],
    ['3.5 to 5.0', 'point', { low: 3.5, high: 5 }],
    ['3,5 bis 5,0', 'comma', { low: 3.5, high: 5 }],
    ['-2 - 3', 'point', { low: -2, high: 3 }],
    ['(-2)-(+3)', 'point', { low: -2, high: 3 }],
    ['[3.5-5.0]', 'point', { low: 3.5, high: 5 }],
    ['(3.5-5.0)', 'point', { low: 3.5, high: 5 }],
    ['<200', 'point', { high: 200, highOpen: true }],
    ['≤5', 'point', { high: 5, highOpen: false }],
    ['Up to 40', 'point', { high: 40, highOpen: false }],
    ['bis 5', 'comma', { high: 5 }],
    ['ab 60', 'comma', { low: 60, lowOpen: false }],
    ['Hasta 40', 'comma', { high: 40 }],
    ['Mayor de 60', 'comma', { low: 60, lowOpen: true }],
    ['Inf. à 5', 'comma', { high: 5, highOpen: true }],
    ['Sup. à 60', 'comma', { low: 60, lowOpen: true }],
    ['> OR = 60', 'point', { low: 60, lowOpen: false }],
    ['0.5-1.2 mg/dL', 'point', { low: 0.5, high: 1.2, unit: 'mg/dL' }],
    ['4.0-11.0 x10^9/L', 'point', { low: 4, high: 11, unit: 'x10^9/L' }],
    ['> 90 mL/min/1.73m2', 'point', { low: 90, unit: 'mL/min/1.73m2' }],
    ['1.50 - 4.50 lakhs/cumm', 'point', { low: 1.5, high: 4.5, unit: 'lakhs/cumm' }],
    ['150,000-450,000', 'point', { low: 150000, high: 450000 }],
    ['Negative', 'point', { expected: { code: 'negative' } }],
    ['0.4 - 4.0 (euthyroid)', 'point', { low: 0.4, high: 4 }],
  ])('%p', (text, locale, expected) => {
    const range = parseRange(text, locale);
    expect(range).toMatchObject({ text, ...expected });
    expect(range?.unit).toBe((expected as { unit?: string }).unit);
  });

  test('strata keep their labels; no limit is chosen', () => {
    const bySex = parseRange('M: 13.0-17.0; F: 12.0-15.0', 'point')!;
    expect(bySex.low).toBeUndefined();
    expect(bySex.strata).toMatchObject([
      { sex: 'male', low: 13, high: 17 },
      { sex: 'female', low: 12, high: 15 },
    ]);
    expect(parseRange('M: 13-17 F: 12-15', 'point')!.strata).toHaveLength(2);
    const words = parseRange('Deficient: <20; Insufficient: 20-30; Sufficient: >30', 'point')!;
    expect(words.strata!.map((part) => part.label)).toEqual(['Deficient', 'Insufficient', 'Sufficient']);
    expect(parseRange('Adults 18-60 years: 3-5; > 60 years: 4-6', 'point')!.strata).toMatchObject([
      { ageLow: 18, ageHigh: 60 },
      { ageLow: 60 },
    ]);
  });

  test('what is not understood is kept as text', () => {
    expect(parseRange('see text', 'point')).toEqual({ text: 'see text' });
    expect(parseRange('12-16/13-17', 'point')).toEqual({ text: '12-16/13-17' });
    expect(parseRange('5.0-3.5', 'point')).toEqual({ text: '5.0-3.5' });
    expect(parseRange('--', 'point')).toBeUndefined();
  });
});

describe('flags', () => {
  test.each([
    ['H', 'H'],
    ['(H)', 'H'],
    ['*H', 'H'],
    ['[HH]', 'HH'],
    ['High', 'H'],
    ['HI', 'H'],
    ['Alert High', 'HH'],
    ['↑', 'H'],
    ['⇓', 'L'],
    ['LO', 'L'],
    ['LL', 'LL'],
    ['**', 'AA'],
    ['*', 'A'],
    ['ABN', 'A'],
    ['+', 'H'],
    ['--', 'LL'],
    ['N', 'N'],
    ['erhöht', 'H'],
    ['critical', 'AA'],
  ])('%p is %s', (text, code) => {
    expect(parseFlag(text)).toBe(code);
  });
  test.each(['mg/dL', 'Hb', '', 'Glucose', '5'])('%p is no flag', (text) => {
    expect(parseFlag(text)).toBeUndefined();
  });

  test('a value on an open limit is outside', () => {
    const below = parseRange('<200', 'point')!;
    expect(positionIn(below, 200)).toBe('high');
    expect(positionIn(parseRange('≤200', 'point')!, 200)).toBe('inside');
    expect(deriveFlag(below, { value: 199 })).toBe('N');
  });

  test('a comparator that straddles a limit gives no flag', () => {
    const range = parseRange('0.5-5', 'point')!;
    expect(deriveFlag(range, { value: 0.5, comparator: '<' })).toBe('L');
    expect(deriveFlag(range, { value: 1, comparator: '<' })).toBeUndefined();
    expect(deriveFlag(range, { value: 5, comparator: '>' })).toBe('H');
    expect(deriveFlag(range, { value: 4, comparator: '>' })).toBeUndefined();
    expect(deriveFlag(parseRange('<5', 'point')!, { value: 0.3, comparator: '<' })).toBe('N');
    expect(deriveFlag(parseRange('>60', 'point')!, { value: 90, comparator: '>' })).toBe('N');
    expect(deriveFlag({ text: 'see text' }, { value: 4 })).toBeUndefined();
  });

  test('words against words', () => {
    const range = parseRange('Negative', 'point')!;
    expect(deriveFlag(range, { code: 'negative' })).toBe('N');
    expect(deriveFlag(range, { code: 'positive' })).toBe('A');
  });
});
