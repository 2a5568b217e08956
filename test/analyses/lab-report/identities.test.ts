import { describe, expect, test } from '@jest/globals';
import { consistent } from '../../../src/analyses/lab-report/agreement.ts';
import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { checksOf, contradicted, suspectOf } from '../../../src/analyses/lab-report/identities.ts';
import type { LabInput } from '../../../src/analyses/lab-report/input.ts';
import { findingOf, rowOf } from './rows.ts';
import { documentOf, textPage } from './support.ts';

const rows = (...printed: readonly string[]) => printed.map((one) => rowOf(one));
const wrong = (...printed: readonly string[]) =>
  checksOf(rows(...printed))
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);
const held = (...printed: readonly string[]) => checksOf(rows(...printed)).filter(({ holds }) => holds).length;

const count = [
  'Hemoglobin 14.2 g/dL',
  'Hematocrit 42.6 %',
  'RBC 4.71 10*6/uL',
  'MCV 90.4 fL',
  'MCH 30.1 pg',
  'MCHC 33.3 g/dL',
];

describe('identities', () => {
  test.each<[string, readonly string[], number]>([
    ['red cell indices', count, 3],
    [
      'in SI units',
      ['Hemoglobin 142 g/L', 'Hematocrit 0.426 L/L', 'RBC 4.71 10*12/L', 'MCV 90.4 fL', 'MCHC 333 g/L'],
      2,
    ],
    ['absolute counts', ['WBC 8.2 10*3/uL', 'Neutrophils 60 %', 'Neutrophils 4.9 10*3/uL'], 1],
    [
      'a differential',
      ['Neutrophils 60 %', 'Lymphocytes 29 %', 'Monocytes 7 %', 'Eosinophils 3 %', 'Basophils 1 %'],
      1,
    ],
    [
      'a differential with bands',
      ['Neutrophils 48 %', 'Lymphocytes 29 %', 'Monocytes 7 %', 'Eosinophils 3 %', 'Basophils 1 %', 'Bands 12 %'],
      1,
    ],
    [
      'an anion gap without potassium',
      ['Sodium 140 mmol/L', 'Chloride 104 mmol/L', 'Bicarbonate 24 mmol/L', 'Anion gap 12 mmol/L'],
      1,
    ],
    [
      'an anion gap with it',
      ['Sodium 140 mmol/L', 'Chloride 104 mmol/L', 'Bicarbonate 24 mmol/L', 'Anion gap 16 mmol/L'],
      1,
    ],
    [
      'proteins',
      ['Total protein 7.2 g/dL', 'Albumin 4.3 g/dL', 'Globulin 2.9 g/dL', 'A/G ratio 1.5'].map((one) =>
        one.startsWith('A/G') ? `${one} 1` : one,
      ),
      3,
    ],
    ['bilirubin', ['Total bilirubin 1.2 mg/dL', 'Direct bilirubin 0.3 mg/dL', 'Indirect bilirubin 0.9 mg/dL'], 1],
    ['iron', ['Iron 90 ug/dL', 'TIBC 320 ug/dL', 'UIBC 230 ug/dL', 'Transferrin saturation 28 %'], 2],
    [
      'lipids',
      [
        'Total cholesterol 200 mg/dL',
        'HDL cholesterol 50 mg/dL',
        'LDL cholesterol 120 mg/dL',
        'Triglycerides 150 mg/dL',
        'VLDL cholesterol 30 mg/dL',
        'Non-HDL cholesterol 150 mg/dL',
      ],
      4,
    ],
    [
      'lipids in SI units',
      [
        'Total cholesterol 5.17 mmol/L',
        'HDL cholesterol 1.29 mmol/L',
        'LDL cholesterol 3.10 mmol/L',
        'Triglycerides 1.69 mmol/L',
      ],
      1,
    ],
    ['glycated haemoglobin', ['HbA1c 7.0 %', 'HbA1c 53 mmol/mol', 'Estimated average glucose 154 mg/dL'], 2],
    ['calcium', ['Calcium 8.4 mg/dL', 'Albumin 2.8 g/dL', 'Corrected calcium 9.4 mg/dL'], 1],
  ])('%s hold', (_, printed, expected) => {
    expect(wrong(...printed)).toEqual([]);
    expect(held(...printed)).toBe(expected);
  });

  test.each<[string, readonly string[]]>([
    ['MCV = Hct / RBC', ['Hematocrit 47.6 %', 'RBC 4.71 10*6/uL', 'MCV 90.4 fL']],
    ['MCH = Hb / RBC', ['Hemoglobin 14.2 g/dL', 'RBC 4.11 10*6/uL', 'MCH 30.1 pg']],
    ['neutrophils = % × WBC', ['WBC 8.2 10*3/uL', 'Neutrophils 60 %', 'Neutrophils 1.9 10*3/uL']],
    [
      'differential = 100 %',
      ['Neutrophils 80 %', 'Lymphocytes 29 %', 'Monocytes 7 %', 'Eosinophils 3 %', 'Basophils 1 %'],
    ],
    [
      'anion gap = Na − Cl − CO2, with or without K',
      ['Sodium 140 mmol/L', 'Chloride 104 mmol/L', 'Bicarbonate 24 mmol/L', 'Anion gap 22 mmol/L'],
    ],
    ['protein = albumin + globulin', ['Total protein 7.2 g/dL', 'Albumin 4.3 g/dL', 'Globulin 3.9 g/dL']],
    [
      'bilirubin = direct + indirect',
      ['Total bilirubin 1.2 mg/dL', 'Direct bilirubin 0.8 mg/dL', 'Indirect bilirubin 0.9 mg/dL'],
    ],
    ['saturation = iron / TIBC', ['Iron 60 ug/dL', 'TIBC 320 ug/dL', 'Transferrin saturation 28 %']],
    ['TIBC = iron + UIBC', ['Iron 90 ug/dL', 'TIBC 320 ug/dL', 'UIBC 280 ug/dL']],
    ['BUN / creatinine', ['BUN 18 mg/dL', 'Creatinine 0.9 mg/dL', 'BUN/Creatinine ratio 12 1']],
    [
      'non-HDL = cholesterol − HDL',
      ['Total cholesterol 200 mg/dL', 'HDL cholesterol 50 mg/dL', 'Non-HDL cholesterol 130 mg/dL'],
    ],
    [
      'LDL after Friedewald',
      [
        'Total cholesterol 200 mg/dL',
        'HDL cholesterol 50 mg/dL',
        'LDL cholesterol 180 mg/dL',
        'Triglycerides 150 mg/dL',
      ],
    ],
    ['eAG = 28.7 A1c − 46.7', ['HbA1c 7.0 %', 'Estimated average glucose 124 mg/dL']],
    ['IFCC = (A1c − 2.15) × 10.929', ['HbA1c 7.0 %', 'HbA1c 63 mmol/mol']],
  ])('%s is broken', (name, printed) => {
    expect(wrong(...printed)).toEqual([name]);
  });

  test('the ratios of urine take urine, the gases take blood', () => {
    const urine = (printed: string) => rowOf(printed, { specimen: 'Urine' });
    const acr = (ratio: number) => [
      urine('Albumin 30 mg/L'),
      urine('Creatinine 1.2 g/L'),
      urine(`Albumin/creatinine ratio ${ratio} mg/g`),
    ];
    expect(checksOf(acr(25)).map(({ holds }) => holds)).toEqual([true]);
    expect(checksOf(acr(75)).map(({ holds }) => holds)).toEqual([false]);
    expect(
      checksOf([rowOf('Albumin 4.3 g/dL'), rowOf('Creatinine 0.9 mg/dL'), urine('Albumin/creatinine ratio 25 mg/g')]),
    ).toEqual([]);
    const gas = (printed: string) => rowOf(printed, { specimen: 'Arterial blood' });
    const gases = (ph: number) =>
      [gas(`pH ${ph} 1`), gas('pCO2 40 mm[Hg]'), gas('HCO3 24 mmol/L')].map((one) => ({
        ...one,
        ...(one.name === 'pH' ? { ucum: '[pH]' } : {}),
      }));
    expect(checksOf(gases(7.4)).map(({ holds }) => holds)).toEqual([true]);
    expect(checksOf(gases(7.14)).map(({ holds }) => holds)).toEqual([false]);
  });

  test('what is not there, limited by a sign, printed twice or of another time takes no part', () => {
    expect(checksOf(rows('Hematocrit 47.6 %', 'MCV 90.4 fL'))).toEqual([]);
    expect(checksOf(rows('Hematocrit 47.6 %', 'RBC <4.71 10*6/uL', 'MCV 90.4 fL'))).toEqual([]);
    expect(
      checksOf([
        ...rows('Hematocrit 47.6 %', 'RBC 4.71 10*6/uL', 'MCV 90.4 fL'),
        rowOf('Hematocrit 42.6 %', { item: 'again.0' }),
      ]),
    ).toEqual([]);
    expect(
      checksOf([...rows('RBC 4.71 10*6/uL', 'MCV 90.4 fL'), rowOf('Hematocrit 47.6 %', { collected: '2025-01-01' })]),
    ).toEqual([]);
  });

  test('the number that explains several contradictions is the suspect, if there is one alone', () => {
    const hematocrit = count.map((one) => one.replace('42.6', '47.6'));
    expect(suspectOf(checksOf(rows(...hematocrit)))).toBe('hematocrit.share');
    expect(suspectOf(checksOf(rows('Hematocrit 47.6 %', 'RBC 4.71 10*6/uL', 'MCV 90.4 fL')))).toBeUndefined();
    expect([...contradicted(rows(...count))]).toEqual([]);
  });
});

