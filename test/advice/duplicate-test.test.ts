import { describe, expect, test } from '@jest/globals';
import { loincImaging } from '../../src/advice/imaging-terms.ts';
import { labTests } from '../../src/advice/lab-tests.ts';
import { adult, advice, ago, loinc, machineRead, order, result } from './chart.ts';

const a1c = (days: number, over = {}) => result('4548-4', 'Hemoglobin A1c', 8.4, '%', ago(days), over);

describe('a test resulted inside its minimum retesting interval', () => {
  test('the value, when it was, until when; remove the order; reasons; the rule it rests on', () => {
    const draft = order(loinc('4548-4'));
    const earlier = a1c(21);
    expect(advice({ orders: [draft], observations: [earlier, a1c(100)] })).toEqual([
      {
        topic: 'duplicate-order',
        indicator: 'warning',
        headline: 'Hemoglobin A1c was 8.4 % 21 days ago (2026-03-10); a repeat within 60 days rarely adds information',
        lines: ['Hemoglobin A1c: 8.4 %, 2026-03-10', 'Minimum retesting interval 60 days: from 2026-05-09'],
        sources: [{ label: 'Hemoglobin A1c 8.4 %', date: ago(21), reference: `Observation/${earlier.id}` }],
        caveats: [
          'Does not hold for: A second value within two weeks confirms a new diagnosis of diabetes (B-E18); pregnancy has its own schedule.',
        ],
        links: [],
        suggestions: [
          {
            label: 'Remove Hemoglobin A1c',
            recommended: true,
            actions: [
              {
                type: 'delete',
                description: 'Remove the draft order Hemoglobin A1c',
                resourceId: `ServiceRequest/${draft.id}`,
              },
            ],
          },
        ],
        overrideReasons: expect.arrayContaining([
          { code: 'condition-changed', display: 'The patient’s condition has changed' },
        ]),
        citation: { label: expect.stringContaining('B-E19') },
        basis: [`ServiceRequest/${draft.id}`, `Observation/${earlier.id}`],
      },
    ]);
  });

  test('a result that a machine read counts, is labelled, and removal is not recommended', () => {
    const [summary] = advice({ orders: [order('HbA1c')], observations: [a1c(21, machineRead)] });
    expect(summary?.lines[0]).toContain('read from a document, preliminary');
    expect(summary?.caveats.join()).toContain('not verified');
    expect(summary?.sources[0]?.readBy).toBe('lab-report embedded 0.1.0');
    expect(summary?.suggestions[0]?.recommended).toBe(false);
  });

  test.each<[string, number, number]>([
    ['just inside', 59, 1],
    ['just outside', 61, 0],
    ['in the future', -3, 0],
  ])('%s the interval', (_name, days, cards) => {
    expect(advice({ orders: [order('HbA1c')], observations: [a1c(days)] })).toHaveLength(cards);
  });

  test.each<[string, object]>([
    ['entered in error', { status: 'entered-in-error' }],
    ['cancelled', { status: 'cancelled' }],
    ['registered', { status: 'registered' }],
    ['without a value', { valueQuantity: undefined }],
    ['without a time', { effectiveDateTime: undefined }],
    ['with a time that is none', { effectiveDateTime: 'yesterday' }],
    ['flagged critical, to be confirmed', { interpretation: [{ coding: [{ code: 'HH' }] }] }],
  ])('no advice from a result %s', (_name, over) => {
    expect(advice({ orders: [order('HbA1c')], observations: [a1c(21, over)] })).toEqual([]);
  });

  test('a date without time and an order for later are counted in favour of the order', () => {
    expect(
      advice({ orders: [order('HbA1c')], observations: [a1c(0, { effectiveDateTime: '2026-03-10' })] }),
    ).toHaveLength(1);
    const later = order('HbA1c', { occurrenceDateTime: '2026-06-30' });
    expect(advice({ orders: [later], observations: [a1c(21)] })).toEqual([]);
  });

  test('a child gets none; an unknown age gets it with a caveat', () => {
    const child = { ...adult, birthDate: '2015-01-01' };
    expect(
      advice({
        orders: [order('CRP')],
        patient: child,
        observations: [result('1988-5', 'CRP', 40, 'mg/L', ago(0, 5))],
      }),
    ).toEqual([]);
    const [summary] = advice({ orders: [order('HbA1c')], patient: undefined, observations: [a1c(21)] });
    expect(summary?.caveats.join()).toContain('No birth date');
  });

  test('a panel is a repeat only when all of it is resulted; the oldest part counts', () => {
    const part = (code: string, name: string, hours: number) => result(code, name, 4, 'mmol/L', ago(0, hours));
    const sodium = part('2951-2', 'Sodium', 3);
    const potassium = part('2823-3', 'Potassium', 3);
    const creatinine = result('14682-9', 'Creatinine', 80, 'umol/L', ago(0, 20));
    const orders = [order(loinc('24321-2'))];
    expect(advice({ orders, observations: [sodium, potassium] })).toEqual([]);
    const [summary] = advice({ orders, observations: [sodium, potassium, creatinine] });
    expect(summary?.headline).toBe(
      'Basic metabolic panel was resulted 20 hours ago (2026-03-30); a repeat within 24 hours rarely adds information',
    );
    expect(summary?.lines).toHaveLength(4);
  });

  test('two tests in one order: both are named, removal only when both are repeats', () => {
    const orders = [order('TSH and vitamin D')];
    const tsh = result('3016-3', 'TSH', 2.1, 'mIU/L', ago(10));
    const vitaminD = result('1989-3', '25-OH vitamin D', 31, 'ng/mL', ago(50));
    const one = advice({ orders, observations: [tsh] });
    expect(one.map(({ suggestions }) => suggestions)).toEqual([[]]);
    const both = advice({ orders, observations: [tsh, vitaminD] });
    expect(both.map(({ suggestions }) => suggestions.length)).toEqual([1, 1]);
  });

  test('order-select: only what was selected; other resources and ended orders are left alone', () => {
    const selected = order('HbA1c');
    const orders = [
      order('HbA1c'),
      selected,
      order('HbA1c', { status: 'revoked' }),
      order('HbA1c', { doNotPerform: true }),
      {
        resourceType: 'MedicationRequest' as const,
        id: 'm',
        status: 'draft' as const,
        intent: 'order' as const,
        subject: {},
      },
    ];
    const all = advice({ orders, selections: [`ServiceRequest/${selected.id}`], observations: [a1c(21)] });
    expect(all.filter(({ basis }) => basis.length === 2).map(({ basis }) => basis[0])).toEqual([
      `ServiceRequest/${selected.id}`,
    ]);
  });
});

