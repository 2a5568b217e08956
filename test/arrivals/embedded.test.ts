import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Observation, Subscription } from '@medplum/fhirtypes';
import { type Started, startService } from '../support/service.ts';
import { type Fhir, fhirAt, interval, labReport, patient, SECRET, until } from './world.ts';

/** Arrivals through the front door: the command subscribes, the embedded server tells, the service verifies and reads. */
let service: Started;
let fhir: Fhir;
let environment: Record<string, string>;

beforeAll(async () => {
  service = await startService('listening', { INTERVAL_SAMPLES: 'off', INTERVAL_SUBSCRIPTION_SECRET: SECRET });
  fhir = fhirAt(`${service.base}/fhir/R4`);
  environment = { INTERVAL_PORT: new URL(service.base).port, INTERVAL_SUBSCRIPTION_SECRET: SECRET };
}, 60_000);
afterAll(() => service?.stop());

const subscriptions = () => fhir.search<Subscription>('Subscription?_count=50');
const lines = (message: string) => service.lines.filter((line) => line.includes(`"msg":"${message}"`));

async function notify(path: string, body: string, headers: Record<string, string> = {}, method = 'POST') {
  const response = await fetch(`${service.base}/subscriptions/${path}`, {
    method,
    headers,
    ...(body === '' ? {} : { body }),
  });
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text).issue?.[0].diagnostics];
}
const signature = (body: string, secret = SECRET) => ({
  'x-signature': createHmac('sha256', secret).update(body).digest('hex'),
});

describe('interval subscribe', () => {
  test('a dry run writes nothing; then one Subscription a type; the same again changes nothing', async () => {
    const dry = await interval(environment, 'subscribe', '--dry-run');
    expect([dry.code, dry.err, await subscriptions()]).toEqual([0, '', []]);
    expect(dry.out).toContain('DiagnosticReport: created');
    const first = await interval(environment, 'subscribe');
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out.match(/: created {2}Subscription\/\S+ {2}active/g)).toHaveLength(3);
    const made = await subscriptions();
    expect(made.map(({ status, criteria }) => [status, criteria.split('?')[0]]).toSorted()).toEqual([
      ['active', 'DiagnosticReport'],
      ['active', 'DocumentReference'],
      ['active', 'ImagingStudy'],
    ]);
    const again = await interval(environment, 'subscribe');
    expect(again.out.match(/: unchanged/g)).toHaveLength(3);
    expect(await subscriptions()).toEqual(made);
    expect([first.out, again.out].join()).not.toContain(SECRET);
  });

  test('another secret updates them; what has become an error is asked for again', async () => {
    const other = { ...environment, INTERVAL_SUBSCRIPTION_SECRET: `${SECRET}-2` };
    expect((await interval(other, 'subscribe')).out.match(/: updated/g)).toHaveLength(3);
    const [one] = (await subscriptions()) as [Subscription & { id: string }];
    await fhir.send('PUT', `Subscription/${one.id}`, { ...one, status: 'error', error: 'broken' });
    const back = await interval(environment, 'subscribe');
    expect([back.code, back.out.match(/: updated/g)?.length]).toEqual([0, 3]);
    expect((await subscriptions()).map(({ status, error }) => [status, error])).toEqual(
      Array.from({ length: 3 }, () => ['active', undefined]),
    );
  });

  test.each([
    ['no secret for another machine', { INTERVAL_SUBSCRIPTION_SECRET: '' }, ['--public-url', 'https://a.example'], 2],
    ['http to another machine', {}, ['--public-url', 'http://a.example'], 2],
    ['no URL', {}, ['--public-url', 'nowhere'], 2],
    ['a short secret', { INTERVAL_SUBSCRIPTION_SECRET: 'short' }, [], 2],
    ['no server', { INTERVAL_PORT: '1' }, [], 1],
  ])('%s is refused', async (_name, over, argv, code) => {
    const before = await subscriptions();
    const said = await interval({ ...environment, ...over }, 'subscribe', ...argv);
    expect([said.code, said.err]).toEqual([code, expect.stringMatching(/^(config-invalid|fhir-unavailable): /)]);
    expect(await subscriptions()).toEqual(before);
  });

  test('an endpoint that the server does not call is an error of the command', async () => {
    const said = await interval(environment, 'subscribe', '--public-url', 'https://elsewhere.example');
    expect([said.code, said.out]).toEqual([1, expect.stringContaining('error')]);
    await interval(environment, 'subscribe', '--remove', '--public-url', 'https://elsewhere.example');
  });
});

