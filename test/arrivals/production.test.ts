import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { exportJWK } from 'jose';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { clientsFile, type Ehr, freePort, openEhr, serviceClientId } from '../support/ehr.ts';
import { createSigner } from '../support/ehr-keys.ts';
import { type Started, startService } from '../support/service.ts';
import { labReport, patient, SECRET, until } from './world.ts';

/** Production: two EHRs with keys, one of which is the source. Who may ask for what, and who may tell of arrivals? */
let north: Ehr;
let south: Ehr;
let service: Started;
let report: string;
let bare: string;

async function environment(): Promise<Record<string, string>> {
  const port = await freePort();
  const keyFile = join(mkdtempSync(join(tmpdir(), 'interval-key-')), 'key.json');
  const own = await createSigner('ES384');
  writeFileSync(keyFile, JSON.stringify({ ...(await exportJWK(own.privateKey)), kid: own.kid }));
  return {
    INTERVAL_PORT: String(port),
    INTERVAL_PUBLIC_URL: `http://127.0.0.1:${port}`,
    INTERVAL_CLIENTS: clientsFile(north.registration(), south.registration({ callsPerMinute: 60 })),
    INTERVAL_PRIVATE_KEY_FILE: keyFile,
    INTERVAL_SOURCE_URL: north.fhirBase,
    INTERVAL_SOURCE_TOKEN_URL: north.tokenUrl,
    INTERVAL_SOURCE_CLIENT_ID: serviceClientId,
  };
}

beforeAll(async () => {
  [north, south] = await Promise.all([openEhr('north'), openEhr('south')]);
  const client = createFhirClient({ base: north.fhirBase, fetch: north.fhir.fetch });
  await client.update({ ...patient('p1'), id: 'p1' });
  report = (await client.create(labReport('p1'))).id as string;
  bare = (await client.create(labReport('p1', '4', { presentedForm: undefined }))).id as string;
  const over = { INTERVAL_SUBSCRIPTION_SECRET: SECRET, INTERVAL_SUBSCRIPTION_HEADER: 'Authorization' };
  service = await startService('listening', { ...(await environment()), ...over });
  north.serviceKeys = `${service.base}/.well-known/jwks.json`;
}, 120_000);
afterAll(async () => {
  await service?.stop();
  await Promise.all([north?.close(), south?.close()]);
}, 60_000);

interface Job {
  readonly job: string;
  readonly state: string;
  readonly location: string;
  readonly task: string;
  readonly attempts: number;
  readonly results: readonly string[];
  readonly reasons: readonly object[];
}

async function ask(ehr: Ehr | undefined, body: unknown, headers: Record<string, string> = {}) {
  const url = `${service.base}/analyses`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(ehr ? { authorization: `Bearer ${await ehr.token(url)}` } : {}),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const json = (await response.json()) as { jobs: Job[]; issue?: [{ diagnostics: string }] };
  return { status: response.status, code: json.issue?.[0].diagnostics, jobs: json.jobs, headers: response.headers };
}
async function show(ehr: Ehr, location: string) {
  const response = await fetch(location, { headers: { authorization: `Bearer ${await ehr.token(location)}` } });
  return { status: response.status, job: (await response.json()) as Job };
}

