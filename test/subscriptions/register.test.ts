import { afterEach, describe, expect, test } from '@jest/globals';
import type { CapabilityStatement, Subscription } from '@medplum/fhirtypes';
import type { FhirClient } from '../../src/fhir/client.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { dialectOf, register, settled, unregister } from '../../src/subscriptions/register.ts';

/** A server that calls itself something: it keeps Subscriptions and does nothing with them. */
let fhir: FhirServer;
afterEach(() => fhir.close());

function serverOf(name: string | undefined): FhirClient {
  fhir = createFhirServer({ base: 'https://ehr.example/fhir' });
  return createFhirClient({
    base: fhir.base,
    fetch: (async (url: string, init: RequestInit) => {
      const response = await fhir.fetch(url, init);
      if (!url.endsWith('/metadata')) return response;
      const { software: _software, ...rest } = (await response.json()) as CapabilityStatement;
      return new Response(JSON.stringify({ ...rest, ...(name ? { software: { name } } : {}) }), response);
    }) as never,
  });
}

const secret = 'a-secret-of-more-than-thirty-two-characters';
const wanted = { publicUrl: 'https://interval.example', secret, header: '' };
const all = (source: FhirClient) => source.search<Subscription>('Subscription', { _count: '50' });

describe('registering', () => {
  test('Medplum: active at once, since it never makes it so, with the key of its signature', async () => {
    const source = serverOf('medplum');
    const dialect = await dialectOf(source);
    const made = await register(source, 'DiagnosticReport', { wanted, dialect, dryRun: false });
    expect(made).toMatchObject({ outcome: 'created', status: 'active' });
    expect(await all(source)).toMatchObject([
      {
        status: 'active',
        channel: { endpoint: 'https://interval.example/subscriptions/DiagnosticReport' },
        extension: [
          { url: 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret', valueString: secret },
        ],
      },
    ]);
    expect((await all(source))[0]?.channel.header).toBeUndefined();
  });

  test('HAPI FHIR: requested, the secret in the header, deletions too', async () => {
    const source = serverOf('HAPI FHIR Server');
    const dialect = await dialectOf(source);
    expect(dialect.signs).toBe(false);
    const header = { ...wanted, header: 'X-Arrival' };
    await register(source, 'ImagingStudy', { wanted: header, dialect, dryRun: false });
    const [made] = await all(source);
    expect(made).toMatchObject({
      status: 'requested',
      channel: { header: [`X-Arrival: ${secret}`], extension: [{ valueBoolean: true }] },
    });
    expect(made?.extension).toBeUndefined();
  });

  test('ten at the same time make one; one made by hand is taken over, not doubled', async () => {
    const source = serverOf(undefined);
    const dialect = await dialectOf(source);
    const how = { wanted, dialect, dryRun: false };
    await Promise.all(Array.from({ length: 10 }, () => register(source, 'DiagnosticReport', how)));
    expect(await all(source)).toHaveLength(1);
    await source.create<Subscription>({
      resourceType: 'Subscription',
      status: 'off',
      reason: 'by hand',
      criteria: 'ImagingStudy?modality=CR',
      channel: { type: 'rest-hook', endpoint: 'https://interval.example/subscriptions/ImagingStudy' },
    });
    expect(await register(source, 'ImagingStudy', how)).toMatchObject({ outcome: 'updated', status: 'requested' });
    expect(await all(source)).toHaveLength(2);
    // Another service's is not ours.
    const other = { ...how, wanted: { ...wanted, publicUrl: 'https://second.example' } };
    expect((await register(source, 'ImagingStudy', other)).outcome).toBe('created');
    expect((await unregister(source, 'ImagingStudy', other)).outcome).toBe('switched off');
    expect((await all(source)).map(({ status }) => status).toSorted()).toEqual(['off', 'requested', 'requested']);
  });

  test('who waits for a server that never answers stops waiting', async () => {
    const source = serverOf(undefined);
    const how = { wanted, dialect: await dialectOf(source), dryRun: false };
    const made = await register(source, 'DiagnosticReport', how);
    let pauses = 0;
    const end = await settled(source, made, async () => {
      pauses += 1;
    });
    expect([end.status, pauses]).toEqual(['requested', 60]);
  });
});
