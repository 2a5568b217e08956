import { describe, expect, test } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
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

  test('the embedded server says something else after each write, and the same after each read', async () => {
    const server = createFhirServer({ base: 'http://127.0.0.1/fhir/R4' });
    const client = createFhirClient({ base: server.base, fetch: server.fetch });
    const first = server.revision();
    const patient = await client.create<Patient>({ resourceType: 'Patient' });
    const second = server.revision();
    expect(second).not.toBe(first);
    await client.read('Patient', patient.id!);
    expect(server.revision()).toBe(second);
    await client.update({ ...patient, id: patient.id!, active: true });
    expect(server.revision()).not.toBe(second);
    server.close();
  });
});
