import { describe, expect, test } from '@jest/globals';
import type { Client } from '../../src/cds-hooks/authenticate.ts';
import { readRequest } from '../../src/cds-hooks/request.ts';
import { loadConfig } from '../../src/config.ts';
import { createBreakers } from '../../src/fhir/breaker.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import type { TokenSource } from '../../src/fhir/transport.ts';
import { createChartAccess } from '../../src/services/chart-access.ts';
import { createFhirServers } from '../../src/services/fhir-servers.ts';
import { definitions, patientView } from '../cds-hooks/front.ts';
import { registration } from '../support/ehr-keys.ts';

const definition = definitions[0]!;
const fhirServer = 'https://ehr.example.org/fhir/R4';
const anybody: Client = { id: 'development', authenticated: false };
const ehr: Client = { id: 'ehr', authenticated: true, registration: registration({ fhirServers: [fhirServer] }) };
const south: Client = {
  id: 'south',
  authenticated: true,
  registration: registration({ id: 'south', fhirServers: ['https://south.example.org/fhir'] }),
};

describe('X9: the access token', () => {
  test('is given while the call lasts, and gone when its answer is made', async () => {
    const sources: TokenSource[] = [];
    const access = createChartAccess({
      clientFor(base, token) {
        sources.push(token);
        return { base } as FhirClient;
      },
      maxPages: 1,
    });
    const request = readRequest(patientView({ fhirServer, fhirAuthorization: { access_token: 'secret' } }), definition);
    const { trusted, forget } = access(request, anybody);
    expect([trusted, await sources[0]?.()]).toEqual([true, 'secret']);
    forget?.();
    expect(await sources[0]?.()).toBeUndefined();
  });

  test('a query that was begun and is repeated after the answer carries none', async () => {
    const seen: (string | null)[] = [];
    const client = (token: TokenSource) =>
      createFhirClient({
        base: fhirServer,
        token,
        fetch: async (_url, init) => {
          seen.push(new Headers(init.headers).get('authorization'));
          return Response.json({ resourceType: 'Patient', id: '123' });
        },
      });
    const access = createChartAccess({ clientFor: (_base, token) => client(token), maxPages: 1 });
    const request = readRequest(patientView({ fhirServer, fhirAuthorization: { access_token: 'secret' } }), definition);
    const { fetchQuery, forget } = access(request, anybody);
    const { signal } = new AbortController();
    await fetchQuery?.('Patient/123', signal);
    forget?.();
    await fetchQuery?.('Patient/123', signal);
    expect(seen).toEqual(['Bearer secret', null]);
  });
});

describe('X1 X10: which FHIR servers a caller may name', () => {
  const source = { base: fhirServer } as FhirClient;
  const world = (environment: Record<string, string> = {}) => ({
    config: loadConfig({ environment }),
    address: 'http://127.0.0.1:3000',
    publicUrl: 'http://127.0.0.1:3000',
    servers: {
      source,
      store: source,
      mode: 'suggest',
      form: { toStore: (reference: string) => `${reference} of ours`, toSource: (reference: string) => reference },
      breakers: createBreakers({ failures: 10, openMs: 1, slowMs: 1, clock: Date.now, onChange: () => undefined }),
    } as const,
    embedded: undefined,
  });
  const token = async () => undefined;

  test('a registered client its own, whatever else is listed', () => {
    const servers = createFhirServers(world({ INTERVAL_TRUSTED_FHIR_SERVERS: 'https://other.example.org/fhir' }));
    expect(servers.clientFor(fhirServer, token, ehr)?.base).toBe(fhirServer);
    expect(servers.clientFor(`${fhirServer}/tenant-7`, token, ehr)?.base).toBe(`${fhirServer}/tenant-7`);
    for (const other of [
      'https://other.example.org/fhir',
      'https://ehr.example.org/fhir/R4x',
      'http://ehr.example.org/fhir/R4',
      'https://south.example.org/fhir',
    ]) {
      expect(servers.clientFor(other, token, ehr)).toBeUndefined();
    }
    expect(servers.clientFor(fhirServer, token, south)).toBeUndefined();
  });

  test('patients are the source’s where its server is meant, and it is the caller’s', () => {
    const servers = createFhirServers(world());
    expect([
      servers.isSource(fhirServer, ehr),
      servers.isSource(`${fhirServer}/`, ehr),
      servers.isSource(undefined, ehr),
    ]).toEqual([true, true, true]);
    expect([servers.isSource(fhirServer, south), servers.isSource(undefined, south)]).toEqual([false, false]);
    const two = {
      ...ehr,
      registration: registration({ fhirServers: [fhirServer, 'https://second.example.org/fhir'] }),
    };
    expect([servers.isSource(undefined, two), servers.isSource(fhirServer, two)]).toEqual([false, true]);
    const none = { ...ehr, registration: registration({ fhirServers: [] }) };
    expect([servers.isSource(undefined, none), servers.isSource(fhirServer, none)]).toEqual([false, false]);
    expect(servers.isSource(undefined, anybody)).toBe(true);
    expect(
      [
        [fhirServer, ehr],
        [undefined, ehr],
        [undefined, south],
        [fhirServer, south],
        [undefined, two],
        [undefined, none],
        [undefined, anybody],
      ].map(([fhirServer, client]) =>
        servers.chartsOf({ fhirServer, client } as Parameters<typeof servers.chartsOf>[0]).toStore('Patient/1'),
      ),
    ).toEqual([
      'Patient/1 of ours',
      'Patient/1 of ours',
      'https://south.example.org/fhir/Patient/1',
      `${fhirServer}/Patient/1`,
      `http://127.0.0.1:3000/clients/${ehr.id}/Patient/1`,
      `http://127.0.0.1:3000/clients/${ehr.id}/Patient/1`,
      'Patient/1 of ours',
    ]);
  });
});
