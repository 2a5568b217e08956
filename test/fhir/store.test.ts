import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, Media, Observation, Patient, Provenance, Task } from '@medplum/fhirtypes';
import { fetchChart } from '../../src/fhir/chart.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { completeResult } from '../../src/fhir/complete.ts';
import { attemptsOf, type JobRecord, jobOfTask, outputsOf, runnerOf } from '../../src/fhir/job-task.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { storedResults } from '../../src/fhir/results.ts';
import * as tasks from '../../src/fhir/tasks.ts';
import { validateForWrite } from '../../src/fhir/validate.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { context, labDraft, potassium, sodium } from './draft.ts';

/** The ledger, the results and write-back against the embedded server, over its own HTTP answers. */
let server: FhirServer;
let client: FhirClient;

beforeEach(() => {
  server = createFhirServer({ base: 'http://localhost:8103/fhir' });
  client = createFhirClient({ base: server.base, fetch: server.fetch });
});

afterEach(() => server.close());

const source = 'https://ehr.test/r4';
const job: JobRecord = {
  key: 'job-1',
  analysis: 'lab-report',
  reader: 'embedded',
  patient: 'Patient/synthetic-1',
  subject: { reference: 'DiagnosticReport/outside-1', version: '3' },
  companions: [{ reference: 'ImagingStudy/prior-1', version: 'abc/def', role: 'prior' }],
};
const at = (minute: number) => ({ now: `2026-03-02T11:${String(minute).padStart(2, '0')}:00.000Z` });
const by = (minute: number) => ({ ...at(minute), runner: 'host/1/a/1' });

