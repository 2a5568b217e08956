import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { AuditEvent, Coding, GuidanceResponse } from '@medplum/fhirtypes';
import type { Registration } from '../../src/cds-hooks/clients.ts';
import { IntervalError } from '../../src/errors.ts';
import { auditEventOf } from '../../src/fhir/audit-event.ts';
import type { NewEntry } from '../../src/fhir/client.ts';
import { isValidR4, validateForWrite } from '../../src/fhir/validate.ts';
import { createBackground } from '../../src/services/background.ts';
import { clientOptions } from '../../src/services/client-options.ts';
import { createJobAudit } from '../../src/services/job-audit.ts';
import { type JudgedWorld, judgedWorld, user } from './judged-world.ts';

let world: JudgedWorld | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** The rules of the BALP profiles PatientRead, PatientCreate and PatientUpdate, written from their definitions. */
function expectBalp(event: AuditEvent, action: 'read' | 'create' | 'update') {
  validateForWrite(event);
  expect(isValidR4(event)).toBe(true);
  const name = { read: 'PatientRead', create: 'PatientCreate', update: 'PatientUpdate' }[action];
  expect(event.meta?.profile).toEqual([`https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${name}`]);
  expect([event.type?.code, event.subtype?.map(({ code }) => code), event.action, event.outcome]).toEqual([
    'rest',
    [action],
    { read: 'R', create: 'C', update: 'U' }[action],
    '0',
  ]);
  const agents = (code: string) => event.agent.filter(({ type }) => type?.coding?.some((one) => one.code === code));
  // Source and destination follow the data, so they change sides when it is written.
  for (const role of ['110152', '110153']) {
    const [agent, ...more] = agents(role);
    expect(more).toEqual([]);
    expect(agent?.who).toBeDefined();
    expect(agent?.network?.address).toBeTruthy();
    expect(agent?.media).toBeUndefined();
  }
  for (const agent of event.agent.filter(({ requestor }) => requestor)) {
    expect(['IRCP', 'AUT', 'INF', 'CST']).toContain(agent.type?.coding?.[0]?.code);
    expect(agent.network).toBeUndefined();
  }
  const entities = (type: Partial<Coding>) =>
    (event.entity ?? []).filter((one) => one.type?.system === type.system && one.type?.code === type.code);
  const kind = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
  const [patient, ...others] = entities({ system: kind, code: '1' });
  expect(others).toEqual([]);
  expect(patient?.role?.code).toBe('1');
  expect(patient?.what?.reference).toMatch(/(^|\/)Patient\//);
  const [data, ...second] = entities({ system: kind, code: '2' });
  expect(second).toEqual([]);
  expect(['3', '4', '20']).toContain(data?.role?.code);
  expect(data?.what?.reference).toBeTruthy();
  expect(event.source.observer).toBeDefined();
}

const events = async () =>
  (await world!.all<AuditEvent>('AuditEvent')).toSorted((one, other) =>
    one.recorded + one.id < other.recorded + other.id ? -1 : 1,
  );

describe('audit', () => {
  test('cards that were shown: one PatientRead, with who was shown them, in which call', async () => {
    world = await judgedWorld();
    await world.open();
    const [event, ...more] = await events();
    expect(more).toEqual([]);
    expectBalp(event!, 'read');
    const [{ id } = {}] = await world.all<GuidanceResponse>('GuidanceResponse');
    expect(event?.entity?.[1]?.what?.reference).toBe(`GuidanceResponse/${id}`);
    expect(event?.entity?.some(({ type, what }) => type?.code === 'XrequestId' && what?.identifier?.value)).toBe(true);
    expect(event?.agent.find(({ requestor }) => requestor)?.who?.reference).toBe(user);
    expect(event?.agent[0]?.who).toMatchObject({ identifier: { value: 'ehr-one' }, display: 'CDS client ehr-one' });
    expect(JSON.stringify(event)).not.toMatch(/otassium|5\.6/);
  });

  test('an acceptance: one PatientUpdate that names every resource it changed', async () => {
    world = await judgedWorld();
    const [card] = await world.open();
    const entry = {
      card: card.uuid,
      outcome: 'accepted',
      outcomeTimestamp: '2026-03-14T16:05:00Z',
      acceptedSuggestions: [{ id: card.suggestions[0].uuid }],
    };
    await world.send([entry, entry]);
    const updates = (await events()).filter(({ action }) => action === 'U');
    expect(updates).toHaveLength(1);
    expectBalp(updates[0]!, 'update');
    const named = (updates[0]?.entity ?? []).flatMap(({ what }) => what?.reference ?? []);
    expect(named.filter((one) => one.startsWith('Observation/'))).toHaveLength(3);
    expect(named).toContain(`DiagnosticReport/${world.report}`);
  });

  test('nothing shown, nothing kept', async () => {
    world = await judgedWorld();
    await world.front.post('/cds-services/chest-xray-change', {
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: user, patientId: 'p1' },
      prefetch: { patient: null, studies: null, reports: null, requests: null },
    });
    await world.keeping.background.idle();
    expect(await events()).toEqual([]);
  });

  test('a job: what it created and what it changed, on each server', async () => {
    world = await judgedWorld({ apart: true });
    const servers = world.world.servers;
    const audit = createJobAudit({ config: world.world.config, servers, clock: () => new Date() });
    const change = (action: 'create' | 'update', reference: string) => ({ action, reference });
    const outcome = { observations: [], media: [], kept: [], retracted: [], created: 0, updated: 0 };
    await audit.wrote(
      {
        store: {
          ...outcome,
          changes: [
            change('create', 'Observation/1'),
            change('create', 'DiagnosticReport/2'),
            change('update', 'Observation/3'),
          ],
        },
        source: { ...outcome, changes: [change('create', 'Observation/9')] },
      },
      'http://ehr.test/r4/Patient/p1',
      'job-1',
    );
    const kept = await events();
    expect(kept.map(({ action }) => action).sort()).toEqual(['C', 'C', 'U']);
    for (const event of kept) {
      expectBalp(event, event.action === 'C' ? 'create' : 'update');
    }
    const created = kept.find(({ entity }) => entity?.some(({ what }) => what?.reference === 'Observation/1'));
    expect(created?.entity?.[1]?.what?.reference).toBe('DiagnosticReport/2');
    expect(kept.map(({ agent }) => agent[1]?.network?.address).sort()).toEqual([
      'http://ehr.test/r4',
      'http://store.test/fhir',
      'http://store.test/fhir',
    ]);
    await audit.wrote({ store: { ...outcome, changes: [] } }, 'Patient/p1', 'job-1');
    expect(await events()).toHaveLength(3);
  });

  test.each(['read', 'create', 'update'] as const)('%s without person, address or request', (action) => {
    const self = { id: 'interval', display: 'Interval' };
    expectBalp(
      auditEventOf({
        action,
        recorded: '2026-03-14T16:00:00Z',
        patient: 'Patient/1',
        references: ['Observation/1'],
        client: { id: '10.0.0.1', display: 'x' },
        server: self,
        observer: self,
      }),
      action,
    );
  });

  test('switched off for one client, kept for another; switched off for all', async () => {
    let id = 'quiet';
    world = await judgedWorld({
      client: () => ({ id, authenticated: true }),
      registrations: [registration({ id: 'quiet', audit: 'off' })],
    });
    await world.open();
    expect(await events()).toEqual([]);
    expect(await world.all('GuidanceResponse')).toHaveLength(1);
    id = 'other';
    await world.open();
    expect(await events()).toHaveLength(1);
    await world.close();
    world = await judgedWorld({ settings: { audit: 'off' } });
    await world.open();
    expect(await events()).toEqual([]);
  });
});

