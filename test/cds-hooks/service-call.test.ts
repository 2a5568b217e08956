import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { developmentAuthentication } from '../../src/cds-hooks/authenticate.ts';
import { IntervalError } from '../../src/errors.ts';
import { type Front, fixture, openFront, patient, patientView, searchset, service, summary } from './front.ts';

let front: Front;
afterEach(() => front?.close());

const labs = '/cds-services/lab-report-results';
const full = patientView({ prefetch: { patient, reports: searchset(), documents: searchset() } });
const limits = { deadlineMs: 200, prefetchMs: 100, cards: 5, pages: 3, bodyBytes: 10_000 };

describe('a service call', () => {
  test('gives cards, with a new uuid each time, and reports its outcome', async () => {
    front = await openFront([service('lab-report-results', () => ({ summaries: [summary()] }))]);
    const first = await front.post(labs, full);
    const second = await front.post(labs, full, { 'x-request-id': 'abc-1' });
    expect(first.body.cards[0].uuid).not.toBe(second.body.cards[0].uuid);
    expect({ ...first.body.cards[0], uuid: '' }).toEqual({ ...second.body.cards[0], uuid: '' });
    expect(second.headers.get('x-request-id')).toBe('abc-1');
    expect(front.outcomes[1]).toMatchObject({
      service: 'lab-report-results',
      hook: 'patient-view',
      outcome: 'cards',
      status: 200,
      cards: 1,
      requestId: 'abc-1',
      client: 'development',
      missing: [],
    });
  });

  test('P8 R2: nothing to say is {"cards":[]}', async () => {
    front = await openFront([service('lab-report-results')]);
    expect((await front.post(labs, full)).body).toEqual({ cards: [] });
    expect(front.outcomes[0]?.outcome).toBe('empty');
  });

  test('what could not be read is said, in the answer and in the outcome', async () => {
    front = await openFront([service('lab-report-results')], {
      chartAccess: () => ({
        trusted: true,
        fetchQuery: async (query) => {
          if (query.startsWith('Doc')) {
            throw new IntervalError('fhir-forbidden', 'no');
          }
          return searchset() as never;
        },
      }),
    });
    const { body } = await front.post(labs, patientView({ prefetch: { patient } }));
    expect(body.cards[0].summary).toBe('Not looked at, since it could not be read: documents.');
    expect(front.outcomes[0]).toMatchObject({
      outcome: 'degraded',
      missing: ['documents'],
      fetched: ['reports', 'documents'],
    });
  });

  test('412 with an OperationOutcome when required data cannot be had', async () => {
    front = await openFront([service('lab-report-results', undefined, ['patient'])]);
    const reply = await front.post(labs, patientView());
    expect([reply.status, reply.body.issue[0].diagnostics]).toEqual([412, 'prefetch-missing']);
    expect(front.outcomes[0]).toMatchObject({
      outcome: 'refused',
      status: 412,
      code: 'prefetch-missing',
      service: 'lab-report-results',
    });
  });

  test('a service that fails does not hold up anybody: 200 without cards, the error kept for the log', async () => {
    const error = new Error('secret of Mrs. X');
    front = await openFront([service('lab-report-results', () => Promise.reject(error))]);
    const reply = await front.post(labs, full);
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(front.outcomes[0]).toMatchObject({ outcome: 'failed', code: 'internal', error });
  });

  test('P12: the hard deadline: 200 without cards when the service does not come back', async () => {
    front = await openFront([service('lab-report-results', () => new Promise(() => {}))], { limits });
    const started = performance.now();
    const reply = await front.post(labs, full);
    expect([reply.status, reply.body]).toEqual([200, { cards: [] }]);
    expect(performance.now() - started).toBeLessThan(5000);
    expect(front.outcomes[0]?.outcome).toBe('late');
  });

  test('a service that heeds the signal gives what there is', async () => {
    front = await openFront(
      [
        service(
          'lab-report-results',
          ({ signal, deadline }) =>
            new Promise((resolve) => {
              expect(deadline).toBeGreaterThan(Date.now());
              signal.addEventListener('abort', () =>
                resolve({ summaries: [summary()], notes: ['There was no time for more.'] }),
              );
            }),
        ),
      ],
      { limits },
    );
    const { body } = await front.post(labs, full);
    expect(body.cards[0].detail).toContain('There was no time for more.');
    expect(front.outcomes[0]?.outcome).toBe('degraded');
  });

  test('a FHIR server that never answers costs the budget, not the answer', async () => {
    front = await openFront([service('lab-report-results', () => ({ summaries: [summary()] }))], {
      limits,
      chartAccess: () => ({ trusted: true, fetchQuery: () => new Promise(() => {}) }),
    });
    const { body } = await front.post(labs, patientView({ prefetch: { patient } }));
    expect(body.cards).toHaveLength(1);
    expect(front.outcomes[0]).toMatchObject({ outcome: 'degraded', missing: ['reports', 'documents'] });
  });
});

describe('X9: the access token is forgotten', () => {
  test.each<[string, Parameters<typeof service>[1], readonly string[], number]>([
    ['when the answer is made', () => ({ summaries: [summary()] }), [], 200],
    ['when required data cannot be had', undefined, ['patient'], 412],
    ['when the service fails', () => Promise.reject(new Error('no')), [], 200],
    ['when it is late', () => new Promise(() => {}), [], 200],
  ])('%s', async (_name, handle, required, status) => {
    const forget = jest.fn();
    front = await openFront([service('lab-report-results', handle, required)], {
      limits,
      chartAccess: () => ({ trusted: true, forget }),
    });
    expect((await front.post(labs, patientView())).status).toBe(status);
    expect(forget).toHaveBeenCalledTimes(1);
  });
});

