import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, ImagingStudy, Patient, Resource, Task } from '@medplum/fhirtypes';
import type { FhirClient } from '../../src/fhir/client.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createDicomWeb, type DicomWeb } from '../../src/imaging/dicomweb.ts';
import type { StudyRecord } from '../../src/imaging/dicomweb-search.ts';
import { type Started, startService } from '../support/service.ts';
import { sharedData } from '../support/shared-data.ts';
import { describeWith } from './neighbour.ts';
import { type Orthanc, orthancNeighbour, startOrthanc } from './orthanc/start.ts';

/**
 * Real, dated radiographs of seven patients in Orthanc, and charts that hold no more than what the PACS answers to a search
 * for studies: no series, no instances, no endpoints. The hook is fired as an EHR fires it; the cards are the answer.
 */
const folder = sharedData('cxr/dicom_timelines');
const patients = ['COVID-96', 'COVID-116', 'COVID-198', 'HANNOVER-226', 'HANNOVER-249', 'HANNOVER-253', 'HANNOVER-270'];
const idOf = (patientId: string) => patientId.toLowerCase();

interface Card {
  readonly summary: string;
  readonly indicator: string;
  readonly detail?: string;
  readonly links?: readonly { readonly url: string; readonly label: string }[];
}

(folder ? describeWith(orthancNeighbour) : describe.skip)('dated radiographs in Orthanc', () => {
  let orthanc: Orthanc;
  let web: DicomWeb;
  let service: Started;
  let client: FhirClient;
  const studies = new Map<string, readonly StudyRecord[]>();

  beforeAll(async () => {
    orthanc = await startOrthanc();
    const files = readdirSync(folder!).filter((name) => name.endsWith('.dcm'));
    await orthanc.store(files.map((name) => Uint8Array.from(readFileSync(`${folder}/${name}`))));
    web = createDicomWeb({ base: orthanc.base, headers: () => ({ authorization: orthanc.authorization }) });
    service = await startService('listening', {
      INTERVAL_SAMPLES: 'off',
      INTERVAL_PACS_URL: orthanc.base,
      INTERVAL_PACS_AUTHORIZATION: orthanc.authorization,
    });
    client = createFhirClient({ base: `${service.base}/fhir/R4` });
    for (const patientId of patients) {
      const found = await web.searchStudies({ patientId });
      studies.set(patientId, found);
      await write(chartOf(patientId, found));
    }
  }, 120_000);

  afterAll(async () => {
    await service?.stop();
    await orthanc?.close();
  });

  test('the hook answers at once; each patient gets one job; then every one gets a card', async () => {
    for (const patientId of patients) {
      await fire(patientId);
    }
    const rows: string[] = [];
    let completed = 0;
    for (const patientId of patients) {
      const task = await ended(patientId);
      const reason = task.statusReason?.coding?.[0]?.code;
      const newest = studies.get(patientId)!.at(-1)!;
      // the last film was read against the one before it
      expect(task.focus?.reference).toBe(`ImagingStudy/${idOf(patientId)}-${studies.get(patientId)!.length - 1}`);
      const [card] = await fire(patientId);
      expect(card?.summary).toContain(dayOf(newest.studyDate!));
      if (task.status === 'completed') {
        completed++;
        expect(card?.summary).toMatch(/since \d+ \w{3} 2020/);
        expect(card?.links?.some(({ url }) => url.includes('/review/'))).toBe(true);
      } else {
        // an abstention says why, with a code
        expect([task.status, reason]).toEqual(['rejected', expect.stringMatching(/^[a-z]+(-[a-z]+)+$/)]);
      }
      rows.push(`${patientId.padEnd(14)} ${task.status} ${reason ?? ''} · ${card?.indicator}: ${card?.summary}`);
    }
    process.stderr.write(`${rows.join('\n')}\n`);
    expect(completed).toBeGreaterThanOrEqual(5);
  }, 170_000);

  test('the review page has the films from the PACS, the timeline of all before, and lays any under the current one', async () => {
    const report = await reportOf('HANNOVER-270');
    const timeline = await json<{ study: string; date: string }[]>(`/review/${report}/timeline.json`);
    expect(timeline.map(({ date }) => date.slice(0, 10))).toEqual(['2020-02-29', '2020-02-18', '2020-02-07']);
    for (const name of ['current', 'prior', timeline.at(-1)!.study.split('/')[1]!]) {
      const film = await fetch(`${service.base}/review/${report}/films/${name}/0.raw`);
      expect(film.status).toBe(200);
      expect((await film.arrayBuffer()).byteLength).toBe(960 * 960 * 2);
    }
    const pair = await json<{ matrix: number[]; score: number }>(`/review/${report}/pairs/prior.json`);
    expect(pair.score).toBeGreaterThan(0.5);
    expect(pair.matrix[0]).toBeGreaterThan(0.7);
    expect(pair.matrix[0]).toBeLessThan(1.4);
  }, 60_000);

  test('two films of one day are two dates, and the later one is read against the earlier', async () => {
    const [task] = await client.search<Task>('Task', { patient: `Patient/${idOf('HANNOVER-253')}` });
    const inputs = JSON.stringify(task);
    expect(inputs).toContain('hannover-253-2');
    expect(inputs).toContain('hannover-253-1');
  });

  function chartOf(patientId: string, found: readonly StudyRecord[]): Resource[] {
    const patient: Patient = {
      resourceType: 'Patient',
      id: idOf(patientId),
      identifier: [{ system: 'urn:example:mrn', value: patientId }],
      name: [{ family: 'Test', given: [patientId.replace('-', '').replace(/^\w+/, titleCase)] }],
    };
    return [
      patient,
      ...found.map(
        (record, number): ImagingStudy => ({
          resourceType: 'ImagingStudy',
          id: `${idOf(patientId)}-${number}`,
          status: 'available',
          subject: { reference: `Patient/${idOf(patientId)}` },
          identifier: [{ system: 'urn:dicom:uid', value: `urn:oid:${record.studyUid}` }],
          started: startedOf(record),
          description: record.description,
          modality: record.modalities.map((code) => ({
            system: 'http://dicom.nema.org/resources/ontology/DCM',
            code,
          })),
        }),
      ),
    ];
  }

  async function write(resources: readonly Resource[]): Promise<void> {
    const bundle: Bundle = {
      resourceType: 'Bundle',
      type: 'batch',
      entry: resources.map((resource) => ({
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
        resource,
      })),
    };
    const answer = await fetch(`${service.base}/fhir/R4`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(bundle),
    });
    expect(answer.status).toBe(200);
    const written = (await answer.json()) as Bundle;
    expect(written.entry?.map(({ response }) => response?.status?.slice(0, 3))).toEqual(resources.map(() => '201'));
  }

  async function fire(patientId: string): Promise<readonly Card[]> {
    const answer = await fetch(`${service.base}/cds-services/chest-xray-change`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${service.base}/fhir/R4`,
        context: { userId: 'Practitioner/example', patientId: idOf(patientId) },
      }),
    });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { cards: readonly Card[] }).cards;
  }

  async function ended(patientId: string): Promise<Task> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      const tasks = await client.search<Task>('Task', { patient: `Patient/${idOf(patientId)}` });
      if (tasks.length === 1 && ['completed', 'rejected', 'failed'].includes(tasks[0]!.status)) {
        return tasks[0]!;
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error(`No job of ${patientId} ended.`);
  }

  async function reportOf(patientId: string): Promise<string> {
    const [report] = await client.search<DiagnosticReport>('DiagnosticReport', {
      patient: `Patient/${idOf(patientId)}`,
    });
    expect(report).toBeDefined();
    return report!.id!;
  }

  async function json<T>(path: string): Promise<T> {
    const answer = await fetch(`${service.base}${path}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as T;
  }
});

/** Date and time of a study as the PACS has them; a chart adds the zone of its site. */
function startedOf({ studyDate = '', studyTime = '' }: StudyRecord): string {
  const part = (text: string, at: number, length = 2) => text.slice(at, at + length);
  const day = `${part(studyDate, 0, 4)}-${part(studyDate, 4)}-${part(studyDate, 6)}`;
  return studyTime ? `${day}T${part(studyTime, 0)}:${part(studyTime, 2)}:${part(studyTime, 4)}Z` : day;
}

function dayOf(date: string): string {
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${Number(date.slice(6, 8))} ${names[Number(date.slice(4, 6)) - 1]} ${date.slice(0, 4)}`;
}

function titleCase(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}
