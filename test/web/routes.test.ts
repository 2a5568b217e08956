import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import express, { type ErrorRequestHandler } from 'express';
import { asIntervalError, IntervalError, toOperationOutcome } from '../../src/errors.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { codeSystem } from '../../src/fhir/codes.ts';
import { completeResult } from '../../src/fhir/complete.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import type { ResultDraft } from '../../src/fhir/result-draft.ts';
import { completeTask, createTask, startTask } from '../../src/fhir/tasks.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { createSamples } from '../../src/samples/create.ts';
import { seed } from '../../src/samples/seed.ts';
import type { PageJudgement } from '../../src/web/options.ts';
import { type WebOptions, webRouter } from '../../src/web/routes.ts';

const base = 'http://interval.test/fhir/R4';
const now = '2026-03-14T16:00:00.000Z';
const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
const fhir = createFhirServer({ base });
const client: FhirClient = createFhirClient({ base, fetch: fhir.fetch });
const rendered: string[] = [];
const view = { levels: [{ width: 2, height: 1, values: Uint16Array.of(0, 65_535) }], window: { low: 0, high: 1 } };
const judgements: PageJudgement[] = [];
const shown: string[] = [];
let servers: Server[] = [];
let open = '';
let closed = '';
let reportId = '';

beforeAll(async () => {
  const set = await createSamples({ now: new Date(now), timeZone: 'UTC' });
  await seed(client, { ...set, samples: set.samples.filter(({ id }) => id === 'sample-potassium') });
  reportId = await writeResult();
  open = await listen({ demo: true });
  closed = await listen({ demo: false });
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  servers = [];
  fhir.close();
});

/** One potassium, as a job writes it. */
async function writeResult(): Promise<string> {
  const subject = 'DocumentReference/sample-potassium-report';
  const job = {
    key: 'a'.repeat(64),
    analysis: 'lab-report',
    reader: 'embedded',
    patient: 'Patient/sample-potassium',
    subject: { reference: subject, version: '1' },
    companions: [],
  };
  const draft: ResultDraft = {
    jobKey: job.key,
    analysis: job.analysis,
    reader: {
      analysis: job.analysis,
      analysisVersion: '1.0.0',
      readerId: 'embedded',
      readerVersion: '1.0.0',
      models: [],
    },
    patient: job.patient,
    subject,
    sourceIdentity: 'sample-potassium-report:0',
    observations: [
      {
        item: 'potassium.0',
        regions: [{ source: subject, page: 1, box: [230, 226, 300, 238], width: 612, height: 792 }],
        resource: {
          resourceType: 'Observation',
          category: [{ coding: [{ system: codeSystem.observationCategory, code: 'laboratory' }] }],
          code: { coding: [{ system: codeSystem.loinc, code: '2823-3' }], text: 'Potassium <b>' },
          effectiveDateTime: '2026-03-13T07:40:00Z',
          valueQuantity: { value: 6.8, unit: 'mmol/L', system: codeSystem.ucum, code: 'mmol/L' },
          interpretation: [{ coding: [{ system: codeSystem.interpretation, code: 'HH' }] }],
          derivedFrom: [{ reference: subject }],
        },
      },
    ],
    report: {
      resourceType: 'DiagnosticReport',
      category: [{ coding: [{ system: codeSystem.diagnosticServiceSection, code: 'LAB' }] }],
      code: { text: 'Outside laboratory report' },
      effectiveDateTime: '2026-03-13T07:40:00Z',
    },
    media: [],
    inputs: [{ reference: subject, sha256: 'ab'.repeat(32), display: 'Outside laboratory report' }],
  };
  const { task } = await createTask(client, job, { now });
  const started = await startTask(client, task, { now, runner: 'a/1/b/1' });
  const result = completeResult(draft, { now, organization: { display: 'Test site' } });
  const { store } = await createWriteBack()(result, { store: client, source: client, mode: 'none' });
  await completeTask(client, started, { now, outputs: [...store.observations, store.report!] });
  return store.report!.split('/')[1]!;
}

