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
      headline: 'Potassium 6.8 mmol/L (critical high), 12 Nov 2026 07:40, outside laboratory report; 1 more',
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
    expect(summary?.lines[0]).toMatch(/by CLR 2023–24, not as printed/);
  });

  test('a printed flag alone makes it critical, and so does a value with a sign', () => {
    const troponin = { ...observation('t', 'Troponin T', '67151-1', 20, [0, 14], 'AA'), referenceRange: undefined };
    expect(summarize([stored([troponin])], chart)[0]).toMatchObject({
      indicator: 'critical',
      headline: 'Troponin T 20 mmol/L (critical abnormal), 12 Nov 2026 07:40, outside laboratory report',
    });
    const over = {
      ...potassium,
      interpretation: undefined,
      valueQuantity: { ...potassium.valueQuantity, value: 8, comparator: '>' as const },
    };
    expect(summarize([stored([over])], chart)[0]?.headline).toMatch(/^Potassium >8 mmol\/L \(critical high\), 12 Nov/);
  });

  test('value, time and document stand in front of what a card has no room for', () => {
    const many = Array.from({ length: 9 }, (_, index) => ({
      ...potassium,
      id: `k${index}`,
      code: { text: `Potassium in sample ${index}` },
    }));
    expect(summarize([stored(many)], chart)[0]?.headline).toMatch(
      /^Potassium in sample 0 6\.8 mmol\/L \(critical high\), 12 Nov 2026 07:40, outside laboratory report; also/,
    );
    const dateless = { ...potassium, effectiveDateTime: undefined };
    const undated = { ...chart, documents: [{ ...document, date: undefined }] };
    expect(summarize([stored([dateless], {}, { effectiveDateTime: undefined })], undated)[0]?.headline).toMatch(
      /, no time printed, outside/,
    );
  });

  test('the table of the institution wins, and is named', () => {
    const own = { source: 'Our list, 2025', limits: [{ tests: ['sodium'], unit: 'mmol/L', high: 139 }] };
    const [summary] = summarize([stored([sodium, { ...potassium, interpretation: undefined }])], chart, {
      criticalValues: own,
    });
    expect(summary?.headline).toMatch(/^Sodium 140 mmol\/L \(critical high\)/);
    expect(summary?.lines).toEqual([
      'Sodium 140 mmol/L (critical high); reference 136 - 145; critical high by Our list, 2025, not as printed',
      'Potassium 6.8 mmol/L (high); reference 3.5 - 5.1; high by computation, not as printed; before: 4.6 mmol/L on 1 Oct 2026',
    ]);
  });

  test('limits for adults are said to be that for a child, and are not applied to an infant, which is said too', () => {
    const bare = { ...potassium, interpretation: undefined };
    const born = (birthDate: string) =>
      summarize([stored([bare])], { ...chart, patient: { ...patient, birthDate } })[0];
    expect(born('2016-01-01')?.lines[0]).toMatch(/critical high by limits for adults \(CLR 2023–24\), not as printed/);
    expect(born('2026-11-10')).toMatchObject({
      indicator: 'warning',
      caveats: ['A value lies beyond the critical limits for adults; there are none for the age of this patient.'],
    });
  });

  test('what the chart has from the laboratory by now is not said again', () => {
    const filed = { ...potassium, id: 'lab', status: 'final' as const, interpretation: undefined };
    const knows = { ...chart, observations: [earlier, filed] };
    expect(summarize([stored([potassium])], knows)).toEqual([]);
    expect(summarize([stored([potassium, chloride])], knows)[0]).toMatchObject({
      headline: 'Chloride 110 mmol/L (high) on outside laboratory report of 12 Nov 2026',
      lines: ['Chloride 110 mmol/L (high); reference 98 - 107; flag H'],
      basis: ['DiagnosticReport/r', 'Observation/cl'],
    });
    const accepted = { ...filed, identifier: [{ system: 'https://interval.example.org/fhir/result', value: 'ours' }] };
    expect(summarize([stored([potassium])], { ...chart, observations: [accepted] })).toHaveLength(1);
  });

  test('another value in the chart at the same time is said', () => {
    const filed = { ...potassium, id: 'lab', valueQuantity: { ...potassium.valueQuantity, value: 4.8 } };
    const [summary] = summarize([stored([potassium])], { ...chart, observations: [filed] });
    expect(summary?.lines[0]).toMatch(/the chart has 4.8 mmol\/L at the same time/);
    expect(summary?.caveats).toContain('1 value differs from what the chart has for the same time.');
  });

  test('two documents with one result make one card of it', () => {
    const again = stored(
      [
        { ...potassium, id: 'k2' },
        { ...chloride, id: 'cl2', valueQuantity: { ...chloride.valueQuantity, value: 111 } },
      ],
      { focus: { reference: 'DocumentReference/fax' } },
      { id: 'r2' },
    );
    const summaries = summarize([stored([potassium]), again], chart);
    expect(summaries.map(({ basis }) => basis)).toEqual([
      ['DiagnosticReport/r', 'Observation/k'],
      ['DiagnosticReport/r2', 'Observation/cl2'],
    ]);
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
    expect(summarize([old, stored([sodium])], chart, { windowDays: 120 })).toHaveLength(2);
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

  test('a file of two patients is a warning, what the chart has already is no statement', () => {
    expect(refused('several-patients')).toMatchObject({
      indicator: 'warning',
      headline: expect.stringMatching(/names more than one patient$/),
    });
    expect(refused('not-a-lab-report')?.headline).toMatch(/was not read: it is no laboratory report/);
    expect(refused('already-in-chart')).toBeUndefined();
  });

  test('a job that waits or was cancelled is no statement', () => {
    expect(refused('x', 'requested')).toBeUndefined();
    expect(refused('subject-changed', 'cancelled')).toBeUndefined();
  });
});
