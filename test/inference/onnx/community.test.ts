import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ChatPart, ChatRequest } from '../../../src/inference/model.ts';
import { type Engine, type EngineOptions, loadEngine } from '../../../src/inference/onnx/engine.ts';
import { openEngine } from '../../../src/inference/onnx/engine-client.ts';
import { readModelFolder } from '../../../src/inference/onnx/folder.ts';
import type { Log } from '../../../src/log.ts';
import { writeCommunityGemma } from '../../support/community-gemma.ts';
import { convertTiny, pictureNamed, temporaryFolder, writtenTiny } from './tiny-model.ts';

const options: EngineOptions = {
  threads: 1,
  contextLength: 2048,
  cache: 'int8',
  availableMemory: () => 8 * 2 ** 30,
  featureCacheBytes: 2 ** 20,
  prefixCacheBytes: 2 ** 26,
};
const never = new AbortController().signal;
const text = (words: string): ChatPart => ({ type: 'text', text: words });

/** The tiny model in the community's layout. */
function written(precision: 'float32' | 'q4' = 'float32'): string {
  const folder = join(temporaryFolder(), 'model');
  writeCommunityGemma(writtenTiny(), folder, precision);
  return folder;
}

const engines: Engine[] = [];
const load = async (folder: string, more: Partial<EngineOptions> = {}) => {
  const engine = await loadEngine(readModelFolder(folder), { ...options, ...more });
  engines.push(engine);
  return engine;
};
let folder: string;
let community: Engine;
let own: Engine;

beforeAll(async () => {
  folder = written();
  community = await load(folder);
  own = await load((await convertTiny()).folder, { cache: 'float32' });
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

describe('a folder of the ONNX community', () => {
  test('text: the same replies as from our own layout, past the window, with a prefix that is used again', async () => {
    const report = 'Potassium 4.1 mmol/L (3.5 - 5.1). '.repeat(20);
    for (const question of ['What is the value?', 'What is the unit?', 'What is the unit?']) {
      const request: ChatRequest = { content: [text(`${report}${question}`)], maxTokens: 40 };
      const reply = await community.generate(request, never);
      expect(reply.tokens.prompt).toBeGreaterThan(200);
      expect(reply).toEqual(await own.generate(request, never));
    }
  });

  test('text: a schema is kept to, alike', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', maxLength: 8 } }, required: ['a'] };
    const request = { content: [text('One word.')], maxTokens: 60, schema: { ...schema, additionalProperties: false } };
    expect(await community.generate(request, never)).toEqual(await own.generate(request, never));
  });

  test('images are read, but no token of one sees those behind it: said, and another reply', async () => {
    const film: ChatPart = { type: 'image', bytes: await pictureNamed('film-1'), contentType: 'image/png' };
    const request: ChatRequest = { content: [film, text('Describe this film.')], maxTokens: 40 };
    expect([own.seesImagesWhole, community.seesImagesWhole]).toEqual([true, false]);
    const reply = await community.generate(request, never);
    expect(reply.tokens.completion).toBeGreaterThan(0);
    expect(reply.text).not.toBe((await own.generate(request, never)).text);
  });

  test('the smallest precision that is there is taken, and gives a reply', async () => {
    const small = written('q4');
    expect(readModelFolder(small)).toMatchObject({
      layout: 'community',
      embedding: 'onnx/embed_tokens_q4.onnx',
      vision: ['onnx/vision_encoder_q4.onnx'],
      decoder: { float32: 'onnx/decoder_model_merged_q4.onnx' },
    });
    const engine = await load(small);
    const film: ChatPart = { type: 'image', bytes: await pictureNamed('film-1'), contentType: 'image/png' };
    const reply = await engine.generate({ content: [film, text('Describe.')], maxTokens: 8 }, never);
    expect(reply.tokens.completion).toBeGreaterThan(0);
  });

  test('its version tells exports apart', () => {
    const first = readModelFolder(folder).version;
    expect(readModelFolder(folder).version).toBe(first);
    const other = written();
    writeFileSync(join(other, 'onnx/embed_tokens.onnx_data'), 'shorter');
    expect(readModelFolder(other).version).not.toBe(first);
  });

  test('in a process of its own: the same replies, and one warning about images', async () => {
    const warnings: string[] = [];
    const silent = () => undefined;
    const log = { debug: silent, info: silent, error: silent, warn: (words: string) => warnings.push(words) };
    const model = openEngine({ folder, threads: 1, contextLength: 2048, log: log as unknown as Log });
    const request: ChatRequest = { content: [text('Hello')], maxTokens: 6 };
    const first = await model.generate(request);
    expect(await model.generate(request)).toEqual(first);
    expect(first).toEqual(await own.generate(request, never));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/images are worse/);
    await model.close();
  });
});

describe('a folder that is none', () => {
  const refused = expect.objectContaining({ code: 'model-invalid' });
  const renamed = (change: (name: string) => string) => {
    const damaged = written();
    for (const name of readdirSync(join(damaged, 'onnx'))) {
      renameSync(join(damaged, 'onnx', name), join(damaged, 'onnx', change(name)));
    }
    return damaged;
  };

  test.each(['embed_tokens', 'vision_encoder', 'decoder_model_merged'])('without %s', (name) => {
    const damaged = written();
    rmSync(join(damaged, 'onnx', `${name}.onnx`));
    expect(() => readModelFolder(damaged)).toThrow(refused);
  });

  test('in float16 only, in which Gemma overflows', () => {
    expect(() => readModelFolder(renamed((name) => name.replace('.onnx', '_fp16.onnx')))).toThrow(refused);
    expect(() => readModelFolder(renamed((name) => name.replace('.onnx', '_q4f16.onnx')))).toThrow(refused);
  });

  test.each(['config.json', 'tokenizer.json', 'onnx/decoder_model_merged.onnx_data'])('without %s', async (name) => {
    const damaged = written();
    rmSync(join(damaged, name));
    await expect(async () => load(damaged)).rejects.toThrow(refused);
  });

  test.each([
    ['wants what no Gemma 3 export wants', 'num_logits_to_keep', 'num_logits_to_lose'],
    ['keeps its cache to itself', 'present.11.value', 'missing.11.value'],
  ])('whose decoder %s', async (_, name, other) => {
    const damaged = written();
    const path = join(damaged, 'onnx/decoder_model_merged.onnx');
    // A name stands in the file with its length before it: one of the same length keeps the file whole.
    const bytes = readFileSync(path).toString('latin1');
    writeFileSync(path, Buffer.from(bytes.replaceAll(name, other), 'latin1'));
    await expect(load(damaged)).rejects.toThrow(refused);
  });
});