async function listen(options: { demo: boolean }): Promise<string> {
  const web: WebOptions = {
    store: client,
    source: client,
    demo: options.demo,
    renderPage: async (subject, page) => {
      rendered.push(`${subject} ${page}`);
      if (page > 2) {
        throw new IntervalError('not-found', 'There is no such page.');
      }
      return { png, width: 612, height: 792, pages: 2 };
    },
    renderImage: async (study) => {
      rendered.push(study);
      return png;
    },
    film: async ({ study }) => {
      rendered.push(study);
      return view;
    },
    pair: async () => ({ matrix: [1, 0, 0, 0, 1, 0], score: 0.9 }),
    timeline: async () => [],
    judge: async (judgement) => {
      judgements.push(judgement);
      return { changed: judgement.observations.length, left: 0 };
    },
    onShown: ({ patient, data }) => shown.push(`${patient} ${data}`),
    publicUrl: () => 'http://localhost',
    status: async () => ({
      version: '0.1.0',
      readers: [{ analysis: 'lab-report', reader: 'embedded 1.0.0' }],
      store: 'embedded',
      source: 'embedded',
      writeBack: 'full',
      queue: { waiting: 0, running: 0, delayed: 0, dead: 0, oldestSeconds: 0 },
    }),
    work: async () => ({
      queue: { waiting: 3, running: 1, delayed: 0, dead: 0, oldestSeconds: 12 },
      waitingFor: [],
      figures: { ended: { completed: 4 }, retries: 1, abstained: { 'no-text': 2 }, withdrawn: {}, read: {} },
    }),
    services: [
      {
        id: 'lab-report-results',
        hook: 'patient-view',
        description: 'x',
        prefetch: {
          patient: 'Patient/{{context.patientId}}',
          documents: 'DocumentReference?patient={{context.patientId}}&_count=10',
          studies: 'ImagingStudy?patient={{context.patientId}}',
        },
      },
    ],
  };
  const app = express();
  app.use(webRouter(web));
  const failed: ErrorRequestHandler = (thrown, _request, response, _next) => {
    const error = asIntervalError(thrown);
    response.status(error.status).json(toOperationOutcome(error));
  };
  app.use(failed);
  const server = createServer(app);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = async (path: string, root = open) => {
  const response = await fetch(root + path);
  return { status: response.status, headers: response.headers, body: await response.json() };
};

describe('page', () => {
  test('is strict about what it loads, and its modules are JavaScript', async () => {
    for (const path of ['/', `/review/${reportId}`]) {
      const response = await fetch(open + path);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'/);
      expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/i);
      for (const [, asset] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
        const loaded = await fetch(open + asset);
        expect([asset, loaded.status]).toEqual([asset, 200]);
      }
    }
    const script = await fetch(`${open}/assets/home.ts`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).not.toMatch(/\bimport type\b|: HTMLElement\b/);
    const again = await fetch(`${open}/assets/home.ts`, { headers: { 'if-none-match': script.headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  test('serves no file but its own', async () => {
    for (const path of ['/assets/../routes.ts', '/assets/%2e%2e/routes.ts', '/assets/home.html', '/assets/none.ts']) {
      expect((await fetch(open + path)).status).toBe(404);
    }
  });

  test('lists patients with what they show', async () => {
    const { body, headers } = await json('/ehr/patients');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual([
      expect.objectContaining({ id: 'sample-potassium', name: 'Mockford, Ottoline', title: 'Critical potassium' }),
    ]);
  });

  test('shows the chart before, without what Interval wrote, and what it wrote after', async () => {
    const before = (await json('/ehr/patients/sample-potassium/chart')).body;
    expect(before.documents).toEqual([
      expect.objectContaining({ reference: 'DocumentReference/sample-potassium-report', kind: 'application/pdf' }),
    ]);
    expect(before.results.map((row: { printed: string }) => row.printed).sort()).toEqual(['1.42', '4.6']);
    const [after] = (await json('/ehr/patients/sample-potassium/results')).body;
    expect(after).toMatchObject({
      status: 'completed',
      subject: 'DocumentReference/sample-potassium-report',
      report: reportId,
      rows: [{ name: 'Potassium <b>', coded: '6.8 mmol/L', interpretation: 'HH', status: 'preliminary' }],
    });
  });

  test('resolves the prefetch of a service as an EHR does', async () => {
    const { body } = await json('/ehr/patients/sample-potassium/prefetch/lab-report-results');
    expect(body.service).toEqual({ id: 'lab-report-results', hook: 'patient-view' });
    expect(body.prefetch.patient.id).toBe('sample-potassium');
    expect(body.prefetch.documents.entry).toHaveLength(1);
    expect(body.prefetch.studies).toEqual({ resourceType: 'Bundle', type: 'searchset', total: 0 });
    expect((await json('/ehr/patients/sample-potassium/prefetch/none')).status).toBe(404);
    expect((await json('/ehr/patients/nobody/prefetch/lab-report-results')).body.prefetch.patient).toBeNull();
  });

  test('says what is wrong with an address', async () => {
    for (const path of [
      '/ehr/patients/nobody/chart',
      '/ehr/patients/a%2Fb/chart',
      '/ehr/documents/Patient/sample-potassium/pages/1.png',
      '/ehr/documents/DocumentReference/x/pages/0.png',
      '/ehr/documents/DocumentReference/x/pages/3.png',
      '/review/nothing/data.json',
      '/review/sample-potassium/images/current.png',
      `/review/${reportId}/images/picture-0.png`,
    ]) {
      const { status, body } = await json(path);
      expect([path, status]).toEqual([path, 404]);
      expect(body.resourceType).toBe('OperationOutcome');
    }
  });
});

describe('review', () => {
  test('says what was read, where, by what and from which bytes', async () => {
    const { body } = await json(`/review/${reportId}/data.json`);
    expect(body).toMatchObject({
      kind: 'document',
      document: 'DocumentReference/sample-potassium-report',
      status: 'preliminary',
      patient: { name: 'Mockford, Ottoline' },
      rows: [
        {
          name: 'Potassium <b>',
          code: { code: '2823-3' },
          regions: [{ page: 1, box: [230, 226, 300, 238], width: 612, height: 792 }],
        },
      ],
      inputs: [{ reference: 'DocumentReference/sample-potassium-report', sha256: 'ab'.repeat(32) }],
    });
    expect(body.reader.name).toContain('lab-report');
  });

  test('serves pages of that document only', async () => {
    const response = await fetch(`${open}/review/${reportId}/pages/2.png`);
    expect([response.status, response.headers.get('content-type'), response.headers.get('x-page-count')]).toEqual([
      200,
      'image/png',
      '2',
    ]);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png);
    expect(rendered.at(-1)).toBe('DocumentReference/sample-potassium-report 2');
  });

  test('does not take a report of somebody else for one of ours', async () => {
    const foreign = await client.create<DiagnosticReport>({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: 'Of the hospital' },
      subject: { reference: 'Patient/sample-potassium' },
    });
    expect((await json(`/review/${foreign.id}/data.json`)).status).toBe(404);
  });
});

describe('judging', () => {
  const post = async (body: unknown, headers: Record<string, string> = {}, root = open, report = reportId) => {
    const response = await fetch(`${root}/review/${report}/judgement`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  test('hands on what was shown, with its version; from the page itself', async () => {
    const { body: review } = await json(`/review/${reportId}/data.json`);
    expect(review.judgeable).toBe(true);
    const observations = review.rows.map(({ id, version }: { id: string; version: string }) => ({ id, version }));
    const headers = { origin: open, 'sec-fetch-site': 'same-origin' };
    expect(await post({ verdict: 'accept', observations }, headers)).toEqual({
      status: 200,
      body: { changed: 1, left: 0 },
    });
    expect(judgements.at(-1)).toMatchObject({ report: reportId, verdict: 'accept', observations });
    expect(observations[0].version).toMatch(/^\d+$/);
  });

  test('that a chart was shown is told, for the audit', async () => {
    shown.length = 0;
    await json(`/review/${reportId}/data.json`);
    await json('/ehr/patients/sample-potassium/chart');
    expect(shown).toEqual([
      `Patient/sample-potassium DiagnosticReport/${reportId}`,
      'Patient/sample-potassium Patient/sample-potassium',
    ]);
  });

  test('a foreign page cannot judge, a form cannot, and nobody can what is not in the report', async () => {
    judgements.length = 0;
    const { body: review } = await json(`/review/${reportId}/data.json`);
    const good = { verdict: 'reject', observations: [{ id: review.rows[0].id }] };
    const codes = await Promise.all(
      [
        post(good, { origin: 'https://evil.example' }),
        post(good, { 'sec-fetch-site': 'cross-site' }),
        post(good, { origin: 'null' }),
        post(JSON.stringify(good), { 'content-type': 'text/plain' }),
        post({ verdict: 'maybe', observations: good.observations }),
        post({ verdict: 'accept', observations: [] }),
        post({ verdict: 'accept', observations: [{ id: '../x' }] }),
        post({ verdict: 'accept', observations: [{ id: 'other' }] }),
        post(good, {}, open, 'nothing'),
        post(good, {}, closed),
      ].map(async (reply) => (await reply).body.issue[0].diagnostics),
    );
    expect(codes).toEqual([
      'origin-refused',
      'origin-refused',
      'origin-refused',
      'media-type-unsupported',
      'request-malformed',
      'request-malformed',
      'request-malformed',
      'not-found',
      'not-found',
      'sign-in-required',
    ]);
    expect(judgements).toEqual([]);
  });
});

describe('without the demonstration mode', () => {
  test('nothing of a patient is served', async () => {
    for (const path of [
      '/ehr/patients',
      '/ehr/patients/sample-potassium/chart',
      '/ehr/patients/sample-potassium/results',
      '/ehr/studies/x/image.png',
      `/review/${reportId}/data.json`,
      `/review/${reportId}/pages/1.png`,
    ]) {
      const { status, body } = await json(path, closed);
      expect([path, status, body.issue?.[0].diagnostics]).toEqual([path, 403, 'sign-in-required']);
    }
    expect((await json('/ehr/status', closed)).body).toMatchObject({ demo: false });
  });
});
