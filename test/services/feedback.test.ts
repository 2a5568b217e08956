import { afterEach, describe, expect, test } from '@jest/globals';
import type { Communication, DiagnosticReport, GuidanceResponse, Observation, Provenance } from '@medplum/fhirtypes';
import { codeSystem, identifierSystem } from '../../src/fhir/codes.ts';
import { factsOf } from '../../src/fhir/feedback.ts';
import { validateForWrite } from '../../src/fhir/validate.ts';
import { type JudgedOptions, type JudgedWorld, judgedWorld, user, writeReading } from './judged-world.ts';

let world: JudgedWorld;
const open = async (options: JudgedOptions = {}) => {
  world = await judgedWorld(options);
  return world;
};
afterEach(() => world?.close());

const at = '2026-03-14T16:05:00Z';
const accepted = (card: { uuid: string; suggestions: readonly { uuid: string }[] }, time = at) => ({
  card: card.uuid,
  outcome: 'accepted',
  outcomeTimestamp: time,
  acceptedSuggestions: [{ id: card.suggestions[0]!.uuid }],
});
const overridden = (card: { uuid: string }, code?: string, extra: object = {}) => ({
  card: card.uuid,
  outcome: 'overridden',
  outcomeTimestamp: at,
  ...(code ? { overrideReason: { reason: { code, system: codeSystem.overrideReason }, ...extra } } : {}),
});
const statuses = async () =>
  (await world.all<Observation>('Observation')).map(({ code, status }) => `${code?.text} ${status}`).sort();
const verified = async (from = world.store) =>
  (await world.all<Provenance>('Provenance', from)).filter(({ agent }) =>
    agent.some(({ type }) => type?.coding?.some(({ code }) => code === 'verifier')),
  );

