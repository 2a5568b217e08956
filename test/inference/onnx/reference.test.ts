import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Decoder, openDecoder } from '../../../src/inference/onnx/decoder.ts';
import { type Embedding, openEmbedding } from '../../../src/inference/onnx/embedding.ts';
import type { ModelFolder } from '../../../src/inference/onnx/folder.ts';
import { pixelValues } from '../../../src/inference/onnx/image.ts';
import type { CacheType } from '../../../src/inference/onnx/manifest.ts';
import { chunksOf, prefillPart } from '../../../src/inference/onnx/prefill.ts';
import { openRuntime, type Runtime } from '../../../src/inference/onnx/runtime.ts';
import { createSampler } from '../../../src/inference/onnx/sampler.ts';
import type { GemmaShape } from '../../../src/inference/onnx/shape.ts';
import { createVision, type Vision } from '../../../src/inference/onnx/vision.ts';
import {
  convertTiny,
  type GenerationCase,
  largestDifference,
  pictureNamed,
  readFloats,
  readVectors,
  writtenWith,
} from './tiny-model.ts';

/**
 * The tiny model against PyTorch and Transformers (tools/reference-vectors.py): the same weights, the same tokens, the
 * same logits. Acceptance: at most 1e-3 apart in float32, greedy tokens identical.
 */
const TOLERANCE = 1e-3;

interface Parts {
  readonly model: ModelFolder;
  readonly shape: GemmaShape;
  readonly decoder: Decoder;
  readonly embedding: Embedding;
  readonly vision: Vision;
}

let runtime: Runtime;
const opened: Parts[] = [];
const open = async (model: ModelFolder, cache: CacheType, shape = model.shape): Promise<Parts> => {
  const parts = {
    model,
    shape,
    decoder: await openDecoder(runtime, model.folder, model.decoder[cache]!, shape, cache),
    embedding: await openEmbedding(runtime, model.folder, model.embedding),
    vision: createVision(runtime, model.folder, model.vision, shape),
  };
  opened.push(parts);
  return parts;
};

/** For each token the number of its image: runs of image tokens, each an image. */
function imagesOf(ids: readonly number[], shape: GemmaShape): Int32Array {
  const images = new Int32Array(ids.length).fill(-1);
  let count = -1;
  ids.forEach((id, i) => {
    if (id !== shape.imageToken) return;
    if (ids[i - 1] !== shape.imageToken) count++;
    images[i] = count;
  });
  return images;
}

async function run(
  { decoder, embedding, vision, shape }: Parts,
  given: GenerationCase,
  options: { readonly chunk?: number; readonly blind?: boolean; readonly tokens?: number } = {},
) {
  const pixels = [];
  for (const name of given.images) pixels.push(await pixelValues(await pictureNamed(name), shape.vision.image));
  const features = await vision.features(pixels, async () => undefined);
  const images = imagesOf(given.ids, shape);
  const state = decoder.start();
  let logits = new Float32Array(0);
  for (const part of chunksOf(images, 0, options.chunk ?? 4096)) {
    // Without the image mask every token of an image is an image of its own: it sees what is before it alone.
    const seen = options.blind ? { ...decoder, run: (s: never, step: never) => decoder.run(s, alone(step)) } : decoder;
    logits = (await prefillPart(
      { decoder: seen as Decoder, embedding, shape },
      state,
      { ids: given.ids, images },
      features,
      part,
    )) as Float32Array<ArrayBuffer>;
  }
  const sampler = createSampler();
  const steps = [logits];
  const greedy: number[] = [];
  for (let i = 0; i < (options.tokens ?? given.greedy.length); i++) {
    const id = sampler(steps.at(-1)!);
    greedy.push(id);
    const step = { embeddings: await embedding.of([id]), images: Int32Array.of(-1), logitsAt: [0] };
    steps.push((await decoder.run(state, step)) as Float32Array<ArrayBuffer>);
  }
  return { steps, greedy };
}

