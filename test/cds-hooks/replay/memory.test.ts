import { describe, expect, test } from '@jest/globals';
import { createMemoryReplayStore } from '../../../src/cds-hooks/replay/memory.ts';
import { replayStoreContract } from '../../contract/replay-store.ts';

replayStoreContract('in process', () => createMemoryReplayStore({ clock: Date.now }));

describe('in process', () => {
  test('what has ended makes room; a full store takes nobody rather than forget', async () => {
    let now = 0;
    const store = createMemoryReplayStore({ clock: () => now, limit: 3 });
    for (const key of ['a', 'b', 'c']) {
      expect(await store.firstUse(key, 1000)).toBe(true);
    }
    await expect(store.firstUse('d', 1000)).rejects.toMatchObject({ code: 'replay-store-unavailable', status: 503 });
    expect(await store.firstUse('a', 1000)).toBe(false);
    now = 1001;
    expect(await store.firstUse('d', 2000)).toBe(true);
  });
});
