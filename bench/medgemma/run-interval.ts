import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openDecoder } from '../../src/inference/onnx/decoder.ts';
import { openEmbedding } from '../../src/inference/onnx/embedding.ts';
import { readModelFolder } from '../../src/inference/onnx/folder.ts';
import { chunksOf, prefillPart } from '../../src/inference/onnx/prefill.ts';
import { openRuntime } from '../../src/inference/onnx/runtime.ts';
import { createSampler } from '../../src/inference/onnx/sampler.ts';
import { createVision } from '../../src/inference/onnx/vision.ts';
import { type Figures, median, memory, report, STEPS, seconds, tokens } from './measure.ts';

/** The engine's own parts, as src/inference/onnx/engine.ts puts them together. */
const { folder: path, threads } = JSON.parse(process.argv[2]!) as { folder: string; threads: number };
const model = readModelFolder(path);
const { folder, shape } = model;
const before = performance.now();
const runtime = await openRuntime(threads);
const decoder = await openDecoder(runtime, folder, model.decoder.int8!, shape, 'int8');
const embedding = await openEmbedding(runtime, folder, model.embedding);
const figures: Figures = { loadSeconds: (performance.now() - before) / 1000, residentMb: memory().resident };
const sampler = createSampler();

async function prefill(count: number) {
  const prompt = { ids: tokens(count), images: new Int32Array(count).fill(-1) };
  const state = decoder.start();
  let logits = new Float32Array(0);
  const time = await seconds(async () => {
    for (const part of chunksOf(prompt.images, 0)) {
      logits = (await prefillPart({ decoder, embedding, shape }, state, prompt, [], part)) as typeof logits;
    }
  });
  return { state, logits, rate: count / time };
}

async function decode({ state, logits }: Awaited<ReturnType<typeof prefill>>): Promise<number> {
  const times: number[] = [];
  let last = logits;
  for (let step = 0; step < STEPS; step++) {
    times.push(
      await seconds(async () => {
        const id = sampler(last);
        const given = { embeddings: await embedding.of([id]), images: Int32Array.of(-1), logitsAt: [0] };
        last = (await decoder.run(state, given)) as typeof last;
      }),
    );
  }
  return 1 / median(times);
}

await prefill(64);
figures.decode0 = await decode(await prefill(1));
figures.prefill600 = (await prefill(600)).rate;
const long = await prefill(1024);
figures.prefill1024 = long.rate;
figures.decode1024 = await decode(long);
figures.peakMb = memory().peak;
const weights = model
  .manifest!.files.filter((one) => /^decoder.*_data/.test(one.path))
  .reduce((sum, one) => sum + statSync(join(folder, one.path)).size, 0);
figures.bytes0 = weights;
figures.bytes1024 = weights + decoder.stateBytes(1024);

const vision = createVision(runtime, folder, model.vision, shape);
const pixels = Float32Array.from({ length: 3 * shape.vision.image ** 2 }, (_, i) => Math.sin(i / 97));
const image = () => seconds(() => vision.features([pixels], async () => undefined));
figures.imageSeconds = Math.min(await image(), await image());
figures.imagePeakMb = memory().peak;

const { weights: kind, block, vision: tower } = model.manifest!;
await report({ figures, settings: { weights: kind, block, vision: tower, cache: 'int8', threads } });
