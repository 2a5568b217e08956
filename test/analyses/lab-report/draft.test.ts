import { describe, expect, test } from '@jest/globals';
import { evidence } from '../../../src/analyses/lab-report/evidence.ts';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { draft } from '../../../src/analyses/lab-report/observations.ts';
import { completeResult } from '../../../src/fhir/complete.ts';
import { siteDateTime } from '../../../src/fhir/site-time.ts';
import { validateForWrite } from '../../../src/fhir/validate.ts';
import { documentOf, textPage } from './support.ts';

const row: LabRow = {
  item: 'potassium.0',
  name: 'Potassium',
  value: { kind: 'quantity', text: '6.40', number: 6.4 },
  unit: 'mmol/L',
  ucum: 'mmol/L',
  range: { text: '3.5 - 5.1', low: 3.5, high: 5.1 },
  flag: { text: 'HH', code: 'HH' },
  flagDerived: 'HH',
  specimen: 'Serum',
  loinc: '2823-3',
  display: 'Potassium [Moles/volume] in Serum or Plasma',
  page: 1,
  boxes: { name: [0, 0, 9, 1], value: [12, 0, 16, 1], range: [25, 0, 34, 1] },
  confidence: 0.9,
  issues: [],
};
const input = { document: documentOf(textPage('Potassium   6.40   mmol/L  3.5 - 5.1')) };
const context = { companions: [], now: '2026-11-13T10:00:00Z', timeZone: 'Europe/Berlin' };
const finding = (given: LabRow): LabFinding => ({
  document: { collected: '2026-11-12T07:40', decimal: 'dot', patient: {}, caveats: [] },
  rows: [given],
  unread: [],
});
const observation = (given: Partial<LabRow>) =>
  draft(finding({ ...row, ...given }), input, { ...context, subject: 'DocumentReference/doc-7' }).observations[0]!
    .resource;

