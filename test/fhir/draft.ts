import type { ObservationDraft, ResultDraft } from '../../src/fhir/result-draft.ts';

/** A synthetic lab result of one job, with a picture. */
export function labDraft(change: Partial<ResultDraft> = {}): ResultDraft {
  return {
    jobKey: 'job-1',
    analysis: 'lab-report',
    reader: {
      analysis: 'lab-report',
      analysisVersion: '1',
      readerId: 'embedded',
      readerVersion: '1',
      models: [{ id: 'lab-words', version: '3' }],
    },
    patient: 'Patient/synthetic-1',
    subject: 'DiagnosticReport/outside-1',
    sourceIdentity: 'DiagnosticReport.outside-1:5f2a90c1',
    observations: [potassium(6.4), sodium],
    report: {
      resourceType: 'DiagnosticReport',
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { text: 'Laboratory report, read by Interval' },
      effectiveDateTime: '2026-03-02',
    },
    media: [
      {
        item: 'page-1',
        contentType: 'image/png',
        bytes: new Uint8Array([137, 80, 78, 71]),
        title: 'Page 1 with the values marked',
        width: 1654,
        height: 2339,
      },
    ],
    inputs: [{ reference: 'DiagnosticReport/outside-1', sha256: '5f2a90c1'.repeat(8) }],
    ...change,
  };
}

export function potassium(value: number): ObservationDraft {
  return {
    item: 'potassium-0',
    resource: {
      resourceType: 'Observation',
      category: laboratory,
      code: { coding: [{ system: 'http://loinc.org', code: '2823-3' }], text: 'Potassium' },
      effectiveDateTime: '2026-03-02',
      valueQuantity: { value, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
    },
    regions: [{ source: 'DiagnosticReport/outside-1', page: 1, box: [310, 842, 372, 861], width: 1654, height: 2339 }],
  };
}

const laboratory = [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
];

export const sodium: ObservationDraft = {
  item: 'sodium-0',
  resource: {
    resourceType: 'Observation',
    category: laboratory,
    code: { text: 'Sodium' },
    effectiveDateTime: '2026-03-02',
    valueQuantity: { value: 139, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  },
  regions: [{ source: 'DiagnosticReport/outside-1', page: 1 }],
};

export const context = { now: '2026-03-02T11:05:12.000Z', organization: { display: 'Sample hospital (synthetic)' } };
