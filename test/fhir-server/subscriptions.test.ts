import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport, Subscription } from '@medplum/fhirtypes';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { isLoopbackHost } from '../../src/loopback.ts';

/** Subscriptions of the embedded server, sent to a real HTTP server. */
interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let http: Server;
let endpoint: string;
let received: Received[];
/** What the endpoint answers, one after the other; 200 when there are no more. */
let answers: number[];
let fhir: FhirServer;

beforeEach(async () => {
  received = [];
  answers = [];
  http = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    const status = answers.shift() ?? 200;
    response.writeHead(status, status === 302 ? { location: endpoint } : {}).end('x');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook`;
  fhir = createFhirServer({
    base: 'http://127.0.0.1:1/fhir/R4',
    subscriptions: { mayCall: ({ hostname }) => isLoopbackHost(hostname), retryMs: 1 },
  });
});
afterEach(async () => {
  fhir.close();
  http.close();
  http.closeAllConnections();
});

const secret = 'a secret of thirty-two characters';
const subscription = (over: Partial<Subscription> = {}): Subscription => ({
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'test',
  criteria: 'DiagnosticReport?status=final',
  channel: { type: 'rest-hook', endpoint, payload: 'application/fhir+json' },
  extension: [{ url: 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret', valueString: secret }],
  ...over,
});
const report = (status: DiagnosticReport['status']): DiagnosticReport => ({
  resourceType: 'DiagnosticReport',
  status,
  code: { text: 'Synthetic' },
});

async function send(method: string, path: string, body?: object): Promise<{ id: string } & Record<string, unknown>> {
  const response = await fhir.fetch(`${fhir.base}/${path}`, {
    method,
    headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json = await response.json();
  expect([response.ok, response.ok ? undefined : json]).toEqual([true, undefined]);
  return json as { id: string } & Record<string, unknown>;
}
const subscribe = async (over?: Partial<Subscription>) => {
  const { id } = await send('POST', 'Subscription', subscription(over));
  await fhir.delivered();
  return id;
};
const read = async (id: string) => (await send('GET', `Subscription/${id}`)) as unknown as Subscription;

describe('Subscriptions of the embedded server', () => {
  test('what was requested becomes active; what matches is sent with the signature of its very bytes', async () => {
    const id = await subscribe();
    expect(await read(id)).toMatchObject({ status: 'active' });
    const made = await send('POST', 'DiagnosticReport', report('final'));
    await send('POST', 'DiagnosticReport', report('preliminary'));
    await send('POST', 'Patient', { resourceType: 'Patient' });
    await fhir.delivered();
    expect(received.map(({ body }) => JSON.parse(body).id)).toEqual([made.id]);
    const [{ headers, body }] = received as [Received];
    expect(headers['x-signature']).toBe(createHmac('sha256', secret).update(body).digest('hex'));
    expect(headers).toMatchObject({
      'content-type': 'application/fhir+json',
      'x-medplum-subscription': id,
      'x-medplum-interaction': 'create',
    });
  });

  test('updates that begin to match and deletions are sent, a deletion without what was deleted', async () => {
    await subscribe();
    const made = await send('POST', 'DiagnosticReport', report('registered'));
    await send('PUT', `DiagnosticReport/${made.id}`, { ...report('final'), id: made.id });
    await fhir.delivered();
    await send('DELETE', `DiagnosticReport/${made.id}`);
    await fhir.delivered();
    expect(received.map(({ headers }) => headers['x-medplum-interaction'])).toEqual(['update', 'delete']);
    expect(received[1]).toMatchObject({
      body: '{}',
      headers: { 'x-medplum-deleted-resource': `DiagnosticReport/${made.id}` },
    });
  });

  test('nothing is sent of a transaction that was undone, all of one that was not', async () => {
    await subscribe();
    const repository = fhir.repository;
    await expect(
      repository.withTransaction(async (inside) => {
        await inside.createResource(report('final'));
        throw new Error('undone');
      }),
    ).rejects.toThrow('undone');
    await fhir.delivered();
    expect(received).toEqual([]);
    const entry = (status: DiagnosticReport['status']) => ({
      resource: report(status),
      request: { method: 'POST', url: 'DiagnosticReport' },
    });
    await send('POST', '', {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry('final'), entry('final'), entry('amended')],
    });
    await fhir.delivered();
    expect(received).toHaveLength(2);
  });

  test('without a payload only the fact is sent; header lines are; nothing is after it is switched off', async () => {
    const id = await subscribe({
      criteria: 'DiagnosticReport',
      channel: { type: 'rest-hook', endpoint, header: ['Authorization: Bearer abc'] },
      extension: undefined,
    });
    await send('POST', 'DiagnosticReport', report('preliminary'));
    await fhir.delivered();
    expect(received).toMatchObject([{ body: '', headers: { authorization: 'Bearer abc' } }]);
    expect(received[0]?.headers['x-signature']).toBeUndefined();
    const { id: _id, ...rest } = await read(id);
    await send('PUT', `Subscription/${id}`, { ...rest, id, status: 'off' });
    await send('POST', 'DiagnosticReport', report('preliminary'));
    await fhir.delivered();
    expect(received).toHaveLength(1);
  });

  test.each([
    ['another machine', { channel: { type: 'rest-hook', endpoint: 'http://169.254.169.254/latest' } }, 'own machine'],
    ['a name', { channel: { type: 'rest-hook', endpoint: 'https://hook.example.org/' } }, 'own machine'],
    ['no URL', { channel: { type: 'rest-hook', endpoint: 'Bot/1' } }, 'no http'],
    ['a password', { channel: { type: 'rest-hook', endpoint: 'http://a:b@127.0.0.1/' } }, 'no http'],
    ['another channel', { channel: { type: 'websocket' } }, 'rest-hook'],
    ['an unknown parameter', { criteria: 'DiagnosticReport?colour=red' }, 'colour'],
    ['an unknown type', { criteria: 'Unicorn?status=final' }, 'no resource type'],
    [
      'XML',
      { channel: { type: 'rest-hook', endpoint: 'http://127.0.0.1/', payload: 'application/fhir+xml' } },
      'payload',
    ],
    [
      'a header that is none',
      { channel: { type: 'rest-hook', endpoint: 'http://127.0.0.1/', header: ['Host: elsewhere'] } },
      'header',
    ],
  ] as const)('a Subscription with %s becomes error and says why', async (_name, over, why) => {
    const id = await subscribe(over as Partial<Subscription>);
    const { status, error } = await read(id);
    expect([status, error]).toEqual(['error', expect.stringContaining(why)]);
    await send('POST', 'DiagnosticReport', report('final'));
    await fhir.delivered();
    expect(received).toEqual([]);
  });

  test('a failure is tried again; one that stays is written down and cleared by the next that arrives', async () => {
    const id = await subscribe();
    answers = [503, 302];
    await send('POST', 'DiagnosticReport', report('final'));
    await fhir.delivered();
    // a redirect is never followed
    expect([received.length, (await read(id)).error]).toEqual([3, undefined]);
    answers = [500, 500, 500, 401];
    await send('POST', 'DiagnosticReport', report('final'));
    await fhir.delivered();
    expect(await read(id)).toMatchObject({ status: 'active', error: 'The endpoint answered 401.' });
    await send('POST', 'DiagnosticReport', report('final'));
    await fhir.delivered();
    expect((await read(id)).error).toBeUndefined();
  });

  test('an endpoint that keeps failing is left alone until it is asked for again', async () => {
    const id = await subscribe();
    answers = Array.from({ length: 40 }, () => 500);
    for (let i = 0; i < 12; i++) {
      await send('POST', 'DiagnosticReport', report('final'));
      await fhir.delivered();
    }
    expect(received).toHaveLength(40);
    const { id: _id, ...rest } = await read(id);
    expect(rest).toMatchObject({ status: 'error', error: 'The endpoint answered 500.' });
    await send('PUT', `Subscription/${id}`, { ...rest, id, status: 'requested' });
    await fhir.delivered();
    await send('POST', 'DiagnosticReport', report('final'));
    await fhir.delivered();
    expect([received.length, (await read(id)).status]).toEqual([41, 'active']);
  });
});
