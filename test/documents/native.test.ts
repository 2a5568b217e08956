import { expect, test } from '@jest/globals';
import { createNativeState, inNative, outsideNative } from '../../src/documents/native.ts';

test('a thread is ended only once it is outside of native code, and is told not to enter again', async () => {
  const state = createNativeState();
  const flags = new Int32Array(state.native);
  flags[1] = 1;
  let ended = false;
  const end = outsideNative(state).then(() => {
    ended = true;
  });
  expect(flags[0]).toBe(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe(false);
  flags[1] = 0;
  await end;
  expect(ended).toBe(true);
});

test('outside of a reading thread native code just runs, and its errors come out', async () => {
  expect(await inNative(async () => 7)).toBe(7);
  await expect(inNative(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
