import { describe, expect, test } from '@jest/globals';
import type { AuditEvent, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../../src/errors.ts';
import type { FhirClient, NewEntry } from '../../src/fhir/client.ts';
import { createRecords } from '../../src/fhir/create-records.ts';

const [one, other] = ['urn:uuid:00000000-0000-4000-8000-000000000001', 'urn:uuid:00000000-0000-4000-8000-000000000002'];
const entries = [
  { fullUrl: one, resource: { resourceType: 'GuidanceResponse' } },
  { fullUrl: other, resource: { resourceType: 'AuditEvent', entity: [{ what: { reference: one } }] } },
] as unknown as readonly NewEntry[];

function server(code: 'fhir-rejected' | 'fhir-unavailable' | undefined) {
  const [together, alone]: [NewEntry[][], Resource[]] = [[], []];
  const client = {
    async createAll(all: NewEntry[]) {
      if (code) throw new IntervalError(code, 'no');
      together.push(all);
    },
    async create(resource: Resource) {
      alone.push(resource);
      return { ...resource, id: `id-${alone.length}` };
    },
  } as unknown as FhirClient;
  return { client, together, alone };
}

describe('records that belong together', () => {
  test('go in one transaction', async () => {
    const { client, together, alone } = server(undefined);
    await createRecords(client, entries);
    expect([together, alone]).toEqual([[entries], []]);
  });

  test('go one by one where the server takes no transaction, the later with the address of the earlier', async () => {
    const { client, alone } = server('fhir-rejected');
    await createRecords(client, entries);
    expect(alone.map(({ resourceType }) => resourceType)).toEqual(['GuidanceResponse', 'AuditEvent']);
    expect((alone[1] as AuditEvent).entity?.[0]?.what?.reference).toBe('GuidanceResponse/id-1');
  });

  test('wait where the server is down', async () => {
    const { client, alone } = server('fhir-unavailable');
    await expect(createRecords(client, entries)).rejects.toMatchObject({ code: 'fhir-unavailable' });
    expect(alone).toEqual([]);
  });
});