describe('recognition', () => {
  test.each<[string, string | undefined]>([
    ['Hemoglobin A1c', 'hba1c'],
    ['HBA1C (glycated haemoglobin)', 'hba1c'],
    ['Lipid panel, fasting', 'lipids'],
    ['TSH reflex to FT4', 'tsh'],
    ['TSH receptor antibody', undefined],
    ['Vitamin D, 25-hydroxy', 'vitamin-d'],
    ['25-OH vitamin D', 'vitamin-d'],
    ['1,25-dihydroxyvitamin D', undefined],
    ['CBC with differential', 'blood-count'],
    ['FBC', 'blood-count'],
    ['U&E', 'electrolytes'],
    ['Comprehensive metabolic panel', 'comprehensive-metabolic'],
    ['LFTs', 'liver-function'],
    ['Potassium', undefined],
    ['Troponin I', undefined],
    ['Urine culture', undefined],
  ])('%s', (text, id) => {
    const found = labTests.filter(({ names }) => names.test(text.toLowerCase())).map((one) => one.id);
    expect(found[0]).toBe(id);
  });

  test('every LOINC code has its right check digit', () => {
    const codes = [
      ...labTests.flatMap(({ loinc: own, analytes }) => [...own, ...analytes.flat()]),
      ...Object.entries(loincImaging).flatMap(([code, { without }]) => [code, ...(without ? [without] : [])]),
    ];
    for (const code of new Set(codes)) {
      const [digits = '', check] = code.split('-');
      const sum = [...digits].reverse().reduce((total, digit, index) => {
        const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
        return total + (value > 9 ? value - 9 : value);
      }, 0);
      expect([code, (10 - (sum % 10)) % 10]).toEqual([code, Number(check)]);
    }
  });

  test('every replacement is in the table and is without contrast', () => {
    for (const { without } of Object.values(loincImaging)) {
      expect(without === undefined || loincImaging[without]?.name.endsWith(' WO contrast')).toBe(true);
    }
  });
});

describe('an order that is pending already', () => {
  test('placed and not resulted; one placed long ago is taken for forgotten', () => {
    const placed = (days: number) => order('Ferritin', { status: 'active', authoredOn: ago(days) });
    const [summary] = advice({ orders: [order(loinc('2276-4'))], requests: [placed(2)] });
    expect(summary?.headline).toBe('Ferritin was ordered already on 2026-03-29 and is not resulted yet');
    expect(summary?.suggestions).toHaveLength(1);
    expect(advice({ orders: [order(loinc('2276-4'))], requests: [placed(40)] })).toEqual([]);
  });

  test('twice among the drafts: said once; the same order in the chart is not its own duplicate', () => {
    const draft = order('Ferritin');
    expect(advice({ orders: [draft], requests: [{ ...draft, status: 'active', authoredOn: ago(0) }] })).toEqual([]);
    const summaries = advice({ orders: [draft, order(loinc('2276-4', 'Ferritin [Mass/volume]'))] });
    expect(summaries.map(({ headline }) => headline)).toEqual([
      'Ferritin [Mass/volume] stands twice among these orders',
    ]);
    const left = order('X-ray left knee');
    expect(advice({ orders: [left, order('X-ray right knee')] })).toEqual([]);
    expect(advice({ orders: [order('Physiotherapy'), order('Physiotherapy')] })).toEqual([]);
  });
});
