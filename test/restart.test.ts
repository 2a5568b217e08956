import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Bundle, Resource, Task } from '@medplum/fhirtypes';
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
