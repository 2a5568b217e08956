import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import express from 'express';
import { createFhirServer, type FhirServer } from '../src/fhir-server/server.ts';
import { describeWith } from './integration/neighbour.ts';
import { invent, ROWS } from './support/invented-reports.ts';
import { eventually } from './support/processes.ts';
import { type RedisServer, redisNeighbour, startRedis } from './support/redis.ts';
import { type Started, startService } from './support/service.ts';

const PASSWORD = 'a-password-of-the-test';

/** The service asks, two workers read, Redis stands between them: real processes all of them. */
describeWith(redisNeighbour)('workers on a Redis', () => {
  let redis: RedisServer;
  let ehr: FhirServer;
  let http: Server;
  let service: Started | undefined;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    redis = await startRedis({ password: PASSWORD });
    http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    ehr = createFhirServer({ base: `http://127.0.0.1:${(http.address() as AddressInfo).port}/r4` });
    http.on('request', express().use('/r4', ehr.router));
    for (const resource of invent(3, 4)) {
      await ehr.fetch(`${ehr.base}/${resource.resourceType}/${resource.id}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/fhir+json' },
        body: JSON.stringify(resource),
      });
    }
  });
  afterEach(async () => {
    await service?.stop();
    await Promise.all(stops.splice(0).map((stop) => stop()));
    http.close();
    http.closeAllConnections();
    ehr.close();
    await redis.stop();
  });

  const all = async <T extends Resource>(query: string) => {
    const bundle = (await (await fetch(`${ehr.base}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };
  const openChart = (patientId: string) =>
    fetch(`${service?.base}/cds-services/lab-report-results`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: ehr.base,
        context: { userId: 'Practitioner/1', patientId },
      }),
    });

  test('read what the service asks for, each job once; while Redis is away the service asks on, and says that it is', async () => {
    const settings = {
      QUEUE_URL: redis.url,
      INTERVAL_SOURCE_URL: ehr.base,
      INTERVAL_STORE_URL: ehr.base,
      INTERVAL_WRITE_BACK: 'full',
      INTERVAL_STALE_SECONDS: '3',
      INTERVAL_SOURCE_REQUESTS_PER_SECOND: '500',
    };
    service = await startService('listening', { ...settings, INTERVAL_RUN_JOBS: 'elsewhere' });
    expect((await openChart('invented-0')).status).toBe(200);
    await eventually('the Tasks', async () => (await all<Task>('Task?status=requested')).length === 4);
    await redis.stop('SIGKILL');
    expect((await openChart('invented-1')).status).toBe(200);
    await eventually('the Tasks', async () => (await all<Task>('Task?status=requested')).length === 8);
    const ready = await eventually('a word on it', async () => {
      const { waiting } = (await (await fetch(`${service?.base}/readyz`)).json()) as { waiting?: string[] };
      return waiting?.includes('queue') && waiting;
    });
    expect(ready).toEqual(['queue']);
    const work = await fetch(`${service.base}/status/work.json`);
    expect(work.status).toBe(200);
    expect(await work.json()).toMatchObject({ waitingFor: ['queue'], figures: {} });
    expect((await fetch(`${service.base}/metrics`)).status).toBe(200);
    await redis.start();

    const logs: string[] = [];
    for (let at = 0; at < 2; at += 1) {
      const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', 'worker'], {
        env: { ...process.env, ...settings },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      worker.stderr.on('data', (data: Buffer) => logs.push(data.toString()));
      const ended = once(worker, 'exit');
      stops.push(async () => {
        worker.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
      });
    }
    expect((await openChart('invented-2')).status).toBe(200);
    await eventually('every job completed', async () => (await all<Task>('Task?status=completed')).length === 12);
    expect((await all('Task')).length).toBe(12);
    const label = '_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST&_count=200';
    expect((await all(`DiagnosticReport?${label}`)).length).toBe(12);
    expect((await all(`Observation?${label}`)).length).toBe(12 * ROWS);
    expect([...logs, ...service.lines].join('')).not.toContain(PASSWORD);
    const cards = (await (await openChart('invented-0')).json()) as { cards: unknown[] };
    expect(cards.cards.length).toBeGreaterThan(0);
  }, 240_000);
});
