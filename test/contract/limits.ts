import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { BURST_MS, type Limits } from '../../src/queue/limits.ts';

/** What every Limits does. `create` opens one of the workers that share them. */
export function limitsContract(name: string, create: () => readonly [Limits, Limits]): void {
  describe(`Limits contract: ${name}`, () => {
    let open: readonly Limits[] = [];
    const start = () => {
      const pair = create();
      open = pair;
      return pair;
    };
    afterEach(async () => {
      await Promise.all(open.map((one) => one.close()));
      open = [];
    });

    test('requests of one name come at even distances, whoever sends them; a short burst is let through', async () => {
      const [one, other] = start();
      const server = crypto.randomUUID();
      const begun = performance.now();
      const waits: number[] = [];
      for (let at = 0; at < 40; at += 1) {
        waits.push(await (at % 2 === 0 ? one : other).take(server, 20));
      }
      const took = performance.now() - begun;
      expect(waits[0]).toBe(0);
      // The fortieth of twenty a second is due after 1950 ms, less the burst and the time that asking took.
      expect(waits[39]).toBeLessThanOrEqual(39 * 50 - BURST_MS + 1);
      expect(waits[39]).toBeGreaterThanOrEqual(39 * 50 - BURST_MS - took - 1);
      expect(waits.every((wait, at) => at === 0 || wait >= (waits[at - 1] as number) - took)).toBe(true);
    });

    test('another name has its own rate, and after a pause nothing is to be waited for', async () => {
      const [one, other] = start();
      const [busy, idle] = [crypto.randomUUID(), crypto.randomUUID()];
      for (let at = 0; at < 30; at += 1) {
        await one.take(busy, 50);
      }
      expect(await other.take(busy, 50)).toBeGreaterThan(0);
      expect(await other.take(idle, 50)).toBe(0);
      await sleep(700);
      expect(await other.take(busy, 50)).toBe(0);
    });

    test('so many have a place at the same time and no more, until one is released', async () => {
      const [one, other] = start();
      const model = crypto.randomUUID();
      const first = await one.place(model, 2, 60_000);
      const second = await other.place(model, 2, 60_000);
      expect([first, second].every(Boolean)).toBe(true);
      expect(await one.place(model, 2, 60_000)).toBeUndefined();
      expect(await other.place(crypto.randomUUID(), 2, 60_000)).toBeDefined();
      await second?.release();
      expect(await one.place(model, 2, 60_000)).toBeDefined();
      expect(await second?.renew()).toBe(false);
      expect(await first?.renew()).toBe(true);
    });

    test('a place that is not renewed runs out: whoever had it may be dead', async () => {
      const [one, other] = start();
      const model = crypto.randomUUID();
      const dead = await one.place(model, 1, 150);
      expect(await other.place(model, 1, 60_000)).toBeUndefined();
      await sleep(200);
      expect(await other.place(model, 1, 60_000)).toBeDefined();
      expect(await dead?.renew()).toBe(false);
      // Letting go of what one has no longer takes it from nobody.
      await dead?.release();
      expect(await one.place(model, 1, 60_000)).toBeUndefined();
    });
  });
}
