import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Bundle, Observation } from '@medplum/fhirtypes';
import { type Started, startService } from '../support/service.ts';

/** examples/analyses/ask.sh as somebody with curl runs it. */
let service: Started;
beforeAll(async () => {
  service = await startService('listening', { INTERVAL_SAMPLES: 'off' });
}, 60_000);
afterAll(() => service?.stop());

test('the example asks, waits and shows what was read, and does so again', async () => {
  const run = () => promisify(execFile)('examples/analyses/ask.sh', [service.base]);
  const first = (await run()).stdout;
  const [job, ...rest] = first.trim().split('\n');
  expect(job).toMatch(new RegExp(`^${service.base}/analyses/[0-9a-f]{40}$`));
  const end = rest.indexOf('completed');
  expect(end).toBeGreaterThanOrEqual(0);
  const { entry = [] } = JSON.parse(rest.slice(end + 1).join('\n')) as Bundle<Observation>;
  expect(entry.map(({ resource }) => [resource?.valueQuantity?.value, resource?.status])).toEqual([
    [6.8, 'preliminary'],
  ]);
  // The report is written again with it: another version, one more job, the same result.
  expect(JSON.parse((await run()).stdout.trim().split('\n').at(-1) ?? '').entry).toHaveLength(1);
}, 120_000);
