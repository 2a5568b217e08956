import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { profile } from '../../src/fhir/codes.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { uploadProfiles } from '../../tools/upload-profiles.ts';

const base = 'http://127.0.0.1:9/fhir/R4';
let server: FhirServer;
beforeEach(() => {
  server = createFhirServer({ base });
});
afterEach(() => server.close());

const total = async (query: string) =>
  ((await (await server.fetch(`${base}/${query}&_summary=count`)).json()) as Bundle).total;

test('each artefact is there once, however often it is uploaded', async () => {
  const uploaded = await uploadProfiles({ base: `${base}/`, fetch: server.fetch });
  expect(uploaded).toHaveLength(readdirSync(new URL('../../fhir-profiles/generated', import.meta.url)).length);
  expect(await uploadProfiles({ base, fetch: server.fetch })).toEqual(uploaded);
  expect(await total(`StructureDefinition?url=${encodeURIComponent(profile.labResult)}`)).toBe(1);
  expect(await total('CodeSystem?url:missing=false')).toBe(
    uploaded.filter((url) => url.includes('/CodeSystem/')).length,
  );
});

test('code systems and value sets come before the profiles that bind to them', async () => {
  const uploaded = await uploadProfiles({ base, fetch: server.fetch });
  const types = uploaded.map((url) => url.split('/').at(-2) as string);
  expect([...new Set(types)]).toEqual([
    'CodeSystem',
    'ValueSet',
    'ConceptMap',
    'StructureDefinition',
    'CapabilityStatement',
  ]);
});

test('the token is sent and no redirect followed; a refusal names artefact and status', async () => {
  const asked: RequestInit[] = [];
  const refusing: typeof fetch = async (_url, init) => {
    asked.push(init ?? {});
    return new Response('{"resourceType":"OperationOutcome"}', { status: 403 });
  };
  await expect(uploadProfiles({ base, token: 'a-token', fetch: refusing })).rejects.toThrow(
    /^CodeSystem\/[a-z-]+: the server answered 403/,
  );
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ redirect: 'error', headers: { authorization: 'Bearer a-token' } });
  await expect(uploadProfiles({ base, fetch: refusing })).rejects.toThrow('403');
  expect(asked[1]?.headers).not.toHaveProperty('authorization');
});
