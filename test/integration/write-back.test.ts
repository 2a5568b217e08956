import { beforeAll, expect, test } from '@jest/globals';
import type { DiagnosticReport, Media, Observation, Patient, Provenance, Task } from '@medplum/fhirtypes';
import { fetchChart } from '../../src/fhir/chart.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { completeResult } from '../../src/fhir/complete.ts';
import type { JobRecord } from '../../src/fhir/job-task.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { storedResults } from '../../src/fhir/results.ts';
import * as tasks from '../../src/fhir/tasks.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { context, labDraft, potassium } from '../fhir/draft.ts';
import { HAPI_START_MS, hapi, hapiBase } from './hapi/server.ts';
import { describeWith } from './neighbour.ts';

/**
 * What Interval writes and asks, against an independent server: HAPI FHIR, or the one at HAPI_BASE_URL. Every run uses a
 * patient of its own, so that a server that keeps its data can be used again.
 */
describeWith(hapi)('write-back on HAPI FHIR', () => {
  let client: FhirClient;
  let patient: string;
  let report: string;
  let run: string;

  beforeAll(async () => {
    client = createFhirClient({ base: await hapiBase(), timeoutMs: 60_000 });
    run = `run-${Date.now()}`;
    const made = await client.create<Patient>({ resourceType: 'Patient', name: [{ text: 'Synthetic patient' }] });
    patient = `Patient/${made.id}`;
    const outside = await client.create<DiagnosticReport>({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Outside report' },
      subject: { reference: patient },
    });
    report = `DiagnosticReport/${outside.id}`;
  }, HAPI_START_MS);

  const own = { now: context.now };
  const job = (key: string): JobRecord => ({
    key: `${run}-${key}`,
    analysis: 'lab-report',
    reader: 'embedded',
    patient,
    subject: { reference: report, version: '1' },
    companions: [],
  });
  const result = (key: string, change: Parameters<typeof labDraft>[0] = {}) =>
    completeResult(
      labDraft({
        jobKey: `${run}-${key}`,
        patient,
        subject: report,
        sourceIdentity: `${run}:5f2a`,
        observations: labDraft().observations.map((one) => ({ ...one, regions: [{ source: report, page: 1 }] })),
        inputs: [{ reference: report, sha256: 'a'.repeat(64) }],
        ...change,
      }),
      context,
    );
  const servers = () => ({ store: client, source: client, mode: 'full' as const });
  const ofPatient = async () => ({
    observations: await client.search<Observation>('Observation', { subject: patient }),
    media: await client.search<Media>('Media', { subject: patient }),
    reports: (await client.search<DiagnosticReport>('DiagnosticReport', { subject: patient })).filter(
      (one) => `DiagnosticReport/${one.id}` !== report,
    ),
  });

  test('the same job in twenty processes at once, and once more, writes one set', async () => {
    await Promise.all(Array.from({ length: 20 }, () => createWriteBack()(result('1'), servers())));
    const again = await createWriteBack()(result('1'), servers());
    expect(again.store).toMatchObject({ created: 0, updated: 0, kept: [] });
    const { observations, media, reports } = await ofPatient();
    expect([observations.length, media.length, reports.length]).toEqual([2, 1, 1]);
    expect([...observations, ...media, ...reports].map((one) => one.meta?.versionId)).toEqual(['1', '1', '1', '1']);
    const provenance = await client.search<Provenance>('Provenance', { target: `DiagnosticReport/${reports[0]?.id}` });
    expect(provenance.map((one) => one.target.length)).toEqual([4]);
    const { bytes, contentType } = await client.binary(media[0]?.content.url as string);
    expect([[...bytes], contentType]).toEqual([[137, 80, 78, 71], 'image/png']);
  });

  test('the ledger: created once, taken up once, completed, and found with its results', async () => {
    const made = await tasks.createTask(client, job('1'), own);
    expect((await tasks.createTask(client, job('1'), own)).task.id).toBe(made.task.id);
    const started = await tasks.startTask(client, made.task, { ...own, runner: 'host/1/a/1' });
    await expect(tasks.startTask(client, made.task, { ...own, runner: 'host/1/a/1' })).rejects.toMatchObject({
      code: 'fhir-conflict',
    });
    expect((await tasks.findInProgress(client)).map((one) => one.id)).toContain(made.task.id);
    expect((await tasks.findRequested(client)).map((one) => one.id)).not.toContain(made.task.id);
    const { store } = await createWriteBack()(result('1'), servers());
    await tasks.completeTask(client, started, {
      ...own,
      outputs: [store.report as string, ...store.observations],
      owner: store.device as string,
    });
    const [stored] = await storedResults(client, patient);
    expect(stored?.observations.map((one) => one.code.text).sort()).toEqual(['Potassium', 'Sodium']);
    expect((await tasks.findTask(client, job('1').key))?.status).toBe('completed' satisfies Task['status']);
  });

  test('a later reading updates and takes back; what a person accepted stays', async () => {
    const { observations } = await ofPatient();
    const sodium = observations.find((one) => one.code.text === 'Sodium') as Observation & { id: string };
    const changed = { ...potassium(6.5), regions: [{ source: report, page: 1 }] };
    const outcome = await createWriteBack()(result('2', { observations: [changed], media: [] }), servers());
    expect(outcome.store.retracted).toHaveLength(2);
    expect(await client.read<Observation>('Observation', sodium.id)).toMatchObject({ status: 'entered-in-error' });
    const kalium = (await ofPatient()).observations.find((one) => one.code.text === 'Potassium');
    expect(kalium).toMatchObject({ status: 'preliminary', valueQuantity: { value: 6.5 } });
    await client.update<Observation>({ ...(kalium as Observation & { id: string }), status: 'final' });
    const again = { ...potassium(1.1), regions: [{ source: report, page: 1 }] };
    const third = await createWriteBack()(result('3', { observations: [again], media: [] }), servers());
    expect(third.store.kept).toEqual([`Observation/${kalium?.id}`]);
    expect(await client.read<Observation>('Observation', kalium?.id as string)).toMatchObject({
      status: 'final',
      valueQuantity: { value: 6.5 },
    });
  });

  test('the chart, with and without our own results', async () => {
    const id = patient.split('/')[1] as string;
    const whole = await fetchChart(client, id);
    expect([whole.reports.length, whole.observations.length, whole.unavailable]).toEqual([2, 1, []]);
    const others = await fetchChart(client, id, { own: false });
    expect(others.reports.map((one) => `DiagnosticReport/${one.id}`)).toEqual([report]);
    expect(others.observations).toEqual([]);
  });
});