function alone<Step extends { readonly images: Int32Array }>(step: Step): Step {
  return { ...step, images: step.images.map((image, i) => (image < 0 ? -1 : i)) };
}

function differences(given: GenerationCase, steps: readonly Float32Array[]): readonly number[] {
  const expected = readFloats(`${given.name}.logits.f32.gz`);
  const width = expected.length / given.steps.length;
  return given.steps.map((step, row) =>
    largestDifference(steps[step] ?? new Float32Array(0), expected.subarray(row * width, (row + 1) * width)),
  );
}

beforeAll(async () => {
  runtime = await openRuntime(1);
});
afterAll(async () => {
  for (const { decoder, embedding } of opened) {
    await decoder.close();
    await embedding.close();
  }
});

describe('the reference implementation', () => {
  const cases = readVectors<GenerationCase[]>('cases.json');
  let exact: Parts;

  beforeAll(async () => {
    exact = await open(await convertTiny(), 'float32');
  });

  test.each(cases.map((one) => [one.name, one] as const))(
    '%s: the same logits and 200 greedy tokens, past the window',
    async (_, given) => {
      const { steps, greedy } = await run(exact, given);
      expect(given.ids.length + greedy.length).toBeGreaterThan(6 * exact.shape.window);
      expect(greedy).toEqual(given.greedy);
      expect(Math.max(...differences(given, steps))).toBeLessThanOrEqual(TOLERANCE);
    },
  );

  test('a prompt taken in steps of 24 tokens, images whole, gives the same', async () => {
    const given = cases.find(({ name }) => name === 'five-images')!;
    const { steps, greedy } = await run(exact, given, { chunk: 24 });
    expect(greedy).toEqual(given.greedy);
    expect(Math.max(...differences(given, steps))).toBeLessThanOrEqual(TOLERANCE);
  });

  test('logits at every position of a prompt', async () => {
    const given = cases.find(({ name }) => name === 'one-image')!;
    const { decoder, embedding, vision, shape } = exact;
    const pixels = await pixelValues(await pictureNamed(given.images[0]!), shape.vision.image);
    const [features] = (await vision.features([pixels], async () => undefined)) as [Float32Array];
    expect(largestDifference(features, readFloats('one-image.features.f32.gz'))).toBeLessThanOrEqual(TOLERANCE);
    const images = imagesOf(given.ids, shape);
    const embeddings = await embedding.of(given.ids);
    let row = 0;
    images.forEach((image, i) => {
      if (image === 0) embeddings.set(features.subarray(row * shape.hidden, ++row * shape.hidden), i * shape.hidden);
    });
    const logits = await decoder.run(decoder.start(), { embeddings, images, logitsAt: given.ids.map((_, i) => i) });
    expect(largestDifference(logits, readFloats('one-image.prompt-logits.f32.gz'))).toBeLessThanOrEqual(TOLERANCE);
  });

  test.each(['one-image', 'two-images', 'five-images'])(
    '%s: without the image mask it is another model',
    async (name) => {
      const given = cases.find((one) => one.name === name)!;
      const { steps } = await run(exact, given, { blind: true, tokens: 0 });
      expect(differences(given, steps)[0]).toBeGreaterThan(50 * TOLERANCE);
    },
  );

  test.each([
    ['global', { rope_theta: 10_000 }],
    ['local', { rope_local_base_freq: 1_000_000 }],
    ['scaling', { rope_scaling: null }],
  ] as const)('with the wrong rotary positions (%s) it is another model', async (_, wrong) => {
    const given = cases.find((one) => one.name === 'two-images')!;
    const parts = await open(await convertTiny({}, writtenWith(wrong)), 'float32');
    const { steps } = await run(parts, given, { tokens: 0 });
    expect(differences(given, steps)[0]).toBeGreaterThan(50 * TOLERANCE);
  });
});