describe('what arrives', () => {
  test('is verified, read, and written once, however often it is told', async () => {
    await fhir.send('PUT', 'Patient/first', patient('first'));
    const report = await fhir.send('POST', 'DiagnosticReport', labReport('first'));
    const [task] = await until('the report is read', async () => {
      const jobs = await fhir.jobsOf('first');
      return jobs.length > 0 && jobs.every(({ status }) => status === 'completed') && jobs;
    });
    expect(task?.focus?.reference).toBe(`DiagnosticReport/${report.id}`);
    const values = await fhir.search<Observation>('Observation?subject=Patient/first&code=2823-3');
    expect(values.map(({ valueQuantity, status }) => [valueQuantity?.value, status])).toEqual([[6.9, 'preliminary']]);
    const body = JSON.stringify({ ...report, id: report.id });
    for (let i = 0; i < 3; i++) {
      expect(await notify('DiagnosticReport', body, signature(body))).toEqual([202, undefined]);
    }
    const looked = lines('arrival looked at').length;
    await until('it is looked at again', async () => lines('arrival looked at').length > looked);
    expect(await fhir.jobsOf('first')).toHaveLength(1);
    expect(await fhir.search('Observation?subject=Patient/first&code=2823-3')).toHaveLength(1);
  });

  test('a burst for one patient is one look at the chart', async () => {
    await fhir.send('PUT', 'Patient/burst', patient('burst'));
    const before = lines('arrival looked at').length;
    await Promise.all(
      ['5.1', '5.2', '5.3', '5.4', '5.5', '5.6'].map((value) =>
        fhir.send('POST', 'DiagnosticReport', labReport('burst', value)),
      ),
    );
    await until('all six are read', async () => {
      const jobs = await fhir.jobsOf('burst');
      return jobs.filter(({ status }) => status === 'completed').length === 6;
    });
    // Our own reports are told too and looked at no further; a slow machine may part the burst.
    expect(lines('arrival looked at').length - before).toBeLessThanOrEqual(3);
  });

  test('the body is a hint: a made-up resource reads nothing', async () => {
    await fhir.send('PUT', 'Patient/hinted', patient('hinted'));
    const body = JSON.stringify({ ...labReport('hinted'), id: 'made-up' });
    expect(await notify('DiagnosticReport', body, signature(body))).toEqual([202, undefined]);
    const real = await fhir.send('POST', 'DiagnosticReport', labReport('hinted', '4.4'));
    await until('the real one is read', async () => (await fhir.jobsOf('hinted')).length > 0);
    expect((await fhir.jobsOf('hinted')).map(({ focus }) => focus?.reference)).toEqual([`DiagnosticReport/${real.id}`]);
  });

  test('a notification that says only that there is something finds it', async () => {
    await interval(environment, 'subscribe', '--remove');
    expect((await subscriptions()).map(({ status }) => status)).toEqual(expect.arrayContaining(['off', 'off', 'off']));
    expect((await interval(environment, 'subscribe', '--remove')).out.match(/: absent/g)).toHaveLength(3);
    await fhir.send('PUT', 'Patient/silent', patient('silent'));
    await fhir.send('POST', 'DiagnosticReport', labReport('silent'));
    expect(await notify('DiagnosticReport', '', signature(''))).toEqual([202, undefined]);
    await until('it is read', async () => (await fhir.jobsOf('silent')).length === 1);
  });

  test('a document arrives as a report does', async () => {
    expect((await interval(environment, 'subscribe')).out.match(/: updated/g)).toHaveLength(3);
    await fhir.send('PUT', 'Patient/filed', patient('filed'));
    const [attachment] = labReport('filed').presentedForm ?? [];
    const { id } = await fhir.send('POST', 'DocumentReference', {
      resourceType: 'DocumentReference',
      status: 'current',
      type: { coding: [{ system: 'http://loinc.org', code: '11502-2', display: 'Laboratory report' }] },
      subject: { reference: 'Patient/filed' },
      date: '2026-03-02T08:00:00Z',
      content: [{ attachment }],
    });
    const jobs = await until('it is read', async () => {
      const all = await fhir.jobsOf('filed');
      return all.length > 0 && all.every(({ status }) => status === 'completed') && all;
    });
    expect(jobs.map(({ focus, priority }) => [focus?.reference, priority])).toEqual([
      [`DocumentReference/${id}`, 'urgent'],
    ]);
    await interval(environment, 'subscribe', '--remove');
  });

  test('as HAPI FHIR tells it: type and id in the path', async () => {
    await fhir.send('PUT', 'Patient/put', patient('put'));
    const { id } = await fhir.send('POST', 'DiagnosticReport', labReport('put'));
    expect(await notify(`DiagnosticReport/DiagnosticReport/${id}`, '{}', signature('{}'), 'PUT')).toEqual([
      202,
      undefined,
    ]);
    await until('it is read', async () => (await fhir.jobsOf('put')).length === 1);
    expect(await notify(`DiagnosticReport/DiagnosticReport/${id}`, '', signature(''), 'DELETE')).toEqual([
      202,
      undefined,
    ]);
  });
});

