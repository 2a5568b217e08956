import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';
import { describe, expect, test } from '@jest/globals';
import { type SyntheticImage, syntheticImage } from '../support/tiny-gemma/image.ts';
import { tinyShape } from '../support/tiny-gemma/shape.ts';
import { tensorPlans, tensorValues } from '../support/tiny-gemma/weights.ts';
import { type TinyGemmaOptions, writeTinyGemma } from '../support/tiny-gemma/write.ts';

const vectors = join(import.meta.dirname, '../fixtures/gemma-vectors');
const read = <T>(name: string, from = vectors): T => JSON.parse(readFileSync(join(from, name), 'utf8')) as T;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function written(options?: TinyGemmaOptions): string {
  const directory = mkdtempSync(join(tmpdir(), 'interval-tiny-gemma-'));
  writeTinyGemma(directory, options);
  return directory;
}

const folder = written();

interface Manifest {
  readonly model: Record<string, { readonly bytes: number; readonly sha256: string }>;
  readonly margins: Record<string, { readonly smallest: number }>;
  readonly controls: Record<string, Record<string, number>>;
  readonly binaries: Record<string, { readonly shape: readonly number[]; readonly sha256: string }>;
}

interface Chat {
  readonly name: string;
  readonly messages: readonly unknown[];
  readonly rendered: string;
  readonly ids: readonly number[];
}

describe('tiny Gemma 3', () => {
  test('is byte for byte the model that the vectors were made from, under 4 MB', () => {
    const files = readdirSync(folder).map((name) => {
      const bytes = readFileSync(join(folder, name));
      return [name, { bytes: bytes.length, sha256: sha256(bytes) }] as const;
    });
    expect(Object.fromEntries(files)).toEqual(read<Manifest>('manifest.json').model);
    expect(files.reduce((sum, [, { bytes }]) => sum + bytes, 0)).toBeLessThan(4e6);
  });

  test('bfloat16 with current names holds the same values', () => {
    const other = written({ dtype: 'bfloat16', naming: 'current' });
    const name = 'language_model.model.layers.5.mlp.down_proj.weight';
    const values = tensorValues(tensorPlans(tinyShape).find((plan) => plan.name === name)!, 8);
    expect(floats(tensorOf(folder, name))).toEqual(values);
    const halves = tensorOf(other, 'model.language_model.layers.5.mlp.down_proj.weight');
    expect(Float32Array.from(values.keys(), (index) => widened(halves.readUInt16LE(2 * index)))).toEqual(values);
    expect(read('config.json', other)).toMatchObject({
      dtype: 'bfloat16',
      text_config: { rope_parameters: { full_attention: { rope_theta: 1e6, factor: 8 } } },
    });
  });

  test('another seed and another shape are another model', () => {
    const other = written({ seed: 9, shape: { hidden: 128, intermediate: 256, layers: 6 } });
    const name = 'language_model.model.layers.5.mlp.down_proj.weight';
    expect(tensorOf(other, name)).toHaveLength(128 * 256 * 4);
    expect(read('config.json', other)).toMatchObject({ text_config: { hidden_size: 128, num_hidden_layers: 6 } });
    const plan = tensorPlans(tinyShape)[0]!;
    expect(tensorValues(plan, 9)).not.toEqual(tensorValues(plan, 8));
  });
});

describe('reference vectors', () => {
  const { binaries, margins, controls } = read<Manifest>('manifest.json');

  test.each(Object.entries(binaries))('%s is whole', (name, { sha256: expected }) => {
    expect(sha256(gunzipSync(readFileSync(join(vectors, name))))).toBe(expected);
  });

  test('tell a wrong engine from rounding', () => {
    for (const { smallest } of Object.values(margins)) expect(smallest).toBeGreaterThan(0.005);
    for (const differences of Object.values(controls)) {
      for (const difference of Object.values(differences)) expect(difference).toBeGreaterThan(0.05);
    }
  });

  test.each(Object.entries(read<Record<string, SyntheticImage & { sha256: string }>>('images.json')))(
    'image %s is made again byte for byte',
    (_name, { sha256: expected, ...image }) => {
      expect(sha256(syntheticImage(image))).toBe(expected);
    },
  );
});

describe('tokenizer and template of the tiny model', () => {
  const tokenizer = new Tokenizer(read('tokenizer.json', folder), read('tokenizer_config.json', folder));
  const template = new Template(readFileSync(join(folder, 'chat_template.jinja'), 'utf8'));
  const soft = '<image_soft_token>'.repeat(tinyShape.tokensPerImage);

  test.each(read<Chat[]>('templates.json'))('$name', ({ messages, rendered, ids }) => {
    const text = template.render({ messages, bos_token: '<bos>', add_generation_prompt: true });
    expect(text).toBe(rendered);
    const expanded = text.replaceAll('<start_of_image>', `\n\n<start_of_image>${soft}<end_of_image>\n\n`);
    expect(tokenizer.encode(expanded, { add_special_tokens: false }).ids).toEqual(ids);
  });

  test.each(read<{ text: string; trusted: number[] }[]>('plain-text.json'))('$text', ({ text, trusted }) => {
    expect(tokenizer.encode(text, { add_special_tokens: false }).ids).toEqual(trusted);
    expect(tokenizer.decode(trusted, { skip_special_tokens: false })).toBe(text.replaceAll('▁', ' '));
  });

  test('two turns of the same role are refused', () => {
    const messages = [
      { role: 'user', content: 'one' },
      { role: 'user', content: 'two' },
    ];
    expect(() => template.render({ messages, bos_token: '<bos>' })).toThrow('alternate');
  });
});

/** The bytes of a tensor, found through the index. */
function tensorOf(directory: string, name: string): Buffer {
  const index = read<{ weight_map: Record<string, string> }>('model.safetensors.index.json', directory);
  const file = readFileSync(join(directory, index.weight_map[name]!));
  const start = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<string, { data_offsets: [number, number] }>;
  const [begin, end] = header[name]!.data_offsets;
  return file.subarray(start + begin, start + end);
}

const floats = (bytes: Buffer) => Float32Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(4 * at));

function widened(half: number): number {
  return new Float32Array(Uint32Array.of(half << 16).buffer)[0]!;
}
