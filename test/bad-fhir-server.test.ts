import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Resource, Task } from '@medplum/fhirtypes';
import { type Listener, listen } from './support/listener.ts';
import { type Started, startService } from './support/service.ts';

/**
 * The service beside a FHIR server that misbehaves in every way: first while a hook waits, then while a job reads, then
 * as the store. How it misbehaves stands in the id that is asked for.
 */
const TOKEN = 'hook-token-5b1f';
const NAME = 'Hostilius';
const DEADLINE_MS = 1500;

type Misbehaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Servers like to repeat what they were asked about: none of it may come out on our side. */
const outcome = (status: number, headers: Record<string, string> = {}): Misbehaviour => {
  const issue = [{ severity: 'error', code: 'exception', diagnostics: `Patient ${NAME} with ${TOKEN}` }];
  return (_request, response) => json(response, { resourceType: 'OperationOutcome', issue }, status, headers);
};

function json(response: ServerResponse, body: unknown, status = 200, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/fhir+json', ...headers }).end(JSON.stringify(body));
}

const text = (body: string, contentType: string): Misbehaviour => {
  return (_request, response) => response.writeHead(200, { 'content-type': contentType }).end(body);
};

/** 70 MB, said to be JSON, without saying how much will come. */
const flood: Misbehaviour = (_request, response) => {
  const chunk = Buffer.alloc(1024 * 1024, 0x20);
  let left = 70;
  response.writeHead(200, { 'content-type': 'application/fhir+json' });
  response.on('error', () => undefined);
  const more = (): void => {
    while (left-- > 0) {
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('{}');
  };
  more();
};

const misbehaviours = (elsewhere: string): Readonly<Record<string, Misbehaviour>> => ({
  is401: outcome(401),
  is403: outcome(403),
  is404: outcome(404),
  is410: outcome(410),
  is429: outcome(429, { 'retry-after': '1' }),
  is500: outcome(500),
  is503: outcome(503, { 'retry-after': '3600' }),
  html: text(`<html><title>Sign in, ${NAME}</title></html>`, 'text/html'),
  lyinghtml: text(`<html><title>Sign in, ${NAME}</title></html>`, 'application/fhir+json'),
  empty: (_request, response) => response.writeHead(200).end(),
  nocontent: (_request, response) => response.writeHead(204).end(),
  truncated: text(`{"resourceType":"Bundle","entry":[{"name":"${NAME}`, 'application/fhir+json'),
  array: text('[]', 'application/fhir+json'),
  number: text('42', 'application/fhir+json'),
  wrongtype: (_request, response) => json(response, { resourceType: 'Observation', id: 'o', status: 'final' }),
  wrongshape: (_request, response) => json(response, { resourceType: 'Bundle', entry: { resource: NAME }, link: 7 }),
  nulls: (_request, response) =>
    json(response, { resourceType: 'Bundle', entry: [null, { resource: null }, 3], link: [null] }),
  saysoutcome: outcome(200),
  reset: (request) => void request.socket.destroy(),
  stall: () => undefined,
  drip: (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/fhir+json' }).write('{"resourceType":');
  },
  redirect: (request, response) => response.writeHead(302, { location: `${elsewhere}${request.url}` }).end(),
  redirect307: (request, response) => response.writeHead(307, { location: `${elsewhere}${request.url}` }).end(),
  flood,
  foreignpage: (_request, response) =>
    json(response, {
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'next', url: `${elsewhere}/fhir/DiagnosticReport?page=2` }],
      entry: [],
    }),
  samepage: (request, response) =>
    json(response, {
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'next', url: request.url }],
      entry: [],
    }),
});

const kinds = Object.keys(misbehaviours(''));

const badAnswer = 'failed fhir-bad-answer';

