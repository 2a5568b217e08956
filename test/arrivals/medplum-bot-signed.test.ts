import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, Subscription } from '@medplum/fhirtypes';
import { MockClient } from '@medplum/mock';
import { exportJWK } from 'jose';
import { handler, type Outcome } from '../../examples/medplum-bot/bot.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { isLoopbackHost } from '../../src/loopback.ts';
import { isProved } from '../../src/subscriptions/verify.ts';
import { clientsFile, type Ehr, freePort, openEhr, serviceClientId } from '../support/ehr.ts';
import { createSigner } from '../support/ehr-keys.ts';
import { type Listener, listen } from '../support/listener.ts';
import { type Started, startService } from '../support/service.ts';
import { event, keyOf, textOf } from './bot-event.ts';
import { labReport, patient, SECRET, until } from './world.ts';

describe('the bot behind a Subscription, before the service in production', () => {
  let medplum: Ehr;
  let runner: Listener;
  let service: Started;
  let secrets: Record<string, string>;
  const outcomes: Outcome[] = [];
  const told: { readonly body: string }[] = [];
  let refused = 0;

  beforeAll(async () => {
    medplum = await openEhr('medplum', { subscriptions: { mayCall: ({ hostname }) => isLoopbackHost(hostname) } });
    const port = await freePort();
    const keyFile = join(mkdtempSync(join(tmpdir(), 'interval-key-')), 'key.json');
    const own = await createSigner('ES384');
    writeFileSync(keyFile, JSON.stringify({ ...(await exportJWK(own.privateKey)), kid: own.kid }));
    service = await startService('listening', {
      INTERVAL_PORT: String(port),
      INTERVAL_PUBLIC_URL: `http://127.0.0.1:${port}`,
      INTERVAL_CLIENTS: clientsFile(medplum.registration()),
      INTERVAL_PRIVATE_KEY_FILE: keyFile,
      INTERVAL_SOURCE_URL: medplum.fhirBase,
      INTERVAL_SOURCE_TOKEN_URL: medplum.tokenUrl,
      INTERVAL_SOURCE_CLIENT_ID: serviceClientId,
    });
    medplum.serviceKeys = `${service.base}/.well-known/jwks.json`;
    secrets = {
      INTERVAL_URL: service.base,
      INTERVAL_KEY: await keyOf(medplum.signer),
      INTERVAL_ISSUER: medplum.issuer,
      INTERVAL_WAIT_SECONDS: '60',
    };
    // What runs bots: here the Subscription's signature is checked before the bot is.
    runner = await listen(async (request, response) => {
      const body = await textOf(request);
      const header = (name: string) => request.headers[name] as string | undefined;
      if (!isProved(header, Buffer.from(body), { secret: SECRET })) {
        refused += 1;
        response.writeHead(401).end();
        return;
      }
      response.writeHead(200).end();
      told.push({ body });
      outcomes.push(await handler(new MockClient(), event(JSON.parse(body), secrets)));
    });
    const client = createFhirClient({ base: medplum.fhirBase, fetch: medplum.fhir.fetch });
    await client.update({ ...patient('p1'), id: 'p1' });
    await client.create<Subscription>({
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'test',
      criteria: 'DiagnosticReport?status=preliminary,final',
      channel: { type: 'rest-hook', endpoint: `${runner.base}/bot`, payload: 'application/fhir+json' },
      extension: [{ url: 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret', valueString: SECRET }],
    });
    await medplum.fhir.delivered();
  }, 120_000);
  afterAll(async () => {
    await service?.stop();
    await Promise.all([medplum?.close(), runner?.close()]);
  }, 60_000);

  test('a report that is written is read, once, however often it is told', async () => {
    const client = createFhirClient({ base: medplum.fhirBase, fetch: medplum.fhir.fetch });
    const report = await client.create<DiagnosticReport>(labReport('p1'));
    await until('the bot has followed it', async () => outcomes.length > 0);
    expect(outcomes).toEqual([
      { jobs: [expect.objectContaining({ analysis: 'lab-report', state: 'completed' })], ended: true },
    ]);
    await client.update({ ...report, id: report.id as string, conclusion: 'the same document again' });
    await until('the bot was told again', async () => outcomes.length > 1);
    expect(outcomes[1]).toMatchObject({ ended: true });
    const jobs = outcomes.flatMap((one) => ('jobs' in one ? one.jobs : []));
    expect(jobs.map(({ state }) => state)).toEqual(['completed', 'completed']);
    // The same version is the same job.
    const [{ body }] = told.slice(-1) as [{ body: string }];
    expect(await handler(new MockClient(), event(JSON.parse(body), secrets))).toEqual(outcomes[1]);
    expect(refused).toBe(0);
  }, 120_000);

  test('who signs with another secret does not get to the bot', async () => {
    const before = outcomes.length;
    const response = await fetch(`${runner.base}/bot`, {
      method: 'POST',
      headers: { 'x-signature': 'f'.repeat(64) },
      body: JSON.stringify({ ...labReport('p1'), id: 'forged' }),
    });
    expect([response.status, refused, outcomes.length]).toEqual([401, 1, before]);
  });
});
