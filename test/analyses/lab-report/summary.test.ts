import { describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, DocumentReference, Observation, Patient, Task } from '@medplum/fhirtypes';
import type { Chart, StoredResult } from '../../../src/analyses/analysis.ts';
import { summarize } from '../../../src/analyses/lab-report/summary.ts';

const patient: Patient = { resourceType: 'Patient', id: 'p' };
const document: DocumentReference = {
  resourceType: 'DocumentReference',
  id: 'doc-7',
  status: 'current',
  date: '2026-11-12T13:00:00+01:00',
  description: 'Outside report',
  content: [],
} as unknown as DocumentReference;
const earlier: Observation = {
  resourceType: 'Observation',
  id: 'earlier',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }] },
  effectiveDateTime: '2026-10-01',
  valueQuantity: { value: 4.6, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
};
const chart: Chart = { patient, reports: [], documents: [document], studies: [], observations: [earlier] };

const observation = (
  id: string,
  name: string,
  loinc: string,
  value: number,
  limits: readonly [number, number],
  flag?: string,
): Observation => ({
  resourceType: 'Observation',
  id,
  status: 'preliminary',
  code: { coding: [{ system: 'http://loinc.org', code: loinc }], text: name },
  effectiveDateTime: '2026-11-12T07:40:00+01:00',
  valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  referenceRange: [{ low: { value: limits[0] }, high: { value: limits[1] }, text: `${limits[0]} - ${limits[1]}` }],
  ...(flag ? { interpretation: [{ coding: [{ code: flag }], text: flag }] } : {}),
});
const potassium = observation('k', 'Potassium', '2823-3', 6.8, [3.5, 5.1], 'HH');
const sodium = observation('na', 'Sodium', '2951-2', 140, [136, 145]);
const chloride = observation('cl', 'Chloride', '2075-0', 110, [98, 107], 'H');

function stored(
  observations: readonly Observation[],
  task: Partial<Task> = {},
  report: Partial<DiagnosticReport> = {},
): StoredResult {
  return {
    task: {
      resourceType: 'Task',
      status: 'completed',
      intent: 'order',
      focus: { reference: 'DocumentReference/doc-7' },
      ...task,
    } as Task,
    report: {
      resourceType: 'DiagnosticReport',
      id: 'r',
      status: 'preliminary',
      code: {},
      effectiveDateTime: '2026-11-12T07:40:00+01:00',
      ...report,
    } as DiagnosticReport,
    observations,
  };
}

describe('results', () => {
  test('critical first, with range, flag and what the chart had before', () => {
    const [summary] = summarize([stored([sodium, chloride, potassium])], chart);
    expect(summary).toMatchObject({
      topic: 'lab-report',
      indicator: 'critical',
      headline: 'Potassium 6.8 mmol/L (critical high) and 1 more on outside laboratory report of 12 Nov 2026',
      links: [{ url: '/review/r' }],
    });
    expect(summary?.lines).toEqual([
      'Potassium 6.8 mmol/L (critical high); reference 3.5 - 5.1; flag HH; before: 4.6 mmol/L on 1 Oct 2026',
      'Chloride 110 mmol/L (high); reference 98 - 107; flag H',
      '1 other result is within the printed limits or have none.',
    ]);
    expect(summary?.sources[0]).toMatchObject({ label: 'Outside report', reference: 'DocumentReference/doc-7' });
    expect(summary?.basis).toEqual(['DiagnosticReport/r', 'Observation/na', 'Observation/cl', 'Observation/k']);
  });

  test('a value beyond critical limits is critical though nothing is printed, and that is said', () => {
    const [summary] = summarize([stored([{ ...potassium, interpretation: undefined }])], chart);
    expect(summary?.indicator).toBe('critical');
    expect(summary?.lines[0]).toMatch(/by computation, not as printed/);
  });

  test('abnormal is a warning, all normal is short', () => {
    expect(summarize([stored([sodium, chloride])], chart)[0]?.indicator).toBe('warning');
    expect(summarize([stored([sodium])], chart)[0]).toMatchObject({ indicator: 'info', lines: [] });
  });

  test('what a person took back is left out, what a person accepted is said', () => {
    const [summary] = summarize(
      [
        stored([
          { ...potassium, status: 'entered-in-error' },
          { ...chloride, status: 'final' },
        ]),
      ],
      chart,
    );
    expect(summary).toMatchObject({ indicator: 'warning', caveats: ['A clinician has reviewed these results.'] });
    expect(summarize([stored([{ ...potassium, status: 'entered-in-error' }])], chart)).toEqual([]);
  });

  test('lines that were not read are said', () => {
    const [summary] = summarize(
      [
        stored(
          [sodium],
          {},
          { conclusion: '1 result read from the document, 0 outside the printed range or flagged, 3 lines not read.' },
        ),
      ],
      chart,
    );
    expect(summary?.caveats).toContain('3 lines of the document could not be read: look at the original.');
  });

  test('what is older than the window against the newest is not said again', () => {
    const old = stored(
      [potassium],
      { focus: { reference: 'DocumentReference/old' } },
      { id: 'old', effectiveDateTime: '2026-09-01' },
    );
    expect(summarize([old, stored([sodium])], chart)).toHaveLength(1);
    expect(summarize([old, stored([sodium])], chart, 120)).toHaveLength(2);
    expect(summarize([old], chart)).toHaveLength(1);
  });

  test('headlines stay within a card', () => {
    const long = { ...potassium, code: { text: 'A very long printed name of a test '.repeat(8) } };
    expect(summarize([stored([long])], chart)[0]!.headline.length).toBeLessThanOrEqual(139);
  });
});

describe('documents that gave no result', () => {
  const refused = (code: string, status: Task['status'] = 'rejected') =>
    summarize(
      [{ task: stored([], { status, statusReason: { coding: [{ code }], text: 'Why.' } }).task, observations: [] }],
      chart,
    )[0];

  test('another patient is a warning', () => {
    expect(refused('patient-mismatch')).toMatchObject({
      indicator: 'warning',
      headline: 'Outside laboratory report of 12 Nov 2026 names another patient than this chart',
    });
  });

  test('a damaged file is said, so that silence is not taken for normal', () => {
    expect(refused('document-damaged')).toMatchObject({
      indicator: 'info',
      headline: expect.stringMatching(/was not read: it is damaged/),
    });
    expect(refused('reader-failed', 'failed')?.headline).toMatch(/was not read: it could not be read/);
  });

  test('a job that waits or was cancelled is no statement', () => {
    expect(refused('x', 'requested')).toBeUndefined();
    expect(refused('subject-changed', 'cancelled')).toBeUndefined();
  });
});