/** How a job ends whose report is read from such a server; what is not here is a bad answer. */
const jobEnds: Readonly<Record<string, string>> = {
  is401: 'failed fhir-unauthorized',
  is403: 'failed fhir-forbidden',
  is404: 'cancelled subject-gone',
  is410: 'cancelled subject-gone',
  is429: 'failed fhir-throttled',
  is500: 'failed fhir-unavailable',
  is503: 'failed fhir-unavailable',
  reset: 'failed fhir-unavailable',
  stall: 'failed job-timeout',
  drip: 'failed job-timeout',
  flood: 'failed fhir-too-large',
  good: 'completed',
};

/** Reports of each patient: at most twenty subjects of one patient are read. */
const filed: Readonly<Record<string, readonly string[]>> = {
  jobs1: kinds.slice(0, kinds.length / 2),
  jobs2: [...kinds.slice(kinds.length / 2), 'good', 'binary'],
};
const patientOf = (kind: string) => Object.keys(filed).find((id) => filed[id]!.includes(kind)) ?? 'paged';

const report = (id: string): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id,
  meta: { versionId: '1' },
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
  code: { text: 'Synthetic report' },
  subject: { reference: `Patient/${patientOf(id.slice(2))}` },
  effectiveDateTime: '2026-02-03',
  presentedForm: [
    id.endsWith('binary')
      ? { contentType: 'application/pdf', url: 'Binary/redirect' }
      : {
          contentType: 'text/plain',
          data: Buffer.from(
            `SYNTHETIC SAMPLE ${id}\nTEST            RESULT  FLAG  UNITS     REFERENCE\nPOTASSIUM       6.8     HH    mmol/L    3.5-5.1\n`,
          ).toString('base64'),
        },
  ],
});

function sourceAnswer(elsewhere: string): Misbehaviour {
  const bad = misbehaviours(elsewhere);
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://source.test');
    const [, type, id] = url.pathname.slice(1).split('/');
    const named = (url.searchParams.get('patient') ?? id ?? '').replace(/^r-/, '');
    const misbehave = bad[named];
    if (request.method !== 'GET') {
      outcome(405)(request, response);
    } else if (misbehave) {
      misbehave(request, response);
    } else if (type === 'DiagnosticReport' && id) {
      json(response, report(id));
    } else if (type === 'Patient') {
      json(response, { resourceType: 'Patient', id, name: [{ family: NAME }] });
    } else if (type === 'DiagnosticReport' && filed[named]) {
      const entry = filed[named].map((kind) => ({ resource: report(`r-${kind}`) }));
      json(response, { resourceType: 'Bundle', type: 'searchset', entry });
    } else if (named === 'paged' || url.searchParams.has('_getpages')) {
      paged(url, response);
    } else {
      json(response, { resourceType: 'Bundle', type: 'searchset', entry: [] });
    }
  };
}

/** HAPI's way of paging: the base with a query. */
function paged(url: URL, response: ServerResponse): void {
  const second = url.searchParams.has('_getpages');
  const { presentedForm: _form, ...one } = report(second ? 'r-second' : 'r-first');
  const entry = [{ resource: one }];
  const next = `http://${response.req.headers.host}/fhir?_getpages=abc&_getpagesoffset=1&_count=50`;
  json(response, {
    resourceType: 'Bundle',
    type: 'searchset',
    link: second ? [] : [{ relation: 'next', url: next }],
    entry: url.pathname.includes('Document') ? [] : entry,
  });
}

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly milliseconds: number;
}