describe('what contradicts', () => {
  const signal = new AbortController().signal;
  const page = textPage('x');
  const text: LabInput = { document: documentOf(page) };
  const scan: LabInput = { document: documentOf({ ...page, source: 'ocr' }) };
  const guarded = async (given: readonly LabRow[], input: LabInput) =>
    (await consistent(findingOf(given), input, signal)) as LabFinding;
  const pair = rows('Hematocrit 47.6 %', 'RBC 4.71 10*6/uL', 'MCV 90.4 fL');
  const items = (finding: LabFinding, issue: string) =>
    finding.rows.filter(({ issues }) => issues.includes(issue)).map(({ item }) => item);

  test('is marked and loses weight, what agrees gains a little, nothing is changed', async () => {
    const finding = await guarded([...pair, ...rows('Iron 90 ug/dL', 'TIBC 320 ug/dL', 'UIBC 230 ug/dL')], text);
    expect(items(finding, 'contradicts-other-results')).toEqual(['hematocrit.share', 'rbc.0', 'mcv.0']);
    expect(finding.rows.map(({ value }) => value)).toEqual([
      ...pair.map(({ value }) => value),
      ...rows('Iron 90 ug/dL', 'TIBC 320 ug/dL', 'UIBC 230 ug/dL').map(({ value }) => value),
    ]);
    expect(finding.rows[0]!.confidence).toBeCloseTo(0.54);
    expect(finding.rows.at(-1)!.confidence).toBeCloseTo(0.925);
  });

  test('by one number on a scan loses that number, and the others stand; a text layer is left to a person', async () => {
    const given = rows(...count.map((one) => one.replace('42.6', '47.6')));
    const finding = await guarded(given, scan);
    expect(finding.unread.map(({ text: said, reason }) => [said, reason])).toEqual([
      ['Hematocrit  47.6', 'readings-disagree'],
    ]);
    expect(items(finding, 'contradicts-other-results')).toEqual([]);
    expect((await guarded(given, text)).unread).toEqual([]);
    expect(items(await guarded(given, text), 'contradicts-other-results')).toHaveLength(5);
  });

  test('is read again on a scan: another number falls, the same one stays marked', async () => {
    const asked: string[] = [];
    const reread = (said: Readonly<Record<string, string>>): LabInput => ({
      ...scan,
      reread: async (_, box) => {
        const key = String(box[3]);
        asked.push(key);
        return said[key];
      },
    });
    const placed = pair.map((row, index) => ({
      ...row,
      boxes: { ...row.boxes, value: [0, 0, 1, index + 1] as const },
    }));
    const other = await guarded(placed, reread({ 1: '42.6', 2: '4.71', 3: '90.4 fL' }));
    expect(asked).toEqual(['1', '2', '3']);
    expect(other.unread.map(({ text: said, reason }) => [said, reason])).toEqual([
      ['Hematocrit  47.6', 'readings-disagree'],
    ]);
    expect(items(other, 'contradicts-other-results')).toEqual([]);
    const same = await guarded(placed, reread({ 1: '47.6', 2: '4.71' }));
    expect(same.unread).toEqual([]);
    expect(items(same, 'contradicts-other-results')).toHaveLength(3);
    const unsaid = await guarded(placed, reread({ 1: 'nN on', 2: '4,71', 3: '90:4' }));
    expect(unsaid.unread).toEqual([]);
    const sign = await guarded(placed, reread({ 1: '476' }));
    expect(sign.unread).toHaveLength(1);
  });
});