const registration = (given: Partial<Registration>): Registration => ({
  id: 'epic',
  issuer: 'https://ehr.example',
  jku: [],
  algorithms: ['ES384'],
  maxTokenSeconds: 300,
  fhirServers: [],
  privateNetwork: false,
  ...given,
});

test('a client’s own options, then the settings; nobody calls without limit but development', () => {
  const own = { callsPerMinute: 60, audit: 'off', origins: ['https://a.example'] } as const;
  const optionsOf = clientOptions({ audit: 'store', callsPerMinute: 600 }, [registration(own)]);
  const links = { type: 'absolute' };
  expect(optionsOf('epic')).toEqual({ ...own, links });
  expect(optionsOf('other')).toEqual({ audit: 'store', callsPerMinute: 600, links });
  expect(optionsOf()).toEqual(optionsOf('other'));
  expect(optionsOf('development').callsPerMinute).toBe(0);
});

describe('behind the answer', () => {
  const options = { limit: 2, together: 1, write: async () => undefined, pauseMs: 0, attempts: 3, retryMs: 1 };

  test('in order, tried again, given up, and said so', async () => {
    const lost: string[] = [];
    const done: string[] = [];
    const background = createBackground({ ...options, limit: 10, onLost: (kind) => lost.push(kind) });
    let tries = 0;
    background.add('flaky', async () => {
      tries += 1;
      if (tries < 3) {
        throw new Error('not yet');
      }
      done.push('flaky');
    });
    background.add('broken', async () => {
      throw new Error('never');
    });
    background.add('good', async () => done.push('good'));
    await background.idle();
    expect([done, lost]).toEqual([['flaky', 'good'], ['broken']]);
  });

  const entry = (id: string): NewEntry => ({
    fullUrl: `urn:uuid:${id}`,
    resource: { resourceType: 'Basic', id } as never,
  });
  const idsOf = (entries: readonly NewEntry[]) => entries.map(({ resource }) => resource.id);

  test('records that wait are written together, so many at once, in order with other work', async () => {
    const done: unknown[] = [];
    const background = createBackground({
      ...options,
      limit: 20,
      together: 3,
      write: async (entries) => done.push(idsOf(entries)),
      onLost: () => undefined,
    });
    for (const id of ['a', 'b', 'c', 'd']) {
      background.keep('answer', [entry(id), entry(`${id}-audit`)]);
    }
    background.add('judgement', async () => done.push('judgement'));
    background.keep('answer', [entry('e')]);
    await background.idle();
    expect(done).toEqual([['a', 'a-audit', 'b', 'b-audit', 'c', 'c-audit'], ['d', 'd-audit'], 'judgement', ['e']]);
  });

  test('what takes long is followed by a pause in which hooks are answered, and not too long a one', async () => {
    const background = createBackground({
      ...options,
      limit: 10,
      pauseMs: 1,
      busyPauseMs: 60,
      onLost: () => undefined,
    });
    const at: number[] = [];
    for (const ms of [10, 400, 0]) {
      background.add('work', async () => {
        at.push(performance.now());
        await sleep(ms);
      });
    }
    await background.idle();
    expect(at[1]! - at[0]!).toBeGreaterThan(40);
    expect(at[2]! - at[1]!).toBeGreaterThan(450);
    // four times as long, had it no limit
    expect(at[2]! - at[1]!).toBeLessThan(1900);
  });

  test('a record that is refused takes no other with it; a server that is down is asked again for all', async () => {
    const lost: string[] = [];
    const written: string[] = [];
    let down = 1;
    const background = createBackground({
      ...options,
      limit: 20,
      together: 10,
      write: async (entries) => {
        if (down-- > 0) {
          throw new IntervalError('fhir-unavailable', 'down');
        }
        if (entries.some(({ resource }) => resource.id === 'bad')) {
          throw new IntervalError('fhir-rejected', 'bad');
        }
        written.push(...(idsOf(entries) as string[]));
      },
      onLost: (kind) => lost.push(kind),
    });
    for (const id of ['a', 'bad', 'b']) {
      background.keep(`answer ${id}`, [entry(id)]);
    }
    await background.idle();
    expect([written, lost]).toEqual([['a', 'b'], ['answer bad']]);
  });

  test('a store that hangs fills the list, not the memory; waiting for it ends', async () => {
    const lost: string[] = [];
    const background = createBackground({ ...options, onLost: (kind) => lost.push(kind) });
    for (let index = 0; index < 10; index += 1) {
      background.add(`work-${index}`, () => new Promise(() => {}));
    }
    expect(lost).toHaveLength(8);
    const begun = performance.now();
    await background.idle(50);
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});
