import { statSync } from 'node:fs';
import { type Figures, importFrom, median, memory, report, STEPS, seconds, tokens } from './measure.ts';

/** llama.cpp through node-llama-cpp, its prebuilt kernels for this processor. */
const { rivals, model: path, shape, threads, flashAttention } = JSON.parse(process.argv[2]!);
const { getLlama } = await importFrom(rivals, 'node-llama-cpp');
const before = performance.now();
const llama = await getLlama({
  build: 'never',
  skipDownload: true,
  gpu: false,
  maxThreads: threads,
  logLevel: 'error',
});
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: 2048,
  sequences: 1,
  batchSize: 512,
  threads: { ideal: threads, min: threads },
  flashAttention,
});
const figures: Figures = { loadSeconds: (performance.now() - before) / 1000, residentMb: memory().resident };
const sequence = context.getSequence();

async function prefill(count: number): Promise<number> {
  await sequence.clearHistory();
  const ids = tokens(count);
  return count / (await seconds(() => sequence.evaluateWithoutGeneratingNewTokens(ids)));
}

async function decode(): Promise<number> {
  const times: number[] = [];
  let last = performance.now();
  for await (const _ of sequence.evaluate(tokens(1), { temperature: 0, yieldEogToken: true })) {
    times.push((performance.now() - last) / 1000);
    last = performance.now();
    if (times.length === STEPS) break;
  }
  return 1 / median(times);
}

await prefill(64);
await prefill(1);
figures.decode0 = await decode();
figures.prefill600 = await prefill(600);
figures.prefill1024 = await prefill(1024);
figures.decode1024 = await decode();
figures.peakMb = memory().peak;
const { size } = statSync(path);
// Keys and values in float16; a local layer reads its window, here as long as the context.
figures.bytes0 = size;
figures.bytes1024 = size + 2 * 2 * shape.layers * shape.keyValueHeads * shape.headSize * 1024;

const { batchSize, currentThreads, kvCacheKeyType, kvCacheValueType } = context;
const settings = { weights: 'Q4_0', flashAttention, batchSize, currentThreads, kvCacheKeyType, kvCacheValueType };
await report({ figures, settings: { ...settings, kernels: llama.systemInfo } });
