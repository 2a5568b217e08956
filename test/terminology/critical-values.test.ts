import { describe, expect, test } from '@jest/globals';
import {
  type CriticalQuery,
  criticalIn,
  defaultCriticalTable,
  parseCriticalTable,
  readCriticalTable,
} from '../../src/terminology/critical-values.ts';
import { labTests } from '../../src/terminology/lab-tests.ts';

const entry = (key: string) => labTests.find((one) => one.key === key)!;
const flag = (key: string, query: CriticalQuery, table = defaultCriticalTable) => {
  const found = criticalIn(table, entry(key), query);
  return typeof found === 'object' ? found.flag : found;
};
const year = 365.25;

describe('the shipped table', () => {
  test('is a right table by its own rules, and every line names its source', () => {
    expect(parseCriticalTable(JSON.stringify(defaultCriticalTable))).toEqual(defaultCriticalTable);
    expect(defaultCriticalTable.limits.filter(({ source }) => !source)).toEqual([]);
  });

  test.each<[string, CriticalQuery, string | undefined]>([
    ['potassium', { value: 6.3, ucum: 'mmol/L' }, 'HH'],
    ['potassium', { value: 6.3, ucum: 'meq/L' }, 'HH'],
    ['potassium', { value: 6.2, ucum: 'mmol/L' }, 'none'],
    ['sodium', { value: 119, ucum: 'mmol/L' }, 'LL'],
    ['sodium', { value: 119, ucum: 'mmol/L', system: 'Ser/Plas' }, 'LL'],
    ['sodium', { value: 19, ucum: 'mmol/L', system: 'Urine' }, undefined],
    ['glucose', { value: 27, ucum: 'mmol/L' }, 'HH'],
    ['glucose', { value: 500, ucum: 'mg/dL', system: 'Urine' }, undefined],
    ['glucose', { value: 600, ucum: 'mg/dL', comparator: '>' }, 'HH'],
    ['glucose', { value: 100, ucum: 'mg/dL', comparator: '>' }, undefined],
    ['glucose', { value: 20, ucum: 'mg/dL', comparator: '<' }, 'LL'],
    ['leukocytes', { value: 40, ucum: '10*9/L' }, 'HH'],
    ['leukocytes', { value: 1.9, ucum: '10*9/L' }, 'LL'],
    ['platelets', { value: 1000, ucum: '10*3/uL' }, 'HH'],
    ['platelets', { value: 999, ucum: '10*3/uL' }, 'none'],
    ['hemoglobin', { value: 6.5, ucum: 'g/dL' }, 'LL'],
    ['hemoglobin', { value: 4, ucum: 'mmol/L' }, 'LL'],
    ['ph-blood', { value: 7.1, ucum: '[pH]' }, 'LL'],
    ['bilirubin-total', { value: 300, ucum: 'umol/L' }, 'HH'],
    ['fibrinogen', { value: 80, ucum: 'mg/dL' }, 'LL'],
    ['tsh', { value: 100, ucum: 'm[IU]/L' }, undefined],
    ['potassium', { value: 9, ucum: 'mg/dL' }, undefined],
  ])('%s %j: %s', (key, query, expected) => {
    expect(flag(key, query)).toBe(expected);
  });

  test('is for adults: applied to children and said so, not applied to infants', () => {
    const of = (ageDays?: number) =>
      criticalIn(defaultCriticalTable, entry('potassium'), {
        value: 6.5,
        ucum: 'mmol/L',
        ...(ageDays === undefined ? {} : { ageDays }),
      });
    expect(of()).toEqual({ flag: 'HH', source: 'CLR 2023–24' });
    expect(of(40 * year)).toEqual({ flag: 'HH', source: 'CLR 2023–24' });
    expect(of(10 * year)).toEqual({ flag: 'HH', source: 'CLR 2023–24', adultLimits: true });
    expect(of(3)).toBeUndefined();
  });
});

describe('a table of the institution', () => {
  const table = (...limits: readonly object[]) => JSON.stringify({ source: 'Our list, 2025', limits });
  const good = { tests: ['bilirubin-total'], unit: 'mg/dL', high: 12, to: '28 d' };

  test('wins with its own ages and source', () => {
    const own = parseCriticalTable(
      table(good, { tests: ['bilirubin-total'], unit: 'umol/L', high: 300, from: '28 d' }),
    );
    const of = (ageDays: number, value: number) =>
      criticalIn(own, entry('bilirubin-total'), { value, ucum: 'mg/dL', ageDays });
    expect(of(2, 13)).toEqual({ flag: 'HH', source: 'Our list, 2025' });
    expect(of(400, 13)).toBe('none');
    expect(of(400, 20)).toEqual({ flag: 'HH', source: 'Our list, 2025' });
    expect(flag('potassium', { value: 9, ucum: 'mmol/L' }, own)).toBeUndefined();
  });

  test.each<[string, string, RegExp]>([
    ['no JSON', '{', /no JSON/],
    ['no source', '{"limits":[]}', /table/],
    ['no lines', '{"source":"x","limits":[]}', /table, limits/],
    ['an unknown field', table(good, { ...good, hihg: 3 }), /line 2.*additional/],
    ['no limit at all', table({ tests: ['potassium'], unit: 'mmol/L' }), /line 1/],
    ['text for a number', table({ ...good, high: '12' }), /line 1, high/],
    ['an unknown test', table({ ...good, tests: ['bilirubin'] }), /line 1: "bilirubin" is no test/],
    [
      'a unit that is printed, not UCUM',
      table({ tests: ['potassium'], unit: 'mmol per L', high: 6 }),
      /line 1: "mmol per L"/,
    ],
    ['a unit of another kind', table({ tests: ['potassium'], unit: 'g/L', high: 6 }), /line 1: "g\/L"/],
    ['limits the wrong way round', table({ tests: ['potassium'], unit: 'mmol/L', low: 6, high: 3 }), /line 1: low/],
    ['an age that is none', table({ ...good, to: 'a month' }), /line 1, to/],
    ['ages the wrong way round', table({ ...good, from: '1 a' }), /line 1: from/],
  ])('with %s is refused and the line named', (_, content, message) => {
    expect(() => parseCriticalTable(content)).toThrow(
      expect.objectContaining({ code: 'critical-values-invalid', message: expect.stringMatching(message) }),
    );
  });

  test('that is not there is refused', () => {
    expect(() => readCriticalTable('no-such-file.json')).toThrow(
      expect.objectContaining({ code: 'critical-values-invalid' }),
    );
  });
});
