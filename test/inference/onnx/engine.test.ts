import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ChatPart, ChatRequest } from '../../../src/inference/model.ts';
import { type Engine, type EngineOptions, loadEngine } from '../../../src/inference/onnx/engine.ts';
import type { ModelFolder } from '../../../src/inference/onnx/folder.ts';
import { convertTiny, pictureNamed } from './tiny-model.ts';

const plenty = () => 8 * 2 ** 30;
const options: EngineOptions = {
  threads: 1,
  contextLength: 2048,
  cache: 'float32',
  availableMemory: plenty,
  featureCacheBytes: 2 ** 20,
  prefixCacheBytes: 2 ** 26,
};
const never = new AbortController().signal;
const text = (words: string): ChatPart => ({ type: 'text', text: words });
const image = async (name: string): Promise<ChatPart> => ({
  type: 'image',
  bytes: await pictureNamed(name),
  contentType: 'image/png',
});

let model: ModelFolder;
const engines: Engine[] = [];
const load = async (more: Partial<EngineOptions> = {}) => {
  const engine = await loadEngine(model, { ...options, ...more });
  engines.push(engine);
  return engine;
};
const cold = () => load({ featureCacheBytes: 0, prefixCacheBytes: 0 });

beforeAll(async () => {
  model = await convertTiny();
});
afterAll(async () => {
  for (const engine of engines) await engine.close();
});

describe('the engine', () => {
  test('what is kept changes no reply: same pictures with another question, a longer text, the same again', async () => {
    const [warm, fresh] = [await load(), await cold()];
    const films = [await image('film-1'), await image('film-2')];
    const requests: ChatRequest[] = [
      { content: [...films, text('Is the consolidation better?')], maxTokens: 24 },
      { content: [...films, text('Is the effusion better?')], maxTokens: 24 },
      { content: [...films, text('Is the effusion better?')], maxTokens: 24 },
      { content: [films[1]!, films[0]!, text('Is the effusion better?')], maxTokens: 24 },
      { content: [text('Read this. Potassium 4.1 mmol/L')], maxTokens: 24 },
      { content: [text('Read this. Potassium 4.1 mmol/L, sodium 139 mmol/L')], maxTokens: 24 },
      { content: [text('Read this.')], maxTokens: 24 },
    ];
    for (const request of requests) {
      expect(await warm.generate(request, never)).toEqual(await fresh.generate(request, never));
    }
  });

  test('a schema is kept to, at any limit from the least on', async () => {
    const engine = await load();
    const schema = {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        properties: { name: { type: 'string', maxLength: 12 }, result: { type: ['string', 'null'], maxLength: 8 } },
        required: ['name', 'result'],
        additionalProperties: false,
      },
    };
    const validate = new Ajv2020().compile(schema);
    for (const maxTokens of [4, 20, 40, 200]) {
      const { text: reply, tokens } = await engine.generate({ content: [text('List.')], maxTokens, schema }, never);
      expect(validate(JSON.parse(reply))).toBe(true);
      expect(tokens.completion).toBeLessThanOrEqual(maxTokens);
    }
  });

  test('sampling draws alike for a seed, differently for another, and only from the k most likely', async () => {
    const engine = await load();
    const draw = async (seed: number, topK?: number) =>
      (
        await engine.generate(
          {
            content: [text('Say something.')],
            maxTokens: 30,
            sampling: { temperature: 1.5, seed, ...(topK ? { topK } : {}) },
          },
          never,
        )
      ).text;
    expect(await draw(1)).toBe(await draw(1));
    expect(await draw(1)).not.toBe(await draw(2));
    const greedy = await engine.generate({ content: [text('Say something.')], maxTokens: 30 }, never);
    expect(await draw(3, 1)).toBe(greedy.text);
  });

  test('a reply is cancelled between steps', async () => {
    const engine = await load();
    const controller = new AbortController();
    const reply = engine.generate({ content: [text('word '.repeat(300))], maxTokens: 900 }, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' });
    expect(
      (await engine.generate({ content: [text('Hello')], maxTokens: 2 }, never)).tokens.completion,
    ).toBeGreaterThan(0);
  });

  test('what does not fit is refused before it starts', async () => {
    const engine = await load();
    await expect(
      engine.generate({ content: [text('word '.repeat(3000))], maxTokens: 10 }, never),
    ).rejects.toMatchObject({
      code: 'prompt-too-long',
    });
    const small = await load({ availableMemory: () => 1000 });
    await expect(small.generate({ content: [text('Hello')], maxTokens: 10 }, never)).rejects.toMatchObject({
      code: 'model-memory',
    });
    await expect(
      engine.generate(
        {
          content: [text('Hello')],
          maxTokens: 1,
          schema: {
            type: 'object',
            properties: { a: { type: 'string' } },
            required: ['a'],
            additionalProperties: false,
          },
        },
        never,
      ),
    ).rejects.toMatchObject({ code: 'prompt-too-long' });
    await expect(
      engine.generate(
        { content: [{ type: 'image', bytes: new Uint8Array(9), contentType: 'image/png' }], maxTokens: 5 },
        never,
      ),
    ).rejects.toMatchObject({ code: 'document-unreadable' });
  });

  test('an int8 cache and int4 weights still give a reply, near the first logits', async () => {
    const rounded = await convertTiny({ weights: 'int4', vision: 'int8' });
    const engine = await loadEngine(rounded, { ...options, cache: 'int8' });
    engines.push(engine);
    const reply = await engine.generate({ content: [await image('film-1'), text('Describe.')], maxTokens: 50 }, never);
    expect(reply.tokens.completion).toBeGreaterThan(0);
  });
});
