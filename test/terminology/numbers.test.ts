import { describe, expect, test } from '@jest/globals';
import { decideLocale, type NumberLocale, parseNumber, parseValue } from '../../src/terminology/numbers.ts';

describe('numbers', () => {
  test.each<[string, NumberLocale, number, number | undefined]>([
    ['4.5', 'point', 4.5, undefined],
    ['4,5', 'comma', 4.5, undefined],
    ['4.5', 'comma', 4.5, undefined],
    ['0,586', 'point', 0.586, undefined],
    ['.5', 'point', 0.5, undefined],
    ['2.310', 'comma', 2310, 2.31],
    ['2.310', 'point', 2.31, undefined],
    ['2.310', 'unknown', 2.31, 2310],
    ['1,234', 'point', 1234, undefined],
    ['1,234', 'comma', 1.234, undefined],
    ['1,234', 'unknown', 1234, 1.234],
    ['1 530', 'comma', 1530, undefined],
    ['1\u202f530,5', 'comma', 1530.5, undefined],
    ["1'530", 'point', 1530, undefined],
    ['2,35,000', 'point', 235000, undefined],
    ['1,234,567.8', 'point', 1234567.8, undefined],
    ['1.234.567', 'comma', 1234567, undefined],
    ['1.234,5', 'unknown', 1234.5, undefined],
    ['3.1E+04', 'point', 31000, undefined],
    ['7E-2', 'point', 0.07, undefined],
    ['10^5', 'point', 100000, undefined],
    ['10⁵', 'point', 100000, undefined],
    ['2.5 x 10^5', 'point', 250000, undefined],
    ['-2.3', 'point', -2.3, undefined],
    ['−2,3', 'comma', -2.3, undefined],
  ])('%s (%s) is %p', (text, locale, value, alternative) => {
    const parsed = parseNumber(text, locale);
    expect(parsed?.value).toBeCloseTo(value, 10);
    expect(parsed?.alternative).toBe(alternative);
  });

  test.each(['12.03.2024', '1.2.3', '1,23,4', '12-15', 'abc', '', '4.', '1.234.56'])('%p is no number', (text) => {
    expect(parseNumber(text, 'point')).toBeUndefined();
  });

  test('the locale is decided by what has one reading', () => {
    expect(decideLocale(['4,5', '0,586', '7.4', '2.310'])).toBe('comma');
    expect(decideLocale(['4.5', '1,234', '70 - 99'])).toBe('point');
    expect(decideLocale(['2,35,000'])).toBe('point');
    expect(decideLocale(['2.310', '1,234', '12.03.2024', '10:30'])).toBe('unknown');
    expect(decideLocale(['4.5', '4,5'])).toBe('unknown');
  });
});

describe('result cells', () => {
  const quantity = (value: number, more: object = {}) => ({ kind: 'quantity', value, ...more });
  test.each<[string, object]>([
    ['<0.01', quantity(0.01, { comparator: '<', decimals: 2 })],
    ['>1000', quantity(1000, { comparator: '>' })],
    ['≥16', quantity(16, { comparator: '>=' })],
    ['<=0.5', quantity(0.5, { comparator: '<=' })],
    ['> OR = 60', quantity(60, { comparator: '>=' })],
    ['&lt;5', quantity(5, { comparator: '<' })],
    ['inf. à 5', quantity(5, { comparator: '<' })],
    ['138 mmol/L', quantity(138, { rest: 'mmol/L' })],
    ['7.2 x10^9/L', quantity(7.2, { rest: 'x10^9/L' })],
    ['8.2 10*3/uL', quantity(8.2, { rest: '10*3/uL' })],
    ['5.2 (H)', quantity(5.2, { rest: '(H)' })],
    ['7.2*', quantity(7.2, { rest: '*' })],
    ['1.9 lakhs', quantity(1.9, { rest: 'lakhs' })],
    ['1:80', { kind: 'ratio', numerator: 1, denominator: 80 }],
    ['<1:10', { kind: 'ratio', comparator: '<', denominator: 10 }],
    ['reactive 1:4', { kind: 'ratio', denominator: 4, rest: 'reactive' }],
    ['5-10 /HPF', { kind: 'text', range: [5, 10], rest: '/HPF' }],
    ['Negative', { kind: 'coded', value: { code: 'negative', snomed: { code: '260385009' } } }],
    ['nicht nachweisbar', { kind: 'coded', value: { code: 'not-detected' } }],
    ['NON-REACTIVE', { kind: 'coded', value: { code: 'non-reactive' } }],
    ['2+', { kind: 'coded', value: { code: '2+' } }],
    ['++', { kind: 'coded', value: { code: '2+' } }],
    ['1+ (A)', { kind: 'coded', value: { code: '1+' }, rest: '(A)' }],
    ['Trace', { kind: 'coded', value: { code: 'trace' } }],
    ['O Rh positive', { kind: 'coded', value: { code: 'o-positive' } }],
    ['SEE NOTE', { kind: 'absent', reason: 'as-text' }],
    ['Pending', { kind: 'absent', reason: 'temp-unknown' }],
    ['Not Estab.', { kind: 'absent', reason: 'unknown' }],
    ['QNS', { kind: 'absent', reason: 'error' }],
    ['Not performed', { kind: 'absent', reason: 'not-performed' }],
    ['--', { kind: 'absent', reason: 'unknown' }],
    ['', { kind: 'absent', reason: 'unknown' }],
    ['12.03.2024', { kind: 'text' }],
    ['12 Mar 2024', { kind: 'text' }],
    ['10:30', { kind: 'text' }],
    ['10^3/uL', { kind: 'text' }],
    ['E. coli', { kind: 'text' }],
  ])('%p', (text, expected) => {
    expect(parseValue(text, 'point')).toMatchObject({ text, ...expected });
  });
});
