import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Observation, Resource, Task } from '@medplum/fhirtypes';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { requestForPatient } from '../../src/jobs/arrivals.ts';
import { aJobProcess } from '../support/job-process.ts';

/**
 * Every fault of a FHIR server at every call that a job makes of one: once, and for ever. A fault that passes changes
 * nothing of how the job ends; one that stays ends it in the state of this table, and when it is over the job ends as if it
 * had never been. There is one set of results at most.
 */
const bases = { source: 'http://ehr.test/r4', store: 'http://store.test/fhir' };
const fhir = { 'content-type': 'application/fhir+json' };
const outcome = (status: number, headers: Record<string, string> = {}) => {
  const body = JSON.stringify({ resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'exception' }] });
  return new Response(body, { status, headers: { ...fhir, ...headers } });
};
const unanswered = (signal: AbortSignal) =>
  new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

interface Fault {
  readonly answer: (signal: AbortSignal) => Response | Promise<Response>;
  /** Code with which the job fails when the fault stays. */
  readonly code: string;
  /** The error is given up at once: the same answer would come again. */
  readonly final?: true;
  /** Comes instead of carrying the request out, or, of a write, after it was carried out too: the answer is what is lost. */
  readonly also?: 'after';
}

const faults: Readonly<Record<string, Fault>> = {
  '429 with Retry-After in seconds': { answer: () => outcome(429, { 'retry-after': '0' }), code: 'fhir-throttled' },
  '429 with Retry-After as a date': {
    answer: () => outcome(429, { 'retry-after': new Date().toUTCString() }),
    code: 'fhir-throttled',
  },
  '500': { answer: () => outcome(500), code: 'fhir-unavailable', also: 'after' },
  '503 with Retry-After': { answer: () => outcome(503, { 'retry-after': '0' }), code: 'fhir-unavailable' },
  '504': { answer: () => outcome(504), code: 'fhir-timeout', also: 'after' },
  'no answer': { answer: unanswered, code: 'fhir-timeout', also: 'after' },
  'a body that does not end': {
    answer: (signal) => {
      const stream = new ReadableStream({
        start(control) {
          control.enqueue(new TextEncoder().encode('{"resource'));
          signal.addEventListener('abort', () => control.error(signal.reason), { once: true });
        },
      });
      return new Response(stream, { headers: fhir });
    },
    code: 'fhir-timeout',
    also: 'after',
  },
  'a connection that breaks': {
    answer: () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
    },
    code: 'fhir-unavailable',
    also: 'after',
  },
  '409': { answer: () => outcome(409), code: 'fhir-conflict' },
  '412': { answer: () => outcome(412), code: 'fhir-conflict' },
  'JSON cut short': {
    answer: () => new Response('{"resourceType":"Bun', { headers: fhir }),
    code: 'fhir-bad-answer',
    also: 'after',
  },
  'an OperationOutcome with 200': { answer: () => outcome(200), code: 'fhir-bad-answer', also: 'after' },
  'a sign-in page': {
    answer: () => new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } }),
    code: 'fhir-bad-answer',
  },
  '401': { answer: () => outcome(401), code: 'fhir-unauthorized', final: true },
  '403': { answer: () => outcome(403), code: 'fhir-forbidden', final: true },
  '404': { answer: () => outcome(404), code: 'fhir-not-found', final: true },
  '422': { answer: () => outcome(422), code: 'fhir-rejected', final: true },
};

interface Call {
  readonly is: (method: string, url: string, body: string) => boolean;
  /** What a 404 means here. */
  readonly notFound?: string;
  /** Where the Task itself cannot be written it stays as it is, and is taken over. */
  readonly ofTask?: true;
}

const of = (base: string, type: string) => new RegExp(`^${base.replace(/[.]/g, '\\.')}/${type}(?:[/?]|$)`);
const calls: Readonly<Record<string, Call>> = {
  'read the subject': {
    is: (method, url) => method === 'GET' && of(bases.source, 'DiagnosticReport/r1').test(url),
    notFound: 'cancelled subject-gone',
  },
  'read the attachment': { is: (method, url) => method === 'GET' && of(bases.source, 'Binary').test(url) },
  'take the job up': {
    is: (method, url, body) => method === 'PUT' && of(bases.store, 'Task').test(url) && body.includes('"in-progress"'),
    ofTask: true,
  },
  'write a result into the store': {
    is: (method, url) => method === 'POST' && of(bases.store, 'Observation').test(url),
  },
  'write a picture into the source': { is: (method, url) => method === 'POST' && of(bases.source, 'Binary').test(url) },
  'write a result into the source': {
    is: (method, url) => method === 'POST' && of(bases.source, 'Observation').test(url),
  },
  'write the Provenance': { is: (method, url) => method === 'POST' && of(bases.source, 'Provenance').test(url) },
  'complete the Task': {
    is: (method, url, body) => method === 'PUT' && of(bases.store, 'Task').test(url) && body.includes('"completed"'),
    ofTask: true,
  },
};

