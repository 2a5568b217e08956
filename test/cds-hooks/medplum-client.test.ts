import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildCdsRequest, type CdsService as MedplumCdsService, MedplumClient } from '@medplum/core';
import type { Practitioner, Resource } from '@medplum/fhirtypes';
import type { HookCall } from '../../src/cds-hooks/service.ts';
import { definitions, type Front, openFront, patient, searchset, service, summary } from './front.ts';

let front: Front;
const calls: HookCall[] = [];
beforeAll(async () => {
  front = await openFront(
    definitions.map(({ id }) =>
      service(id, (call) => {
        calls.push(call);
        return { summaries: [summary()] };
      }),
    ),
  );
});
afterAll(() => front.close());

describe('a client that we did not write: MedplumClient', () => {
  test('discovers, prefetches every template, calls, and gets cards', async () => {
    const medplum = new MedplumClient({
      baseUrl: `${front.url}/`,
      cdsServicesUrl: `${front.url}/cds-services`,
      cacheTime: 0,
      fetch: async (url: string, options: RequestInit) => {
        const fhir = /\/fhir\/R4\/(.*)$/.exec(url)?.[1];
        if (fhir === undefined) {
          return fetch(url, options);
        }
        const body: object = fhir.startsWith('Patient/') ? patient : searchset();
        return Response.json(body, { headers: { 'content-type': 'application/fhir+json' } });
      },
    });
    const { services } = await medplum.getCdsServices();
    expect(services.map(({ id }) => id)).toEqual(definitions.map(({ id }) => id));
    const chest = services.find(({ id }) => id === 'chest-xray-change') as MedplumCdsService;
    const user = { resourceType: 'Practitioner', id: 'abc' } as Practitioner & Resource;
    const request = await buildCdsRequest(medplum, user as never, chest, {
      userId: 'Practitioner/abc',
      patientId: '123',
    } as never);
    const { cards } = await medplum.callCdsService('chest-xray-change', request);
    expect(cards).toHaveLength(1);
    expect(Object.keys(calls[0]?.prefetch ?? {})).toEqual(['patient', 'studies', 'reports', 'requests']);
    expect(calls[0]?.missing).toEqual([]);
  });
});
