import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { createFhirClient, type FhirClientOptions } from '../../src/fhir/medplum-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

let server: Server;
let other: Server;
let base: string;
let otherOrigin: string;
let handler: Handler;
let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }[];

function listen(handle: Handler): Promise<Server> {
  const listening = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks)));
  });
  return new Promise((resolve) => listening.listen(0, '127.0.0.1', () => resolve(listening)));
}

beforeAll(async () => {
  server = await listen((request, response, body) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    handler(request, response, body);
  });
  other = await listen((request, response) => {
    seen.push({
      method: request.method ?? '',
      url: `other${request.url}`,
      headers: request.headers,
      body: Buffer.alloc(0),
    });
    response.setHeader('content-type', 'application/pdf').end('%PDF');
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir/r4`;
  otherOrigin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
});

beforeEach(() => {
  seen = [];
});

afterAll(() => {
  server.closeAllConnections();
  other.closeAllConnections();
  server.close();
  other.close();
});

const client = (options: Partial<FhirClientOptions> = {}) =>
  createFhirClient({ base: `${base}/`, timeoutMs: 2000, ...options });

function json(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/fhir+json; charset=utf-8', ...headers })
      .end(JSON.stringify(body));
}

const patient: Patient = { resourceType: 'Patient', id: 'synthetic-1' };
const outcome = (code: string) => ({
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'error', code, diagnostics: 'Jane Doe', expression: ['Patient.name[0]'] }],
});

describe('requests', () => {
  test('read, create, conditional create, update: as the specification has them', async () => {
    handler = json(200, patient);
    expect(await client().read<Patient>('Patient', 'synthetic-1')).toEqual(patient);
    handler = json(201, patient);
    await client().create<Patient>({ resourceType: 'Patient' });
    const made = await client().createIfNoneExist<Patient>({ resourceType: 'Patient' }, 'identifier=a%7Cb');
    expect(made).toEqual({ resource: patient, created: true });
    handler = json(200, patient);
    expect((await client().createIfNoneExist<Patient>({ resourceType: 'Patient' }, 'identifier=a%7Cb')).created).toBe(
      false,
    );
    await client().update<Patient & { id: string }>({ ...patient, id: 'synthetic-1' }, { ifMatch: '7' });
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /fhir/r4/Patient/synthetic-1',
      'POST /fhir/r4/Patient',
      'POST /fhir/r4/Patient',
      'POST /fhir/r4/Patient',
      'PUT /fhir/r4/Patient/synthetic-1',
    ]);
    expect(seen[2]?.headers).toMatchObject({ 'if-none-exist': 'identifier=a%7Cb', prefer: 'return=representation' });
    expect(seen[1]?.headers['content-type']).toBe('application/fhir+json');
    expect(seen[4]?.headers['if-match']).toBe('W/"7"');
    expect(seen.every(({ headers }) => headers['x-medplum'] === undefined && headers.authorization === undefined)).toBe(
      true,
    );
  });

  test('a create that is answered with a Location alone is read', async () => {
    handler = (request, response) =>
      request.method === 'POST'
        ? response.writeHead(201, { location: `${base}/Patient/synthetic-1/_history/1` }).end()
        : json(200, patient)(request, response, Buffer.alloc(0));
    expect(await client().create<Patient>({ resourceType: 'Patient' })).toEqual(patient);
  });

  test.each(['../Observation/1', 'a/b', 'a b', '', '..', 'a?_include=*', 'a#b'])('the id %j is no id', async (id) => {
    await expect(client().read('Patient', id)).rejects.toMatchObject({ code: 'fhir-not-found' });
    expect(seen).toEqual([]);
  });

  test('search repeats a parameter, drops outcome entries, keeps included resources', async () => {
    handler = json(200, {
      resourceType: 'Bundle',
      type: 'searchset',
      entry: [
        { resource: patient, search: { mode: 'match' } },
        { resource: { resourceType: 'Organization', id: 'o' }, search: { mode: 'include' } },
        { resource: outcome('informational'), search: { mode: 'outcome' } },
        {},
      ],
    });
    const found = await client().search<Patient>('Patient', { birthdate: ['ge2000', 'lt2001'], name: 'a&b=c|d' });
    expect(found.map((one) => one.id)).toEqual(['synthetic-1', 'o']);
    expect(seen[0]?.url).toBe('/fhir/r4/Patient?birthdate=ge2000&birthdate=lt2001&name=a%26b%3Dc%7Cd');
  });
});

describe('paging', () => {
  const page = (id: string, next?: string) => ({
    resourceType: 'Bundle',
    type: 'searchset',
    entry: [{ resource: { ...patient, id } }],
    ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  });

  test('follows next inside the base, relative or absolute, up to the caps', async () => {
    handler = (request, response, body) => {
      const at = Number(new URL(request.url ?? '', base).searchParams.get('page') ?? 1);
      const next = at === 1 ? `Patient?page=2` : at < 5 ? `${base}?page=${at + 1}` : undefined;
      json(200, page(`p${at}`, next))(request, response, body);
    };
    expect((await client().search('Patient', {})).map((one) => one.id)).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
    expect(await client().search('Patient', {}, { maxPages: 2 })).toHaveLength(2);
    expect(await client().search('Patient', {}, { maxResources: 3 })).toHaveLength(3);
  });

  test.each([
    ['another origin', () => `${otherOrigin}/fhir/r4/Patient?page=2`],
    ['a path outside the base', () => base.replace('/fhir/r4', '/admin?page=2')],
    ['a path that starts the same', () => `${base}x/Patient?page=2`],
    ['dots', () => `${base}/../../admin`],
    ['user information', () => base.replace('127.0.0.1', 'a:b@127.0.0.1')],
    ['the same page again', () => `${base}/Patient?`],
    ['no URL', () => 'http://['],
  ])('refuses next on %s', async (_, next) => {
    handler = json(200, page('p1', next()));
    await expect(client().search('Patient', {})).rejects.toMatchObject({ code: 'fhir-bad-answer' });
    expect(seen).toHaveLength(1);
  });
});

describe('failures', () => {
  test.each([
    [400, 'fhir-rejected'],
    [401, 'fhir-unauthorized'],
    [403, 'fhir-forbidden'],
    [404, 'fhir-not-found'],
    [409, 'fhir-conflict'],
    [410, 'fhir-gone'],
    [412, 'fhir-conflict'],
    [422, 'fhir-rejected'],
    [429, 'fhir-throttled'],
    [500, 'fhir-unavailable'],
    [502, 'fhir-unavailable'],
    [503, 'fhir-unavailable'],
    [504, 'fhir-timeout'],
  ])('%d is %s, and says nothing of the patient', async (status, code) => {
    for (const body of [outcome('processing'), undefined]) {
      handler =
        body === undefined
          ? (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<p>Jane Doe</p>')
          : json(status, body);
      const failure = client().create<Patient>({ resourceType: 'Patient' });
      await expect(failure).rejects.toMatchObject({ name: 'IntervalError', code });
      await expect(failure).rejects.not.toThrow('Jane Doe');
    }
    expect(seen).toHaveLength(2);
  });

  test('names issue code and path', async () => {
    handler = json(422, outcome('required'));
    await expect(client().read('Patient', '1')).rejects.toThrow('422 to GET Patient (required Patient.name[0]).');
  });

  test('Retry-After in seconds and as a date', async () => {
    handler = json(429, outcome('throttled'), { 'retry-after': '7' });
    await expect(client().read('Patient', '1')).rejects.toMatchObject({ retryAfterMs: 7000 });
    handler = json(503, outcome('throttled'), { 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' });
    const clock = () => Date.parse('2026-01-01T00:00:10Z');
    await expect(client({ clock }).read('Patient', '1')).rejects.toMatchObject({ retryAfterMs: 20_000 });
    handler = json(503, outcome('throttled'), { 'retry-after': 'soon' });
    await expect(client().read('Patient', '1')).rejects.toMatchObject({ retryAfterMs: undefined });
  });

  test.each<[string, Handler, string]>([
    ['HTML', (_, response) => response.setHeader('content-type', 'text/html').end('<html>login</html>'), 'bad-answer'],
    [
      'XML',
      (_, response) => response.setHeader('content-type', 'application/fhir+xml').end('<Patient/>'),
      'bad-answer',
    ],
    ['broken JSON', (_, response) => response.setHeader('content-type', 'application/json').end('{"a'), 'bad-answer'],
    ['a bare value', json(200, 'text'), 'bad-answer'],
    ['nothing', (_, response) => response.end(), 'bad-answer'],
    ['204', (_, response) => response.writeHead(204).end(), 'bad-answer'],
    ['another type', json(200, { resourceType: 'Observation', id: '1' }), 'bad-answer'],
    ['an outcome with 200', json(200, outcome('x')), 'bad-answer'],
    ['no id', json(200, { resourceType: 'Patient' }), 'bad-answer'],
    ['a redirect', (_, response) => response.writeHead(302, { location: otherOrigin }).end(), 'bad-answer'],
    ['too much', json(200, { ...patient, language: 'x'.repeat(5000) }), 'too-large'],
    [
      'too much without length',
      (_, response) => {
        response.setHeader('content-type', 'application/json').write('x'.repeat(3000));
        response.end('x'.repeat(3000));
      },
      'too-large',
    ],
    ['silence', () => undefined, 'timeout'],
    ['a body that stops', (_, response) => void response.writeHead(200).write('{'), 'timeout'],
  ])('%s', async (_, handle, code) => {
    handler = handle;
    const small = client({ maxBytes: 4096, timeoutMs: 150 });
    await expect(small.read('Patient', '1')).rejects.toMatchObject({ code: `fhir-${code}` });
    expect(seen.some(({ url }) => url.startsWith('other'))).toBe(false);
  });

  test('connection refused', async () => {
    const closed = createFhirClient({ base: 'http://127.0.0.1:1/fhir' });
    await expect(closed.read('Patient', '1')).rejects.toMatchObject({ code: 'fhir-unavailable', retry: true });
  });

  test('a reset GET is repeated once, a POST never', async () => {
    handler = (request, response, body) =>
      seen.length === 1 ? void request.socket.destroy() : json(200, patient)(request, response, body);
    expect(await client().read('Patient', '1')).toEqual(patient);
    expect(seen).toHaveLength(2);
    seen = [];
    handler = (request) => void request.socket.destroy();
    await expect(client().read('Patient', '1')).rejects.toMatchObject({ code: 'fhir-unavailable' });
    expect(seen).toHaveLength(2);
    seen = [];
    await expect(client().create({ resourceType: 'Patient' })).rejects.toMatchObject({ code: 'fhir-unavailable' });
    expect(seen).toHaveLength(1);
  });

  test('the caller cancels', async () => {
    handler = () => undefined;
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    await expect(client().read('Patient', '1', { signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('token', () => {
  test('goes with every request, is renewed once when refused, never shows in an error', async () => {
    const asked: (string | undefined)[] = [];
    const token = async (refused?: string) => {
      asked.push(refused);
      return refused === undefined ? 'old-secret' : 'new-secret';
    };
    handler = (request, response, body) =>
      request.headers.authorization === 'Bearer new-secret'
        ? json(200, patient)(request, response, body)
        : json(401, outcome('login'))(request, response, body);
    expect(await client({ token }).read('Patient', '1')).toEqual(patient);
    expect(asked).toEqual([undefined, 'old-secret']);
    handler = json(401, outcome('login'));
    const failure = client({ token }).read('Patient', '1');
    await expect(failure).rejects.toMatchObject({ code: 'fhir-unauthorized' });
    await expect(failure).rejects.not.toThrow('secret');
    seen = [];
    await expect(client({ token: async () => 'fixed' }).read('Patient', '1')).rejects.toThrow('401');
    expect(seen).toHaveLength(1);
  });
});

describe('binary', () => {
  const token = async () => 'secret';
  const pdf: Handler = (_, response) => response.setHeader('content-type', 'application/pdf').end('%PDF-1.7');

  test('own base with token, raw or as a FHIR Binary', async () => {
    handler = pdf;
    for (const url of ['Binary/1', `${base}/Binary/1`]) {
      const { bytes, contentType } = await client({ token }).binary(url);
      expect([Buffer.from(bytes).toString(), contentType]).toEqual(['%PDF-1.7', 'application/pdf']);
    }
    expect(seen.every(({ headers }) => headers.authorization === 'Bearer secret')).toBe(true);
    const data = Buffer.from('%PDF-1.7').toString('base64');
    handler = json(200, { resourceType: 'Binary', id: '1', contentType: 'application/pdf', data });
    const decoded = await client().binary('Binary/1');
    expect([Buffer.from(decoded.bytes).toString(), decoded.contentType]).toEqual(['%PDF-1.7', 'application/pdf']);
    handler = json(200, patient);
    await expect(client().binary('Binary/1')).rejects.toMatchObject({ code: 'fhir-bad-answer' });
  });

  test('same origin outside the base without token; other origins only when listed, and without token', async () => {
    handler = pdf;
    await client({ token }).binary(base.replace('/fhir/r4', '/storage/1?signature=x'));
    await client({ token, allowedAttachmentOrigins: [otherOrigin] }).binary(`${otherOrigin}/file`);
    expect(seen.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ['/storage/1?signature=x', undefined],
      ['other/file', undefined],
    ]);
    seen = [];
    for (const url of [
      `${otherOrigin}/file`,
      'file:///etc/passwd',
      'data:text/plain,x',
      'urn:uuid:1',
      'http://[',
      base.replace('127.0.0.1', 'me:pw@localhost'),
    ]) {
      await expect(client({ token }).binary(url)).rejects.toMatchObject({ code: 'attachment-untrusted' });
    }
    expect(seen).toEqual([]);
  });

  test('what a wildcard matches may not be private', async () => {
    const allowedAttachmentOrigins = ['https://*.files.test'];
    const asking = (address: string) =>
      client({
        allowedAttachmentOrigins,
        resolve: async () => [address],
        fetch: async () => new Response('%PDF', { headers: { 'content-type': 'application/pdf' } }),
      }).binary('https://a.files.test/1');
    for (const address of [
      '10.0.0.1',
      '127.0.0.1',
      '169.254.169.254',
      '::1',
      'fd00::1',
      '::ffff:192.168.0.1',
      '0.0.0.0',
    ]) {
      await expect(asking(address)).rejects.toMatchObject({ code: 'attachment-untrusted' });
    }
    expect((await asking('93.184.216.34')).contentType).toBe('application/pdf');
    const options = { allowedAttachmentOrigins, resolve: async () => ['93.184.216.34'] };
    for (const url of [
      'https://files.test/1',
      'http://a.files.test/1',
      'https://a.files.test:8443/',
      'https://xfiles.test/',
    ]) {
      await expect(client(options).binary(url)).rejects.toMatchObject({ code: 'attachment-untrusted' });
    }
  });

  test('larger than the cap, raw and encoded', async () => {
    handler = pdf;
    await expect(client().binary('Binary/1', { maxBytes: 7 })).rejects.toMatchObject({ code: 'fhir-too-large' });
    const data = Buffer.from('%PDF-1.7').toString('base64');
    handler = json(200, { resourceType: 'Binary', id: '1', contentType: 'application/pdf', data });
    await expect(client().binary('Binary/1', { maxBytes: 7 })).rejects.toMatchObject({ code: 'fhir-too-large' });
    expect((await client().binary('Binary/1', { maxBytes: 8 })).bytes).toHaveLength(8);
  });

  test('create: raw, or as a resource where raw is refused', async () => {
    const bytes = new Uint8Array([1, 2, 3, 255]);
    handler = json(201, { resourceType: 'Binary', id: '9' });
    expect(await client().createBinary(bytes, 'image/png')).toEqual({ url: 'Binary/9', id: '9' });
    expect([seen[0]?.headers['content-type'], ...(seen[0]?.body ?? [])]).toEqual(['image/png', 1, 2, 3, 255]);
    seen = [];
    handler = (request, response, body) =>
      request.headers['content-type'] === 'image/png'
        ? json(415, outcome('not-supported'))(request, response, body)
        : json(201, { resourceType: 'Binary', id: '9' })(request, response, body);
    await client().createBinary(bytes, 'image/png');
    expect(JSON.parse(seen[1]?.body.toString() ?? '')).toMatchObject({ contentType: 'image/png', data: 'AQID/w==' });
  });
});