describe('an Observation', () => {
  test('has value, unit, print, range, flag, specimen, time and source', () => {
    expect(observation({})).toEqual({
      resourceType: 'Observation',
      category: [
        {
          coding: [
            {
              system: 'http://terminology.hl7.org/CodeSystem/observation-category',
              code: 'laboratory',
              display: 'Laboratory',
            },
          ],
        },
      ],
      code: {
        coding: [
          { system: 'http://loinc.org', code: '2823-3', display: 'Potassium [Moles/volume] in Serum or Plasma' },
        ],
        text: 'Potassium',
      },
      effectiveDateTime: '2026-11-12T07:40:00+01:00',
      valueQuantity: {
        value: 6.4,
        _value: { extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/rendered-value', valueString: '6.40' }] },
        unit: 'mmol/L',
        system: 'http://unitsofmeasure.org',
        code: 'mmol/L',
      },
      interpretation: [
        {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code: 'HH' }],
          text: 'HH',
        },
      ],
      referenceRange: [
        {
          low: { value: 3.5, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
          high: { value: 5.1, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
          text: '3.5 - 5.1',
        },
      ],
      specimen: { display: 'Serum' },
      derivedFrom: [{ reference: 'DocumentReference/doc-7' }],
    });
  });

  test('never carries a computed flag', () => {
    expect(observation({ flag: undefined }).interpretation).toBeUndefined();
  });

  test('without a code keeps the printed name and says why', () => {
    const resource = observation({ loinc: undefined, display: undefined, issues: ['test-unknown'] });
    expect(resource.code).toEqual({ text: 'Potassium' });
    expect(resource.note?.[0]?.text).toMatch(/dictionary/);
  });

  test('has no unit that is not printed, and no UCUM for one that is not known', () => {
    expect(observation({ unit: undefined, ucum: undefined }).valueQuantity).not.toHaveProperty('unit');
    expect(observation({ unit: 'arb.', ucum: undefined }).valueQuantity).toMatchObject({ unit: 'arb.' });
    expect(observation({ unit: 'arb.', ucum: undefined }).valueQuantity).not.toHaveProperty('system');
  });

  test('comparators, ratios, intervals, words and absent values have their own element', () => {
    expect(
      observation({ value: { kind: 'quantity', text: '<0.5', number: 0.5, comparator: '<' } }).valueQuantity,
    ).toMatchObject({ value: 0.5, comparator: '<' });
    expect(
      observation({ value: { kind: 'quantity', text: '<0.5', number: 0.5, comparator: '<' } }).valueQuantity,
    ).not.toHaveProperty('_value');
    expect(observation({ value: { kind: 'ratio', text: '1:80', numerator: 1, denominator: 80 } }).valueRatio).toEqual({
      numerator: { value: 1 },
      denominator: { value: 80 },
    });
    expect(observation({ value: { kind: 'range', text: '5-10', low: 5, high: 10 } }).valueRange).toMatchObject({
      low: { value: 5 },
      high: { value: 10 },
    });
    expect(observation({ value: { kind: 'text', text: '2+' } }).valueString).toBe('2+');
    expect(
      observation({ value: { kind: 'absent', text: 'Pending', reason: 'temp-unknown' } }).dataAbsentReason,
    ).toMatchObject({ coding: [{ code: 'temp-unknown' }], text: 'Pending' });
  });

  test('takes the date of its column, with the time of collection on the same day', () => {
    expect(observation({ collected: '2026-11-12' }).effectiveDateTime).toBe('2026-11-12T07:40:00+01:00');
    expect(observation({ collected: '2026-08-02' }).effectiveDateTime).toBe('2026-08-02');
  });
});

test('the report groups and counts; the key names subject and bytes, not the model', () => {
  const drafted = draft(finding(row), input, { ...context, subject: 'DocumentReference/doc-7' });
  expect(drafted.sourceIdentity).toBe(`doc-7:${'a'.repeat(16)}`);
  expect(drafted.report).toMatchObject({
    code: { coding: [{ code: '11502-2' }] },
    effectiveDateTime: '2026-11-12T07:40:00+01:00',
    conclusion: '1 result read from the document, 1 outside the printed range or flagged, 0 lines not read.',
  });
  expect(drafted.observations[0]?.regions[0]).toEqual({
    source: 'DocumentReference/doc-7',
    page: 1,
    box: [12, 0, 16, 1],
    width: 36,
    height: 1,
  });
  expect(drafted.inputs).toEqual([{ reference: 'DocumentReference/doc-7', sha256: 'a'.repeat(64) }]);
});

describe('a panel', () => {
  const lipid = (item: string, name: string, loinc: string, more: Partial<LabRow> = {}): LabRow => ({
    ...row,
    item,
    name,
    loinc,
    panel: 'Lipid panel',
    flag: undefined,
    flagDerived: undefined,
    ...more,
  });
  const lipids = [
    lipid('cholesterol.0', 'Cholesterol', '2093-3'),
    lipid('hdl.0', 'HDL', '2085-9'),
    lipid('triglycerides.0', 'Triglycerides', '2571-8'),
  ];
  const drafted = (rows: readonly LabRow[]) =>
    draft({ ...finding(row), rows }, input, { ...context, subject: 'DocumentReference/doc-7' });

  test('that heading and members prove stands behind them and refers to them', () => {
    const { observations } = drafted([...lipids, row]);
    expect(observations.map(({ item }) => item)).toEqual([
      'cholesterol.0',
      'hdl.0',
      'triglycerides.0',
      'potassium.0',
      'panel-24331-1.0',
    ]);
    expect(observations.at(-1)?.resource).toMatchObject({
      code: { coding: [{ code: '24331-1' }], text: 'Lipid panel' },
      effectiveDateTime: '2026-11-12T07:40:00+01:00',
      hasMember: [
        { type: 'Observation', identifier: { value: `lab-report:doc-7:${'a'.repeat(16)}:cholesterol.0` } },
        { identifier: { value: `lab-report:doc-7:${'a'.repeat(16)}:hdl.0` } },
        { identifier: { value: `lab-report:doc-7:${'a'.repeat(16)}:triglycerides.0` } },
      ],
    });
  });

  test('is one for each time, and none of a heading alone or of one row', () => {
    const earlier = lipids.map((one) => ({ ...one, item: `${one.item}1`, collected: '2026-08-02' }));
    expect(
      drafted([...lipids, ...earlier])
        .observations.slice(6)
        .map(({ item, resource }) => [item, resource.effectiveDateTime]),
    ).toEqual([
      ['panel-24331-1.0', '2026-11-12T07:40:00+01:00'],
      ['panel-24331-1.1', '2026-08-02'],
    ]);
    expect(drafted([lipids[0]!]).observations).toHaveLength(1);
    expect(
      drafted([
        { ...row, panel: 'Lipid panel' },
        { ...row, item: 'b.0', panel: 'Lipid panel' },
      ]).observations,
    ).toHaveLength(2);
  });

  test('is right by the profiles', () => {
    const whole = completeResult(
      {
        ...drafted(lipids),
        jobKey: 'j',
        analysis: 'lab-report',
        reader: { analysis: 'lab-report', analysisVersion: '1', readerId: 'embedded', readerVersion: '1', models: [] },
        patient: 'Patient/p',
        subject: 'DocumentReference/doc-7',
      },
      { now: context.now, organization: { display: 'Invented site' }, serviceVersion: '0' },
    );
    expect(whole.report.result).toHaveLength(4);
    for (const resource of [...whole.observations, whole.report]) {
      expect(() => validateForWrite(resource)).not.toThrow();
    }
  });
});

test('evidence names every printed field with its box', () => {
  expect(evidence(finding(row), input).map(({ label, text, box }) => [label, text, box?.[0]])).toEqual([
    ['value', '6.40', 12],
    ['name', 'Potassium', 0],
    ['range', '3.5 - 5.1', 25],
  ]);
});

test.each([
  ['2026-11-12', 'Europe/Berlin', '2026-11-12'],
  ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T09:00:00+02:00'],
  ['2026-11-12T07:40', 'America/New_York', '2026-11-12T07:40:00-05:00'],
  ['2026-03-29T01:30', 'Europe/Berlin', '2026-03-29T01:30:00+01:00'],
  ['2026-03-29T03:30', 'Europe/Berlin', '2026-03-29T03:30:00+02:00'],
  ['2026-11-12T07:40', '', '2026-11-12'],
  ['2026-11-12T07:40', 'Asia/Kolkata', '2026-11-12T07:40:00+05:30'],
])('%s at %s is %s', (printed, zone, expected) => {
  expect(siteDateTime(printed, zone)).toBe(expected);
});
