import { describe, expect, test } from '@jest/globals';
import type { Observation } from '@medplum/fhirtypes';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { nearHistory } from '../../../src/analyses/lab-report/history.ts';
import { notInChart } from '../../../src/analyses/lab-report/in-chart.ts';
import { findingOf, rowOf } from './rows.ts';
import { documentOf, textPage } from './support.ts';

const { signal } = new AbortController();
const document = documentOf(textPage('x'));
const loinc = (code: string, text?: string): Observation['code'] => ({
  coding: [{ system: 'http://loinc.org', code }],
  ...(text ? { text } : {}),
});

/** A result as the laboratory's interface files it. */
function filed(code: Observation['code'], value: Partial<Observation>, more: Partial<Observation> = {}): Observation {
  return {
    resourceType: 'Observation',
    id: 'lab-1',
    status: 'final',
    code,
    effectiveDateTime: '2025-03-01T08:30:00+01:00',
    ...value,
    ...more,
  };
}
const quantity = (value: number, code: string): Partial<Observation> => ({
  valueQuantity: { value, unit: code, system: 'http://unitsofmeasure.org', code },
});

async function against(rows: readonly LabRow[], chart: readonly Observation[], collected = '2025-03-01T08:30') {
  const finding = { ...findingOf(rows, { collected }) };
  return notInChart(finding, { document, chart, timeZone: 'Europe/Berlin' }, signal);
}
const potassium = rowOf('Potassium 5.1 mmol/L', { loinc: '2823-3' });
const sodium = rowOf('Sodium 140 mmol/L', { loinc: '2951-2' });

describe('what the chart has', () => {
  test.each<[string, LabRow, Observation]>([
    ['the same code, time and value', potassium, filed(loinc('2823-3'), quantity(5.1, 'mmol/L'))],
    ['another unit', potassium, filed(loinc('2823-3'), quantity(5.1, 'meq/L'))],
    [
      'the same instant in another zone',
      potassium,
      filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { effectiveDateTime: '2025-03-01T07:30:20Z' }),
    ],
    ['the day alone', potassium, filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { effectiveDateTime: '2025-03-01' })],
    ['a finer print', potassium, filed(loinc('2823-3'), quantity(5.12, 'mmol/L'))],
    [
      'mass for amount',
      rowOf('Glucose 5.5 mmol/L', { loinc: '14749-6' }),
      filed(loinc('2345-7'), quantity(99, 'mg/dL')),
    ],
    [
      'a local code with a name',
      rowOf('Potassium 5.1 mmol/L', { loinc: '2823-3' }),
      filed({ text: 'Kalium', coding: [{ system: 'urn:local', code: 'K' }] }, quantity(5.1, 'mmol/L')),
    ],
    [
      'a comparator',
      rowOf('TSH <0.01 m[IU]/L', { loinc: '3016-3' }),
      filed(loinc('3016-3'), {
        valueQuantity: {
          value: 0.01,
          comparator: '<',
          unit: 'mIU/L',
          system: 'http://unitsofmeasure.org',
          code: 'm[IU]/L',
        },
      }),
    ],
    [
      'words',
      rowOf('HBsAg 1', { loinc: '5196-1', value: { kind: 'text', text: 'NEGATIVE' } }),
      filed(loinc('5196-1'), { valueCodeableConcept: { text: 'Negative' } }),
    ],
  ])('by %s is recognised', async (_, row, one) => {
    expect(await against([row], [one])).toMatchObject({ outcome: 'abstention', reason: 'already-in-chart' });
  });

  test.each<[string, LabRow, Observation]>([
    ['another value', potassium, filed(loinc('2823-3'), quantity(5.2, 'mmol/L'))],
    [
      'another minute',
      potassium,
      filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { effectiveDateTime: '2025-03-01T09:30:00+01:00' }),
    ],
    ['another day', potassium, filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { effectiveDateTime: '2025-02-01' })],
    ['another test', potassium, filed(loinc('2951-2'), quantity(5.1, 'mmol/L'))],
    ['another specimen', rowOf('Glucose 99 mg/dL', { loinc: '2345-7' }), filed(loinc('2342-4'), quantity(99, 'mg/dL'))],
    [
      'another kind of quantity',
      rowOf('HbA1c 7 %', { loinc: '4548-4' }),
      filed(loinc('59261-8'), quantity(70, 'mmol/mol')),
    ],
    [
      'a missing comparator',
      rowOf('TSH <0.01 m[IU]/L', { loinc: '3016-3' }),
      filed(loinc('3016-3'), quantity(0.01, 'm[IU]/L')),
    ],
    [
      'a result that was withdrawn',
      potassium,
      filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { status: 'entered-in-error' }),
    ],
    ['no value', potassium, filed(loinc('2823-3'), {})],
    ['no time', potassium, filed(loinc('2823-3'), quantity(5.1, 'mmol/L'), { effectiveDateTime: undefined })],
  ])('by %s is not', async (_, row, one) => {
    expect(((await against([row], [one])) as LabFinding).rows).toHaveLength(1);
  });

  test('only what is new is kept, and what was known is listed with the Observation that holds it', async () => {
    const finding = (await against(
      [potassium, sodium],
      [filed(loinc('2823-3'), quantity(5.1, 'mmol/L'))],
    )) as LabFinding;
    expect(finding.rows.map(({ name }) => name)).toEqual(['Sodium']);
    expect(finding.known).toEqual([
      { name: 'Potassium', page: 1, box: [12, 0, 15, 1], reference: 'Observation/lab-1' },
    ]);
    expect(finding.rows[0]?.issues).toEqual([]);
  });

  test('another value at the very time is marked; beside a mere day it may be another draw', async () => {
    const other = [filed(loinc('2823-3'), quantity(4.1, 'mmol/L'))];
    expect(((await against([potassium], other)) as LabFinding).rows[0]).toMatchObject({
      issues: ['differs-from-chart'],
      value: potassium.value,
    });
    expect(((await against([potassium], other, '2025-03-01')) as LabFinding).rows[0]?.issues).toEqual([]);
  });

  test('lines that could not be read are not passed over in silence', async () => {
    const finding = {
      ...findingOf([potassium], { collected: '2025-03-01T08:30' }),
      unread: [{ text: 'x', page: 1, box: [0, 0, 1, 1] as const, reason: 'implausible' }],
    };
    const ended = await notInChart(
      finding,
      { document, chart: [filed(loinc('2823-3'), quantity(5.1, 'mmol/L'))], timeZone: 'Europe/Berlin' },
      signal,
    );
    expect(isAbstention(ended) && ended.reason).toBe('rest-unreadable');
  });

  test('nothing is known of the chart on the command line', async () => {
    expect(await notInChart(findingOf([potassium]), { document }, signal)).toEqual(findingOf([potassium]));
  });
});

