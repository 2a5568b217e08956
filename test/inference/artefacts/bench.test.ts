import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { bench, benchTable } from '../../../src/inference/artefacts/bench.ts';
import type { ChatModel, ChatRequest } from '../../../src/inference/model.ts';

/** A model whose every step takes a known time on a clock of its own. */
function timedModel(ends = Number.POSITIVE_INFINITY) {
  let now = 0;
  let closed = 0;
  const requests: ChatRequest[] = [];
  const model: ChatModel = {
    kind: 'chat',
    id: 'google/medgemma-test',
    version: 'abc',
    async generate(request) {
      requests.push(request);
      const texts = request.content.filter((part) => part.type === 'text');
      const images = request.content.length - texts.length;
      const prompt = texts.reduce((sum, { text }) => sum + text.length, 0);
      const completion = Math.min(request.maxTokens, ends);
      now += prompt * 10 + images * 5000 + (completion - 1) * 50;
      return { text: '', finish: 'length', tokens: { prompt, completion } };
    },
    async close() {
      closed++;
    },
  };
  return {
    model,
    requests,
    clock: () => now,
    open: async () => {
      now += 3000;
      return model;
    },
    closed: () => closed,
  };
}

const options = { tokens: 21, lines: 10, residentMiB: async () => 2300 };

describe('bench', () => {
  test('tells loading, prefill, decoding and vision apart', async () => {
    const { open, clock, closed, requests } = timedModel();
    const result = await bench(open, { ...options, clock });
    expect(result.loadSeconds).toBeGreaterThan(3);
    expect(result.prefillTokensPerSecond).toBeCloseTo(100, 6);
    expect(result.decodeTokensPerSecond).toBeCloseTo(20, 6);
    expect(result.secondsPerImage).toBeCloseTo(5, 6);
    expect(result).toMatchObject({ residentMiB: 2300, decodedTokens: 21, model: { version: 'abc' } });
    expect(closed()).toBe(1);
    expect(new Set(requests.map(({ content }) => JSON.stringify(content[0]))).size).toBe(requests.length);
  });

  test('shows the model a film-sized PNG', async () => {
    const { open, clock, requests } = timedModel();
    await bench(open, { ...options, clock });
    const image = requests.flatMap(({ content }) => content).find((part) => part.type === 'image');
    expect(await sharp(image!.type === 'image' ? image!.bytes : undefined).metadata()).toMatchObject({
      format: 'png',
      width: 896,
      height: 896,
    });
  });

  test('gives no decoding speed where the model stopped at once', async () => {
    const { open, clock } = timedModel(1);
    const result = await bench(open, { ...options, clock });
    expect(result.decodeTokensPerSecond).toBeNull();
    expect(benchTable(result)).toContain('| decode of 1 tokens');
    expect(benchTable(result)).toContain('| – |');
  });

  test('closes the model when it fails', async () => {
    const { model, open, closed } = timedModel();
    const failing = { ...model, generate: () => Promise.reject(new Error('out of memory')) };
    await expect(bench(async () => ({ ...(await open()), ...failing }), options)).rejects.toThrow('out of memory');
    expect(closed()).toBe(1);
  });

  test('without processes of its own there is no memory to tell', async () => {
    const { open, clock } = timedModel();
    const { residentMiB: _, ...rest } = options;
    const result = await bench(open, { ...rest, clock });
    expect(result.residentMiB === null || result.residentMiB > 0).toBe(true);
  });
});
