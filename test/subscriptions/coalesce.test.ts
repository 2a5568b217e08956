import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import { type CoalesceOptions, createCoalesce } from '../../src/subscriptions/coalesce.ts';

function create(over: Partial<CoalesceOptions> = {}) {
  const worked: string[] = [];
  const lost: [string, string][] = [];
  const coalesce = createCoalesce({
    quietMs: 20,
    patienceMs: 200,
    concurrency: 2,
    limit: 3,
    attempts: 3,
    retryMs: 1,
    longestMs: 5,
    work: async (key) => void worked.push(key),
    onLost: (key, error) => void lost.push([key, error.code]),
    ...over,
  });
  return { coalesce, worked, lost };
}

describe('coalescing', () => {
  test('the same key many times is done once, another by itself', async () => {
    const { coalesce, worked } = create();
    for (let i = 0; i < 100; i++) {
      expect([coalesce.add('a'), coalesce.add('b')]).toEqual([true, true]);
    }
    await coalesce.idle();
    expect(worked.toSorted()).toEqual(['a', 'b']);
  });

  test('a key that is asked for without end is done within its patience', async () => {
    const { coalesce, worked } = create({ quietMs: 1000, patienceMs: 30 });
    const asking = setInterval(() => coalesce.add('a'), 5);
    try {
      for (let i = 0; i < 1000 && worked.length === 0; i++) await sleep(5);
    } finally {
      clearInterval(asking);
    }
    expect(worked).toContain('a');
    await coalesce.close();
  });

  test('what is added while it runs is done once more: it may have come too late', async () => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    const { coalesce } = create({
      work: async () => {
        runs += 1;
        await (runs === 1 ? gate.promise : undefined);
      },
    });
    coalesce.add('a');
    while (runs === 0) await sleep(5);
    coalesce.add('a');
    coalesce.add('a');
    gate.resolve();
    await coalesce.idle();
    expect(runs).toBe(2);
  });

  test('what may pass is tried again, what may not is given up, and both are said', async () => {
    let failures = 2;
    const fails = create({
      work: async (key) => {
        if (key === 'never') throw new IntervalError('fhir-forbidden', 'no');
        if (key === 'always') throw new IntervalError('fhir-unavailable', 'no');
        if (failures-- > 0) throw new IntervalError('fhir-throttled', 'later', { retryAfterMs: 5 });
      },
    });
    for (const key of ['never', 'always', 'twice']) fails.coalesce.add(key);
    await fails.coalesce.idle();
    expect(fails.lost.toSorted()).toEqual([
      ['always', 'fhir-unavailable'],
      ['never', 'fhir-forbidden'],
    ]);
  });

  test('beyond the limit it says no; a key that waits is still taken', async () => {
    const { coalesce, worked } = create();
    expect(['a', 'b', 'c', 'd', 'a'].map(coalesce.add)).toEqual([true, true, true, false, true]);
    await coalesce.idle();
    expect(worked).toHaveLength(3);
  });

  test('closing drops what waits, waits for what runs, and takes nothing more', async () => {
    const gate = Promise.withResolvers<void>();
    let ended = false;
    const { coalesce } = create({
      quietMs: 0,
      work: async () => {
        await gate.promise;
        ended = true;
      },
    });
    coalesce.add('a');
    await sleep(20);
    const closed = coalesce.close();
    gate.resolve();
    await closed;
    expect([ended, coalesce.add('b')]).toEqual([true, false]);
  });
});
