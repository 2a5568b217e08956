import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Communication, Patient } from '@medplum/fhirtypes';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';
import { keepUntilWritten } from '../../src/services/until-written.ts';

const { signal } = new AbortController();

describe('results are kept until something is written', () => {
  test('asked once, and again after a write; each patient apart', async () => {
    let revision = 1;
    const asked: string[] = [];
    const results = keepUntilWritten(
      async (patient) => {
        asked.push(patient);
        return `${patient} at ${revision}`;
      },
      () => String(revision),
    );
    expect([await results('a', signal), await results('a', signal), await results('b', signal)]).toEqual([
      'a at 1',
      'a at 1',
      'b at 1',
    ]);
    revision = 2;
    expect(await results('a', signal)).toBe('a at 2');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  test('what was written to while it was asked is not kept; a failure neither', async () => {
    let revision = 1;
    let asked = 0;
    const results = keepUntilWritten(
      async () => {
        asked += 1;
        if (asked === 1) {
          revision = 2;
        }
        if (asked === 2) {
          throw new Error('gone');
        }
        return asked;
      },
      () => String(revision),
    );
    expect(await results('a', signal)).toBe(1);
    await expect(results('a', signal)).rejects.toThrow('gone');
    expect([await results('a', signal), await results('a', signal)]).toEqual([3, 3]);
  });

  test('of a store elsewhere nothing is kept', async () => {
    let asked = 0;
    const results = keepUntilWritten(async () => ++asked, undefined);
    expect([await results('a', signal), await results('a', signal)]).toEqual([1, 2]);
  });

  test('no more than some hundred patients are kept', async () => {
    let asked = 0;
    const results = keepUntilWritten(
      async () => ++asked,
      () => '',
    );
    for (let at = 0; at < 300; at += 1) {
      await results(`p${at}`, signal);
    }
    expect(await results('p299', signal)).toBe(300);
    expect(await results('p0', signal)).toBe(301);
  });

  test('the embedded server says something else after each write of these types, and the same after anything else', async () => {
    const server = createFhirServer({ base: 'http://127.0.0.1/fhir/R4' });
    const client = createFhirClient({ base: server.base, fetch: server.fetch });
    const revision = () => server.revision(['Patient', 'Task']);
    const first = revision();
    const patient = await client.create<Patient>({ resourceType: 'Patient' });
    const second = revision();
    expect(second).not.toBe(first);
    await client.read('Patient', patient.id!);
    await client.create<Communication>({ resourceType: 'Communication', status: 'completed' });
    expect(revision()).toBe(second);
    await client.update({ ...patient, id: patient.id!, active: true });
    const third = revision();
    expect(third).not.toBe(second);
    await server.fetch(`${server.base}/Patient/${patient.id}`, { method: 'DELETE' });
    expect(revision()).not.toBe(third);
    server.close();
  });

  test('a write by another process, to the same file, counts whatever its type', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'interval-revision-')), 'interval.sqlite');
    const server = createFhirServer({ base: 'http://127.0.0.1/fhir/R4', file });
    const other = createFhirServer({ base: 'http://127.0.0.1/fhir/R4', file });
    const client = createFhirClient({ base: other.base, fetch: other.fetch });
    const first = server.revision(['Task']);
    await client.create<Patient>({ resourceType: 'Patient' });
    expect(server.revision(['Task'])).not.toBe(first);
    server.close();
    other.close();
    await rm(dirname(file), { recursive: true });
  });
});