describe('job ledger', () => {
  test('a job becomes one Task, valid against its profile, and is read back from it', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => tasks.createTask(client, job, at(0))));
    expect(made.filter((one) => one.created)).toHaveLength(1);
    expect(new Set(made.map((one) => one.task.id)).size).toBe(1);
    const task = made[0]?.task as Task;
    validateForWrite(task);
    expect(jobOfTask(task)).toEqual(job);
    expect((await tasks.findTask(client, 'job-1'))?.id).toBe(task.id);
    expect(await tasks.findTask(client, 'job-2')).toBeUndefined();
    expect(jobOfTask({ ...task, input: [] })).toBeUndefined();
    expect(jobOfTask({ resourceType: 'Task', status: 'requested', intent: 'order' })).toBeUndefined();
  });

  test('requested → in-progress → requested → in-progress → completed, with attempts, times and outputs', async () => {
    let { task } = await tasks.createTask(client, job, at(0));
    task = await tasks.startTask(client, task, by(1));
    expect([task.status, attemptsOf(task), task.executionPeriod?.start]).toEqual(['in-progress', 1, at(1).now]);
    const reason = { system: 'error', code: 'fhir-timeout', text: 'The server did not answer.' } as const;
    task = await tasks.requeueTask(client, task, { ...at(2), ...reason });
    expect(task.statusReason?.coding?.[0]).toEqual({ system: 'urn:interval:error', code: 'fhir-timeout' });
    validateForWrite(task);
    task = await tasks.startTask(client, task, by(3));
    expect([attemptsOf(task), task.statusReason]).toEqual([2, undefined]);
    const outputs = ['DiagnosticReport/r', 'Observation/o'];
    task = await tasks.completeTask(client, task, { ...at(4), outputs, owner: 'Device/d' });
    validateForWrite(task);
    expect([task.status, attemptsOf(task), outputsOf(task)]).toEqual(['completed', 2, outputs]);
    expect(task.executionPeriod).toEqual({ start: at(3).now, end: at(4).now });
    expect(task.owner?.reference).toBe('Device/d');
  });

  test('ends: rejected, failed, cancelled say why; what was refused stays, the others may be asked for again', async () => {
    const reason = { system: 'abstention', code: 'patient-mismatch' } as const;
    for (const end of [tasks.rejectTask, tasks.failTask, tasks.cancelTask]) {
      const { task } = await tasks.createTask(client, { ...job, key: `job-${end.name}` }, at(0));
      const ended = await end(client, await tasks.startTask(client, task, by(1)), { ...at(2), ...reason });
      validateForWrite(ended);
      expect(ended.statusReason?.coding?.[0]?.code).toBe('patient-mismatch');
      await expect(tasks.startTask(client, ended, by(3))).rejects.toMatchObject({ code: 'fhir-conflict' });
      const again = tasks.requeueTask(client, ended, at(3));
      await (ended.status === 'rejected'
        ? expect(again).rejects.toMatchObject({ code: 'fhir-conflict' })
        : expect(again).resolves.toMatchObject({ status: 'requested' }));
    }
  });

  test('two processes cannot both take up a job', async () => {
    const { task } = await tasks.createTask(client, job, at(0));
    const taken = await Promise.allSettled([1, 2, 3].map((minute) => tasks.startTask(client, task, by(minute))));
    expect(taken.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(taken.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'fhir-conflict' });
  });

  test('what is unfinished is found after a restart: what waits, by priority too, and what runs', async () => {
    const make = async (key: string, priority: 'asap' | 'routine' = 'asap') =>
      (await tasks.createTask(client, { ...job, key }, { ...at(0), priority })).task;
    await make('waiting');
    await make('old', 'routine');
    await tasks.startTask(client, await make('running'), by(1));
    const done = await tasks.startTask(client, await make('done'), by(1));
    await tasks.completeTask(client, done, { ...at(2), outputs: ['DiagnosticReport/r'] });
    await client.create<Task>({ resourceType: 'Task', status: 'requested', intent: 'order' });
    const keys = (found: readonly Task[]) => found.map((task) => jobOfTask(task)?.key);
    expect(keys(await tasks.findRequested(client)).sort()).toEqual(['old', 'waiting']);
    expect(keys(await tasks.findRequested(client, { priority: 'routine' }))).toEqual(['old']);
    expect(keys(await tasks.findRequested(client, { most: 1 }))).toHaveLength(1);
    expect(keys(await tasks.findInProgress(client))).toEqual(['running']);
  });

  test('while it runs its Task gives signs of life and says who runs it, and waits with the priority it was given', async () => {
    const { task } = await tasks.createTask(client, job, { ...at(0), priority: 'routine' });
    const sooner = await tasks.hastenTask(client, task, { ...at(1), priority: 'asap' });
    expect([sooner.status, sooner.priority]).toEqual(['requested', 'asap']);
    const started = await tasks.startTask(client, sooner, by(2));
    const touched = await tasks.touchTask(client, started, at(3));
    validateForWrite(touched);
    expect([touched.status, touched.lastModified, runnerOf(touched)]).toEqual(['in-progress', at(3).now, 'host/1/a/1']);
    expect([touched.executionPeriod, attemptsOf(touched)]).toEqual([{ start: at(2).now }, 1]);
    // Whoever has an older version in hand has lost it.
    await expect(tasks.touchTask(client, started, at(4))).rejects.toMatchObject({ code: 'fhir-conflict' });
    await expect(tasks.hastenTask(client, touched, { ...at(4), priority: 'asap' })).rejects.toMatchObject({
      code: 'fhir-conflict',
    });
    const again = await tasks.startTask(client, await tasks.requeueTask(client, touched, at(5)), {
      ...at(6),
      runner: 'host/2/b/1',
    });
    expect([runnerOf(again), attemptsOf(again)]).toEqual(['host/2/b/1', 2]);
    const outputs = ['DiagnosticReport/r'];
    const completed = await tasks.completeTask(client, again, { ...at(7), outputs });
    expect([runnerOf(completed), outputsOf(completed)]).toEqual(['host/2/b/1', outputs]);
  });
});

