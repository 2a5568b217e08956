import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ratesOf, tableOf } from '../../src/cli/feedback-rates.ts';
import { main } from '../../src/cli.ts';
import { guidanceOf } from '../../src/fhir/card-record.ts';
import { codeSystem } from '../../src/fhir/codes.ts';
import { communicationOf, type FeedbackRecord, keepFeedback } from '../../src/fhir/feedback.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer } from '../../src/fhir-server/server.ts';

const topic = { system: codeSystem.topic, code: 'lab-report' };
const record = (
  card: string | undefined,
  outcome: 'accepted' | 'overridden',
  over: Partial<FeedbackRecord> & { reader?: string } = {},
): FeedbackRecord => {
  const { reader = 'embedded', ...rest } = over;
  return {
    service: 'lab-report-results',
    client: 'ehr-one',
    ...(card === undefined ? {} : { card }),
    outcome,
    at: '2026-03-14T10:00:00.000Z',
    suggestions: [],
    known: {
      patient: 'Patient/1',
      user: 'Practitioner/1',
      topic,
      readers: reader ? [reader] : [],
      basis: ['Observation/1'],
    },
    ...rest,
  };
};
const reason = (code: string) => ({ reason: { system: codeSystem.overrideReason, code } });
const kept = (...records: readonly FeedbackRecord[]) => records.map((one) => communicationOf(one, one.at));

describe('rates', () => {
  test('by service and reader; a card counts once, with what was said last; reasons; Wilson intervals', () => {
    const rates = ratesOf(
      kept(
        record('a', 'overridden', { at: '2026-03-14T09:00:00.000Z' }),
        record('a', 'accepted'),
        record('b', 'accepted'),
        record('c', 'overridden', reason('misread')),
        record('d', 'overridden'),
        record('e', 'accepted', { reader: 'medgemma' }),
        record('a', 'accepted', { service: 'order-sign-advice', reader: '' }),
        record(undefined, 'accepted', { service: 'review-page' }),
        record(undefined, 'accepted', { service: 'review-page', at: '2026-03-14T11:00:00.000Z' }),
      ),
      [
        {
          service: 'lab-report-results',
          hookInstance: 'h',
          client: 'ehr-one',
          authenticated: true,
          user: 'Practitioner/1',
          patient: 'Patient/1',
          cards: ['a', 'b', 'c', 'd', 'x', 'y'].map((uuid) => ({
            uuid,
            topic,
            indicator: 'info',
            basis: [],
            readers: ['embedded'],
            overrideReasons: [],
            suggestions: [],
          })),
        },
      ],
    );
    expect(rates.map(({ service, reader, shown, answered }) => [service, reader, shown, answered])).toEqual([
      ['lab-report-results', 'embedded', 6, 4],
      ['lab-report-results', 'medgemma', 0, 1],
      ['order-sign-advice', 'rules', 0, 1],
      ['review-page', 'embedded', undefined, 2],
    ]);
    expect(rates[0]).toMatchObject({
      accepted: { count: 2, rate: 0.5 },
      overridden: { count: 2, rate: 0.5 },
      reasons: { misread: 1, none: 1 },
    });
    // Wilson for 2 of 4: 0.15 to 0.85.
    expect(rates[0]?.accepted.interval?.map((one) => one.toFixed(2))).toEqual(['0.15', '0.85']);
    expect(rates[1]?.accepted.interval?.map((one) => one.toFixed(2))).toEqual(['0.21', '1.00']);
    const table = tableOf(rates);
    expect(table).toContain('2 (50 %, 15 to 85)');
    expect(table).toContain('misread 1, none 1');
  });

  test('nothing is said to be nothing', () => {
    expect(tableOf(ratesOf([], []))).toBe('No cards and no feedback in this time.\n');
  });
});

describe('interval feedback', () => {
  let folder = '';
  afterEach(() => (folder ? rm(folder, { recursive: true, force: true }) : undefined));
  const run = async (...argv: string[]) => {
    const said = { out: '', err: '' };
    const code = await main(['feedback', ...argv], {
      out: (text) => {
        said.out += text;
      },
      err: (text) => {
        said.err += text;
      },
    });
    return { code, ...said };
  };

  test('reads the embedded store of a directory, within a span of days', async () => {
    folder = await mkdtemp(join(tmpdir(), 'interval-feedback-'));
    const server = createFhirServer({ base: 'http://x.test/fhir', file: join(folder, 'interval.sqlite') });
    const store = createFhirClient({ base: server.base, fetch: server.fetch });
    await keepFeedback(store, record('a', 'accepted'), '2026-03-14T10:00:01Z');
    await keepFeedback(
      store,
      record('b', 'overridden', { ...reason('already-known'), at: '2026-02-01T10:00:00.000Z' }),
      '2026-03-14T10:00:01Z',
    );
    await store.create(
      guidanceOf(
        {
          service: 'lab-report-results',
          hookInstance: 'h',
          client: 'e',
          authenticated: true,
          user: 'Practitioner/1',
          patient: 'Patient/1',
          cards: [
            {
              uuid: 'a',
              topic,
              indicator: 'info',
              basis: [],
              readers: ['embedded'],
              overrideReasons: [],
              suggestions: [],
            },
          ],
        },
        { now: '2026-03-14T10:00:00Z', moduleUri: 'http://x.test', performer: 'x' },
      ),
    );
    server.close();
    const all = await run('--data', folder, '--json');
    expect(all.code).toBe(0);
    expect(JSON.parse(all.out).rates).toEqual([
      expect.objectContaining({
        service: 'lab-report-results',
        reader: 'embedded',
        shown: 1,
        answered: 2,
        reasons: { 'already-known': 1 },
      }),
    ]);
    const march = JSON.parse(
      (await run('--data', folder, '--json', '--since', '2026-03-01', '--until', '2026-04-01')).out,
    );
    expect(march.rates[0]).toMatchObject({ answered: 1, accepted: { count: 1, rate: 1 } });
    expect((await run('--data', folder)).out).toMatch(/^service +reader +shown/);
  });

  test.each([
    ['no store that it could read', [], 'config-invalid'],
    ['a directory without one', ['--data', '/nowhere'], 'config-invalid'],
    ['a store that is no URL', ['--store', 'here'], 'config-invalid'],
    ['a day that is none', ['--since', '2026-13-45'], '2026-03-14'],
  ])('%s: exit code 2 and why', async (_name, argv, why) => {
    const { code, out, err } = await run(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(why);
  });
});
