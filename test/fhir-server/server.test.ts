import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import type { Bundle, Observation, Patient, StructureDefinition } from '@medplum/fhirtypes';
import express from 'express';
import { Client } from 'fhir-kit-client';
import { readDefinitions } from '../../src/fhir/definitions.ts';
import { createFhirServer, type FhirServer, type FhirServerOptions } from '../../src/fhir-server/server.ts';

const base = 'http://fhir.test/R4';
const folder = mkdtempSync(join(tmpdir(), 'fhir-server-'));
const open: FhirServer[] = [];

function start(options: Partial<FhirServerOptions> = {}): FhirServer {
  const server = createFhirServer({ base, ...options });
  open.push(server);
  return server;
}

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const patient = (value: string): Patient => ({ resourceType: 'Patient', identifier: [{ system: 'urn:t', value }] });

async function send(
  server: FhirServer,
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
) {
  const response = await server.fetch(`${base}/${path}`, {
    method,
    body,
    headers: { 'content-type': 'application/fhir+json', ...headers },
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  };
}

async function total(server: FhirServer, query: string): Promise<number> {
  return (await send(server, 'GET', query)).body.total;
}

describe('a file', () => {
  test('keeps resources, history and index for the next process', async () => {
    const file = join(folder, 'kept.sqlite');
    const first = createFhirServer({ base, file });
    const created = (await send(first, 'POST', 'Patient', JSON.stringify(patient('kept')))).body;
    await send(first, 'PUT', `Patient/${created.id}`, JSON.stringify({ ...created, gender: 'other' }));
    first.close();
    const second = start({ file });
    expect((await send(second, 'GET', `Patient/${created.id}`)).body.meta.versionId).toBe('2');
    expect((await send(second, 'GET', `Patient/${created.id}/_history`)).body.total).toBe(2);
    expect(await total(second, 'Patient?identifier=urn:t%7Ckept&gender=other')).toBe(1);
  });

  test('that was written under another base finds absolute references to itself', async () => {
    const file = join(folder, 'moved.sqlite');
    const first = createFhirServer({ base: 'http://old.test/R4', file });
    const resource = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: `${base}/Patient/p` },
    };
    await first.fetch('http://old.test/R4/Observation', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(resource),
    });
    first.close();
    expect(await total(start({ file }), 'Observation?patient=p')).toBe(1);
  });
});