/** Runs a job to its end, as the job runner does. */
async function run(key: string, change: Parameters<typeof labDraft>[0] = {}, patient = 'Patient/synthetic-1') {
  const { task } = await tasks.createTask(client, { ...job, key, patient }, at(0));
  const started = await tasks.startTask(client, task, by(1));
  const result = completeResult(labDraft({ jobKey: key, patient, ...change }), context);
  const { store } = await createWriteBack()(result, { store: client, source: client, mode: 'full' });
  const outputs = [store.report as string, ...store.observations];
  return tasks.completeTask(client, started, { ...at(2), outputs, owner: store.device as string });
}

describe('write-back and stored results', () => {
  test('everything that is written is valid, and found again with its Task', async () => {
    await run('job-1');
    const kinds = ['Device', 'Observation', 'Media', 'DiagnosticReport', 'Provenance'] as const;
    for (const kind of kinds) {
      for (const resource of await client.search(kind, {})) {
        expect(() => validateForWrite(resource)).not.toThrow();
      }
    }
    const [media] = await client.search<Media>('Media', {});
    expect([...(await client.binary(media?.content.url as string)).bytes]).toEqual([137, 80, 78, 71]);
    const results = await storedResults(client, 'Patient/synthetic-1');
    expect(results).toHaveLength(1);
    expect(results[0]?.task.status).toBe('completed');
    expect(results[0]?.report?.status).toBe('preliminary');
    expect(results[0]?.observations.map((one) => one.code.text)).toEqual(['Potassium', 'Sodium']);
    expect(await storedResults(client, 'Patient/synthetic-2')).toEqual([]);
  });

  test('twenty runs at once write one set', async () => {
    const result = completeResult(labDraft(), context);
    const servers = { store: client, source: client, mode: 'full' as const };
    await Promise.all(Array.from({ length: 20 }, () => createWriteBack()(result, servers)));
    const counts = await Promise.all(
      (['Device', 'Observation', 'Media', 'DiagnosticReport', 'Provenance'] as const).map(
        async (type) => (await client.search(type, {})).length,
      ),
    );
    expect(counts).toEqual([1, 2, 1, 1, 1]);
  });

  test('a later job updates what is preliminary, takes back what it does not confirm, and alone is shown', async () => {
    await run('job-1');
    const reader = { ...labDraft().reader, models: [{ id: 'lab-words', version: '4' }] };
    await run('job-2', { reader, observations: [potassium(6.5)], media: [] });
    const results = await storedResults(client, 'Patient/synthetic-1');
    expect(results.map((one) => [jobOfTask(one.task)?.key, one.report?.status])).toEqual([
      ['job-2', 'preliminary'],
      ['job-1', undefined],
    ]);
    expect(results[0]?.observations.map((one) => one.valueQuantity?.value)).toEqual([6.5]);
    const all = await client.search<Observation>('Observation', {});
    expect(all.map((one) => [one.code.text, one.status]).sort()).toEqual([
      ['Potassium', 'preliminary'],
      ['Sodium', 'entered-in-error'],
    ]);
    const activities = (await client.search<Provenance>('Provenance', {})).map(
      (one) => one.activity?.coding?.[0]?.code,
    );
    expect(activities.sort()).toEqual(['NULLIFY', 'transform', 'transform']);
  });

  test('a rejected value is not shown; a rejected report shows none', async () => {
    await run('job-1');
    const [first] = await client.search<Observation>('Observation', { code: 'http://loinc.org|2823-3' });
    await client.update({ ...(first as Observation & { id: string }), status: 'entered-in-error' });
    const shown = async () => (await storedResults(client, 'Patient/synthetic-1'))[0];
    expect((await shown())?.observations.map((one) => one.code.text)).toEqual(['Sodium']);
    const [report] = await client.search<DiagnosticReport>('DiagnosticReport', {});
    await client.update({ ...(report as DiagnosticReport & { id: string }), status: 'entered-in-error' });
    expect(await shown()).toMatchObject({ observations: [] });
    expect((await shown())?.report).toBeUndefined();
  });

  test('unfinished and rejected jobs are shown with nothing; so is what a killed job has written', async () => {
    await tasks.createTask(client, job, at(0));
    const result = completeResult(labDraft(), context);
    await createWriteBack()(result, { store: client, source: client, mode: 'none' });
    const results = await storedResults(client, 'Patient/synthetic-1');
    expect(results.map((one) => [one.task.status, one.report, one.observations])).toEqual([
      ['requested', undefined, []],
    ]);
  });

  test('in a store of its own the patient is the source’s, by absolute reference', async () => {
    const patient = `${source}/Patient/synthetic-1`;
    await run('job-1', { subject: `${source}/DiagnosticReport/outside-1` }, patient);
    const [result] = await storedResults(client, patient);
    expect(result?.observations).toHaveLength(2);
    expect(result?.task.for?.reference).toBe(patient);
    expect(await storedResults(client, 'Patient/synthetic-1')).toEqual([]);
  });

  test('two searches, whatever the number of results', async () => {
    await run('job-1');
    await run('job-2', { sourceIdentity: 'DiagnosticReport.outside-2:77', observations: [sodium], media: [] });
    const asked: string[] = [];
    const watching = createFhirClient({
      base: server.base,
      fetch: (url, init) => {
        asked.push(url);
        return server.fetch(url, init);
      },
    });
    expect(await storedResults(watching, 'Patient/synthetic-1')).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });
});