describe('history', () => {
  const earlier = (code: string, unit: string, ...values: readonly (readonly [string, number])[]) =>
    values.map(([when, value]) => filed(loinc(code), quantity(value, unit), { effectiveDateTime: when }));
  const issues = async (row: LabRow, chart: readonly Observation[] = []) =>
    ((await nearHistory(findingOf([row], { collected: '2025-03-01' }), { document, chart }, signal)) as LabFinding)
      .rows[0]?.issues;
  const far = ['far-from-history'];

  test.each<[string, LabRow, readonly Observation[], readonly string[]]>([
    [
      'creatinine that doubles in a month',
      rowOf('Creatinine 1.9 mg/dL', { loinc: '2160-0' }),
      earlier('2160-0', 'mg/dL', ['2025-02-01', 0.9]),
      far,
    ],
    [
      'in another unit',
      rowOf('Creatinine 168 umol/L', { loinc: '14682-9' }),
      earlier('2160-0', 'mg/dL', ['2025-02-01', 0.9]),
      far,
    ],
    [
      'creatinine a year later',
      rowOf('Creatinine 1.9 mg/dL', { loinc: '2160-0' }),
      earlier('2160-0', 'mg/dL', ['2024-02-01', 0.9]),
      [],
    ],
    ['MCV by 7 fL', rowOf('MCV 97 fL', { loinc: '787-2' }), earlier('787-2', 'fL', ['2025-02-01', 90]), far],
    ['MCV by 3 fL', rowOf('MCV 93 fL', { loinc: '787-2' }), earlier('787-2', 'fL', ['2025-02-01', 90]), []],
    [
      'a slip of the decimal sign',
      rowOf('Uric acid 0.62 mg/dL', { loinc: '3084-1' }),
      earlier('3084-1', 'mg/dL', ['2024-02-01', 6.1], ['2023-02-01', 6.4]),
      far,
    ],
    [
      'a slip against one earlier value',
      rowOf('Urea 401 mg/dL', { loinc: '3091-6' }),
      earlier('3091-6', 'mg/dL', ['2024-02-01', 41]),
      far,
    ],
    [
      'what was never steady',
      rowOf('Uric acid 0.62 mg/dL', { loinc: '3084-1' }),
      earlier('3084-1', 'mg/dL', ['2024-02-01', 6.1], ['2023-02-01', 1.4]),
      [],
    ],
    [
      'a test that rises tenfold',
      rowOf('CRP 52 mg/L', { loinc: '1988-5' }),
      earlier('1988-5', 'mg/L', ['2025-02-01', 5.1]),
      [],
    ],
    [
      'what came later',
      rowOf('Creatinine 1.9 mg/dL', { loinc: '2160-0' }),
      earlier('2160-0', 'mg/dL', ['2025-03-05', 0.9]),
      [],
    ],
    [
      'the previous result on the page',
      rowOf('Creatinine 1.9 mg/dL', { loinc: '2160-0', previous: { text: '0.9', number: 0.9 } }),
      [],
      far,
    ],
    [
      'a value with a sign',
      rowOf('Creatinine >1.9 mg/dL', { loinc: '2160-0' }),
      earlier('2160-0', 'mg/dL', ['2025-02-01', 0.9]),
      [],
    ],
  ])('%s', async (_, row, chart, expected) => {
    expect(await issues(row, chart)).toEqual(expected);
  });

  test('lowers the weight and edits nothing', async () => {
    const row = rowOf('Creatinine 1.9 mg/dL', { loinc: '2160-0' });
    const chart = earlier('2160-0', 'mg/dL', ['2025-02-01', 0.9]);
    const kept = (await nearHistory(
      findingOf([row], { collected: '2025-03-01' }),
      { document, chart },
      signal,
    )) as LabFinding;
    expect(kept.rows[0]).toEqual({ ...row, confidence: row.confidence * 0.7, issues: far });
  });
});
