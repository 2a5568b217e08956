import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assault } from './support/hostile/assault.ts';
import { type Started, startService } from './support/service.ts';

/** A tenth of what bench/hostile-requests.ts sends, other requests each day. */
describe('hostile requests', () => {
  let service: Started;
  beforeAll(async () => {
    service = await startService('listening', { INTERVAL_SAMPLES: 'off' });
  }, 60_000);
  afterAll(() => service?.stop(), 30_000);

  test('P7 P9 P12 X9: no 5xx, no hang, no broken connection, no answer that breaks a rule, nothing in the log', async () => {
    const seed = Math.floor(Date.now() / 86_400_000);
    const { sent, failures, leaks, byStatus } = await assault(service, { count: 1500, seed, limitMs: 6000 });
    expect({ seed, failures: failures.slice(0, 3) }).toEqual({ seed, failures: [] });
    expect(leaks.slice(0, 3)).toEqual([]);
    expect(sent).toBe(1500);
    // They are not all refused at the door.
    expect(byStatus['200']).toBeGreaterThan(100);
    expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
  }, 120_000);
});
