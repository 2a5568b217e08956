import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildCdsRequest, type CdsService as MedplumCdsService, MedplumClient } from '@medplum/core';
import { jwtAuthentication } from '../../src/cds-hooks/jwt.ts';
import { createMemoryReplayStore } from '../../src/cds-hooks/replay/memory.ts';
import type { HookCall } from '../../src/cds-hooks/service.ts';
import { brokenRules } from '../support/conformance.ts';
import { createSigner, registration, type Signer, tokenFor } from '../support/ehr-keys.ts';
import { definitions, type Front, openFront, patient, searchset, service, summary } from './front.ts';

let front: Front;
let signer: Signer;
const calls: HookCall[] = [];

beforeAll(async () => {
  signer = await createSigner('RS384');
  front = await openFront(
    definitions.map(({ id }) =>
      service(id, (call) => {
        calls.push(call);
        return { summaries: [summary()] };
      }),
    ),
    {
      authenticate: jwtAuthentication({
        registrations: [registration({ jwks: { keys: [signer.publicJwk] } })],
        replay: createMemoryReplayStore({ clock: Date.now }),
        clock: Date.now,
      }),
    },
  );
}, 30_000);
afterAll(() => front.close());

/** MedplumClient signs nothing itself: the JWT is put into the headers that its calls take. */
const authorized = async (path: string) => ({
  headers: { authorization: `Bearer ${await tokenFor(front.url + path, signer)}` },
});

const medplum = () =>
  new MedplumClient({
    baseUrl: `${front.url}/`,
    cdsServicesUrl: `${front.url}/cds-services`,
    cacheTime: 0,
    fetch: async (url: string, options: RequestInit) => {
      const fhir = /\/fhir\/R4\/(.*)$/.exec(url)?.[1];
      const body: object = fhir?.startsWith('Patient/') ? patient : searchset();
      return fhir === undefined
        ? fetch(url, options)
        : Response.json(body, { headers: { 'content-type': 'application/fhir+json' } });
    },
  });

describe('MedplumClient in production mode', () => {
  test('getCdsServices, buildCdsRequest and callCdsService for every service, each call with a JWT of its own', async () => {
    const client = medplum();
    const { services } = await client.getCdsServices(await authorized('/cds-services'));
    expect(services.map(({ id }) => id)).toEqual(definitions.map(({ id }) => id));
    for (const one of services as MedplumCdsService[]) {
      const draft = {
        resourceType: 'ServiceRequest',
        id: 'd1',
        status: 'draft',
        intent: 'order',
        subject: { reference: 'Patient/123' },
      };
      const request = await buildCdsRequest(client, { resourceType: 'Practitioner', id: 'abc' } as never, one, {
        userId: 'Practitioner/abc',
        patientId: '123',
        ...(one.hook === 'patient-view'
          ? {}
          : { draftOrders: { resourceType: 'Bundle', type: 'collection', entry: [{ resource: draft }] } }),
        ...(one.hook === 'order-select' ? { selections: ['ServiceRequest/d1'] } : {}),
      } as never);
      const response = await client.callCdsService(one.id, request, await authorized(`/cds-services/${one.id}`));
      expect(response.cards).toHaveLength(1);
      expect(brokenRules(response)).toEqual([]);
      const call = calls.at(-1);
      expect(call?.client).toMatchObject({ id: 'ehr', authenticated: true });
      expect([call?.missing, Object.keys(call?.prefetch ?? {})]).toEqual([[], Object.keys(one.prefetch ?? {})]);
    }
  });

  test('J1: without a JWT it knows that it is not authorized', async () => {
    await expect(medplum().getCdsServices()).rejects.toThrow('Unauthorized');
  });
});