describe('a FHIR server that misbehaves while a job runs', () => {
  let source: FhirServer;
  let store: FhirServer;
  const all = async <T extends Resource>(server: FhirServer, query: string): Promise<readonly T[]> => {
    const base = server === store ? bases.store : bases.source;
    const bundle = (await (await server.fetch(`${base}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };

  beforeEach(async () => {
    source = createFhirServer({ base: bases.source });
    store = createFhirServer({ base: bases.store });
    const ehr = createFhirClient({ base: bases.source, fetch: source.fetch });
    await ehr.update({ resourceType: 'Patient', id: 'p1', name: [{ family: 'Synthetic' }] } as Resource & {
      id: string;
    });
    const { url } = await ehr.createBinary(new Uint8Array([1, 2, 3]), 'application/pdf');
    await ehr.update<DiagnosticReport & { id: string }>({
      resourceType: 'DiagnosticReport',
      id: 'r1',
      status: 'final',
      code: { text: 'Outside report' },
      subject: { reference: 'Patient/p1' },
      presentedForm: [{ contentType: 'application/pdf', url }],
    });
  });
  afterEach(() => {
    source.close();
    store.close();
  });

  /** A process whose requests of one kind are answered by a fault, the first `times` of them. */
  async function aProcess(call: Call, fault: Fault, times: number, when: 'before' | 'after') {
    let left = times;
    let met = 0;
    const over = (server: FhirServer): typeof fetch => {
      return async (input, init) => {
        const matches = call.is(init?.method ?? 'GET', String(input), String(init?.body ?? ''));
        if (!matches || left <= 0) {
          return server.fetch(input, init);
        }
        left -= 1;
        met += 1;
        if (when === 'after') {
          await server.fetch(input, init);
        }
        return fault.answer(init?.signal as AbortSignal);
      };
    };
    const job = await aJobProcess({
      base: bases.store,
      fetch: over(store),
      source: { base: bases.source, fetch: over(source) },
      attempts: 3,
      requestMs: 500,
      // A token that is refused is renewed.
      token: async (refused) => (refused === undefined ? 'first' : 'renewed'),
    });
    return { job, met: () => met, mend: () => (left = 0) };
  }

  const state = async () => {
    const [task, ...more] = await all<Task>(store, 'Task');
    const of = async (server: FhirServer) => ({
      observations: (await all<Observation>(server, 'Observation?_count=100')).length,
      reports: (await all<DiagnosticReport>(server, 'DiagnosticReport?status=preliminary')).length,
      media: (await all(server, 'Media')).length,
      provenances: (await all(server, 'Provenance')).length,
    });
    expect(more).toEqual([]);
    return {
      task: `${task?.status} ${task?.statusReason?.coding?.[0]?.code ?? ''}`.trim(),
      store: await of(store),
      source: await of(source),
    };
  };
  const set = { observations: 2, reports: 1, media: 1, provenances: 1 };
  const whole = { task: 'completed', store: set, source: set };

  const rows = Object.entries(calls).flatMap(([where, call]) =>
    Object.entries(faults).flatMap(([what, fault]) =>
      (fault.also ? (['before', 'after'] as const) : (['before'] as const)).map(
        (when) => [what, where, when, fault, call] as const,
      ),
    ),
  );

  test.each(rows)('%s, to "%s", %s it is carried out', async (what, _where, when, fault, call) => {
    const passing = what === '401' || !fault.final;
    if (passing) {
      const { job, met } = await aProcess(call, fault, 1, when);
      await job.ask();
      await job.queue.idle();
      await settleTask(job);
      await job.queue.close();
      expect({ met: met(), ...(await state()) }).toEqual({ met: 1, ...whole });
      return;
    }
    const { job, met, mend } = await aProcess(call, fault, Number.POSITIVE_INFINITY, when);
    await job.ask();
    await job.queue.idle();
    const { task } = await state();
    expect(met()).toBeGreaterThanOrEqual(1);
    if (!call.ofTask) {
      expect(task).toBe((what === '404' && call.notFound) || `failed ${fault.code}`);
    }
    mend();
    await later(job);
    expect(await state()).toEqual(whole);
  });

  test.each(['500', '429 with Retry-After in seconds', '401', 'no answer'] as const)(
    '%s for ever: the job fails with its code, and is read when that is over',
    async (what) => {
      const fault = faults[what]!;
      const { job, mend } = await aProcess(calls['write a result into the source']!, fault, 1000, 'before');
      await job.ask();
      await job.queue.idle();
      expect((await state()).task).toBe(`failed ${fault.code}`);
      mend();
      await later(job);
      expect(await state()).toEqual(whole);
    },
  );

  type Process = Awaited<ReturnType<typeof aJobProcess>>;

  /** A Task that could not be written stays in progress or requested; whoever sweeps brings its job back. */
  async function settleTask(job: Process): Promise<void> {
    const [task] = await all<Task>(store, 'Task');
    if (task?.status === 'in-progress' || task?.status === 'requested') {
      await job.sweep.afterRestart();
      await job.queue.idle();
    }
  }

  /** Ten minutes later somebody asks again. */
  async function later(job: Process): Promise<void> {
    await settleTask(job);
    const clock = () => new Date(Date.now() + 11 * 60_000);
    const world = { source: createFhirClient({ base: bases.source, fetch: source.fetch }), analyses: job.analyses };
    await requestForPatient('p1', { ...world, ledger: { ...job.ledger, clock } });
    await job.queue.idle();
    await job.queue.close();
  }

  test.each(Object.entries(faults))(
    '%s while the Task is made: whoever asked is told, nothing is half-made',
    async (what, fault) => {
      const call: Call = { is: (method, url) => method === 'POST' && of(bases.store, 'Task').test(url) };
      const { job } = await aProcess(call, fault, 1, fault.also ?? 'before');
      if (what === '401') {
        await job.ask();
      } else {
        await expect(job.ask()).rejects.toMatchObject({ code: fault.code });
        await job.ask();
      }
      await job.queue.idle();
      await settleTask(job);
      await job.queue.close();
      expect(await state()).toEqual(whole);
    },
  );
});
