import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { configOf, preprocessorOf, type TinyGemmaShape } from '../../test/support/tiny-gemma/shape.ts';
import { tokenizerConfig, tokenizerJson } from '../../test/support/tiny-gemma/tokenizer.ts';
import { type TensorPlan, tensorPlans } from '../../test/support/tiny-gemma/weights.ts';
import { writeTinyGemma } from '../../test/support/tiny-gemma/write.ts';

/** MedGemma 1.5 4B (reference page medgemma.md, section 6). */
export const fullShape: TinyGemmaShape = {
  hidden: 2560,
  layers: 34,
  heads: 8,
  keyValueHeads: 4,
  headSize: 256,
  queryScalar: 256,
  intermediate: 10240,
  slidingWindow: 1024,
  imageSize: 896,
  patchSize: 14,
  tokensPerImage: 256,
  visionHidden: 1152,
  visionLayers: 27,
  visionHeads: 16,
  visionIntermediate: 4304,
};
export const VOCABULARY = 262_208;

/**
 * Writes a Hugging Face folder of MedGemma's full size with random weights in bfloat16, 8.6 GB: speed and memory do not
 * depend on their values. The tokenizer is the tiny model's, filled up to 262,144 entries.
 */
export function writeFullSize(directory: string): void {
  mkdirSync(directory, { recursive: true });
  // Companions first; the tiny weights are then replaced.
  writeTinyGemma(directory);
  const config = configOf(fullShape, 'bfloat16') as { text_config: Record<string, unknown> };
  config.text_config.vocab_size = VOCABULARY;
  const json = (name: string, value: unknown) => writeFileSync(join(directory, name), JSON.stringify(value));
  json('config.json', config);
  json('preprocessor_config.json', preprocessorOf(fullShape));
  json('tokenizer.json', filled(tokenizerJson()));
  json('tokenizer_config.json', tokenizerConfig());

  const plans = tensorPlans(fullShape).map((plan) =>
    plan.name.endsWith('embed_tokens.weight') ? { ...plan, shape: [VOCABULARY, fullShape.hidden] } : plan,
  );
  const half = Math.floor(plans.length / 2);
  const shards = [plans.slice(0, half), plans.slice(half)];
  const weightMap: Record<string, string> = {};
  shards.forEach((shard, index) => {
    const name = `model-0000${index + 1}-of-00002.safetensors`;
    for (const plan of shard) weightMap[plan.name] = name;
    writeShard(join(directory, name), shard);
  });
  json('model.safetensors.index.json', { metadata: {}, weight_map: weightMap });
}

const size = ({ shape }: TensorPlan) => shape.reduce((all, one) => all * one, 1);

function writeShard(path: string, plans: readonly TensorPlan[]): void {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const plan of plans) {
    header[plan.name] = { dtype: 'BF16', shape: plan.shape, data_offsets: [offset, offset + 2 * size(plan)] };
    offset += 2 * size(plan);
  }
  const text = JSON.stringify(header);
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = openSync(path, 'w');
  for (const bytes of [length, padded]) writeSync(file, bytes);
  for (const plan of plans) {
    for (let left = size(plan); left > 0; left -= SLAB) {
      const bytes = randomValues(Math.min(left, SLAB), plan);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    }
  }
  closeSync(file);
}

const SLAB = 4 * 1024 * 1024;
/** Nearly normal values. */
const pool = Float32Array.from({ length: 2 * SLAB }, () => (Math.random() + Math.random() + Math.random() - 1.5) * 2);

/**
 * Values from a place of the pool that is drawn anew: the runtime keeps equal weights once, and a model of equal layers
 * would take less memory, and less time, than a real one.
 */
function randomValues(count: number, { mean, deviation }: TensorPlan): Uint8Array {
  const from = Math.floor(Math.random() * SLAB);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = mean + deviation * pool[from + i]!;
  const bits = new Uint32Array(values.buffer);
  const halves = new Uint16Array(count);
  for (let i = 0; i < count; i++) halves[i] = bits[i]! >>> 16;
  return new Uint8Array(halves.buffer);
}

/** Tokens that no text of the benchmark spells, until there are as many as in the real vocabulary. */
function filled(tokenizer: object): object {
  const { model } = tokenizer as { model: { vocab: Record<string, number> } };
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const taken = new Set(Object.values(model.vocab));
  for (let id = 0; id < 262_144; id++) {
    if (taken.has(id) || id === 960) continue;
    let word = '';
    for (let rest = id; rest > 0; rest = Math.floor(rest / 26)) word += letters[rest % 26];
    model.vocab[`${id % 3 ? '▁' : ''}${word}q`] = id;
  }
  return tokenizer;
}

const [program, directory] = process.argv.slice(1);
if (program === import.meta.filename && directory) writeFullSize(directory);
