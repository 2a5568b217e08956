import { describe, expect, test } from '@jest/globals';
import type { Device, DiagnosticReport, Media, Observation, Provenance, Resource } from '@medplum/fhirtypes';
import { completeResult } from '../../src/fhir/complete.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createWriteBack } from '../../src/fhir/write-back.ts';
import { context, labDraft, potassium, sodium } from './draft.ts';
import { smallServer } from './small-server.ts';

type Server = ReturnType<typeof smallServer>;

const clientOf = (server: Server) => createFhirClient({ base: server.base, fetch: server.fetch });
const sameServer = (server: Server) => {
  const store = clientOf(server);
  return { store, source: store, mode: 'full' as const };
};

/** What stands on the server, without what a second way to the same state may change: ids and their order. */
function state(server: Server): unknown {
  const names = new Map<string, string>();
  for (const [reference, resource] of server.resources) {
    names.set(reference, `${resource.resourceType}:${JSON.stringify(nameOf(resource))}`);
  }
  const text = [...server.resources.values()]
    .map((one) => ({ ...one, id: undefined, meta: { ...one.meta, versionId: undefined, lastUpdated: undefined } }))
    .map((one) =>
      JSON.stringify(one, (key, value) =>
        key === 'reference' ? (names.get(value) ?? value) : key === 'url' && /^Binary\//.test(value) ? 'Binary' : value,
      ),
    );
  return text.sort();
}

function nameOf(resource: Resource): unknown {
  return (resource as Observation).identifier?.[0]?.value ?? resource.resourceType;
}