describe('withTransaction', () => {
  test('undoes all of it, and nothing of those who wrote meanwhile', async () => {
    const server = start();
    const failed = server.repository.withTransaction(async (repository) => {
      await repository.createResource(patient('inside'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await repository.createResource(patient('inside'));
      throw new Error('changed my mind');
    });
    const outside = Promise.all(
      [1, 2, 3].map(() => send(server, 'POST', 'Patient', JSON.stringify(patient('outside')))),
    );
    await expect(failed).rejects.toThrow('changed my mind');
    expect((await outside).map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(await total(server, 'Patient?identifier=inside')).toBe(0);
    expect(await total(server, 'Patient?identifier=outside')).toBe(3);
  });

  test('is seen by nobody before it ends', async () => {
    const server = start();
    let seen: number | undefined;
    const reading = server.repository.withTransaction(async (repository) => {
      await repository.createResource(patient('hidden'));
      const answer = total(server, 'Patient?identifier=hidden').then((count) => {
        seen = count;
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(seen).toBeUndefined();
      return { answer };
    });
    await (await reading).answer;
    expect(seen).toBe(1);
  });

  test('inside another is undone alone', async () => {
    const server = start();
    await server.repository.withTransaction(async (outer) => {
      await outer.createResource(patient('outer'));
      const inner = outer.withTransaction(async (repository) => {
        await repository.createResource(patient('inner'));
        throw new Error('only this');
      });
      await expect(inner).rejects.toThrow('only this');
    });
    expect(await total(server, 'Patient?identifier=outer')).toBe(1);
    expect(await total(server, 'Patient?identifier=inner')).toBe(0);
  });
});

describe('what others write with', () => {
  test('MedplumClient creates, follows pages and patches', async () => {
    const server = start();
    const client = new MedplumClient({
      baseUrl: 'http://fhir.test/',
      fhirUrlPath: `${base}/`,
      extendedMode: false,
      cacheTime: 0,
      maxRetries: 0,
      fetch: server.fetch,
    });
    for (let i = 0; i < 7; i++) await client.createResource(patient(`page-${i}`));
    const seen: string[] = [];
    for await (const page of client.searchResourcePages('Patient', '_sort=identifier&_count=3')) {
      seen.push(...page.map((resource) => resource.identifier?.[0]?.value ?? ''));
    }
    expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => `page-${i}`));
    const once = await client.createResourceIfNoneExist(patient('page-1'), 'identifier=urn:t|page-1');
    expect(once.meta?.versionId).toBe('1');
    const patched = await client.patchResource('Patient', once.id, [{ op: 'add', path: '/gender', value: 'female' }]);
    expect(patched.meta?.versionId).toBe('2');
    const binary = await client.createBinary({ data: 'hello', contentType: 'text/plain' });
    expect(await (await client.download(`${base}/Binary/${binary.id}`)).text()).toBe('hello');
  });

  test('a transaction may ask for an operation, which stores nothing', async () => {
    const server = start();
    const entry = [
      { resource: patient('asked'), request: { method: 'POST', url: 'Patient/$validate' } },
      { resource: patient('made'), request: { method: 'POST', url: '/Patient' } },
      { request: { method: 'GET', url: `${base}/Patient?identifier=made` } },
    ];
    const body = JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry });
    const answer = await send(server, 'POST', '', body);
    const types = answer.body.entry.map(
      ({ resource }: { resource: { resourceType: string } }) => resource.resourceType,
    );
    expect(types).toEqual(['OperationOutcome', 'Patient', 'Bundle']);
    expect(answer.body.entry[2].resource.total).toBe(1);
    expect(await total(server, 'Patient?_summary=count')).toBe(1);
  });

  test('fhir-kit-client reads the capabilities and runs a transaction', async () => {
    const server = start();
    // it takes its fetch from the process
    const original = globalThis.fetch;
    globalThis.fetch = server.fetch;
    try {
      const client = new Client({ baseUrl: base });
      const statement = await client.capabilityStatement();
      expect(statement.fhirVersion).toBe('4.0.1');
      const body: Bundle = {
        resourceType: 'Bundle',
        type: 'transaction',
        entry: [{ resource: patient('kit'), request: { method: 'POST', url: 'Patient' } }],
      };
      const answer = (await client.transaction({ body: body as never })) as unknown as Bundle;
      expect(answer.entry?.[0]?.response?.status).toMatch(/^201/);
    } finally {
      globalThis.fetch = original;
    }
  });
});

describe('$validate and profiles', () => {
  test('checks against a profile that it was given', async () => {
    const [observation] = readDefinitions().structures.filter(({ name }) => name === 'Observation');
    const url = 'https://interval.example.org/test/with-subject';
    const element = observation!.snapshot!.element.map((each) =>
      each.path === 'Observation.subject' ? { ...each, min: 1 } : each,
    );
    const profile = { ...observation!, url, name: 'WithSubject', snapshot: { element } } as StructureDefinition;
    const server = start({ profiles: [profile] });
    const resource: Observation = {
      resourceType: 'Observation',
      status: 'final',
      code: { text: 'x' },
      meta: { profile: [url] },
    };
    const errors = async (body: Observation) =>
      (await send(server, 'POST', 'Observation/$validate', JSON.stringify(body))).body.issue.filter(
        ({ severity }: { severity: string }) => severity === 'error',
      );
    expect(await errors(resource)).toHaveLength(1);
    expect(await errors({ ...resource, subject: { reference: 'Patient/1' } })).toEqual([]);
  });

  test('a validator of the caller refuses a write', async () => {
    const server = start({
      validate: () => [{ severity: 'error', code: 'business-rule', details: { text: 'Not today.' } }],
    });
    const { status, body } = await send(server, 'POST', 'Patient', JSON.stringify(patient('no')));
    expect(status).toBe(422);
    expect(body.issue[0].details.text).toBe('Not today.');
  });
});

describe('bad input', () => {
  const problems: unknown[] = [];
  const shared = createFhirServer({ base, onError: (error) => problems.push(error) });
  afterAll(() => shared.close());

  const nested = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  test.each<[string, string, string, string | undefined, Record<string, string>, number]>([
    ['not JSON', 'POST', 'Patient', '<Patient/>', {}, 400],
    ['an empty body', 'POST', 'Patient', '', {}, 400],
    ['a JSON array', 'POST', 'Patient', '[]', {}, 400],
    ['JSON null', 'POST', 'Patient', 'null', {}, 400],
    ['nesting without end', 'POST', 'Patient', nested, {}, 400],
    ['a type named after a property of objects', 'GET', 'constructor/1', undefined, {}, 404],
    ['a type named __proto__', 'POST', '__proto__', '{"resourceType":"__proto__"}', {}, 404],
    ['a search of no type', 'GET', 'toString?x=1', undefined, {}, 404],
    ['an id with a quote', 'GET', "Patient/1'%20OR%20'1'='1", undefined, {}, 404],
    ['an id that cannot be written', 'PUT', 'Patient/a%20b', '{"resourceType":"Patient","id":"a b"}', {}, 400],
    ['a path that cannot be decoded', 'GET', 'Patient/%E0%A4%A', undefined, {}, 404],
    ['a deep path', 'GET', 'Patient/1/2/3/4', undefined, {}, 404],
    ['a method without meaning', 'PUT', 'metadata/x/y', '{}', {}, 404],
    ['a method that is not for this address', 'DELETE', 'Patient/1/_history', undefined, {}, 405],
    ['XML asked for', 'GET', 'metadata', undefined, { accept: 'application/fhir+xml' }, 406],
    ['XML sent', 'POST', 'Patient', '<Patient/>', { 'content-type': 'application/fhir+xml' }, 415],
    ['a negative count', 'GET', 'Patient?_count=-1', undefined, {}, 400],
    ['a count that is no number', 'GET', 'Patient?_count=many', undefined, {}, 400],
    ['a foreign page link', 'GET', 'Patient?_cursor=abc', undefined, {}, 400],
    ['an empty value', 'GET', 'Observation?patient=', undefined, {}, 400],
    ['a date that is none', 'GET', 'Patient?birthdate=2026-02-31', undefined, {}, 400],
    ['a number that is none', 'GET', 'Observation?value-quantity=gtx', undefined, {}, 400],
    ['too few parts of a composite', 'GET', 'Observation?code-value-quantity=x', undefined, {}, 400],
    ['a chain through something that is no reference', 'GET', 'Observation?code.name=x', undefined, {}, 400],
    ['a chain to something that is not known', 'GET', 'Observation?patient.shoe=x', undefined, {}, 400],
    ['_has of a reference to another type', 'GET', 'Practitioner?_has:Observation:patient:code=x', undefined, {}, 400],
    ['half a _has', 'GET', 'Patient?_has:Observation=x', undefined, {}, 400],
    ['a conditional delete of everything', 'DELETE', 'Patient', undefined, {}, 412],
    ['a conditional update by nothing', 'PUT', 'Patient', '{"resourceType":"Patient"}', {}, 412],
    ['a patch that is none', 'PATCH', 'Patient/1', '{"op":"add"}', {}, 400],
    ['a history since never', 'GET', 'Patient/_history?_since=x', undefined, {}, 400],
    [
      'a Bundle entry without request',
      'POST',
      '',
      '{"resourceType":"Bundle","type":"transaction","entry":[{}]}',
      {},
      400,
    ],
  ])('%s', async (_name, method, path, body, headers, status) => {
    const answer = await send(shared, method, path, body, headers);
    expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
    expect(problems).toEqual([]);
    expect((await send(shared, 'GET', 'Patient?_count=0')).status).toBe(200);
  });

  test('a body over the limit is 413', async () => {
    const server = start({ maxBodyBytes: 1000 });
    const { status } = await send(
      server,
      'POST',
      'Patient',
      JSON.stringify({ ...patient('big'), name: [{ text: 'x'.repeat(2000) }] }),
    );
    expect(status).toBe(413);
  });

  test('an unexpected error is a 500 that says nothing, and is reported', async () => {
    const reported: unknown[] = [];
    const server = start({
      onError: (error) => reported.push(error),
      validate: () => {
        throw new TypeError('secret of the house');
      },
    });
    const { status, text } = await send(server, 'POST', 'Patient', JSON.stringify(patient('x')));
    expect(status).toBe(500);
    expect(text).not.toContain('secret');
    expect(reported).toHaveLength(1);
  });

  test('an address outside the base is not answered', async () => {
    const server = start();
    await expect(server.fetch('http://fhir.test/R4x/Patient')).rejects.toThrow(TypeError);
    await expect(server.fetch('http://elsewhere.test/R4/Patient')).rejects.toThrow(TypeError);
  });

  test('HTML in a Binary cannot run where it is shown', async () => {
    const server = start();
    const { body } = await send(server, 'POST', 'Binary', '<script>1</script>', { 'content-type': 'text/html' });
    const { headers } = await send(server, 'GET', `Binary/${body.id}`, undefined, { accept: 'text/html' });
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a long chart', () => {
  const many = 620;
  const observation = (at: number): Observation => ({
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'urn:c', code: at % 3 === 0 ? 'third' : 'other' }] },
    subject: { reference: at % 50 === 7 ? 'Patient/other' : 'Patient/long' },
    // Several on one day, spans, and some without a date.
    ...(at % 11 === 0
      ? {}
      : at % 7 === 0
        ? { effectivePeriod: { start: '2020-01-01', ...(at % 2 === 0 ? { end: `2021-01-${10 + (at % 15)}` } : {}) } }
        : { effectiveDateTime: `20${10 + (at % 12)}-0${1 + (at % 9)}-1${at % 4}` }),
  });
  const filled = async () => {
    const server = start();
    await server.repository.unchecked().withTransaction(async (repository) => {
      for (let at = 0; at < many; at += 1) {
        await repository.updateResource({ ...observation(at), id: `o${at}` });
      }
    });
    return server;
  };
  async function allPages(server: FhirServer, query: string): Promise<string[]> {
    const ids: string[] = [];
    for (let next: string | undefined = query; next !== undefined; ) {
      const bundle: Bundle = (await send(server, 'GET', next)).body;
      ids.push(...(bundle.entry ?? []).map(({ resource }) => resource!.id!));
      next = bundle.link?.find(({ relation }) => relation === 'next')?.url?.slice(base.length + 1);
    }
    return ids;
  }

  test('a patient’s latest are the same whichever way they are found, page by page', async () => {
    const server = await filled();
    for (const more of ['', '&code=third', '&status=final&date=ge2015']) {
      const latest = await allPages(server, `Observation?patient=long${more}&_sort=-date&_count=70`);
      // By subject all candidates are sorted.
      expect(latest).toEqual(await allPages(server, `Observation?subject=Patient/long${more}&_sort=-date&_count=70`));
      expect(new Set(latest).size).toBe(latest.length);
      expect(latest.length).toBeGreaterThan(100);
    }
    expect((await allPages(server, 'Observation?patient=Patient/long&_sort=-date')).length).toBe(many - 13);
  });

  test('what is changed, moved or deleted is found as it is now', async () => {
    const server = await filled();
    const newest = { ...observation(1), id: 'o3', effectiveDateTime: '2026-01-01' };
    await send(server, 'PUT', 'Observation/o3', JSON.stringify(newest));
    const ids = await allPages(server, 'Observation?patient=long&date=ge2026&_sort=-date');
    expect(ids).toContain('o3');
    await send(server, 'PUT', 'Observation/o3', JSON.stringify({ ...newest, subject: { reference: 'Patient/other' } }));
    expect(await allPages(server, 'Observation?patient=long&_sort=-date&_count=300')).not.toContain('o3');
    await send(server, 'DELETE', 'Observation/o4');
    expect(await allPages(server, 'Observation?patient=long&_sort=-date&_count=300')).not.toContain('o4');
  });

  test('a total that nobody asked for is given where it is soon counted, one that is asked for always', async () => {
    const server = start();
    await server.repository.unchecked().withTransaction(async (repository) => {
      for (let at = 0; at < 1100; at += 1) await repository.createResource(observation(1));
    });
    const bundle = async (more: string) =>
      (await send(server, 'GET', `Observation?patient=long&_sort=-date&_count=5${more}`)).body as Bundle;
    expect((await bundle('')).total).toBeUndefined();
    expect((await bundle('&_total=accurate')).total).toBe(1100);
    expect((await bundle('&_lastUpdated=lt2000')).total).toBe(0);
  });
});

describe('a writer that vouches for the form', () => {
  const wrong = JSON.stringify({ resourceType: 'Patient', gender: 42 });

  test('is believed inside of the process, and nobody over HTTP', async () => {
    const server = start();
    const headers = { 'x-interval-checked': 'form' };
    expect((await send(server, 'POST', 'Patient', wrong)).status).toBe(422);
    expect((await send(server, 'POST', 'Patient', wrong, headers)).status).toBe(201);
    const listener = express().use('/R4', server.router).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const { port } = listener.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/R4/Patient`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', ...headers },
      body: wrong,
    });
    expect(answer.status).toBe(422);
    listener.close();
    listener.closeAllConnections();
  });
});
