import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { verify } from '../../../src/inference/artefacts/verify.ts';

let folder: string;
const put = (path: string, content: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};
const entry = (path: string, content: string) => ({
  path,
  bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
});

const graphs = { embedding: 'embed.onnx', vision: ['vision.onnx'], decoder: { int8: 'decoder.onnx' } };
const contents = { 'embed.onnx': 'one', 'vision.onnx': 'two', 'decoder.onnx': 'three', 'config.json': '{}' };
const manifest = (more: object = {}) => ({
  format: 1,
  id: 'google/medgemma-test',
  source: { revision: 'local', files: [] },
  graphs,
  files: Object.entries(contents).map(([path, content]) => entry(path, content)),
  ...more,
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interval-verify-'));
});

describe('verifying a converted model', () => {
  beforeEach(() => {
    for (const [path, content] of Object.entries(contents)) {
      put(path, content);
    }
    put('interval-model.json', JSON.stringify(manifest()));
  });

  test('right as it was made', async () => {
    const seen: number[] = [];
    const result = await verify(folder, { onProgress: ({ done }) => seen.push(done) });
    expect(result).toEqual({
      kind: 'converted',
      id: 'google/medgemma-test',
      revision: 'local',
      files: 4,
      bytes: 13,
      problems: [],
      warnings: [],
    });
    expect(seen.at(-1)).toBe(13);
  });

  test.each<[string, () => void, string]>([
    ['a file that is gone', () => rmSync(join(folder, 'vision.onnx')), 'vision.onnx is missing.'],
    ['a file that is cut', () => put('decoder.onnx', 'thr'), 'decoder.onnx has 3 bytes instead of 5.'],
    ['a byte that is wrong', () => put('decoder.onnx', 'thrEe'), 'decoder.onnx has another checksum.'],
    ['a file too many', () => put('sub/more.bin', 'x'), 'sub/more.bin is not listed.'],
    [
      'a path that leads out',
      () => put('interval-model.json', JSON.stringify(manifest({ files: [...manifest().files, entry('../x', 'x')] }))),
      'interval-model.json lists a file outside the folder.',
    ],
    [
      'a graph that is not listed',
      () =>
        put(
          'interval-model.json',
          JSON.stringify(manifest({ graphs: { ...graphs, decoder: { int8: 'other.onnx' } } })),
        ),
      'other.onnx is a graph that is not listed.',
    ],
  ])('%s', async (_name, spoil, problem) => {
    spoil();
    expect((await verify(folder)).problems).toEqual([problem]);
  });

  test.each([
    '{',
    '[]',
    '{"format":2,"id":"a/b","files":[]}',
    '{"format":1,"id":"a/b","files":[{}]}',
    JSON.stringify(manifest({ graphs: {} })),
  ])('a manifest that cannot be read: %.40s', async (text) => {
    put('interval-model.json', text);
    await expect(verify(folder)).rejects.toEqual(expect.objectContaining({ code: 'model-invalid' }));
  });
});

describe('verifying a folder of the ONNX community', () => {
  beforeEach(() => {
    put(
      'config.json',
      JSON.stringify({ 'transformers.js_config': { use_external_data_format: { decoder_model_merged: 2 } } }),
    );
    put('tokenizer.json', '{}');
    for (const name of ['embed_tokens_q4', 'vision_encoder_q4', 'decoder_model_merged_q4']) {
      put(`onnx/${name}.onnx`, 'graph');
    }
    put('onnx/decoder_model_merged_q4.onnx_data', 'data');
    put('onnx/decoder_model_merged_q4.onnx_data_1', 'data');
  });

  test('is whole, with a warning for the image mask that it lacks', async () => {
    const { kind, problems, warnings } = await verify(folder);
    expect({ kind, problems }).toEqual({ kind: 'community', problems: [] });
    expect(warnings.join()).toContain('image mask');
    expect(warnings.join()).toContain('checksums');
  });

  test.each([
    ['tokenizer.json', 'tokenizer.json is missing.'],
    ['onnx/vision_encoder_q4.onnx', 'onnx/vision_encoder*.onnx is missing.'],
    ['onnx/decoder_model_merged_q4.onnx_data_1', 'onnx/decoder_model_merged_q4.onnx_data_1 is missing.'],
  ])('without %s', async (path, problem) => {
    rmSync(join(folder, path));
    expect((await verify(folder)).problems).toEqual([problem]);
  });

  test('with a config.json that is none', async () => {
    put('config.json', 'config');
    expect((await verify(folder)).problems).toEqual(['config.json is not JSON.']);
  });
});

test('a folder without a model, and no folder at all', async () => {
  put('letter.txt', 'Dear colleague');
  await expect(verify(folder)).rejects.toEqual(
    expect.objectContaining({ code: 'model-invalid', message: expect.stringContaining('no model') }),
  );
  await expect(verify(join(folder, 'nothing'))).rejects.toEqual(expect.objectContaining({ code: 'model-invalid' }));
});
