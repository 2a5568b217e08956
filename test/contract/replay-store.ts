import { afterEach, describe, expect, test } from '@jest/globals';
import type { ReplayStore } from '../../src/cds-hooks/replay/replay.ts';

/** What every ReplayStore does. `open` gives stores that share what they know with those opened before it. */
export function replayStoreContract(name: string, open: () => ReplayStore | Promise<ReplayStore>): void {
  describe(`ReplayStore: ${name}`, () => {
    const opened: ReplayStore[] = [];
    const store = async () => {
      const one = await open();
      opened.push(one);
      return one;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((one) => one.close()));
    });
    const key = () => crypto.randomUUID();
    const later = (milliseconds = 60_000) => Date.now() + milliseconds;

    test('a key is new once', async () => {
      const one = await store();
      await one.ready();
      const [first, second] = [key(), key()];
      expect(await one.firstUse(first, later())).toBe(true);
      expect(await one.firstUse(first, later())).toBe(false);
      expect(await one.firstUse(first, later(120_000))).toBe(false);
      expect(await one.firstUse(second, later())).toBe(true);
    });

    test('of many at the same moment one is the first', async () => {
      const one = await store();
      const same = key();
      const answers = await Promise.all(Array.from({ length: 50 }, () => one.firstUse(same, later())));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    test('it is forgotten when its token has ended, not before', async () => {
      const one = await store();
      const [short, long] = [key(), key()];
      await one.firstUse(short, later(80));
      await one.firstUse(long, later());
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(await one.firstUse(short, later())).toBe(true);
      expect(await one.firstUse(long, later())).toBe(false);
    });

    test('thousands of keys are told apart', async () => {
      const one = await store();
      const keys = Array.from({ length: 3000 }, key);
      expect((await Promise.all(keys.map((each) => one.firstUse(each, later())))).every(Boolean)).toBe(true);
      expect((await Promise.all(keys.map((each) => one.firstUse(each, later())))).some(Boolean)).toBe(false);
    });
  });
}
