import { describe, expect, test } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../../src/errors.ts';
import type { FhirClient } from '../../src/fhir/client.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { createSamples } from '../../src/samples/create.ts';
import type { SampleSet } from '../../src/samples/sample.ts';
import { seed } from '../../src/samples/seed.ts';

const base = 'http://interval.test/fhir/R4';

async function smallSet(): Promise<SampleSet> {
  const set = await createSamples({ now: new Date('2026-03-14T16:00:00Z'), timeZone: 'UTC' });
  const chosen = ['sample-potassium', 'sample-text', 'sample-duplicate', 'sample-stable'];
  return { ...set, samples: set.samples.filter(({ id }) => chosen.includes(id)) };
}

function embedded() {
  const server = createFhirServer({ base });
  return { server, client: createFhirClient({ base, fetch: server.fetch }) };
}

describe('seed', () => {
  test('writes everything once, with its own ids', async () => {
    const { server, client } = embedded();
    const set = await smallSet();
    const first = await seed(client, set);
    expect(first.existing).toBe(0);
    expect(first.created).toBe(first.references.length);
    const patient = await client.read('Patient', 'sample-potassium');
    const second = await seed(client, await smallSet());
    expect([second.created, second.existing]).toEqual([0, first.created]);
    expect((await client.read('Patient', 'sample-potassium')).meta?.versionId).toBe(patient.meta?.versionId);
    const { bytes, contentType } = await client.binary('Binary/sample-potassium-pdf');
    expect(contentType).toContain('application/pdf');
    expect(bytes).toEqual(await set.samples[0]!.binaries[0]!.bytes());
    server.close();
  });

  test('lets a server choose the ids that allows no others, and follows them', async () => {
    const { server, client } = embedded();
    const refusing: FhirClient = {
      ...client,
      update: async () => {
        throw new IntervalError('fhir-rejected', 'No client-assigned ids here.');
      },
    };
    const set = await smallSet();
    const first = await seed(refusing, set);
    expect(first.created).toBe(first.references.length);
    const second = await seed(refusing, set);
    expect(second.created).toBe(0);
    expect([...second.references].sort()).toEqual([...first.references].sort());
    const documents = await client.search<Resource>('DocumentReference', {});
    for (const document of documents) {
      const text = JSON.stringify(document);
      const [, patient] = /"reference":"Patient\/([^"]+)"/.exec(text)!;
      await expect(client.read('Patient', patient!)).resolves.toBeDefined();
      const [, binary] = /"url":"(Binary\/[^"]+)"/.exec(text)!;
      await expect(client.binary(binary!)).resolves.toBeDefined();
    }
    server.close();
  });
});
