import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import type { ConvertOptions } from '../../src/inference/convert/convert.ts';
import { createPromptWriter } from '../../src/inference/onnx/chat-prompt.ts';
import { openDecoder } from '../../src/inference/onnx/decoder.ts';
import { openEmbedding } from '../../src/inference/onnx/embedding.ts';
import { pixelValues } from '../../src/inference/onnx/image.ts';
import type { CacheType } from '../../src/inference/onnx/manifest.ts';
import { chunksOf, prefillPart } from '../../src/inference/onnx/prefill.ts';
import { openRuntime } from '../../src/inference/onnx/runtime.ts';
import { createSampler } from '../../src/inference/onnx/sampler.ts';
import { openTokenizer } from '../../src/inference/onnx/tokenizer.ts';
import { createVision } from '../../src/inference/onnx/vision.ts';
import { convertTiny } from '../../test/inference/onnx/tiny-model.ts';
import { syntheticImage } from '../../test/support/tiny-gemma/image.ts';
import { writeTinyGemma } from '../../test/support/tiny-gemma/write.ts';

/**
 * What rounding of weights and cache costs: logits of the same tokens beside those of the float32 graph, which are the
 * reference implementation's. Random weights: a trained model may mind more or less.
 *
 *   node bench/medgemma/rounding.ts
 */
const TOKENS = 200;
const shape = { hidden: 256, headSize: 64, intermediate: 640, visionHidden: 256, visionIntermediate: 640 };
const variants: readonly (readonly [string, Partial<ConvertOptions>, CacheType])[] = [
  ['float32', {}, 'float32'],
  ['cache int8', {}, 'int8'],
  ['vision int8, block 32', { vision: 'int8' }, 'float32'],
  ['vision int4, block 32', { vision: 'int4' }, 'float32'],
  ['weights int4, block 32', { weights: 'int4' }, 'float32'],
  ['weights int4, block 64', { weights: 'int4', block: 64 }, 'float32'],
  ['weights int4, block 128', { weights: 'int4', block: 128 }, 'float32'],
  ['as converted by default: int4 block 32, vision int8, cache int8', { weights: 'int4', vision: 'int8' }, 'int8'],
  ['the fastest: int4 block 128, vision int8, cache int8', { weights: 'int4', vision: 'int8', block: 128 }, 'int8'],
];

const base = mkdtempSync(join(tmpdir(), 'interval-rounding-'));
const source = join(base, 'source');
writeTinyGemma(source, { shape });
const picture = await sharp(syntheticImage({ width: 224, height: 224, channels: 1, seed: 5, stripe: 0, noise: 24 }), {
  raw: { width: 224, height: 224, channels: 1 },
})
  .png()
  .toBuffer();
const runtime = await openRuntime(2);
const greedy = createSampler();

/** Logits behind the prompt and behind each token of `path`, which is the variant's own where none is given. */
async function run(options: Partial<ConvertOptions>, cache: CacheType, path?: readonly number[]) {
  const to = join(base, 'model');
  rmSync(to, { recursive: true, force: true });
  const model = await convertTiny({ ...options, to }, source);
  const decoder = await openDecoder(runtime, to, model.decoder[cache]!, model.shape, cache);
  const embedding = await openEmbedding(runtime, to, model.embedding);
  const pixels = [await pixelValues(picture, model.shape.vision.image)];
  const features = await createVision(runtime, to, model.vision, model.shape).features(pixels, async () => undefined);
  const prompt = createPromptWriter(to, openTokenizer(to), model.shape.tokensPerImage).write([
    { type: 'image' },
    { type: 'text', text: 'From the given lab report, extract all lab tests into a JSON list.' },
  ]);
  const state = decoder.start();
  let logits = new Float32Array(0);
  for (const part of chunksOf(prompt.images, 0)) {
    const made = await prefillPart({ decoder, embedding, shape: model.shape }, state, prompt, features, part);
    logits = new Float32Array(made);
  }
  const steps = [logits];
  const ids: number[] = [];
  for (let i = 0; i < TOKENS; i++) {
    const id = path?.[i] ?? greedy(steps.at(-1)!);
    ids.push(id);
    const step = { embeddings: await embedding.of([id]), images: Int32Array.of(-1), logitsAt: [0] };
    steps.push(new Float32Array(await decoder.run(state, step)));
  }
  await decoder.close();
  await embedding.close();
  return { steps, ids };
}

function probabilities(logits: Float32Array): Float64Array {
  const highest = Math.max(...logits);
  const weights = Float64Array.from(logits, (one) => Math.exp(one - highest));
  const all = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one) => one / all);
}

const exact = await run({}, 'float32');
console.log(
  `| ${TOKENS + 1} positions of a tiny model (hidden ${shape.hidden}) | largest difference of a logit | mean | same first choice | mean Kullback-Leibler |`,
);
console.log('|---|---|---|---|---|');
for (const [name, options, cache] of variants) {
  const { steps } = await run(options, cache, exact.ids);
  let largest = 0;
  let sum = 0;
  let same = 0;
  let divergence = 0;
  steps.forEach((logits, i) => {
    const reference = exact.steps[i]!;
    for (let id = 0; id < logits.length; id++) {
      const difference = Math.abs(logits[id]! - reference[id]!);
      largest = Math.max(largest, difference);
      sum += difference / logits.length;
    }
    same += greedy(logits) === greedy(reference) ? 1 : 0;
    const [p, q] = [probabilities(reference), probabilities(logits)];
    divergence += p.reduce((all, one, id) => all + (one > 0 ? one * Math.log(one / q[id]!) : 0), 0);
  });
  const count = steps.length;
  console.log(
    `| ${name} | ${largest.toFixed(4)} | ${(sum / count).toFixed(4)} | ${same} of ${count} | ${(divergence / count).toFixed(4)} |`,
  );
}
console.log(`Logits spread over ${(Math.max(...exact.steps[0]!) - Math.min(...exact.steps[0]!)).toFixed(1)}.`);
rmSync(base, { recursive: true });
