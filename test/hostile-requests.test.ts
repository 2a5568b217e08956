import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assault } from './support/hostile/assault.ts';
import { type Memory, memoryOf, probed } from './support/memory.ts';
import { type Started, startService } from './support/service.ts';

/** A tenth of what bench/hostile-requests.ts sends, other requests each day. */
describe('hostile requests', () => {
  let service: Started;
  beforeAll(async () => {
    service = await startService('listening', { INTERVAL_SAMPLES: 'off', ...probed });
  }, 60_000);
  afterAll(() => service?.stop(), 30_000);

  test('P7 P9 P12 X9: no 5xx, no hang, no broken connection, no answer that breaks a rule, nothing in the log, nothing kept', async () => {
    const seed = Math.floor(Date.now() / 86_400_000);
    const memory: Memory[] = [];
    const { sent, failures, leaks, byStatus } = await assault(service, {
      count: 1500,
      seed,
      limitMs: 15_000,
      parts: 3,
      afterPart: async () => void memory.push(await memoryOf(service)),
    });
    expect({ seed, failures: failures.slice(0, 3) }).toEqual({ seed, failures: [] });
    expect(leaks.slice(0, 3)).toEqual([]);
    expect(sent).toBe(1500);
    // After a collection nothing of a request is left: a kibibyte of each would be a mebibyte here.
    expect(memory.at(-1)!.heap - memory[0]!.heap).toBeLessThan(4);
    // They are not all refused at the door.
    expect(byStatus['200']).toBeGreaterThan(100);
    expect((await fetch(`${service.base}/healthz`)).status).toBe(200);
  }, 120_000);
});