describe('what is refused', () => {
  const body = JSON.stringify({ resourceType: 'DiagnosticReport', id: 'a' });
  test.each([
    ['no signature', 'DiagnosticReport', body, {}, 401, 'unauthenticated'],
    [
      'a signature with another secret',
      'DiagnosticReport',
      body,
      signature(body, 'x'.repeat(32)),
      401,
      'unauthenticated',
    ],
    ['the signature of another body', 'DiagnosticReport', body, signature(`${body} `), 401, 'unauthenticated'],
    ['a signature that is none', 'DiagnosticReport', body, { 'x-signature': 'abc' }, 401, 'unauthenticated'],
    [
      'the secret in a header that is not configured',
      'DiagnosticReport',
      body,
      { authorization: `Bearer ${SECRET}` },
      401,
      'unauthenticated',
    ],
    ['a type without a Subscription', 'Patient', body, signature(body), 404, 'not-found'],
    ['an inherited name', 'constructor', body, signature(body), 404, 'not-found'],
    [
      'a resource of another type',
      'DiagnosticReport',
      '{"resourceType":"Patient","id":"a"}',
      undefined,
      422,
      'subject-unsupported',
    ],
    ['no JSON', 'DiagnosticReport', '{', undefined, 400, 'request-malformed'],
    ['a list', 'DiagnosticReport', '[]', undefined, 400, 'request-malformed'],
    [
      'an id that leaves its place',
      'DiagnosticReport',
      '{"resourceType":"DiagnosticReport","id":"../Patient"}',
      undefined,
      400,
      'request-malformed',
    ],
    ['no id', 'DiagnosticReport', '{"resourceType":"DiagnosticReport"}', undefined, 400, 'request-malformed'],
    ['a body that is too large', 'DiagnosticReport', 'x'.repeat(5 * 1024 * 1024), undefined, 413, 'request-too-large'],
  ])('%s', async (_name, type, sent, headers, status, code) => {
    expect(await notify(type, sent, headers ?? signature(sent))).toEqual([status, code]);
  });

  test('a compressed body: the signature is of what was sent', async () => {
    const headers = { ...signature(body), 'content-encoding': 'gzip' };
    expect(await notify('DiagnosticReport', body, headers)).toEqual([415, 'media-type-unsupported']);
  });

  test('other methods; a handshake is answered', async () => {
    expect(await notify('DiagnosticReport', body, signature(body), 'PATCH')).toEqual([405, 'method-not-allowed']);
    for (const method of ['GET', 'HEAD']) {
      expect((await fetch(`${service.base}/subscriptions/DiagnosticReport`, { method })).status).toBe(200);
    }
    expect((await fetch(`${service.base}/subscriptions/Patient`)).status).toBe(404);
  });

  test('neither secret nor chart is in the log', () => {
    const log = service.lines.join('\n');
    expect(log).toContain('"status":401,"code":"unauthenticated"');
    expect(log).not.toContain(SECRET);
    expect(log).not.toContain('POTASSIUM');
    expect(log).not.toContain('Synthetic');
  });
});