describe('POST /analyses', () => {
  test('asks once, answers where the job is, and tells its state to its end', async () => {
    const first = await ask(north, { subject: `DiagnosticReport/${report}`, patient: 'Patient/p1' });
    expect([first.status, first.jobs.length]).toEqual([202, 1]);
    const [{ job, location, task }] = first.jobs as [Job];
    expect(first.headers.get('location')).toBe(`${service.base}/analyses/${job}`);
    expect([location, task]).toEqual([
      `${service.base}/analyses/${job}`,
      expect.stringMatching(/\/fhir\/R4\/Task\/.+$/),
    ]);
    const ended = await until('the job ends', async () => {
      const { status, job: now } = await show(north, location);
      expect(status).toBe(200);
      return ['completed', 'failed', 'rejected'].includes(now.state) && now;
    });
    expect(ended).toMatchObject({
      state: 'completed',
      attempts: 1,
      reasons: [],
      subject: `DiagnosticReport/${report}`,
    });
    expect(ended.results.some((one) => /^http.+\/DiagnosticReport\//.test(one))).toBe(true);
    expect(JSON.stringify(ended)).not.toMatch(/potassium|synthetic/i);
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
    ajv.addSchema(await (await fetch(`${service.base}/openapi.json`)).json(), 'interval');
    const documented = ajv.compile({ $ref: 'interval#/components/schemas/Job' });
    expect([documented(first.jobs[0]), documented(ended), documented({ ...ended, state: 'odd' })]).toEqual([
      true,
      true,
      false,
    ]);
    const again = await ask(north, {
      subject: `${north.fhirBase}/DiagnosticReport/${report}`,
      fhirServer: north.fhirBase,
      analysis: 'lab-report',
    });
    expect([again.status, again.jobs.map((one) => [one.job, one.state])]).toEqual([200, [[job, 'completed']]]);
  });

  test('what holds nothing to read is no job and no error', async () => {
    const answered = await ask(north, { subject: `DiagnosticReport/${bare}` });
    expect([answered.status, answered.jobs, answered.headers.get('location')]).toEqual([200, [], null]);
  });

  test('only for the patients of the caller’s own server', async () => {
    const subject = `DiagnosticReport/${report}`;
    expect((await ask(south, { subject })).code).toBe('fhir-server-untrusted');
    expect((await ask(south, { subject, fhirServer: north.fhirBase })).code).toBe('fhir-server-untrusted');
    const { jobs } = await ask(north, { subject });
    expect((await show(north, jobs[0]?.location ?? '')).status).toBe(200);
    expect((await show(south, jobs[0]?.location ?? '')).status).toBe(404);
  });

  test.each<[string, unknown, number, string]>([
    ['no JSON', '{', 400, 'request-malformed'],
    ['no object', '[]', 400, 'request-malformed'],
    ['no subject', {}, 400, 'request-malformed'],
    ['a subject that is no reference', { subject: '1' }, 400, 'request-malformed'],
    ['a subject that leaves its place', { subject: 'DiagnosticReport/../Patient' }, 400, 'request-malformed'],
    ['a member that is not known', { subject: 'DiagnosticReport/1', priority: 'now' }, 400, 'request-malformed'],
    ['a member that is no text', { subject: 'DiagnosticReport/1', analysis: 1 }, 400, 'request-malformed'],
    ['a patient that is none', { subject: 'DiagnosticReport/1', patient: 'Group/1' }, 400, 'request-malformed'],
    ['a subject on another server', { subject: 'https://a.example/DiagnosticReport/1' }, 400, 'request-malformed'],
    ['another type', { subject: 'Observation/1' }, 422, 'subject-unsupported'],
    [
      'an analysis that does not read it',
      { subject: 'DiagnosticReport/1', analysis: 'chest-xray-comparison' },
      422,
      'subject-unsupported',
    ],
    ['a subject that is not there', { subject: 'DiagnosticReport/nowhere' }, 404, 'fhir-not-found'],
    ['a body that is too large', { subject: 'x'.repeat(20_000) }, 413, 'request-too-large'],
  ])('%s is refused', async (_name, body, status, code) => {
    expect(await ask(north, body)).toMatchObject({ status, code });
  });

  test('another patient than the resource’s, another content type, another method', async () => {
    expect(await ask(north, { subject: `DiagnosticReport/${report}`, patient: 'other' })).toMatchObject({
      status: 400,
      code: 'patient-mismatch',
    });
    expect(await ask(north, '{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect((await fetch(`${service.base}/analyses`)).status).toBe(405);
  });

  test('without a token, with one for another address, or a used one, nobody is let in', async () => {
    const subject = `DiagnosticReport/${report}`;
    expect(await ask(undefined, { subject })).toMatchObject({ status: 401, code: 'unauthenticated' });
    const other = await north.token(`${service.base}/cds-services`);
    expect((await ask(undefined, { subject }, { authorization: `Bearer ${other}` })).status).toBe(401);
    const used = `Bearer ${await north.token(`${service.base}/analyses`)}`;
    expect((await ask(undefined, { subject }, { authorization: used })).status).toBe(200);
    const again = await ask(undefined, { subject }, { authorization: used });
    expect([again.status, again.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });

  test('jobs that are none are not found; a client that has gone wild is held back', async () => {
    expect((await show(north, `${service.base}/analyses/${'0'.repeat(40)}`)).status).toBe(404);
    expect((await show(north, `${service.base}/analyses/x`)).status).toBe(404);
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) {
      statuses.push((await ask(south, { subject: 'DiagnosticReport/1' })).status);
    }
    expect(statuses).toContain(429);
  });
});

describe('Subscriptions in production', () => {
  const notify = (headers: Record<string, string>, path = `DiagnosticReport/DiagnosticReport/${report}`) =>
    fetch(`${service.base}/subscriptions/${path}`, { method: 'PUT', headers, body: '{}' });

  test('the configured header proves the sender; a JWT of a client does not', async () => {
    expect((await notify({ authorization: `Bearer ${SECRET}` })).status).toBe(202);
    expect((await notify({ authorization: `Bearer ${SECRET}x` })).status).toBe(401);
    expect((await notify({ authorization: `Bearer ${await north.token(service.base)}` })).status).toBe(401);
    expect((await notify({})).status).toBe(401);
  });

  test('an arrival is read with the service’s own credentials', async () => {
    const before = north.requests.length;
    const client = createFhirClient({ base: north.fhirBase, fetch: north.fhir.fetch });
    const { id } = await client.create(labReport('p1', '7.1'));
    expect(
      (await notify({ authorization: `Bearer ${SECRET}` }, `DiagnosticReport/DiagnosticReport/${id}`)).status,
    ).toBe(202);
    const job = await until('it is read', async () => {
      const { jobs } = await ask(north, { subject: `DiagnosticReport/${id}` });
      return jobs[0]?.state === 'completed' && jobs[0];
    });
    expect(job.attempts).toBe(1);
    const tokens = new Set(north.requests.slice(before).map(({ authorization }) => authorization));
    expect([...tokens].every((one) => one?.startsWith('Bearer backend-token-'))).toBe(true);
  });

  test('what arrived while the service was away is found when it is back', async () => {
    const data = mkdtempSync(join(tmpdir(), 'interval-data-'));
    const settings = { ...(await environment()), INTERVAL_DATA: data, INTERVAL_SUBSCRIPTION_SECRET: SECRET };
    const client = createFhirClient({ base: north.fhirBase, fetch: north.fhir.fetch });
    const knowing = async <T>(work: (base: string) => Promise<T>): Promise<T> => {
      const one = await startService('unfinished jobs recovered', settings);
      const keys = north.serviceKeys;
      north.serviceKeys = `${one.base}/.well-known/jwks.json`;
      try {
        return await work(one.base);
      } finally {
        north.serviceKeys = keys;
        await one.stop();
      }
    };
    const stateOf = async (base: string, subject: string) => {
      const url = `${base}/analyses`;
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await north.token(url)}` },
        body: JSON.stringify({ subject }),
      });
      return { status: response.status, state: ((await response.json()) as { jobs: Job[] }).jobs[0]?.state };
    };
    await knowing((base) =>
      until('one is read', async () => (await stateOf(base, `DiagnosticReport/${report}`)).state === 'completed'),
    );
    await client.update({ ...patient('p2'), id: 'p2' });
    const { id } = await client.create(labReport('p2', '7.4'));
    await knowing(async (base) => {
      await until('it was read without being told', async () => {
        const reads = north.requests.filter(({ path }) => path.startsWith(`/fhir/R4/DiagnosticReport/${id}`));
        return reads.length > 1;
      });
      await until(
        'its job is there already',
        async () => (await stateOf(base, `DiagnosticReport/${id}`)).status === 200,
      );
    });
  }, 120_000);

  test('without a secret the endpoint does not exist', async () => {
    const closed = await startService('listening', await environment());
    try {
      for (const method of ['GET', 'POST']) {
        const response = await fetch(`${closed.base}/subscriptions/DiagnosticReport`, { method });
        expect(response.status).toBe(404);
      }
      const { paths } = (await (await fetch(`${closed.base}/openapi.json`)).json()) as { paths: object };
      expect(Object.keys(paths).filter((path) => path.startsWith('/subscriptions'))).toEqual([]);
    } finally {
      await closed.stop();
    }
  });
});
