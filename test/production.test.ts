import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import { exportJWK } from 'jose';
import { loadConfig } from '../src/config.ts';
import { createFhirClient } from '../src/fhir/medplum-client.ts';
import { createLog } from '../src/log.ts';
import { createSamples } from '../src/samples/create.ts';
import { seed } from '../src/samples/seed.ts';
import { createTrust } from '../src/services/trust.ts';
import { clientsFile, type Ehr, freePort, openEhr, serviceClientId } from './support/ehr.ts';
import { createSigner } from './support/ehr-keys.ts';
import { type Listener, listen } from './support/listener.ts';
import { type Started, startService } from './support/service.ts';

/**
 * Production mode through the front door: two EHRs with keys and FHIR servers of their own, a source that knows the service
 * by its keys, files on another origin. Who sees which token?
 */
const NAME = 'Testperson';

let north: Ehr;
let south: Ehr;
let files: Listener;
let service: Started;
let data: string;

const report = (url: string): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  id: 'elsewhere',
  status: 'final',
  category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
  code: { text: 'Synthetic report' },
  subject: { reference: 'Patient/sample-potassium' },
  effectiveDateTime: new Date().toISOString(),
  presentedForm: [{ contentType: 'text/plain', url }],
});

async function environment(mode: string): Promise<Record<string, string>> {
  const port = await freePort();
  const keyFile = join(mkdtempSync(join(tmpdir(), 'interval-key-')), 'key.json');
  const own = await createSigner('ES384');
  writeFileSync(keyFile, JSON.stringify({ ...(await exportJWK(own.privateKey)), kid: own.kid }));
  data = mkdtempSync(join(tmpdir(), 'interval-data-'));
  return {
    INTERVAL_PORT: String(port),
    INTERVAL_PUBLIC_URL: `http://127.0.0.1:${port}`,
    INTERVAL_CLIENTS: clientsFile(north.registration(), south.registration()),
    INTERVAL_PRIVATE_KEY_FILE: keyFile,
    INTERVAL_SOURCE_URL: north.fhirBase,
    INTERVAL_SOURCE_TOKEN_URL: north.tokenUrl,
    INTERVAL_SOURCE_CLIENT_ID: serviceClientId,
    INTERVAL_ATTACHMENT_ORIGINS: files.base,
    INTERVAL_WRITE_BACK: mode,
    INTERVAL_DATA: data,
    INTERVAL_LOG_LEVEL: 'debug',
  };
}

beforeAll(async () => {
  [north, south] = await Promise.all([openEhr('north'), openEhr('south')]);
  files = await listen((_request, response) => {
    response.setHeader('content-type', 'text/plain');
    response.end(
      'SYNTHETIC SAMPLE\nTEST            RESULT  FLAG  UNITS     REFERENCE\nSODIUM          118     LL    mmol/L    136-145\n',
    );
  });
  const set = await createSamples({ now: new Date(), timeZone: 'UTC' });
  const only = { ...set, samples: set.samples.filter(({ id }) => id === 'sample-potassium') };
  for (const ehr of [north, south]) {
    const client = createFhirClient({ base: ehr.fhirBase, fetch: ehr.fhir.fetch });
    await seed(client, only);
    await client.update({ ...report(`${files.base}/report.txt`), id: 'elsewhere' });
  }
  service = await startService('listening', await environment('full'));
  north.serviceKeys = `${service.base}/.well-known/jwks.json`;
}, 120_000);
afterAll(async () => {
  await service?.stop();
  await Promise.all([north?.close(), south?.close(), files?.close()]);
}, 60_000);

interface Answered {
  readonly status: number;
  readonly text: string;
}