describe('write-back', () => {
  test('writes Device, Observations, picture, report and Provenance, each referring to what is there', async () => {
    const server = smallServer();
    const outcome = await createWriteBack()(completeResult(labDraft(), context), sameServer(server));
    expect(outcome).toMatchObject({ store: { created: 5, updated: 0, kept: [], retracted: [] } });
    expect(outcome.source).toBeUndefined();
    const device = `Device/${server.of<Device>('Device')[0]?.id}`;
    const observations = server.of<Observation>('Observation');
    expect(observations.map((one) => [one.status, one.device?.reference])).toEqual([
      ['preliminary', device],
      ['preliminary', device],
    ]);
    const [report] = server.of<DiagnosticReport>('DiagnosticReport');
    expect(report?.result?.map((one) => one.reference)).toEqual(observations.map((one) => `Observation/${one.id}`));
    const [media] = server.of<Media>('Media');
    expect(report?.media?.[0]?.link.reference).toBe(`Media/${media?.id}`);
    expect([...server.binaries.keys()]).toEqual([media?.content?.url?.replace('Binary/', '')]);
    const [provenance] = server.of<Provenance>('Provenance');
    expect(provenance?.target).toHaveLength(4);
    expect(provenance?.target.every((one) => server.resources.has(one.reference as string))).toBe(true);
    expect(provenance?.agent[0]?.who?.reference).toBe(device);
    const posts = server.log.filter((line) => line.startsWith('POST')).map((line) => line.slice(5));
    expect(posts).toEqual([
      'Device',
      'Observation',
      'Observation',
      'Binary',
      'Media',
      'DiagnosticReport',
      'Provenance',
    ]);
  });

  test('the same job twice writes nothing the second time', async () => {
    const server = smallServer();
    const writeBack = createWriteBack();
    await writeBack(completeResult(labDraft(), context), sameServer(server));
    const writes = server.log.filter((line) => !line.startsWith('GET')).length;
    const before = state(server);
    const later = { ...context, now: '2026-03-02T12:00:00.000Z' };
    const second = await writeBack(completeResult(labDraft(), later), sameServer(server));
    expect(second.store).toMatchObject({ created: 0, updated: 0 });
    expect(state(server)).toEqual(before);
    expect(server.binaries.size).toBe(1);
    // The Device is asked for by conditional create; nothing else is sent.
    expect(server.log.filter((line) => !line.startsWith('GET')).length - writes).toBe(1);
  });

  test('twenty runs at once write one set, in one process and in twenty', async () => {
    for (const shared of [true, false]) {
      const server = smallServer();
      const one = createWriteBack();
      const runs = Array.from({ length: 20 }, () =>
        (shared ? one : createWriteBack())(completeResult(labDraft(), context), sameServer(server)),
      );
      const outcomes = await Promise.all(runs);
      expect([...server.resources.values()].map((resource) => resource.resourceType).sort()).toEqual([
        'Device',
        'DiagnosticReport',
        'Media',
        'Observation',
        'Observation',
        'Provenance',
      ]);
      expect([...server.resources.values()].every((resource) => resource.meta?.versionId === '1')).toBe(true);
      expect(new Set(outcomes.map((outcome) => outcome.store.report)).size).toBe(1);
      if (shared) {
        expect(server.binaries.size).toBe(1);
      }
    }
  });

  test.each([
    ['before', 'is not done'],
    ['after', 'is done but its answer is lost'],
  ])('killed %s any single write (it %s), a second run ends in the same state', async (when) => {
    const whole = smallServer();
    await createWriteBack()(completeResult(labDraft(), context), sameServer(whole));
    const writes = whole.log.filter((line) => !line.startsWith('GET')).length;
    expect(writes).toBe(7);
    for (let at = 1; at <= writes; at++) {
      let count = 0;
      let armed = true;
      const server = smallServer();
      const fetch: Server['fetch'] = async (url, init) => {
        if (armed && init.method !== 'GET' && ++count === at) {
          if (when === 'after') {
            await server.fetch(url, init);
          }
          throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
        }
        return server.fetch(url, init);
      };
      const client = createFhirClient({ base: server.base, fetch });
      const servers = { store: client, source: client, mode: 'full' as const };
      await expect(createWriteBack()(completeResult(labDraft(), context), servers)).rejects.toMatchObject({
        code: 'fhir-unavailable',
      });
      armed = false;
      await createWriteBack()(completeResult(labDraft(), context), servers);
      expect(state(server)).toEqual(state(whole));
    }
  });

  test('killed at any step of an update, a second run ends in the same state', async () => {
    const first = completeResult(labDraft(), context);
    const second = completeResult(labDraft({ jobKey: 'job-2', observations: [potassium(6.5)], media: [] }), context);
    const run = async (failAt: number) => {
      const server = smallServer();
      await createWriteBack()(first, sameServer(server));
      let count = 0;
      const fetch: Server['fetch'] = async (url, init) => {
        if (init.method !== 'GET' && ++count === failAt) {
          throw new TypeError('fetch failed');
        }
        return server.fetch(url, init);
      };
      const client = createFhirClient({ base: server.base, fetch });
      const servers = { store: client, source: client, mode: 'full' as const };
      await createWriteBack()(second, servers).catch(() => createWriteBack()(second, servers));
      return { server, count };
    };
    const whole = await run(0);
    expect(whole.count).toBe(6);
    const result = (item: string) =>
      [...whole.server.resources.values()].find((one) => String(nameOf(one)).endsWith(item)) as Observation;
    expect(result('potassium-0')).toMatchObject({ status: 'preliminary', valueQuantity: { value: 6.5 } });
    expect(result('sodium-0')).toMatchObject({ status: 'entered-in-error', valueQuantity: { value: 139 } });
    expect(result('page-1').status).toBe('entered-in-error');
    const nullify = whole.server
      .of<Provenance>('Provenance')
      .filter((one) => one.activity?.coding?.[0]?.code === 'NULLIFY');
    expect(nullify.map((one) => one.target.length)).toEqual([2]);
    for (let at = 1; at <= whole.count; at++) {
      expect(state((await run(at)).server)).toEqual(state(whole.server));
    }
  });

  test('what a person accepted, rejected or changed is not touched', async () => {
    const server = smallServer();
    const writeBack = createWriteBack();
    await writeBack(completeResult(labDraft(), context), sameServer(server));
    const [kalium, natrium] = server.of<Observation>('Observation') as [Observation, Observation];
    server.resources.set(`Observation/${kalium.id}`, { ...kalium, status: 'final' });
    server.resources.set(`Observation/${natrium.id}`, { ...natrium, note: [{ text: 'checked by hand' }] });
    const changed = labDraft({
      observations: [potassium(5.1), { ...sodium, resource: { ...sodium.resource, code: { text: 'Sodium, serum' } } }],
    });
    const outcome = await writeBack(completeResult(changed, context), sameServer(server));
    expect(outcome.store.kept).toEqual([`Observation/${kalium.id}`, `Observation/${natrium.id}`]);
    expect(server.resources.get(`Observation/${kalium.id}`)).toMatchObject({
      status: 'final',
      valueQuantity: { value: 6.4 },
    });
    expect(server.resources.get(`Observation/${natrium.id}`)).toMatchObject({ code: { text: 'Sodium' } });
  });

  test('a server that carries tags forward still tells what is ours', async () => {
    const server = smallServer({ keepsTags: true });
    const writeBack = createWriteBack();
    for (const value of [6.4, 6.5, 6.4, 6.6]) {
      const draft = labDraft({ observations: [potassium(value), sodium] });
      const { store } = await writeBack(completeResult(draft, context), sameServer(server));
      expect(store.kept).toEqual([]);
      expect(server.of<Observation>('Observation')[0]?.valueQuantity?.value).toBe(value);
    }
  });

  test('a rejected result is left out of the report, and a run that finds it again leaves it rejected', async () => {
    const server = smallServer();
    const writeBack = createWriteBack();
    await writeBack(completeResult(labDraft(), context), sameServer(server));
    const [kalium] = server.of<Observation>('Observation') as [Observation];
    server.resources.set(`Observation/${kalium.id}`, { ...kalium, status: 'entered-in-error' });
    await writeBack(completeResult(labDraft(), context), sameServer(server));
    const [report] = server.of<DiagnosticReport>('DiagnosticReport');
    expect(report?.result).toHaveLength(1);
    expect(server.resources.get(`Observation/${kalium.id}`)).toMatchObject({ status: 'entered-in-error' });
  });

  test('a store of its own holds absolute references; the source gets its own relative ones', async () => {
    const store = smallServer({ base: 'http://store.test/fhir' });
    const source = smallServer({ base: 'https://ehr.test/r4' });
    const draft = labDraft({
      patient: 'https://ehr.test/r4/Patient/synthetic-1',
      subject: 'https://ehr.test/r4/DiagnosticReport/outside-1',
      inputs: [{ reference: 'https://ehr.test/r4/DiagnosticReport/outside-1', sha256: 'a'.repeat(64) }],
    });
    const servers = { store: clientOf(store), source: clientOf(source), mode: 'full' as const };
    const outcome = await createWriteBack()(completeResult(draft, context), servers);
    expect(outcome.source?.created).toBe(5);
    expect(store.of<Observation>('Observation')[0]?.subject?.reference).toBe(draft.patient);
    expect(source.of<Observation>('Observation')[0]?.subject?.reference).toBe('Patient/synthetic-1');
    const [report] = source.of<DiagnosticReport>('DiagnosticReport');
    expect(report?.extension?.[0]?.valueReference?.reference).toBe('DiagnosticReport/outside-1');
    expect(source.of<Provenance>('Provenance')[0]?.entity?.[0]?.what.reference).toBe('DiagnosticReport/outside-1');
    for (const mode of ['suggest', 'none'] as const) {
      const untouched = smallServer({ base: 'https://other.test/r4' });
      await createWriteBack()(completeResult(draft, context), { ...servers, source: clientOf(untouched), mode });
      expect(untouched.log).toEqual([]);
    }
  });

  test('a source without conditional create is searched first; one that takes no Observations is left alone', async () => {
    const guarded = smallServer({ conditionalCreate: false });
    const writeBack = createWriteBack();
    const runs = Array.from({ length: 5 }, () => writeBack(completeResult(labDraft(), context), sameServer(guarded)));
    await Promise.all(runs);
    expect(guarded.of('Observation')).toHaveLength(2);
    expect(guarded.of('Provenance')).toHaveLength(1);

    const store = smallServer({ base: 'http://store.test/fhir' });
    const reading = smallServer({ types: [] });
    const servers = { store: clientOf(store), source: clientOf(reading), mode: 'full' as const };
    const outcome = await writeBack(completeResult(labDraft(), context), servers);
    expect(outcome.sourceDeclines).toBe(true);
    expect(reading.resources.size).toBe(0);
  });

  test('a server that takes neither Device nor Media nor Provenance gets the Observations and the report', async () => {
    const server = smallServer({ types: ['Observation', 'DiagnosticReport'] });
    await createWriteBack()(completeResult(labDraft(), context), sameServer(server));
    expect([...server.resources.values()].map((one) => one.resourceType)).toEqual([
      'Observation',
      'Observation',
      'DiagnosticReport',
    ]);
    const [first] = server.of<Observation>('Observation');
    expect(first?.device).toMatchObject({ type: 'Device', identifier: { system: expect.stringContaining('/reader') } });
  });

  test('an invalid result writes nothing at all', async () => {
    const server = smallServer();
    const bad = { ...potassium(6.4), resource: { ...potassium(6.4).resource, effectiveDateTime: '2026' } };
    const write = createWriteBack()(completeResult(labDraft({ observations: [bad] }), context), sameServer(server));
    await expect(write).rejects.toMatchObject({ code: 'result-invalid', message: expect.stringContaining('res-4') });
    expect(server.log).toEqual([]);
  });

  test('an aborted signal ends the run as cancelled', async () => {
    const server = smallServer();
    const abort = new AbortController();
    abort.abort();
    const write = createWriteBack()(completeResult(labDraft(), context), sameServer(server), { signal: abort.signal });
    await expect(write).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.resources.size).toBe(0);
  });
});