describe('chart', () => {
  test('is fetched in parallel, newest first, without what is entered in error and, where asked, without our own', async () => {
    const patient = await client.create<Patient>({ resourceType: 'Patient', name: [{ text: 'Synthetic' }] });
    const subject = { reference: `Patient/${patient.id}` };
    const lab = {
      coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
    };
    const observe = (code: string, day: string, status: Observation['status'] = 'final') =>
      client.create<Observation>({
        resourceType: 'Observation',
        status,
        category: [lab],
        code: { text: code },
        subject,
        effectiveDateTime: day,
      });
    await observe('older', '2026-01-01');
    await observe('newer', '2026-02-01');
    await observe('wrong', '2026-02-02', 'entered-in-error');
    await client.create({ resourceType: 'ImagingStudy', status: 'available', subject, started: '2026-01-05' });
    await client.create({ resourceType: 'ImagingStudy', status: 'cancelled', subject, started: '2026-01-06' });
    await run('job-1', {}, subject.reference);
    const chart = await fetchChart(client, patient.id as string);
    expect(chart.observations.map((one) => one.code.text)).toEqual(
      expect.arrayContaining(['newer', 'older', 'Potassium', 'Sodium']),
    );
    expect([chart.observations.length, chart.reports.length, chart.studies.length]).toEqual([4, 1, 1]);
    const others = await fetchChart(client, patient.id as string, { own: false });
    expect(others.observations.map((one) => one.code.text)).toEqual(['newer', 'older']);
    expect([others.reports, others.unavailable]).toEqual([[], []]);
    await expect(fetchChart(client, 'nobody')).rejects.toMatchObject({ code: 'fhir-not-found' });
  });

  test('a type that the server lacks is named; a server that fails is an error', async () => {
    const patient = await client.create<Patient>({ resourceType: 'Patient' });
    const failing = (status: number) =>
      createFhirClient({
        base: server.base,
        fetch: async (url, init) =>
          url.includes('/ImagingStudy') ? new Response('{}', { status }) : server.fetch(url, init),
      });
    const chart = await fetchChart(failing(404), patient.id as string);
    expect(chart.unavailable).toEqual(['ImagingStudy']);
    await expect(fetchChart(failing(503), patient.id as string)).rejects.toMatchObject({ code: 'fhir-unavailable' });
    await expect(fetchChart(failing(401), patient.id as string)).rejects.toMatchObject({ code: 'fhir-unauthorized' });
  });
});
