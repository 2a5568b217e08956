import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Subscription } from '@medplum/fhirtypes';
import { type Fhir, fhirAt, interval, labReport, patient, SECRET, until } from '../arrivals/world.ts';
import { type Started, startService } from '../support/service.ts';
import { HAPI_START_MS, hapi, hapiBase } from './hapi/server.ts';
import { describeWith } from './neighbour.ts';

/** Arrivals from an independent server: HAPI FHIR, which does not sign but sends a header, and names what arrived in the path. */
describeWith(hapi)('arrivals from HAPI FHIR', () => {
  let base: string;
  let source: Fhir;
  let service: Started;
  let environment: Record<string, string>;
  const run = `run${Date.now()}`;
  const person = (name: string) => `${run}-${name}`;

  beforeAll(async () => {
    base = await hapiBase();
    source = fhirAt(base);
    const settings = {
      INTERVAL_SOURCE_URL: base,
      INTERVAL_SUBSCRIPTION_SECRET: SECRET,
      INTERVAL_SUBSCRIPTION_HEADER: 'Authorization',
    };
    service = await startService('listening', settings);
    environment = {
      ...settings,
      INTERVAL_PORT: new URL(service.base).port,
      XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'interval-backfill-')),
    };
  }, HAPI_START_MS);
  afterAll(async () => {
    await interval(environment, 'subscribe', '--remove');
    await service?.stop();
  });

  const own = async () =>
    (await source.search<Subscription>('Subscription?_count=100')).filter(({ channel }) =>
      channel.endpoint?.startsWith(service.base),
    );
  const jobsOf = (name: string) => fhirAt(`${service.base}/fhir/R4`).jobsOf(person(name), base);
  const answered = () => service.lines.filter((line) => line.includes('"msg":"notification answered"'));

  test('a server that does not sign needs a header', async () => {
    const said = await interval({ ...environment, INTERVAL_SUBSCRIPTION_HEADER: '' }, 'subscribe');
    expect([said.code, said.err]).toEqual([2, expect.stringContaining('subscriptionHeader')]);
    expect(await own()).toEqual([]);
  });

  test('subscribing makes three that become active, once', async () => {
    const first = await interval(environment, 'subscribe');
    expect([first.code, first.err]).toEqual([0, '']);
    expect(first.out.match(/: created {2}Subscription\/\S+ {2}active/g)).toHaveLength(3);
    const again = await interval(environment, 'subscribe');
    expect([again.code, again.out.match(/: unchanged/g)?.length]).toEqual([0, 3]);
    expect((await own()).map(({ status }) => status)).toEqual(['active', 'active', 'active']);
  });

  test('a report that is written there is read here', async () => {
    await source.send('PUT', `Patient/${person('a')}`, patient(person('a')));
    const report = await source.send('POST', 'DiagnosticReport', labReport(person('a')));
    const [task] = await until('it is read', async () => {
      const jobs = await jobsOf('a');
      return jobs.length > 0 && jobs.every(({ status }) => status === 'completed') && jobs;
    });
    expect(task?.focus?.reference).toBe(`${base}/DiagnosticReport/${report.id}`);
    expect(answered().every((line) => line.includes('"status":202'))).toBe(true);

    // A deletion is told as well.
    const before = answered().length;
    await source.send('DELETE', `DiagnosticReport/${report.id}`);
    await until('the deletion is told', async () => answered().length > before);
  });

  test('who asks by hand gets the same job; what was there before is found', async () => {
    await interval(environment, 'subscribe', '--remove');
    expect((await own()).map(({ status }) => status)).toEqual(['off', 'off', 'off']);
    const since = new Date(Date.now() - 60_000).toISOString().replace(/\.\d+/, '');
    await source.send('PUT', `Patient/${person('b')}`, patient(person('b')));
    const report = await source.send('POST', 'DiagnosticReport', labReport(person('b')));
    const filled = await interval(environment, 'backfill', '--since', since, '--rate', '60000');
    expect([filled.code, filled.err.includes('Goes on')]).toEqual([0, false]);
    expect(filled.out).toMatch(/[1-9]\d* resources of [1-9]\d* patients looked at/);
    const [task] = await jobsOf('b');
    expect(task?.status).not.toBe('failed');
    const asked = await fetch(`${service.base}/analyses`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ subject: `DiagnosticReport/${report.id}`, patient: person('b') }),
    });
    const { jobs } = (await asked.json()) as { jobs: { task: string }[] };
    expect(jobs.map((one) => one.task)).toEqual([`${service.base}/fhir/R4/Task/${task?.id}`]);
  });
});
