import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { type FhirServerThread, startFhirServer } from '../../src/fhir-server/thread.ts';

const base = 'http://fhir.test/R4';
const folder = mkdtempSync(join(tmpdir(), 'fhir-thread-'));
const open: FhirServerThread[] = [];

async function start(options: { file?: string; onError?: (error: unknown) => void } = {}): Promise<FhirServerThread> {
  const server = await startFhirServer({ base, ...options });
  open.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const patient = { resourceType: 'Patient', gender: 'other' } as const;

describe('the embedded server in a thread', () => {
  test('the revision says of each type whether it was written, before the write is answered', async () => {
    const server = await start();
    const client = createFhirClient({ base, fetch: server.fetch });
    const [patients, tasks] = [() => server.revision(['Patient', 'Basic']), () => server.revision(['Task'])];
    const before = [patients(), tasks()];
    await client.create(patient);
    expect(patients()).not.toBe(before[0]);
    expect(tasks()).toBe(before[1]);
    await client.search('Patient', {});
    const after = patients();
    await client.read('Patient', 'none').catch(() => undefined);
    expect(patients()).toBe(after);
  });

  test('a write of another process to the same file changes the revision of all types soon', async () => {
    const file = join(folder, 'shared.sqlite');
    const server = await start({ file });
    await sleep(300);
    const before = server.revision(['Task']);
    const other = createFhirServer({ base, file });
    await createFhirClient({ base, fetch: other.fetch }).create(patient);
    other.close();
    for (let tries = 0; tries < 200 && server.revision(['Task']) === before; tries += 1) {
      await sleep(50);
    }
    expect(server.revision(['Task'])).not.toBe(before);
  });

  test('entries of one transaction name each other; one that is wrong keeps all out, unless its writer vouches for it', async () => {
    const server = await start();
    const client = createFhirClient({ base, fetch: server.fetch });
    const entries = (gender: string) => [
      { fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000001', resource: { ...patient, gender } as never },
      {
        fullUrl: 'urn:uuid:00000000-0000-4000-8000-000000000002',
        resource: {
          resourceType: 'Basic',
          code: { text: 'note' },
          subject: { reference: 'urn:uuid:00000000-0000-4000-8000-000000000001' },
        } as never,
      },
    ];
    await client.createAll(entries('female'));
    const [one] = await client.search('Patient', { gender: 'female' });
    expect(await client.search('Basic', { subject: `Patient/${one?.id}` })).toHaveLength(1);
    await expect(client.createAll(entries('wrong') as never)).resolves.toBeUndefined();
    await expect(
      client.createAll([{ ...entries('x')[0]!, resource: { resourceType: 'Nothing' } as never }]),
    ).rejects.toMatchObject({ code: 'fhir-not-found' });
    await expect(
      client.createAll([
        entries('male')[0]!,
        { ...entries('x')[1]!, resource: { resourceType: 'Patient', gender: 42 } as never },
      ]),
    ).rejects.toMatchObject({ code: 'fhir-rejected' });
    expect(await client.search('Patient', { gender: 'male' })).toHaveLength(0);
  });

  test('once it has ended everything is refused: no chart looks empty', async () => {
    const server = await start();
    await server.close();
    await expect(server.fetch(`${base}/Patient`)).rejects.toThrow('ended');
    await expect(server.close()).resolves.toBeUndefined();
  });

  test('a file that is no database is refused at the start', async () => {
    await expect(startFhirServer({ base, file: folder })).rejects.toThrow();
  });
});
