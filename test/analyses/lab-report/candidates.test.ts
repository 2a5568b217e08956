import { describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, DocumentReference, Patient } from '@medplum/fhirtypes';
import { candidates } from '../../../src/analyses/lab-report/candidates.ts';
import type { LabInput } from '../../../src/analyses/lab-report/input.ts';
import { load } from '../../../src/analyses/lab-report/load.ts';
import { IntervalError } from '../../../src/errors.ts';
import type { FhirClient } from '../../../src/fhir/client.ts';
import { documentOf, textPage } from './support.ts';

const patient: Patient = { resourceType: 'Patient', id: 'p' };
const report = (id: string, more: Partial<DiagnosticReport> = {}): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id,
  meta: { versionId: '3' },
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
  code: { text: 'Report' },
  subject: { reference: 'Patient/p' },
  effectiveDateTime: '2026-11-10',
  presentedForm: [{ contentType: 'application/pdf', url: `Binary/${id}` }],
  ...more,
});
const document = (id: string, more: object = {}): DocumentReference =>
  ({
    resourceType: 'DocumentReference',
    id,
    meta: { versionId: '1' },
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '11502-2' }] },
    subject: { reference: 'Patient/p' },
    date: '2026-11-12T10:00:00Z',
    content: [{ attachment: { contentType: 'application/pdf', url: `Binary/${id}` } }],
    ...more,
  }) as DocumentReference;
const found = (reports: readonly DiagnosticReport[], documents: readonly DocumentReference[] = []) =>
  candidates({ patient, reports, documents, studies: [], observations: [] }).map(({ subject }) => subject.reference);

describe('candidates', () => {
  test('reports and documents on paper, newest first, with their version', () => {
    expect(
      candidates({ patient, reports: [report('a')], documents: [document('b')], studies: [], observations: [] }),
    ).toEqual([
      { subject: { reference: 'DocumentReference/b', version: '1' }, companions: [], date: '2026-11-12T10:00:00Z' },
      { subject: { reference: 'DiagnosticReport/a', version: '3' }, companions: [], date: '2026-11-10' },
    ]);
  });

  test('not what is data already, ours, no paper, or of another kind', () => {
    expect(found([report('a', { result: [{ reference: 'Observation/1' }] })])).toEqual([]);
    const label = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'AIAST' };
    expect(found([report('a', { meta: { security: [label] } })])).toEqual([]);
    expect(found([report('a', { presentedForm: undefined })])).toEqual([]);
    expect(found([report('a', { presentedForm: [{ contentType: 'application/dicom', url: 'Binary/x' }] })])).toEqual(
      [],
    );
    expect(found([report('a', { category: [{ coding: [{ code: 'RAD' }] }] })])).toEqual([]);
    expect(found([report('a', { status: 'entered-in-error' })])).toEqual([]);
    expect(found([], [document('b', { status: 'superseded' })])).toEqual([]);
  });

  test('one attachment is one candidate, and none when a report has its results as data', () => {
    const same = {
      presentedForm: [{ contentType: 'application/pdf', url: 'https://ehr.example.org/fhir/Binary/b?signed=1' }],
    };
    expect(found([report('a', same)], [document('b')])).toEqual(['DocumentReference/b']);
    expect(found([report('a', { ...same, result: [{ reference: 'Observation/1' }] })], [document('b')])).toEqual([]);
  });
});

describe('load', () => {
  const opened = documentOf(textPage('x'));
  const documents = {
    open: async () => opened,
    render: async () => {
      throw new Error('Nothing is drawn while a document is loaded.');
    },
  };
  const candidate = { subject: { reference: 'DocumentReference/b', version: '1' }, companions: [], date: '2026-11-12' };
  const world = (read: () => Promise<unknown>, search: () => Promise<unknown> = async () => []) => ({
    source: {
      read,
      search,
      binary: async () => ({ bytes: new Uint8Array([1]), contentType: 'application/pdf' }),
    } as unknown as FhirClient,
    dicomweb: () => undefined,
    timeZone: 'UTC',
    signal: new AbortController().signal,
  });

  test('reads the subject again and opens its attachment', async () => {
    const input = await load(
      documents,
      candidate,
      patient,
      world(async () => document('b')),
    );
    expect(input).toMatchObject({
      document: opened,
      patient,
      documentReference: 'DocumentReference/b',
      filed: '2026-11-12',
    });
  });

  test('takes the laboratory results of the chart along, without our own, and does without where they are not given', async () => {
    const chart = [
      { resourceType: 'Observation', id: 'theirs', status: 'final', code: { text: 'Sodium' } },
      {
        resourceType: 'Observation',
        id: 'ours',
        status: 'final',
        code: { text: 'Sodium' },
        identifier: [{ system: 'https://interval.example.org/fhir/result', value: 'lab-report:b:0:sodium.0' }],
      },
      { resourceType: 'OperationOutcome', id: 'warning' },
    ];
    const reads = async () => document('b');
    const asked: unknown[] = [];
    const search = async (...query: readonly unknown[]) => {
      asked.push(query[1]);
      return chart;
    };
    const input = await load(documents, candidate, patient, world(reads, search as () => Promise<unknown>));
    expect((input as LabInput).chart?.map(({ id }) => id)).toEqual(['theirs']);
    expect(asked).toEqual([expect.objectContaining({ category: 'laboratory', date: 'ge2023-11' })]);
    const closed = world(reads, async () => {
      throw new IntervalError('fhir-forbidden', 'Not for you.');
    });
    expect(await load(documents, candidate, patient, closed)).not.toHaveProperty('chart');
    const down = world(reads, async () => {
      throw new IntervalError('fhir-timeout', 'Late.');
    });
    await expect(load(documents, candidate, patient, down)).rejects.toMatchObject({ code: 'fhir-timeout' });
  });

  test('stops quietly when it is gone or changed', async () => {
    const gone = world(async () => {
      throw new IntervalError('fhir-gone', 'Gone.');
    });
    expect(await load(documents, candidate, patient, gone)).toMatchObject({ reason: 'subject-gone' });
    expect(
      await load(
        documents,
        candidate,
        patient,
        world(async () => document('b', { meta: { versionId: '2' } })),
      ),
    ).toMatchObject({ reason: 'subject-changed' });
  });

  test('refuses a document of another patient or without an attachment', async () => {
    const other = world(async () => document('b', { subject: { reference: 'Patient/q' } }));
    expect(await load(documents, candidate, patient, other)).toMatchObject({ reason: 'patient-mismatch' });
    await expect(
      load(
        documents,
        candidate,
        patient,
        world(async () => document('b', { content: [] })),
      ),
    ).rejects.toMatchObject({ code: 'attachment-missing' });
  });

  test('leaves a failing server to the queue', async () => {
    const down = world(async () => {
      throw new IntervalError('fhir-unavailable', 'Down.');
    });
    await expect(load(documents, candidate, patient, down)).rejects.toMatchObject({ code: 'fhir-unavailable' });
  });
});
