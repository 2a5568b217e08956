import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DiagnosticReport } from '@medplum/fhirtypes';
import { IntervalError } from '../../src/errors.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { referenceForm } from '../../src/fhir/references.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { type BackfillOptions, type BackfillState, backfill } from '../../src/subscriptions/backfill.ts';

const day = (n: number) => `2026-03-${String(n).padStart(2, '0')}T00:00:00.000Z`;
const since = day(1);
const begin: BackfillState = {
  until: day(20),
  type: 'DiagnosticReport',
  updated: since,
  patients: [],
  resources: 0,
  jobs: 0,
  failed: {},
};

let now: string;
let fhir: FhirServer;
/** What the source answers instead, one after the other. */
let troubles: (() => Response | Promise<never>)[];
let searches: string[];

beforeEach(() => {
  now = since;
  troubles = [];
  searches = [];
  fhir = createFhirServer({ base: 'http://source.example/fhir', clock: () => new Date(now) });
});
afterEach(() => fhir.close());

async function put(id: string, patient: string, at: string, over: Partial<DiagnosticReport> = {}): Promise<void> {
  now = at;
  await fhir.repository.updateResource({
    resourceType: 'DiagnosticReport',
    id,
    status: 'final',
    code: { text: 'Synthetic' },
    subject: { reference: `Patient/${patient}` },
    ...over,
  });
}

interface Walk {
  readonly asked: string[];
  readonly pauses: number[];
  readonly states: BackfillState[];
  readonly ended: Promise<BackfillState>;
}

function walk(state = begin, over: Partial<BackfillOptions> = {}): Walk {
  const asked: string[] = [];
  const pauses: number[] = [];
  const states: BackfillState[] = [];
  const source = createFhirClient({
    base: fhir.base,
    retry: 0,
    fetch: (async (url: string, init: RequestInit) => {
      searches.push(url);
      return troubles.shift()?.() ?? fhir.fetch(url, init);
    }) as never,
  });
  const form = referenceForm({ source: source.base, store: source.base });
  const ended = backfill(
    state,
    { source, store: source, form },
    {
      types: ['DiagnosticReport', 'DocumentReference'],
      since,
      ask: async (patient) => asked.push(patient),
      pace: async () => undefined,
      pause: async (ms) => void pauses.push(ms),
      onProgress: (one) => void states.push(structuredClone(one)),
      signal: new AbortController().signal,
      ...over,
    },
  );
  return { asked, pauses, states, ended };
}

describe('a back-fill', () => {
  test('asks once for each patient, in the order of time, within its bounds', async () => {
    await put('before', 'early', '2026-02-27T00:00:00.000Z');
    await put('1', 'a', day(2));
    await put('2', 'b', day(3));
    await put('3', 'a', day(4));
    await put('none', 'c', day(5), { subject: undefined });
    await put('registered', 'd', day(6), { status: 'registered' });
    await put('after', 'late', day(25));
    const { asked, ended, states } = walk();
    expect(await ended).toMatchObject({ resources: 4, patients: ['a', 'b'], type: 'DocumentReference', failed: {} });
    expect(asked).toEqual(['a', 'b']);
    expect(states.map(({ updated }) => updated).filter((at) => at === day(3)).length).toBeGreaterThan(0);
    expect(searches.every((url) => url.includes('_elements=subject'))).toBe(true);
  });

  test('walks pages, also where more came in one instant than fit on a page', async () => {
    for (let i = 0; i < 120; i++) await put(`a${i}`, `a${i}`, day(2 + (i % 3)));
    for (let i = 0; i < 230; i++) await put(`same${i}`, `same${i}`, day(10));
    for (let i = 0; i < 5; i++) await put(`z${i}`, `z${i}`, day(11));
    const { asked, ended } = walk();
    expect((await ended).resources).toBe(355);
    expect(new Set(asked).size).toBe(355);
    expect(asked).toHaveLength(355);
  });

  test('broken off anywhere, it goes on and leaves nothing out', async () => {
    for (let i = 0; i < 30; i++) await put(`r${i}`, `p${i % 10}`, day(2 + Math.floor(i / 4)));
    const all = new Set<string>();
    let state: BackfillState = begin;
    for (let runs = 0; runs < 40; runs++) {
      const stop = new AbortController();
      let steps = 0;
      const { asked, states, ended } = walk(state, {
        signal: stop.signal,
        onProgress(one) {
          state = structuredClone(one);
          steps += 1;
          if (steps === 5) stop.abort(new IntervalError('cancelled', 'Interrupted.'));
        },
      });
      const done = await ended.then(
        () => true,
        (error) => (error as IntervalError).code !== 'cancelled',
      );
      for (const one of asked) {
        expect(all.has(one)).toBe(false);
        all.add(one);
      }
      expect(states).toEqual([]);
      if (done) break;
    }
    expect([all.size, state.type, state.patients.length]).toEqual([10, 'DocumentReference', 10]);
  });

  test('what may pass is waited for, as long as the server says', async () => {
    await put('1', 'a', day(2));
    troubles = [
      () => new Response('{}', { status: 503 }),
      () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } }),
      () => Promise.reject(new TypeError('down')),
    ];
    const { asked, pauses, ended } = walk();
    await ended;
    expect([asked, pauses]).toEqual([['a'], [1000, 7000, 4000]]);
  });

  test('a server that stays away ends the walk where it is', async () => {
    await put('1', 'a', day(2));
    troubles = Array.from({ length: 20 }, () => () => new Response('{}', { status: 503 }));
    const { pauses, ended } = walk();
    await expect(ended).rejects.toMatchObject({ code: 'fhir-unavailable' });
    expect([pauses.length, Math.max(...pauses)]).toEqual([9, 120_000]);
  });

  test('a patient that cannot be looked at is counted; a refusal of us ends the walk', async () => {
    await put('1', 'missing', day(2));
    await put('2', 'b', day(3));
    const odd = walk(begin, {
      async ask(patient) {
        if (patient === 'missing') throw new IntervalError('fhir-not-found', 'no');
        return 2;
      },
    });
    expect(await odd.ended).toMatchObject({ failed: { 'fhir-not-found': 1 }, jobs: 2, patients: ['missing', 'b'] });
    const refused = walk(begin, { ask: () => Promise.reject(new IntervalError('fhir-unauthorized', 'no')) });
    await expect(refused.ended).rejects.toMatchObject({ code: 'fhir-unauthorized' });
  });

  test('a source that does not sort, or does not say when, is refused: the walk would miss something', async () => {
    const bundle = (...updated: (string | undefined)[]) =>
      new Response(
        JSON.stringify({
          resourceType: 'Bundle',
          type: 'searchset',
          entry: updated.map((lastUpdated, i) => ({
            resource: { resourceType: 'DiagnosticReport', id: `${i}`, status: 'final', meta: { lastUpdated } },
          })),
        }),
        { headers: { 'content-type': 'application/fhir+json' } },
      );
    for (const answer of [bundle(day(4), day(3)), bundle(undefined), bundle('2026-01-01T00:00:00Z')]) {
      troubles = [() => answer];
      await expect(walk().ended).rejects.toMatchObject({ code: 'fhir-bad-answer' });
    }
  });
});
