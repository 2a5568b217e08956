import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
import { fill, invent, ROWS } from './support/invented-reports.ts';
import { childrenOf, eventually } from './support/processes.ts';
import { type Started, startService } from './support/service.ts';

const all = async <T extends Resource>(service: Started, query: string): Promise<readonly T[]> => {
  const bundle = (await (await fetch(`${service.base}/fhir/R4/${query}`)).json()) as Bundle<T>;
  return (bundle.entry ?? []).map((entry) => entry.resource as T);
};

test('killed in the middle of its work and started again on its data, it finishes every job once', async () => {
  const data = mkdtempSync(join(tmpdir(), 'interval-data-'));
  const first = await startService('job ended', { INTERVAL_DATA: data });
  first.child.kill('SIGKILL');
  await new Promise((resolve) => first.child.once('exit', resolve));

  const second = await startService('sample patients read', { INTERVAL_DATA: data });
  try {
    const recovered = second.lines
      .map((line) => JSON.parse(line))
      .find(({ msg }) => msg === 'unfinished jobs recovered');
    expect(recovered.count).toBeGreaterThan(0);
    const tasks = await all<Task>(second, 'Task?_count=200');
    expect(tasks.length).toBeGreaterThan(10);
    expect(tasks.filter(({ status }) => status === 'requested' || status === 'in-progress')).toEqual([]);
    const keys = tasks.map((task) => task.identifier?.[0]?.value);
    expect(new Set(keys).size).toBe(keys.length);
    // One set of results: no result key twice.
    const results = await all<Resource & { identifier?: { value?: string }[] }>(
      second,
      'Observation?_security=AIAST&_count=500',
    );
    const resultKeys = results.map((one) => one.identifier?.[0]?.value);
    expect(resultKeys.length).toBeGreaterThan(20);
    expect(new Set(resultKeys).size).toBe(resultKeys.length);
  } finally {
    await second.stop();
  }
  expect(second.lines.at(-1)).toContain('"msg":"stopped"');
}, 120_000);

test('told to stop while it works, it stops within its grace and leaves no Task half done', async () => {
  const data = mkdtempSync(join(tmpdir(), 'interval-data-'));
  const first = await startService('job ended', { INTERVAL_DATA: data });
  const begun = Date.now();
  await first.stop();
  expect(Date.now() - begun).toBeLessThan(20_000);
  expect(first.child.exitCode).toBe(0);
  const second = await startService('listening', {
    INTERVAL_DATA: data,
    INTERVAL_RUN_JOBS: 'elsewhere',
    INTERVAL_SAMPLES: 'off',
  });
  try {
    const running = await all<Task>(second, 'Task?status=in-progress');
    expect(running).toEqual([]);
  } finally {
    await second.stop();
  }
}, 120_000);

test('killed with 500 jobs waiting in its queue, it finds all of them in their Tasks and goes on', async () => {
  const data = mkdtempSync(join(tmpdir(), 'interval-data-'));
  await fill(join(data, 'interval.sqlite'), 'http://127.0.0.1/fhir/R4', invent(50, 10));
  const settings = { INTERVAL_DATA: data, INTERVAL_SAMPLES: 'off', INTERVAL_AUDIT: 'off' };
  const total = async ({ base }: Started, query: string) =>
    ((await (await fetch(`${base}/fhir/R4/${query}&_summary=count`)).json()) as { total: number }).total;

  const first = await startService('listening', settings);
  const [worker] = await eventually('the worker process', () => {
    const found = childrenOf(first.child.pid as number, 'worker.ts');
    return found.length > 0 && found;
  });
  // Whatever is asked for now waits.
  process.kill(worker as number, 'SIGSTOP');
  for (let patient = 0; patient < 50; patient += 1) {
    const answer = await fetch(`${first.base}/cds-services/lab-report-results`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${first.base}/fhir/R4`,
        context: { userId: 'Practitioner/1', patientId: `invented-${patient}` },
      }),
    });
    expect(answer.status).toBe(200);
  }
  await eventually('500 Tasks', async () => (await total(first, 'Task?status=requested,in-progress')) === 500);
  const metrics = await (await fetch(`${first.base}/metrics`)).text();
  expect(Number(/interval_queue_jobs\{state="waiting"\} (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(490);
  first.child.kill('SIGKILL');
  process.kill(worker as number, 'SIGKILL');
  await new Promise((resolve) => first.child.once('exit', resolve));

  const second = await startService('unfinished jobs recovered', settings);
  try {
    const recovered = second.lines
      .map((line) => JSON.parse(line))
      .find(({ msg }) => msg === 'unfinished jobs recovered');
    expect(recovered.count).toBe(500);
    await eventually('some completed', async () => (await total(second, 'Task?status=completed')) >= 40, 200_000);
    const tasks = await all<Task>(second, 'Task?_count=1000');
    expect(new Set(tasks.map((task) => task.identifier?.[0]?.value)).size).toBe(500);
    expect(tasks.filter(({ status }) => !['requested', 'in-progress', 'completed'].includes(status ?? ''))).toEqual([]);
    const label = '_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST';
    const observations = await all<Resource & { identifier?: { value?: string }[] }>(
      second,
      `Observation?${label}&_count=1000`,
    );
    expect(observations.length).toBeGreaterThanOrEqual(40 * ROWS);
    expect(new Set(observations.map((one) => one.identifier?.[0]?.value)).size).toBe(observations.length);
  } finally {
    await second.stop();
  }
}, 400_000);