/** One hook call by an EHR, with an access token that lives as long as the call. */
async function call(
  ehr: Ehr,
  over: Record<string, unknown> = {},
  id = 'lab-report-results',
): Promise<Answered & { token: string }> {
  const token = `hook-token-${crypto.randomUUID()}`;
  const endpoint = `${service.base}/cds-services/${id}`;
  ehr.hookTokens.add(token);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await ehr.token(endpoint)}` },
    body: JSON.stringify({
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      fhirServer: ehr.fhirBase,
      fhirAuthorization: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'user/*.read',
        subject: serviceClientId,
      },
      context: { userId: 'Practitioner/example', patientId: 'sample-potassium' },
      ...over,
    }),
  });
  const text = await response.text();
  ehr.hookTokens.delete(token);
  return { status: response.status, text, token };
}

const logged = (what: RegExp) => service.lines.filter((line) => what.test(line));
const cardsOf = ({ text }: Answered) => JSON.parse(text).cards as { summary: string; indicator: string }[];
const lacks = { fhirAuthorization: undefined, fhirServer: undefined };

describe('production', () => {
  test('X9 X5: reads of the hook by the hook’s token, everything later by the service’s own keys', async () => {
    const tokens: string[] = [];
    // The potassium of the sample, and the sodium of the file on the other origin.
    const bothRead = (text: string) => /potassium/i.test(text) && /sodium/i.test(text);
    let text = '';
    for (let tries = 0; tries < 100 && !bothRead(text); tries += 1) {
      const answer = await call(north);
      expect(answer.status).toBe(200);
      tokens.push(answer.token);
      text = answer.text;
      await sleep(300);
    }
    expect(bothRead(text)).toBe(true);

    const byHook = north.requests.filter(({ authorization }) => authorization?.includes('hook-token'));
    const byService = north.requests.filter(({ authorization }) => authorization?.includes('backend-token'));
    expect(byHook.length + byService.length).toBe(north.requests.length);
    expect(byHook.every(({ method }) => method === 'GET')).toBe(true);
    const types = new Set(byHook.map(({ path }) => /R4\/([A-Za-z]+)/.exec(path)?.[1]));
    expect([...types].sort()).toEqual(['DiagnosticReport', 'DocumentReference', 'Patient']);
    expect(byService.some(({ method }) => method === 'POST')).toBe(true);
    expect(byService.some(({ method, path }) => method === 'GET' && path.includes('DiagnosticReport/elsewhere'))).toBe(
      true,
    );
    expect(north.grants.every(({ issuer, scope }) => issuer === serviceClientId && scope === 'system/*.cruds')).toBe(
      true,
    );
    expect(north.grants.length).toBeLessThanOrEqual(2);

    // The file elsewhere was read, without anybody's token.
    expect(files.requests.length).toBeGreaterThan(0);
    expect(files.requests.map(({ authorization }) => authorization)).toEqual(files.requests.map(() => undefined));
    expect(south.requests).toEqual([]);

    // Neither store nor log knows them.
    await sleep(200);
    const kept = readdirSync(data).map((name) => readFileSync(join(data, name)).toString('latin1'));
    expect(kept.join('').length).toBeGreaterThan(10_000);
    const said = [...kept, ...service.lines].join('\n');
    expect([...tokens, ...north.grants.map((grant) => grant.token)].filter((token) => said.includes(token))).toEqual(
      [],
    );
    expect(logged(/eyJ[A-Za-z0-9_-]+\.|hook-token|backend-token/)).toEqual([]);
    expect(logged(new RegExp(NAME, 'i'))).toEqual([]);
  }, 90_000);

  test('X10: another EHR with the same patient id sees nothing of it', async () => {
    expect(cardsOf(await call(north)).some(({ indicator }) => indicator === 'critical')).toBe(true);
    expect(cardsOf(await call(south))).toEqual([]);
    // Without a fhirServer its own is meant, not the source.
    expect(cardsOf(await call(south, lacks)).filter(({ indicator }) => indicator !== 'info')).toEqual([]);
    expect(cardsOf(await call(north, lacks)).some(({ indicator }) => indicator === 'critical')).toBe(true);
  });

  test('X1 X3: a FHIR server of another client, or one that only looks like ours, is not asked and gets no token', async () => {
    const before = [north.requests.length, south.requests.length, files.requests.length];
    const { port } = new URL(north.base);
    for (const fhirServer of [
      north.fhirBase,
      files.base,
      `${south.base}/fhir`,
      `${south.fhirBase}x`,
      `${south.fhirBase}/../../token`,
      `${south.base}@127.0.0.1:${port}/fhir/R4`,
      south.fhirBase.replace('127.0.0.1', 'localhost'),
      south.fhirBase.replace('127.0.0.1', '2130706433'),
      south.fhirBase.replace('127.0.0.1', '127.0.0.1.'),
      south.fhirBase.replace('127.0.0.1', '[::1]'),
      south.fhirBase.replace('http:', 'https:'),
      'http://169.254.169.254/latest/meta-data',
    ]) {
      const answer = await call(south, { fhirServer });
      expect([fhirServer, answer.status, answer.text.includes('fhir-server-untrusted')]).toEqual([
        fhirServer,
        403,
        true,
      ]);
    }
    expect([north.requests.length, south.requests.length, files.requests.length]).toEqual(before);
  });

  test('J1 J18: nothing is answered without a JWT, nothing says why', async () => {
    const paths: [string, string][] = [
      ['GET', '/cds-services'],
      ['POST', '/cds-services/lab-report-results'],
      ['POST', '/cds-services/lab-report-results/feedback'],
    ];
    for (const [method, path] of paths) {
      const response = await fetch(service.base + path, { method });
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(JSON.parse(await response.text()).issue[0].details.text).toBe('Authentication is required.');
    }
    const endpoint = `${service.base}/cds-services`;
    const authorization = `Bearer ${await north.token(endpoint)}`;
    expect((await fetch(endpoint, { headers: { authorization } })).status).toBe(200);
    expect((await fetch(endpoint, { headers: { authorization } })).status).toBe(401);
    const forged = `Bearer ${await south.token(endpoint, { claims: { iss: north.issuer } })}`;
    expect((await fetch(endpoint, { headers: { authorization: forged } })).status).toBe(401);
    await sleep(300);
    expect(logged(/"client":"north","reason":"replayed"/)).toHaveLength(1);
    expect(logged(/"client":"north","reason":"signature"/)).toHaveLength(1);
    expect(logged(/"reason":"no-token"/)).toHaveLength(3);
  });

  test('J20: the log of all this holds no JWT', () => {
    expect(service.lines.length).toBeGreaterThan(20);
    expect(logged(/eyJ/)).toEqual([]);
  });

  test('the embedded server and the pages of charts are nobody’s; the service’s keys are everybody’s', async () => {
    for (const path of ['/fhir/R4/Task', '/fhir/R4/metadata', '/fhir/R4/Patient/sample-potassium']) {
      expect((await fetch(service.base + path)).status).toBe(401);
      expect((await fetch(service.base + path, { headers: { authorization: 'Bearer guess' } })).status).toBe(401);
    }
    for (const path of ['/ehr/patients', '/ehr/patients/sample-potassium/chart', '/review/x/data.json']) {
      expect((await fetch(service.base + path)).status).toBe(403);
    }
    const { keys } = (await (await fetch(`${service.base}/.well-known/jwks.json`)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'crv', 'key_ops', 'kid', 'kty', 'use', 'x', 'y']);
  });

  test('X9: a hook token that is over is over: the service does not come back with it', async () => {
    const { token } = await call(north);
    const before = north.requests.length;
    await sleep(500);
    expect(north.requests.slice(before).filter(({ authorization }) => authorization?.includes(token))).toEqual([]);
  });
});

describe('what does not start', () => {
  const url = { INTERVAL_PUBLIC_URL: 'https://cds.example.org' };
  const refuses = async (environment: Record<string, string>, why: RegExp) => {
    const start = async () => createTrust(loadConfig({ environment }), createLog({ level: 'silent' }));
    await expect(start()).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringMatching(why) });
  };

  test('production mode without clients: the process ends and says why', async () => {
    await expect(startService('listening', { INTERVAL_MODE: 'production' })).rejects.toThrow(/ended by itself with 1/);
    await refuses({ INTERVAL_MODE: 'production' }, /"clients"/);
  }, 30_000);

  test('X2: a public URL or a FHIR server by plain http', async () => {
    const clients = clientsFile(north.registration());
    await refuses({ INTERVAL_CLIENTS: clients }, /"publicUrl"/);
    await refuses({ INTERVAL_CLIENTS: clients, INTERVAL_PUBLIC_URL: 'http://cds.example.org' }, /"publicUrl"/);
    const inline = { privateNetwork: false, jku: [], jwks: { keys: [north.signer.publicJwk] } };
    for (const over of [{ fhirServers: ['http://ehr.example.org/fhir'] }, inline]) {
      await refuses({ INTERVAL_CLIENTS: clientsFile(north.registration(over)), ...url }, /not https/);
    }
  });

  test('production mode with what only development mode has, and the other way round', async () => {
    const clients = clientsFile(north.registration());
    await refuses({ INTERVAL_CLIENTS: clients, INTERVAL_MODE: 'development' }, /"clients"/);
    await refuses({ INTERVAL_CLIENTS: clients, ...url, INTERVAL_UNAUTHENTICATED: 'any-network' }, /"unauthenticated"/);
    await refuses({ INTERVAL_CLIENTS: clientsFile(north.registration({ writeBack: 'full' })), ...url }, /writeBack/);
    await refuses({ INTERVAL_CLIENTS: clients, ...url, INTERVAL_REPLAY_URL: 'http://localhost' }, /"replayUrl"/);
  });

  test('development mode says loudly what it is', async () => {
    const open = await startService('listening', { INTERVAL_SAMPLES: 'off' });
    expect(open.lines.filter((line) => line.includes('Development mode') && line.includes('"level":40'))).toHaveLength(
      1,
    );
    const status = (await (await fetch(`${open.base}/ehr/status`)).json()) as { demo: boolean };
    expect(status.demo).toBe(true);
    await open.stop();
  }, 30_000);
});