async function call(
  base: string,
  service: string,
  patientId: string,
  fhirServer: string,
  more: object = {},
): Promise<Answered> {
  const started = performance.now();
  const response = await fetch(`${base}/cds-services/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook: service.startsWith('order-sign') ? 'order-sign' : 'patient-view',
      hookInstance: crypto.randomUUID(),
      fhirServer,
      fhirAuthorization: {
        access_token: TOKEN,
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'patient/*.read',
        subject: 'interval',
      },
      context: { userId: 'Practitioner/example', patientId, ...(more as { context?: object }).context },
      ...('prefetch' in more ? { prefetch: more.prefetch } : {}),
    }),
  });
  return { status: response.status, body: await response.text(), milliseconds: performance.now() - started };
}

const search = async <T extends Resource>(base: string, query: string): Promise<readonly T[]> =>
  (((await (await fetch(`${base}/fhir/R4/${query}`)).json()) as Bundle<T>).entry ?? []).map(
    ({ resource }) => resource as T,
  );

let elsewhere: Listener;
beforeAll(async () => {
  elsewhere = await listen();
});
afterAll(() => elsewhere?.close());

describe('a source that misbehaves', () => {
  let source: Listener;
  let service: Started;

  beforeAll(async () => {
    source = await listen(sourceAnswer(elsewhere.base));
    service = await startService('listening', {
      INTERVAL_SOURCE_URL: `${source.base}/fhir`,
      INTERVAL_HOOK_DEADLINE_MS: String(DEADLINE_MS),
      INTERVAL_PREFETCH_BUDGET_MS: '900',
      INTERVAL_ATTEMPTS: '1',
      INTERVAL_JOB_TIMEOUT_SECONDS: '15',
      INTERVAL_CONCURRENCY: '4',
      // Every fault is to be met by a request of its own.
      INTERVAL_BREAKER_FAILURES: '0',
    });
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await source?.close();
  }, 30_000);

  test.each(kinds)('%s: the hook answers in time and says what it could not see', async (kind) => {
    const answers = await Promise.all(
      ['lab-report-results', 'chest-xray-change'].map((id) => call(service.base, id, kind, `${source.base}/fhir`)),
    );
    for (const { status, body, milliseconds } of answers) {
      expect(status).toBe(200);
      const { cards } = JSON.parse(body) as { cards: readonly { summary: string; indicator: string }[] };
      expect(cards.map(({ summary }) => summary)).toEqual([
        expect.stringMatching(/^Not looked at, since it could not be read/),
      ]);
      expect(body).not.toMatch(new RegExp(`${NAME}|${TOKEN}|node_modules`));
      // A margin for a machine that is busy with other tests.
      expect(milliseconds).toBeLessThan(DEADLINE_MS + 3000);
    }
  });

  test('pages are followed the way HAPI gives them', async () => {
    expect((await call(service.base, 'lab-report-results', 'paged', `${source.base}/fhir`)).status).toBe(200);
    expect(source.requests.map(({ path }) => path)).toContainEqual(expect.stringContaining('_getpages=abc'));
  });

  test('jobs end in a state that says why, and the one good report is read', async () => {
    const patients = Object.keys(filed);
    await Promise.all(patients.map((id) => call(service.base, 'lab-report-results', id, `${source.base}/fhir`)));
    const expected = Object.values(filed).flat().length;
    let tasks: readonly Task[] = [];
    for (const until = Date.now() + 80_000; Date.now() < until; await new Promise((next) => setTimeout(next, 100))) {
      tasks = await search<Task>(service.base, 'Task?_count=100');
      const ended = tasks.filter(({ status }) => status !== 'requested' && status !== 'in-progress');
      if (ended.length === expected) {
        break;
      }
    }
    const ends = Object.fromEntries(
      tasks.map(({ focus, status, statusReason }) => [
        focus?.reference?.split('/r-')[1],
        [status, statusReason?.coding?.[0]?.code].filter(Boolean).join(' '),
      ]),
    );
    expect(ends).toEqual(
      Object.fromEntries(
        Object.values(filed)
          .flat()
          .map((kind) => [kind, jobEnds[kind] ?? badAnswer]),
      ),
    );
    for (const { text = '' } of tasks.flatMap(({ statusReason }) => statusReason ?? [])) {
      expect(text).not.toMatch(new RegExp(`${NAME}|${TOKEN}`));
    }
    expect((await search(service.base, 'Observation?_count=10')).length).toBe(1);
    expect((await search(service.base, 'DiagnosticReport?_count=10')).length).toBe(1);
  }, 100_000);

  test('nobody else was asked, nobody else saw a token, nothing was written to the source', () => {
    expect(elsewhere.requests).toEqual([]);
    expect(source.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    const tokens = new Set(source.requests.map(({ authorization }) => authorization));
    expect([...tokens].sort()).toEqual([`Bearer ${TOKEN}`, undefined]);
  });

  test('afterwards the service is well, and its log holds no token and no word of a patient', async () => {
    expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
    expect(JSON.parse((await call(service.base, 'lab-report-results', 'nobody', `${source.base}/fhir`)).body)).toEqual({
      cards: [],
    });
    const log = service.lines.join('\n');
    expect(log).toMatch(/"outcome":"degraded"/);
    expect(log).not.toMatch(new RegExp(`${NAME}|${TOKEN}|POTASSIUM`));
    expect(service.lines.filter((line) => /"msg":"(request|hook) failed"/.test(line))).toEqual([]);
  });
});

describe('a store that misbehaves', () => {
  let store: Listener;
  let service: Started;

  beforeAll(async () => {
    const bad = misbehaviours(elsewhere.base);
    store = await listen((request, response) => {
      const subject = new URL(request.url ?? '/', 'http://store.test').searchParams.get('subject') ?? '';
      (bad[subject.split('/').at(-1)!] ?? outcome(500))(request, response);
    });
    service = await startService('listening', {
      INTERVAL_SAMPLES: 'off',
      INTERVAL_STORE_URL: `${store.base}/fhir`,
      INTERVAL_HOOK_DEADLINE_MS: String(DEADLINE_MS),
    });
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    await store?.close();
  }, 30_000);

  test.each(kinds.filter((kind) => kind !== 'nulls'))(
    '%s: what the chart says is said, and what is missing',
    async (kind) => {
      const subject = { reference: `Patient/${kind}` };
      const order = {
        resourceType: 'ServiceRequest',
        id: 'draft',
        status: 'draft',
        intent: 'order',
        subject,
        code: {
          coding: [{ system: 'http://loinc.org', code: '36813-4' }],
          text: 'CT abdomen and pelvis with contrast',
        },
      };
      const kidney = {
        resourceType: 'Observation',
        id: 'egfr',
        status: 'final',
        subject,
        effectiveDateTime: new Date(Date.now() - 86_400_000).toISOString(),
        code: { coding: [{ system: 'http://loinc.org', code: '98979-8' }] },
        valueQuantity: {
          value: 24,
          unit: 'mL/min/1.73m2',
          system: 'http://unitsofmeasure.org',
          code: 'mL/min/{1.73_m2}',
        },
      };
      const fhirServer = `${service.base}/fhir/R4`;
      const [orders, results] = await Promise.all([
        call(service.base, 'order-sign-advice', kind, fhirServer, {
          context: { draftOrders: { resourceType: 'Bundle', entry: [{ resource: order }] } },
          prefetch: {
            patient: { resourceType: 'Patient', id: kind, birthDate: '1950-01-01', gender: 'male' },
            labs: { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: kidney }] },
            studies: null,
            requests: null,
          },
        }),
        call(service.base, 'lab-report-results', kind, fhirServer),
      ]);
      for (const { status, milliseconds, body } of [orders, results]) {
        expect(status).toBe(200);
        expect(milliseconds).toBeLessThan(DEADLINE_MS + 3000);
        expect(body).toContain('could not be looked up');
        expect(body).not.toMatch(new RegExp(`${NAME}|${TOKEN}|node_modules`));
      }
      expect(orders.body).toContain('eGFR 24');
    },
  );

  test('afterwards the service is well, though not ready, and said so without a word of a patient', async () => {
    expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
    expect((await fetch(`${service.base}/readyz`)).status).toBe(503);
    const log = service.lines.join('\n');
    expect(log).toContain('the store could not be asked');
    expect(log).not.toMatch(new RegExp(`${NAME}|${TOKEN}`));
    // The call's token is for the server that the call names.
    expect(store.requests.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    expect(elsewhere.requests).toEqual([]);
  });
});
