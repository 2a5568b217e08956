import type { DiagnosticReport, DocumentReference, Resource } from '@medplum/fhirtypes';

/** What a client sends along for one patient, from the FHIR server at `fhir`. */
export async function chartOf(fhir: string, patientId: string) {
  const get = async (path: string) => (await fetch(`${fhir}/${path}`)).json();
  const [patient, reports, documents] = await Promise.all([
    get(`Patient/${patientId}`),
    get(`DiagnosticReport?patient=${patientId}`),
    get(`DocumentReference?patient=${patientId}`),
  ]);
  return { patient, reports, documents };
}

type Chart = Awaited<ReturnType<typeof chartOf>>;

/** The same chart with fifty reports and fifty documents, as many as the templates ask for: what has been read, and the rest structured. */
export function fiftyfold(chart: Chart, patientId: string): Chart {
  const subject = { reference: `Patient/${patientId}` };
  const report = (at: number): DiagnosticReport => ({
    resourceType: 'DiagnosticReport',
    id: `structured-${at}`,
    meta: { versionId: '1', lastUpdated: '2026-01-01T08:00:00Z' },
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB', display: 'Laboratory' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '24323-8', display: 'Comprehensive metabolic panel' }] },
    subject,
    effectiveDateTime: '2025-12-31T08:00:00Z',
    issued: '2026-01-01T08:00:00Z',
    performer: [{ reference: 'Organization/lab', display: 'Synthetic laboratory' }],
    result: Array.from({ length: 14 }, (_, each) => ({ reference: `Observation/structured-${at}-${each}` })),
  });
  const document = (at: number): DocumentReference => ({
    resourceType: 'DocumentReference',
    id: `letter-${at}`,
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '18842-5', display: 'Discharge summary' }] },
    subject,
    date: '2025-12-31T08:00:00Z',
    content: [{ attachment: { contentType: 'application/msword', url: `Binary/letter-${at}`, title: 'Letter' } }],
  });
  const filled = (bundle: { entry?: { resource: Resource }[] }, make: (at: number) => Resource) => ({
    ...bundle,
    entry: [...(bundle.entry ?? []), ...Array.from({ length: 50 }, (_, at) => ({ resource: make(at) }))].slice(0, 50),
  });
  return {
    patient: chart.patient,
    reports: filled(chart.reports, report),
    documents: filled(chart.documents, document),
  };
}
