import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { quantizeRows } from '../../../src/inference/convert/quantize.ts';
import { openSafetensors } from '../../../src/inference/convert/safetensors.ts';
import { manifestName } from '../../../src/inference/onnx/manifest.ts';
import { readShape } from '../../../src/inference/onnx/shape.ts';
import { convertTiny, temporaryFolder, writtenTiny } from '../onnx/tiny-model.ts';

const digests = (folder: string, names: readonly string[]) =>
  names.map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex'),
  );
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('conversion', () => {
  test('the manifest lists every file with its size and checksum, source, licence and what was changed', async () => {
    const licence = { name: 'Terms', url: 'https://example.org/terms', notice: 'As these terms say.' };
    const source = { revision: 'abc', files: [{ path: 'model.safetensors', bytes: 1, sha256: '0' }] };
    const { folder } = await convertTiny({ weights: 'int4', vision: 'int8', licence, source });
    const manifest = json(join(folder, manifestName));
    expect(manifest).toMatchObject({
      format: 1,
      id: 'interval/tiny-gemma',
      source,
      licence,
      weights: 'int4',
      block: 32,
    });
    expect(manifest.modified).toMatch(/Modified from interval\/tiny-gemma.*4-bit.*blocks of 32/);
    for (const { path, bytes, sha256 } of manifest.files) {
      const content = readFileSync(join(folder, path));
      expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
    }
    expect(manifest.files.map((file: { path: string }) => file.path)).toEqual(
      expect.arrayContaining(['config.json', 'tokenizer.json', 'chat_template.jinja', 'cache_scales.bin']),
    );
  });

  test('both layouts of names and both number formats give the same graphs', async () => {
    const one = await convertTiny();
    const other = await convertTiny({}, writtenTiny({ dtype: 'bfloat16', naming: 'current' }));
    const graphs = ['embed_tokens.onnx_data', 'decoder.onnx_data', 'decoder.onnx', 'vision_encoder_0.onnx_data'];
    expect(digests(other.folder, graphs)).toEqual(digests(one.folder, graphs));
    expect(other.shape).toEqual(one.shape);
  });

  test('progress goes up to its end, and a cancelled conversion leaves no manifest', async () => {
    const seen: number[] = [];
    await convertTiny({ onProgress: ({ done, total }) => seen.push(done / total) });
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const abort = new AbortController();
    const to = join(temporaryFolder(), 'model');
    const onProgress = ({ stage }: { stage: string }) => stage === 'decoder' && abort.abort();
    await expect(convertTiny({ to, signal: abort.signal, onProgress })).rejects.toThrow();
    expect(existsSync(join(to, manifestName))).toBe(false);
  });

  const broken: readonly (readonly [string, (folder: string) => void, RegExp])[] = [
    ['no configuration', (folder) => rmSync(join(folder, 'config.json')), /config\.json/],
    ['no tokenizer', (folder) => rmSync(join(folder, 'tokenizer.json')), /tokenizer\.json/],
    ['a missing shard', (folder) => rmSync(join(folder, 'model-00002-of-00002.safetensors')), /00002/],
    [
      'a shard cut off',
      (folder) => truncateSync(join(folder, 'model-00002-of-00002.safetensors'), 900_000),
      /ends within/,
    ],
    [
      'no safetensors',
      (folder) => writeFileSync(join(folder, 'model-00001-of-00002.safetensors'), 'x'),
      /no safetensors/,
    ],
    ['another architecture', (folder) => change(folder, (config) => ({ ...config, model_type: 'llama' })), /Gemma 3/],
    ['sizes that do not fit', (folder) => changeText(folder, { hidden_size: 128 }), /was expected/],
    ['a hostile index', (folder) => writeIndex(folder, '../../etc/passwd'), /lacks a file/],
    ['soft caps', (folder) => changeText(folder, { final_logit_softcapping: 30 }), /softcapping/],
    ['another scaling', (folder) => changeText(folder, { rope_scaling: { rope_type: 'yarn' } }), /rotary/],
  ];
  test.each(broken)('%s is refused', async (_, spoil, message) => {
    const folder = writtenTiny();
    spoil(folder);
    const to = join(temporaryFolder(), 'model');
    await expect(convertTiny({ to }, folder)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringMatching(message),
    });
    expect(existsSync(join(to, manifestName))).toBe(false);
  });

  function change(folder: string, by: (config: Record<string, unknown>) => unknown): void {
    writeFileSync(join(folder, 'config.json'), JSON.stringify(by(json(join(folder, 'config.json')))));
  }
  function changeText(folder: string, more: Record<string, unknown>): void {
    change(folder, (config) => ({ ...config, text_config: { ...(config.text_config as object), ...more } }));
  }
  function writeIndex(folder: string, file: string): void {
    writeFileSync(join(folder, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: file } }));
  }
});

