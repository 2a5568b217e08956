import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { keepLedger } from '../../src/jobs/ledger.ts';
import { requestDue } from '../../src/jobs/request.ts';
import { createRunner } from '../../src/jobs/run.ts';
import { createMemoryQueue } from '../../src/queue/memory.ts';
import { smallAnalysis } from '../support/small-analysis.ts';

const storeBase = 'http://127.0.0.1:9/fhir/R4';
const sourceBase = 'http://127.0.0.1:10/ehr/R4';
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/fhir+json', ...headers } });
const outcome = (status: number, headers?: Record<string, string>) =>
  json({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] }, status, headers);

/** How the EHR's server answers the read of the report; the patient is always there. */
const answers: readonly (readonly [string, () => Response | Promise<Response>, string])[] = [
  ['401', () => outcome(401), 'failed fhir-unauthorized'],
  ['403', () => outcome(403), 'failed fhir-forbidden'],
  ['404', () => outcome(404), 'cancelled subject-gone'],
  ['410', () => outcome(410), 'cancelled subject-gone'],
  ['429 with Retry-After', () => outcome(429, { 'retry-after': '0' }), 'failed fhir-throttled'],
  ['500', () => outcome(500), 'failed fhir-unavailable'],
  [
    'an HTML page',
    () => new Response('<html><title>Sign in</title></html>', { headers: { 'content-type': 'text/html' } }),
    'failed fhir-bad-answer',
  ],
  ['nothing', () => new Response(null, { status: 200 }), 'failed fhir-bad-answer'],
  ['another resource', () => json({ resourceType: 'Patient', id: 'r1' }), 'failed fhir-bad-answer'],
  [
    'a body cut short',
    () =>
      new Response('{"resourceType":"DiagnosticReport","id":', {
        headers: { 'content-type': 'application/fhir+json' },
      }),
    'failed fhir-bad-answer',
  ],
  [
    'no connection',
    () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) });
    },
    'failed fhir-unavailable',
  ],
];

describe('a source that misbehaves', () => {
  let server: FhirServer;
  beforeEach(() => {
    server = createFhirServer({ base: storeBase });
  });
  afterEach(() => server.close());

  async function aProcess(answer: () => Response | Promise<Response>) {
    const store = createFhirClient({ base: storeBase, fetch: server.fetch });
    const source = createFhirClient({
      base: sourceBase,
      retry: 0,
      fetch: async (url) =>
        String(url).includes('/Patient/') ? json({ resourceType: 'Patient', id: 'p1' }) : answer(),
    });
    const form = referenceForm({ source: sourceBase, store: storeBase });
    const clock = () => new Date();
    const writeBack = createWriteBack();
    const run = createRunner({
      store,
      source,
      form,
      analyses: [await smallAnalysis()],
      world: { timeZone: '', dicomweb: () => undefined },
      complete: { organization: { display: 'Test site' } },
      clock,
      beatMs: 60_000,
      write: (result, signal, { check }) => writeBack(result, { store, source, mode: 'none' }, { signal, check }),
    });
    const queue = createMemoryQueue({ concurrency: 1, limit: 10, attempts: 2, timeoutMs: 5000, backoffMs: () => 1 });
    const ledger = { store, form, queue, clock };
    queue.process(
      keepLedger(async (job, signal, attempt) => void (await run(job, signal, attempt)), ledger, {
        owner: 'test/1/a',
        onLost: () => undefined,
      }),
    );
    const job = {
      key: 'k1',
      analysis: 'lab-report',
      reader: 'embedded',
      patient: 'Patient/p1',
      subject: { reference: 'DiagnosticReport/r1', version: '1' },
      companions: [],
    };
    await requestDue([{ job, state: 'due', candidate: { subject: job.subject, companions: [] } }], ledger);
    await queue.idle();
    await queue.close();
  }
  const all = async (query: string) =>
    ((await (await server.fetch(`${storeBase}/${query}`)).json()) as Bundle).entry?.map(
      (entry) => entry.resource as Resource,
    ) ?? [];

  test.each(answers)('%s: the Task says so, nothing is written', async (_name, answer, expected) => {
    await aProcess(answer);
    const tasks = (await all('Task')) as Task[];
    expect(tasks.map((task) => `${task.status} ${task.statusReason?.coding?.[0]?.code}`)).toEqual([expected]);
    expect(await all('Observation')).toEqual([]);
    expect(await all('DiagnosticReport')).toEqual([]);
  });

  test('answers again: the result stands in the store and names the source by absolute references', async () => {
    let calls = 0;
    await aProcess(() => {
      calls += 1;
      return calls === 1
        ? outcome(503)
        : json({
            resourceType: 'DiagnosticReport',
            id: 'r1',
            meta: { versionId: '1' },
            status: 'final',
            code: { text: 'Report' },
          });
    });
    expect((await all('Task')).map((task) => (task as Task).status)).toEqual(['completed']);
    const observations = (await all('Observation')) as { subject: { reference: string } }[];
    expect(observations.map(({ subject }) => subject.reference)).toEqual([
      `${sourceBase}/Patient/p1`,
      `${sourceBase}/Patient/p1`,
    ]);
  });
});
