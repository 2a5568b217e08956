import { describe, expect, test } from '@jest/globals';
import { ckdEpi2021 } from '../../src/advice/ckd-epi.ts';
import { adult, advice, ago, loinc, machineRead, order, result } from './chart.ts';

const ct = () => order(loinc('36813-4', 'CT Abdomen and Pelvis W contrast IV'));
const egfr = (value: number, days: number, over = {}) =>
  result('98979-8', 'eGFR', value, 'mL/min/{1.73_m2}', ago(days), over);
const creatinine = (value: number, days: number, unit = 'mg/dL') =>
  result(unit === 'umol/L' ? '14682-9' : '2160-0', 'Creatinine', value, unit, ago(days));

describe('CKD-EPI 2021', () => {
  // Computed by hand from the published coefficients.
  test.each<[number, number, 'male' | 'female', number]>([
    [1.0, 50, 'male', 91.7],
    [1.0, 50, 'female', 68.6],
    [0.6, 30, 'female', 123.8],
    [2.68, 70, 'male', 24.8],
    [5.0, 80, 'female', 8.3],
  ])('%d mg/dL, %d years, %s', (value, age, sex, expected) => {
    expect(Math.abs(ckdEpi2021(value, age, sex) - expected)).toBeLessThan(0.1);
  });
});

describe('iodinated contrast', () => {
  test('eGFR below 30: the number first, what the consensus says, the study without contrast', () => {
    const draft = ct();
    const [summary, ...more] = advice({ orders: [draft], observations: [egfr(24, 5, machineRead), egfr(47, 240)] });
    expect(more).toEqual([]);
    expect(summary).toMatchObject({
      topic: 'contrast-egfr',
      indicator: 'warning',
      headline: 'eGFR 24 on 2026-03-26: iodinated contrast ordered (abdomen and pelvis CT)',
      citation: { url: 'https://doi.org/10.1148/radiol.2019192094' },
    });
    expect(summary?.lines.join(' ')).toMatch(/normal saline.*metformin/);
    expect(summary?.caveats.join(' ')).toContain('read from a document by machine');
    expect(summary?.suggestions.map(({ label }) => label)).toEqual([
      'Change to CT Abdomen and Pelvis WO contrast',
      'Remove CT Abdomen and Pelvis W contrast IV',
    ]);
    const [change] = summary?.suggestions[0]?.actions ?? [];
    expect(change).toEqual({
      type: 'update',
      description: 'Change CT Abdomen and Pelvis W contrast IV to CT Abdomen and Pelvis WO contrast',
      resource: {
        ...draft,
        code: {
          coding: [{ system: 'http://loinc.org', code: '36952-0', display: 'CT Abdomen and Pelvis WO contrast' }],
          text: 'CT Abdomen and Pelvis WO contrast',
        },
      },
    });
  });

  test.each<[string, number, string, string | undefined]>([
    ['29', 29, '', 'warning'],
    ['30', 30, '', undefined],
    ['below 30 as "<30"', 30, '<', 'warning'],
    ['above 60 as ">60"', 60, '>', undefined],
    ['"<60", which leaves it open', 60, '<', 'info'],
    ['">20", which leaves it open', 20, '>', 'info'],
  ])('eGFR %s', (_name, value, comparator, indicator) => {
    const valueQuantity = { value, unit: 'mL/min/1.73m2', ...(comparator ? { comparator } : {}) } as never;
    expect(advice({ orders: [ct()], observations: [egfr(value, 3, { valueQuantity })] })[0]?.indicator).toBe(indicator);
  });

  test('no recent estimate: informs, and offers creatinine for the same patient', () => {
    const [none] = advice({ orders: [ct()], observations: [] });
    expect(none).toMatchObject({
      indicator: 'info',
      headline: 'No usable eGFR within 90 days for this abdomen and pelvis CT with iodinated contrast',
    });
    expect(none?.suggestions[0]?.actions[0]).toMatchObject({
      type: 'create',
      resource: {
        resourceType: 'ServiceRequest',
        status: 'draft',
        intent: 'order',
        subject: { reference: 'Patient/1' },
      },
    });
    const [old] = advice({ orders: [ct()], observations: [egfr(47, 240)] });
    expect(old?.lines[0]).toBe('The last one is 8 months old: 47 mL/min/1.73 m² on 2025-08-03.');
    expect(advice({ orders: [ct()], observations: [egfr(20, 240)] })[0]?.indicator).toBe('warning');
    expect(advice({ orders: [ct()], observations: [], patient: undefined })[0]?.suggestions).toEqual([]);
  });

  test('computed from creatinine when no eGFR is there or it is older, and said so; µmol/L converted', () => {
    const [summary] = advice({ orders: [ct()], observations: [creatinine(237, 2, 'umol/L'), egfr(62, 200)] });
    expect(summary?.headline).toMatch(/^eGFR 25 on 2026-03-29/);
    expect(summary?.lines[0]).toBe(
      'eGFR 25 mL/min/1.73 m² on 2026-03-29, computed from creatinine 237 umol/L by CKD-EPI 2021',
    );
    expect(advice({ orders: [ct()], observations: [creatinine(80, 2, 'umol/L')] })).toEqual([]);
    expect(advice({ orders: [ct()], observations: [creatinine(2.7, 2, 'furlong')] })[0]?.indicator).toBe('info');
  });

  test('sex not recorded: the lower of both, said so; a child: nothing is computed', () => {
    const [summary] = advice({
      orders: [ct()],
      patient: { ...adult, gender: 'unknown' },
      observations: [creatinine(2.4, 2)],
    });
    expect(summary?.lines[0]).toContain('sex not recorded, the lower of both values');
    const child = { ...adult, birthDate: '2018-01-01' };
    expect(advice({ orders: [ct()], patient: child, observations: [creatinine(2.4, 2)] })[0]).toMatchObject({
      indicator: 'info',
      caveats: expect.arrayContaining([expect.stringContaining('younger than 18')]),
    });
  });

  test('two equations of one sample: the lower counts', () => {
    const other = result('48643-1', 'eGFR', 33, 'mL/min/1.73m2', ago(3));
    expect(advice({ orders: [ct()], observations: [other, egfr(28, 3)] })[0]?.headline).toContain('eGFR 28');
  });

  test('acute kidney injury by KDIGO, whatever the eGFR', () => {
    const [summary] = advice({
      orders: [ct()],
      observations: [creatinine(0.9, 3), creatinine(1.4, 0.5), egfr(55, 0.5)],
    });
    expect(summary).toMatchObject({
      indicator: 'warning',
      headline: expect.stringMatching(/^Possible acute kidney injury/),
    });
    expect(summary?.lines[0]).toMatch(/^Creatinine rose from 0.9 mg\/dL \(2026-03-28\) to 1.4 mg\/dL/);
    const slow = [creatinine(0.9, 60), creatinine(1.4, 0.5)];
    expect(advice({ orders: [ct()], observations: slow })).toEqual([]);
    const within = [creatinine(1.0, 1.5), creatinine(1.3, 0.2)];
    expect(advice({ orders: [ct()], observations: within })[0]?.headline).toMatch(/^Possible acute/);
  });

  test.each<[string, boolean]>([
    ['CT chest with IV contrast', true],
    ['CT abd/pelvis w/ contrast', true],
    ['CT head w/o and w contrast', true],
    ['CTA chest for pulmonary embolism', true],
    ['CT angiography of the abdomen', true],
    ['Contrast-enhanced CT thorax', true],
    ['CT chest with contrast, please do it today', true],
    ['CT abdomen with oral and IV contrast', true],
    ['CT neck with or without contrast', true],
    ['CT chest with contrast. No contrast allergy.', true],
    ['CT abdomen W contrast PO', false],
    ['CT shoulder arthrogram with contrast', false],
    ['CT head without contrast', false],
    ['CT head WO contrast', false],
    ['Non-contrast CT of the chest', false],
    ['CT abdomen with oral contrast', false],
    ['CT chest', false],
    ['MRI brain with and without contrast', false],
    ['Contrast bath therapy', false],
  ])('%s', (text, given) => {
    const summaries = advice({ orders: [order(text)], observations: [egfr(20, 1)] });
    expect(summaries.some(({ citation }) => citation?.label.includes('iodinated'))).toBe(given);
  });

  test('a note speaks of other days: it decides nothing', () => {
    const noted = order('CT head without contrast', { note: [{ text: 'Reaction to IV contrast in 2019' }] });
    expect(advice({ orders: [noted], observations: [egfr(20, 1)] })).toEqual([]);
  });

  test('a draft that is not valid FHIR is not sent back changed; one without id can neither be removed', () => {
    const odd = order(loinc('36813-4'), { category: { coding: [{}] } as never, reasonCode: [] });
    const labels = (orders: ReturnType<typeof order>[]) =>
      advice({ orders, observations: [egfr(20, 1)] })[0]?.suggestions.map(({ label }) => label);
    expect(labels([odd])).toEqual(['Remove CT Abdomen and Pelvis W contrast IV']);
    expect(labels([{ ...ct(), id: undefined }])).toEqual([]);
  });
});