describe('rounding', () => {
  test.each([
    [4, 32, 64],
    [4, 32, 70],
    [8, 32, 64],
    [8, 128, 144],
  ] as const)('%i bits, blocks of %i, rows of %i: no value is off by more than a step', (bits, block, columns) => {
    const values = Float32Array.from({ length: 3 * columns }, (_, i) => Math.sin(i * i) * (i % 7));
    const { packed, scales } = quantizeRows(values, 3, columns, block, bits);
    const blocks = Math.ceil(columns / block);
    const half = 2 ** (bits - 1);
    expect(packed).toHaveLength((3 * blocks * block * bits) / 8);
    values.forEach((value, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      const index = row * blocks + Math.floor(column / block);
      const at = index * block + (column % block);
      const q = bits === 8 ? packed[at]! : (packed[at >> 1]! >> (4 * (at & 1))) & 15;
      expect(Math.abs((q - half) * scales[index]! - value)).toBeLessThanOrEqual(Math.abs(scales[index]!) * 1.001);
    });
  });

  test('a block of zeros stays zero, and so does what fills a short block', () => {
    const { packed, scales } = quantizeRows(new Float32Array(40), 1, 40, 32, 4);
    expect(scales.every((scale) => scale === 0)).toBe(true);
    expect([...packed].every((byte) => byte === 0x88)).toBe(true);
  });
});

describe('safetensors', () => {
  test('parts of a tensor are read, and its shape is checked', () => {
    const weights = openSafetensors(writtenTiny());
    const name = 'language_model.model.layers.0.mlp.up_proj.weight';
    const weight = weights.get(name, [160, 64]);
    const whole = weight.read(0, 160 * 64).slice();
    expect(weight.read(64, 64)).toEqual(whole.subarray(64, 128));
    expect(() => weights.get(name, [64, 160])).toThrow(/was expected/);
    expect(() => weights.get('nothing', [1])).toThrow(/no tensor/);
    weights.close();
  });
});

describe('the shape', () => {
  test('what a published configuration leaves out is the default of its type', () => {
    const shape = readShape({
      model_type: 'gemma3',
      text_config: {
        hidden_size: 2560,
        intermediate_size: 10240,
        num_hidden_layers: 34,
        sliding_window: 1024,
        rope_scaling: { factor: 8, rope_type: 'linear' },
      },
      vision_config: { hidden_size: 1152, image_size: 896, patch_size: 14 },
      mm_tokens_per_image: 256,
      eos_token_id: [1, 106],
    });
    expect(shape).toMatchObject({
      heads: 8,
      keyValueHeads: 4,
      headSize: 256,
      vocabulary: 262_208,
      ropeGlobal: { theta: 1_000_000, factor: 8 },
      ropeLocal: { theta: 10_000, factor: 1 },
      endTokens: [1, 106],
      imageToken: 262_144,
    });
    expect(shape.isGlobal.flatMap((one, layer) => (one ? [layer] : []))).toEqual([5, 11, 17, 23, 29]);
  });
});
