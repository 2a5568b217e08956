import { describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import { aiAsserted } from '../../src/fhir/codes.ts';
import { advice, ago, loinc, order, study } from './chart.ts';

const chest = (days: number, over = {}) => study('XR CHEST 2 VIEWS', 'DX', ago(days), over);

function report(of: { id?: string }, conclusion: string, over: Partial<DiagnosticReport> = {}): DiagnosticReport {
  return {
    resourceType: 'DiagnosticReport',
    id: 'report',
    status: 'final',
    code: { text: 'Chest radiograph' },
    imagingStudy: [{ reference: `ImagingStudy/${of.id}` }],
    conclusion,
    ...over,
  };
}

describe('a recent comparable study', () => {
  test('when it was and what it showed, our own comparison labelled', () => {
    const done = chest(9);
    const ours = report(done, 'Pleural effusion right: stable', {
      status: 'preliminary',
      meta: { security: [aiAsserted] },
    });
    const draft = order(loinc('36643-5', 'XR Chest 2 Views'));
    const [summary, ...more] = advice({ orders: [draft], studies: [done], reports: [ours] });
    expect(more).toEqual([]);
    expect(summary).toMatchObject({
      topic: 'recent-imaging',
      indicator: 'info',
      headline: 'A chest X-ray 9 days ago (2026-03-22) showed: Pleural effusion right: stable',
      lines: ['Pleural effusion right: stable'],
      caveats: ['What it showed was read by machine and is not verified.'],
      basis: [`ServiceRequest/${draft.id}`, `ImagingStudy/${done.id}`],
    });
    expect(summary?.sources[1]?.readBy).toBe('Interval');
    expect(summary?.suggestions[0]?.actions[0]).toMatchObject({
      type: 'delete',
      resourceId: `ServiceRequest/${draft.id}`,
    });
  });

  test('without a report: that it was done; Observations derived from it speak where no report does', () => {
    const done = chest(2);
    const orders = [order('Chest x-ray')];
    expect(advice({ orders, studies: [done] })[0]).toMatchObject({
      headline: 'A chest X-ray was done 2 days ago (2026-03-29)',
      lines: ['What it showed is not known here.'],
    });
    const observations = [
      {
        resourceType: 'Observation' as const,
        id: 'o',
        status: 'preliminary' as const,
        code: { text: 'Effusion' },
        derivedFrom: [{ reference: `https://ehr.example/fhir/ImagingStudy/${done.id}` }],
        valueCodeableConcept: { text: 'Worsened' },
      },
    ];
    expect(advice({ orders, studies: [done], observations })[0]?.headline).toContain('showed: Effusion: Worsened');
  });

  test.each<[string, string, ReturnType<typeof study>, boolean]>([
    ['another modality', 'CT chest', chest(2), false],
    ['another region', 'X-ray knee', chest(2), false],
    ['too long ago', 'Chest x-ray', chest(40), false],
    ['in the future', 'Chest x-ray', chest(-3), false],
    ['cancelled', 'Chest x-ray', chest(2, { status: 'cancelled' }), false],
    ['without a time', 'Chest x-ray', chest(2, { started: undefined }), false],
    ['the other knee', 'X-ray of the left knee', study('XR KNEE RIGHT', 'DX', ago(2)), false],
    ['the same knee', 'X-ray of the left knee', study('XR KNEE LEFT', 'CR', ago(2)), true],
    ['a part of what is ordered', 'CT abdomen and pelvis', study('CT ABDOMEN', 'CT', ago(2)), false],
    ['more than what is ordered', 'CT abdomen', study('CT ABDOMEN AND PELVIS', 'CT', ago(2)), true],
    ['without contrast before with', 'CT head with contrast', study('CT HEAD WO CONTRAST', 'CT', ago(2)), false],
    ['an order without a region', 'CT', study('CT HEAD', 'CT', ago(2)), false],
    ['screening mammography (no window)', 'Mammogram screening', study('MAMMO', 'MG', ago(2)), false],
  ])('%s', (_name, text, done, found) => {
    const summaries = advice({ orders: [order(text)], studies: [done] });
    expect(summaries.some(({ topic }) => topic === 'recent-imaging')).toBe(found);
  });

  test('region from the series when the study has no words; modality from the series too', () => {
    const bare = study('', 'DX', ago(2), {
      description: undefined,
      modality: undefined,
      series: [
        {
          uid: '1',
          modality: { code: 'DX' },
          bodySite: { system: 'http://snomed.info/sct', code: '51185008' },
        },
      ],
    });
    expect(advice({ orders: [order('Chest x-ray')], studies: [bare] })).toHaveLength(1);
  });
});

describe('odd input', () => {
  test('no code, empty codings, texts only, wrong shapes: no advice and no failure', () => {
    const odd = [
      { resourceType: 'ServiceRequest' },
      { resourceType: 'ServiceRequest', id: 'a', code: null },
      { resourceType: 'ServiceRequest', id: 'b', code: { coding: [{}] }, category: {}, reasonCode: [] },
      { resourceType: 'ServiceRequest', id: 'c', code: { coding: 'x', text: 7 }, orderDetail: {}, note: 'n' },
      { resourceType: 'ServiceRequest', id: 'd', code: [{ text: 'HbA1c' }], occurrenceDateTime: 5 },
      { resourceType: 'Device' },
    ];
    const broken = [
      {
        resourceType: 'Observation',
        code: { coding: [null] },
        status: 'final',
        effectiveDateTime: 5,
        valueQuantity: 3,
      },
      {
        resourceType: 'Observation',
        status: 'final',
        meta: { security: {} },
        interpretation: {},
        effectiveDateTime: '2026',
        valueString: 'x',
      },
      {
        resourceType: 'Observation',
        status: 'final',
        code: { text: 'HbA1c' },
        derivedFrom: {},
        valueQuantity: { value: '8' },
      },
    ];
    const studies = [
      { resourceType: 'ImagingStudy', status: 'available', started: '2026-03-30', modality: {}, series: {} },
      { resourceType: 'ImagingStudy', id: 's', started: '2026-03-30', description: 7, modality: [{ code: 'DX' }] },
      { resourceType: 'ImagingStudy', started: '2026-03-30', series: [null, { modality: 'CT', bodySite: [] }] },
    ];
    const reports = [
      { resourceType: 'DiagnosticReport', status: 'final', imagingStudy: {}, conclusion: 5 },
      {
        resourceType: 'DiagnosticReport',
        status: 'final',
        imagingStudy: [{ reference: 'ImagingStudy/s' }],
        conclusion: 5,
      },
    ];
    expect(
      advice({
        orders: odd as never,
        requests: odd as never,
        observations: broken as never,
        studies: studies as never,
        reports: reports as never,
        patient: { resourceType: 'Patient', birthDate: 'soon' } as never,
        now: 'no time',
      }),
    ).toEqual([]);
    expect(advice({ orders: odd as never, observations: broken as never, studies: studies as never })).toEqual([]);
  });
});