describe('gadolinium', () => {
  const mri = (detail?: string) =>
    order(loinc('24587-8'), detail === undefined ? {} : { orderDetail: [{ text: detail }] });

  test.each<[string, string | undefined, string | undefined]>([
    ['group I is contraindicated', 'gadodiamide (Omniscan) 0.1 mmol/kg', 'critical'],
    ['group II needs no check', 'gadobutrol 0.1 mmol/kg', undefined],
    ['group III is weighed', 'Eovist', 'warning'],
    ['no agent named', undefined, 'info'],
  ])('eGFR 22: %s', (_name, detail, indicator) => {
    const [summary] = advice({ orders: [mri(detail)], observations: [egfr(22, 4)] });
    expect(summary?.indicator).toBe(indicator);
  });

  test.each<[string | undefined, string | undefined]>([
    ['Magnevist', 'warning'],
    ['gadoxetate', 'info'],
    ['Dotarem', undefined],
    [undefined, undefined],
  ])('unknown eGFR, %s', (detail, indicator) => {
    expect(advice({ orders: [mri(detail)] })[0]?.indicator).toBe(indicator);
  });

  test('eGFR 45 says nothing; the replacement drops the contrast from the details', () => {
    expect(advice({ orders: [mri('Omniscan')], observations: [egfr(45, 4)] })).toEqual([]);
    const [summary] = advice({ orders: [mri('Omniscan')], observations: [egfr(22, 4)] });
    const [change] = summary?.suggestions[0]?.actions ?? [];
    expect(change).toMatchObject({ type: 'update', resource: { code: { text: 'MR Brain WO contrast' } } });
    expect(JSON.stringify(change)).not.toContain('Omniscan');
  });
});
