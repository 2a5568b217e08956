import { afterEach, describe, expect, test } from '@jest/globals';
import type { MedplumClient } from '@medplum/core';
import type { Task } from '@medplum/fhirtypes';
import { MockClient } from '@medplum/mock';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { handler, type Outcome } from '../../examples/medplum-bot/bot.ts';
import { createSigner } from '../support/ehr-keys.ts';
import { type Listener, listen } from '../support/listener.ts';
import { event, keyOf, textOf } from './bot-event.ts';
import { labReport } from './world.ts';

/** The bot of examples/medplum-bot, as Medplum runs it. */
const JOB = 'a'.repeat(40);

describe('the bot by itself', () => {
  let service: Listener | undefined;
  afterEach(() => service?.close());

  /** A service that answers each call with the next of these. */
  async function answering(...answers: readonly { readonly status: number; readonly body: object }[]) {
    const seen: { method: string; path: string; authorization: string; body: string }[] = [];
    const rest = [...answers];
    service = await listen(async (request, response) => {
      seen.push({
        method: request.method ?? '',
        path: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        body: await textOf(request),
      });
      const { status, body } = rest.shift() ?? { status: 500, body: {} };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    return { base: service.base, seen };
  }
  const job = (state: string, task = 'https://store.example/Task/1') => ({
    job: JOB,
    analysis: 'lab-report',
    state,
    task,
  });
  const report = { ...labReport('p'), id: 'r1' };

  test('asks with a token for exactly that URL, used once, and follows the job to its end', async () => {
    const signer = await createSigner('ES384');
    const { base, seen } = await answering(
      { status: 202, body: { jobs: [job('requested')] } },
      { status: 200, body: job('in-progress') },
      { status: 200, body: job('rejected') },
    );
    const secrets = {
      INTERVAL_URL: `${base}/`,
      INTERVAL_KEY: await keyOf(signer),
      INTERVAL_ISSUER: 'https://m.example',
    };
    const outcome = await handler(new MockClient(), event(report, secrets));
    expect(outcome).toEqual({ jobs: [{ job: JOB, analysis: 'lab-report', state: 'rejected' }], ended: true });
    expect(seen.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/analyses', '{"subject":"DiagnosticReport/r1"}'],
      ['GET', `/analyses/${JOB}`, ''],
      ['GET', `/analyses/${JOB}`, ''],
    ]);
    const keys = createLocalJWKSet({ keys: [signer.publicJwk] });
    const claims = await Promise.all(
      seen.map(async ({ path, authorization }) => {
        const { payload } = await jwtVerify(authorization.replace('Bearer ', ''), keys, {
          audience: `${base}${path}`,
          issuer: 'https://m.example',
          typ: 'JWT',
          maxTokenAge: '60 s',
        });
        return payload.jti;
      }),
    );
    expect(new Set(claims).size).toBe(3);
  });

  test('reads the Task itself where it stands in its own Medplum', async () => {
    const medplum = new MockClient();
    const task = await medplum.createResource<Task>({ resourceType: 'Task', status: 'requested', intent: 'order' });
    const url = `${medplum.fhirUrl('Task')}/${task.id}`;
    const { base, seen } = await answering({ status: 202, body: { jobs: [job('requested', url)] } });
    const following = handler(medplum as MedplumClient, event(report, { INTERVAL_URL: base }));
    await medplum.updateResource<Task>({ ...task, status: 'completed' });
    expect(await following).toEqual({ jobs: [{ job: JOB, analysis: 'lab-report', state: 'completed' }], ended: true });
    expect([seen.length, seen[0]?.authorization]).toEqual([1, '']);
  });

  test('ends when its time is over; the job goes on without it', async () => {
    const { base } = await answering({ status: 202, body: { jobs: [job('requested')] } });
    const secrets = { INTERVAL_URL: base, INTERVAL_WAIT_SECONDS: '0' };
    expect(await handler(new MockClient(), event(report, secrets))).toMatchObject({ ended: false });
  });

  test('nothing to read is an end at once', async () => {
    const { base } = await answering({ status: 200, body: { jobs: [] } });
    expect(await handler(new MockClient(), event(report, { INTERVAL_URL: base }))).toEqual({ jobs: [], ended: true });
  });

  test.each<[string, unknown, Outcome]>([
    ['another type', { resourceType: 'Patient', id: '1' }, { skipped: 'not-readable' }],
    ['a deletion', {}, { skipped: 'not-readable' }],
    ['a resource without an id', { resourceType: 'DiagnosticReport' }, { skipped: 'not-readable' }],
    ['what was read by machine', { ...report, meta: { security: [{ code: 'AIAST' }] } }, { skipped: 'machine-read' }],
  ])('%s is left alone', async (_name, input, outcome) => {
    const { base, seen } = await answering();
    expect(await handler(new MockClient(), event(input, { INTERVAL_URL: base }))).toEqual(outcome);
    expect(seen).toEqual([]);
  });

  test('what is gone is left alone; what may pass is thrown, so that Medplum delivers again', async () => {
    const { base } = await answering(
      { status: 404, body: {} },
      { status: 429, body: { issue: [{ diagnostics: 'too-many-calls', details: { text: 'secret words' } }] } },
      { status: 503, body: [] },
    );
    const run = () => handler(new MockClient(), event(report, { INTERVAL_URL: base }));
    expect(await run()).toEqual({ skipped: 'gone' });
    await expect(run()).rejects.toThrow(/^Interval answered 429 too-many-calls$/);
    await expect(run()).rejects.toThrow(/^Interval answered 503$/);
    await expect(handler(new MockClient(), event(report, {}))).rejects.toThrow('INTERVAL_URL');
  });
});
