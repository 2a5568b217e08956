import { expect, test } from '@jest/globals';
import { defaultBackoffMs, delayBefore } from '../../src/queue/backoff.ts';

test('twice as long each time, a minute at most', () => {
  expect([1, 2, 3, 4, 8, 9, 30].map(defaultBackoffMs)).toEqual([500, 1000, 2000, 4000, 60_000, 60_000, 60_000]);
});

test('what the server asks for counts where it is longer, a quarter of an hour at most, and a little more by chance', () => {
  const [never, always] = [() => 0, () => 0.999];
  expect(delayBefore(500, 0, never)).toBe(500);
  expect(delayBefore(500, 2000, never)).toBe(2000);
  expect(delayBefore(4000, 2000, never)).toBe(4000);
  expect(delayBefore(500, 86_400_000, never)).toBe(900_000);
  expect(delayBefore(1000, 0, always)).toBeGreaterThan(1200);
  expect(delayBefore(1000, 0, always)).toBeLessThanOrEqual(1250);
  expect(delayBefore(500, undefined, never)).toBe(500);
});