describe('feedback', () => {
  test.each(['feedback-accepted', 'feedback-overridden'])("F1: the specification's example %s", async (name) => {
    front = await openFront([service('lab-report-results')]);
    const reply = await front.post(`${labs}/feedback`, fixture(name));
    expect(reply.status).toBe(200);
    expect(front.feedback[0]).toMatchObject({ service: 'lab-report-results', client: { id: 'development' } });
    expect(front.feedback[0]?.feedback[0]).toMatchObject({ outcomeTimestamp: '2020-12-11T00:00:00.000Z' });
  });

  test('F3: several cards, the same card again, an unknown card; an offset is turned into UTC', async () => {
    front = await openFront([service('lab-report-results')]);
    const entry = { card: 'unknown', outcome: 'overridden', outcomeTimestamp: '2026-03-01T10:00:00+02:00' };
    expect((await front.post(`${labs}/feedback`, { feedback: [entry, entry] })).status).toBe(200);
    expect(front.feedback[0]?.feedback.map(({ outcomeTimestamp }) => outcomeTimestamp)).toEqual([
      '2026-03-01T08:00:00.000Z',
      '2026-03-01T08:00:00.000Z',
    ]);
  });

  test.each<[string, unknown]>([
    ['no feedback', {}],
    ['an empty list', { feedback: [] }],
    ['no card', { feedback: [{ outcome: 'overridden', outcomeTimestamp: '2020-12-11T00:00:00Z' }] }],
    ['another outcome', { feedback: [{ card: 'a', outcome: 'ignored', outcomeTimestamp: '2020-12-11T00:00:00Z' }] }],
    [
      'accepted without suggestion',
      { feedback: [{ card: 'a', outcome: 'accepted', outcomeTimestamp: '2020-12-11T00:00:00Z' }] },
    ],
    ['no zone', { feedback: [{ card: 'a', outcome: 'overridden', outcomeTimestamp: '2020-12-11T00:00:00' }] }],
    ['malformed', '{'],
  ])('F2: %s is 400 and reaches no sink', async (_name, body) => {
    front = await openFront([service('lab-report-results')]);
    const reply = await front.post(`${labs}/feedback`, body);
    expect([reply.status, reply.body.issue[0].diagnostics, front.feedback.length]).toEqual([
      400,
      'request-malformed',
      0,
    ]);
  });

  test('P7: unknown service 404; a sink that fails is 500 without its message', async () => {
    front = await openFront([service('lab-report-results')], {
      feedback: () => Promise.reject(new Error('store of Mrs. X is down')),
    });
    expect((await front.post('/cds-services/x/feedback', fixture('feedback-accepted'))).status).toBe(404);
    const reply = await front.post(`${labs}/feedback`, fixture('feedback-accepted'));
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toContain('Mrs. X');
  });
});

describe('authentication', () => {
  test('J1 J18 J19: a step that refuses is 401 without a reason, on discovery, calls and feedback alike', async () => {
    const seen: string[] = [];
    front = await openFront([service('lab-report-results')], {
      authenticate: async ({ endpoint, authorization }) => {
        seen.push(`${endpoint} ${authorization}`);
        throw new IntervalError('unauthenticated', 'Authentication is required.');
      },
    });
    const headers = { authorization: 'Bearer token' };
    const replies = [
      await front.post(labs, full, headers),
      await front.post(`${labs}/feedback`, {}, headers),
      { status: (await fetch(`${front.url}/cds-services`, { headers })).status },
    ];
    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(seen).toEqual(
      ['/lab-report-results', '/lab-report-results/feedback', ''].map(
        (path) => `${front.url}/cds-services${path} Bearer token`,
      ),
    );
    expect(JSON.stringify(replies[0])).not.toContain('token');
    expect(front.outcomes.every(({ outcome, code }) => outcome === 'refused' && code === 'unauthenticated')).toBe(true);
  });

  test('development mode: loopback only, says so, and refuses a name that was made to point here', async () => {
    const announce = jest.fn();
    const step = developmentAuthentication({ boundTo: '127.0.0.1', network: 'loopback-only', announce });
    expect(announce).toHaveBeenCalledTimes(1);
    const from = (remoteAddress: string, host: string) =>
      step({ method: 'GET', endpoint: 'http://x', remoteAddress, host });
    expect(await from('::ffff:127.0.0.1', 'localhost')).toEqual({ id: 'development', authenticated: false });
    await expect(from('10.0.0.5', 'localhost')).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(from('127.0.0.1', 'evil.example')).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const boundTo of ['0.0.0.0', '::', '192.168.1.2']) {
      expect(() => developmentAuthentication({ boundTo, network: 'loopback-only', announce })).toThrow(
        expect.objectContaining({ code: 'config-invalid' }),
      );
    }
    const open = developmentAuthentication({ boundTo: '0.0.0.0', network: 'any-network', announce });
    expect(announce).toHaveBeenLastCalledWith(expect.stringContaining('Not for patient data'));
    expect(await open({ method: 'GET', endpoint: 'x', remoteAddress: '10.0.0.5', host: 'interval' })).toBeDefined();
  });
});
