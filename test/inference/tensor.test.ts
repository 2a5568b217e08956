import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openTensorModel } from '../../src/inference/onnx/tensor.ts';

/** y = x · x for x of [n, 2], as the smallest ONNX file. */
const square = Buffer.from(
  'CAkSADpECg4KAXgKAXgSAXkiA011bBIGc3F1YXJlWhQKAXgSDwoNCAESCQoDEgFuCgIIAmIUCgF5Eg8KDQgBEgkKAxIBbgoCCAJCBAoAEBE=',
  'base64',
);
const directory = mkdtempSync(join(tmpdir(), 'interval-model-'));
const file = (name: string, bytes: Uint8Array) => {
  writeFileSync(join(directory, name), bytes);
  return join(directory, name);
};
const x = (values: number[]) => ({
  x: { type: 'float32' as const, dims: [values.length / 2, 2], data: Float32Array.from(values) },
});

describe('tensor model', () => {
  test('runs, and is versioned by its bytes', async () => {
    const model = await openTensorModel('square', file('square.onnx', square));
    const { y } = await model.run(x([1, 2, 3, -4]));
    expect(y).toMatchObject({ type: 'float32', dims: [2, 2], data: Float32Array.from([1, 4, 9, 16]) });
    expect(model.version).toMatch(/^[0-9a-f]{12}$/);
    await model.close();
    expect((await model.run(x([5, 6]))).y?.data).toEqual(Float32Array.from([25, 36]));
    await model.close();
  });

  test('a missing file, a damaged file, a wrong shape, a cancelled run', async () => {
    await expect(openTensorModel('none', join(directory, 'none.onnx'))).rejects.toMatchObject({
      code: 'reader-unavailable',
    });
    const damaged = await openTensorModel('damaged', file('damaged.onnx', square.subarray(0, 40)));
    await expect(damaged.run(x([1, 2]))).rejects.toMatchObject({ code: 'reader-failed' });
    const model = await openTensorModel('square', file('square.onnx', square));
    await expect(model.run({ x: { type: 'float32', dims: [1, 3], data: new Float32Array(3) } })).rejects.toMatchObject({
      code: 'reader-failed',
    });
    await expect(model.run(x([1, 2]), AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    await model.close();
  });
});