describe('cards that were given', () => {
  test('offer acceptance and reasons against, and are remembered by what they rest on, without a word of what they say', async () => {
    await open();
    const [card] = await world.open();
    expect(card.suggestions).toEqual([{ label: 'Accept these 3 results', uuid: expect.any(String) }]);
    expect(card.selectionBehavior).toBe('any');
    expect(card.overrideReasons.map(({ code }: { code: string }) => code)).toEqual([
      'misread',
      'other-patient',
      'already-known',
      'not-relevant',
    ]);
    const [record, ...more] = await world.all<GuidanceResponse>('GuidanceResponse');
    expect(more).toEqual([]);
    validateForWrite(record!);
    expect(record).toMatchObject({
      identifier: [{ system: identifierSystem.card, value: card.uuid }],
      subject: { reference: 'Patient/p1' },
      status: 'success',
    });
    const text = JSON.stringify(record);
    expect(text).toMatch(/Observation\/[^"]+\/_history\/\d+/);
    expect(text).not.toMatch(/otassium|\b5\.6\b|\b128\b/);
  });

  test('an answer without cards leaves no record', async () => {
    await open();
    await world.front.post('/cds-services/chest-xray-change', {
      hook: 'patient-view',
      hookInstance: crypto.randomUUID(),
      context: { userId: user, patientId: 'p1' },
      prefetch: { patient: null, studies: null, reports: null, requests: null },
    });
    await world.keeping.background.idle();
    expect(await world.all('GuidanceResponse')).toEqual([]);
  });
});

describe('acceptance', () => {
  test('F1 F2: makes the results final, with a Provenance of the person to whom the card was shown', async () => {
    await open();
    const [card] = await world.open();
    expect(await world.send([accepted(card)])).toBe(200);
    expect(await statuses()).toEqual(['chloride final', 'potassium final', 'sodium final']);
    const [report] = await world.all<DiagnosticReport>('DiagnosticReport');
    expect(report?.status).toBe('final');
    const [provenance, ...more] = await verified();
    expect(more).toEqual([]);
    validateForWrite(provenance!);
    expect(provenance).toMatchObject({
      occurredDateTime: '2026-03-14T16:05:00.000Z',
      activity: { coding: [{ code: 'UPDATE' }] },
      agent: [
        {
          type: { coding: [{ code: 'verifier' }] },
          who: { reference: user, display: expect.stringContaining('the feedback itself names nobody') },
          onBehalfOf: { display: expect.any(String) },
        },
        { type: { coding: [{ code: 'informant' }] }, who: { identifier: { value: 'ehr-one' } } },
      ],
    });
    expect(provenance?.target).toHaveLength(4);
    for (const observation of await world.all<Observation>('Observation')) {
      validateForWrite(observation);
      expect(observation.meta?.security?.[0]?.code).toBe('AIAST');
    }
  });

  test('the next card says that it was reviewed and offers nothing to accept', async () => {
    await open();
    const [card] = await world.open();
    await world.send([accepted(card)]);
    const [next] = await world.open();
    expect(next.suggestions).toBeUndefined();
    expect(next.detail).toContain('A clinician has reviewed these results.');
  });

  test('F3: the same feedback twice is kept once and done once', async () => {
    await open();
    const [card] = await world.open();
    expect([await world.send([accepted(card), accepted(card)]), await world.send([accepted(card)])]).toEqual([
      200, 200,
    ]);
    expect(await world.all('Communication')).toHaveLength(1);
    expect(await verified()).toHaveLength(1);
    const [first] = await world.all<Observation>('Observation');
    expect(first?.meta?.versionId).toBe('2');
  });

  test('a later job leaves alone what was accepted', async () => {
    await open();
    const [card] = await world.open();
    await world.send([accepted(card)]);
    await writeReading(world.world.servers, { potassium: 9.9 });
    const potassium = (await world.all<Observation>('Observation')).find(({ code }) => code?.text === 'potassium');
    expect([potassium?.status, potassium?.valueQuantity?.value]).toEqual(['final', 5.6]);
  });

  test('a value that was replaced since the card was shown is not accepted unseen', async () => {
    await open();
    const [card] = await world.open();
    await writeReading(world.world.servers, { potassium: 6.9 });
    expect(await world.send([accepted(card)])).toBe(200);
    expect(await statuses()).toEqual(['chloride final', 'potassium preliminary', 'sodium final']);
    const [report] = await world.all<DiagnosticReport>('DiagnosticReport');
    expect(report?.status).toBe('preliminary');
    expect((await verified())[0]?.target).toHaveLength(2);
  });

  test('broken off half-way, the same feedback completes it', async () => {
    await open();
    const [card] = await world.open();
    const { update } = world.store;
    let writes = 0;
    Object.assign(world.store, {
      update: async (...given: Parameters<typeof update>) => {
        writes += 1;
        if (writes === 2) {
          throw new Error('killed');
        }
        return update(...given);
      },
    });
    expect(await world.send([accepted(card)])).toBe(500);
    expect(await verified()).toEqual([]);
    Object.assign(world.store, { update });
    expect(await world.send([accepted(card)])).toBe(200);
    expect(await statuses()).toEqual(['chloride final', 'potassium final', 'sodium final']);
    expect((await verified())[0]?.target).toHaveLength(4);
    expect(await world.all('Communication')).toHaveLength(1);
  });

  test('mode full with a source of its own: both copies become final, each with its Provenance', async () => {
    await open({ apart: true });
    const [card] = await world.open();
    await world.send([accepted(card)]);
    const there = await world.all<Observation>('Observation', world.source);
    expect(there.map(({ status }) => status)).toEqual(['final', 'final', 'final']);
    const [provenance] = await verified(world.source);
    expect(provenance?.agent[0]?.who?.reference).toBe(user);
    expect((await verified())[0]?.agent[0]?.who?.reference).toBe(`http://ehr.test/r4/${user}`);
  });

  test('mode suggest: the source is not written to', async () => {
    await open({ apart: true, mode: 'suggest' });
    const [card] = await world.open();
    await world.send([accepted(card)]);
    expect(await statuses()).toEqual(['chloride final', 'potassium final', 'sodium final']);
    expect(await world.all('Observation', world.source)).toEqual([]);
  });

  test('mode none: nothing to accept; what is wrong can still be said', async () => {
    await open({ mode: 'none' });
    const [card] = await world.open();
    expect(card.suggestions).toBeUndefined();
    await world.send([overridden(card, 'misread')]);
    expect(await world.open()).toEqual([]);
  });

  test('a caller that nobody authenticated is called so', async () => {
    await open({ client: () => ({ id: 'development', authenticated: false }) });
    const [card] = await world.open();
    await world.send([accepted(card)]);
    expect((await verified())[0]?.agent[0]?.who?.display).toContain('not authenticated');
  });
});

describe('override', () => {
  test('F2: a reason that says "wrong" takes the results back, for everybody', async () => {
    await open();
    const [card] = await world.open();
    expect(await world.send([overridden(card, 'misread', { userComment: 'It says 4.6.' })])).toBe(200);
    expect(await statuses()).toEqual([
      'chloride entered-in-error',
      'potassium entered-in-error',
      'sodium entered-in-error',
    ]);
    expect((await verified())[0]?.activity?.coding?.[0]?.code).toBe('NULLIFY');
    expect(await world.open('Practitioner/other')).toEqual([]);
    const [kept] = await world.all<Communication>('Communication');
    expect(kept).toMatchObject({
      reasonCode: [{ coding: [{ system: codeSystem.overrideReason, code: 'misread' }] }],
      note: [{ text: 'It says 4.6.' }],
      subject: { reference: 'Patient/p1' },
      sender: { reference: user },
      sent: '2026-03-14T16:05:00.000Z',
    });
    expect(world.lines.join('')).not.toContain('4.6');
  });

  test('a later job does not bring back what was rejected', async () => {
    await open();
    const [card] = await world.open();
    await world.send([overridden(card, 'other-patient')]);
    await writeReading(world.world.servers);
    expect(await world.open()).toEqual([]);
  });

  test('a dismissal hides the card from that person alone, until something else is read', async () => {
    await open();
    const [card] = await world.open();
    await world.send([overridden(card)]);
    expect(await world.open()).toEqual([]);
    expect(await world.open('Practitioner/other')).toHaveLength(1);
    expect(await statuses()).toEqual(['chloride preliminary', 'potassium preliminary', 'sodium preliminary']);
    await writeReading(world.world.servers, { potassium: 6.1 });
    expect(await world.open()).toHaveLength(1);
  });

  test('a critical card is not buried by a click without a reason', async () => {
    await open({ flag: 'HH', potassium: 7.2 });
    const [card] = await world.open();
    expect(card.indicator).toBe('critical');
    await world.send([overridden(card)]);
    expect(await world.open()).toHaveLength(1);
    await world.send([overridden(card, 'already-known')]);
    expect(await world.open()).toEqual([]);
    expect(await world.open('Practitioner/other')).toHaveLength(1);
  });

  test('a reason that the card did not offer, or of another system, takes nothing back', async () => {
    await open();
    const [card] = await world.open();
    await world.send([
      overridden(card, 'emergency'),
      { ...overridden(card), overrideReason: { reason: { code: 'misread', system: 'https://other.example' } } },
    ]);
    expect(await statuses()).toEqual(['chloride preliminary', 'potassium preliminary', 'sodium preliminary']);
  });
});

describe('what has no effect', () => {
  test('F3: unknown cards and suggestions are kept and do nothing', async () => {
    await open();
    const [card] = await world.open();
    const stranger = { ...accepted(card), acceptedSuggestions: [{ id: 'no-such' }] };
    expect(await world.send([stranger, { ...overridden({ uuid: 'nobody knows' }, 'misread') }])).toBe(200);
    expect(await statuses()).toEqual(['chloride preliminary', 'potassium preliminary', 'sodium preliminary']);
    const kept = await world.all<Communication>('Communication');
    expect(kept.map((one) => factsOf(one).outcome).sort()).toEqual(['accepted', 'overridden']);
    expect(kept.find((one) => factsOf(one).card === 'nobody knows')?.subject).toBeUndefined();
  });

  test.each([
    ['another client', { id: 'ehr-two', authenticated: true }],
    ['another tenant of the same client', { id: 'ehr-one', authenticated: true, tenant: 'b' }],
  ])('X10: a card that %s was given is nobody else’s to judge', async (_name, other) => {
    let caller: { id: string; authenticated: boolean } = { id: 'ehr-one', authenticated: true };
    await open({ client: () => caller });
    const [card] = await world.open();
    caller = other;
    expect(await world.send([accepted(card), overridden(card, 'misread')])).toBe(200);
    expect(await statuses()).toEqual(['chloride preliminary', 'potassium preliminary', 'sodium preliminary']);
    for (const kept of await world.all<Communication>('Communication')) {
      expect([kept.subject, kept.sender, kept.about]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('F1: a card is judged at the service that gave it', async () => {
    await open();
    const [card] = await world.open();
    expect(await world.send([accepted(card)], 'chest-xray-change')).toBe(200);
    expect(await statuses()).toEqual(['chloride preliminary', 'potassium preliminary', 'sodium preliminary']);
  });

  test('three hundred pieces of feedback in one call are kept, once each', async () => {
    await open();
    const entries = Array.from({ length: 300 }, (_, index) => overridden({ uuid: `card-${index % 150}` }));
    expect(await world.send(entries)).toBe(200);
    expect((await world.store.search('Communication', { _count: '1000' })).length).toBe(150);
  });
});
