import { type TinyGemmaShape, vocabularySize } from './shape.ts';

/** Jest looks every global up in its sandbox, which is slow in a loop over weights. */
const { imul } = Math;

export interface TensorPlan {
  /** As in the published checkpoints: `language_model.model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Every tensor of the model, with the spread of its values. Norm weights are far from 0, so that `1 + w` and `w` differ;
 * queries and keys are sharp, so that positions and masks show in the logits.
 */
export function tensorPlans(shape: TinyGemmaShape): readonly TensorPlan[] {
  return [...languagePlans(shape), ...projectorPlans(shape), ...visionPlans(shape)];
}

function languagePlans(shape: TinyGemmaShape): TensorPlan[] {
  const { hidden, headSize, intermediate } = shape;
  const queries = shape.heads * headSize;
  const keys = shape.keyValueHeads * headSize;
  const plans = [plan('language_model.model.embed_tokens.weight', [vocabularySize, hidden], 0, 0.07)];
  for (let layer = 0; layer < shape.layers; layer++) {
    const at = `language_model.model.layers.${layer}.`;
    plans.push(
      plan(`${at}input_layernorm.weight`, [hidden], 0, 0.3),
      plan(`${at}post_attention_layernorm.weight`, [hidden], 0, 0.3),
      plan(`${at}pre_feedforward_layernorm.weight`, [hidden], 0, 0.3),
      plan(`${at}post_feedforward_layernorm.weight`, [hidden], 0, 0.3),
      linear(`${at}self_attn.q_proj.weight`, queries, hidden),
      linear(`${at}self_attn.k_proj.weight`, keys, hidden),
      linear(`${at}self_attn.v_proj.weight`, keys, hidden),
      linear(`${at}self_attn.o_proj.weight`, hidden, queries),
      plan(`${at}self_attn.q_norm.weight`, [headSize], 0.5, 0.3),
      plan(`${at}self_attn.k_norm.weight`, [headSize], 0.5, 0.3),
      linear(`${at}mlp.gate_proj.weight`, intermediate, hidden),
      linear(`${at}mlp.up_proj.weight`, intermediate, hidden),
      linear(`${at}mlp.down_proj.weight`, hidden, intermediate),
    );
  }
  return [...plans, plan('language_model.model.norm.weight', [hidden], 3, 0.7)];
}

function projectorPlans({ hidden, visionHidden }: TinyGemmaShape): TensorPlan[] {
  const at = 'multi_modal_projector.';
  return [
    // input × output, the other way round than a linear layer
    plan(`${at}mm_input_projection_weight`, [visionHidden, hidden], 0, 1 / Math.sqrt(visionHidden)),
    plan(`${at}mm_soft_emb_norm.weight`, [visionHidden], 0, 0.3),
  ];
}

function visionPlans(shape: TinyGemmaShape): TensorPlan[] {
  const { visionHidden: hidden, visionIntermediate: intermediate, patchSize } = shape;
  const at = 'vision_tower.vision_model.';
  const patches = (shape.imageSize / patchSize) ** 2;
  const withBias = (name: string, output: number, input: number) => [
    linear(`${name}.weight`, output, input),
    plan(`${name}.bias`, [output], 0, 0.1),
  ];
  const norm = (name: string) => [plan(`${name}.weight`, [hidden], 1, 0.2), plan(`${name}.bias`, [hidden], 0, 0.1)];
  const plans = [
    plan(
      `${at}embeddings.patch_embedding.weight`,
      [hidden, 3, patchSize, patchSize],
      0,
      2 / Math.sqrt(3 * patchSize ** 2),
    ),
    plan(`${at}embeddings.patch_embedding.bias`, [hidden], 0, 0.1),
    plan(`${at}embeddings.position_embedding.weight`, [patches, hidden], 0, 0.3),
  ];
  for (let layer = 0; layer < shape.visionLayers; layer++) {
    const inLayer = `${at}encoder.layers.${layer}.`;
    plans.push(
      ...norm(`${inLayer}layer_norm1`),
      ...norm(`${inLayer}layer_norm2`),
      ...['q', 'k', 'v', 'out'].flatMap((part) => withBias(`${inLayer}self_attn.${part}_proj`, hidden, hidden)),
      ...withBias(`${inLayer}mlp.fc1`, intermediate, hidden),
      ...withBias(`${inLayer}mlp.fc2`, hidden, intermediate),
    );
  }
  return [...plans, ...norm(`${at}post_layernorm`)];
}

function linear(name: string, output: number, input: number): TensorPlan {
  return plan(name, [output, input], 0, 1 / Math.sqrt(input));
}

function plan(name: string, shape: readonly number[], mean: number, deviation: number): TensorPlan {
  return { name, shape, mean, deviation };
}

/**
 * The tensor's values, each one exact in bfloat16, so that both number formats hold the same model. Nearly normal: the sum
 * of four uniform 16-bit integers, which is the same on every platform.
 */
export function tensorValues({ name, shape, mean, deviation }: TensorPlan, seed: number): Float32Array {
  const random = mulberry32(hashOf(name, seed));
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  const bits = new Uint32Array(values.buffer);
  for (let index = 0; index < values.length; index++) {
    const [first, second] = [random(), random()];
    const sum = (first & 0xffff) + (first >>> 16) + (second & 0xffff) + (second >>> 16) - 131070;
    values[index] = mean + (sum / 37837) * deviation; // 65536 / √3, the sum's standard deviation
    bits[index] = roundToBfloat16(bits[index]!);
  }
  return values;
}

/** Nearest, ties to even; the lower 16 bits become 0. */
function roundToBfloat16(bits: number): number {
  return (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
}

/** FNV-1a over the name. */
function hashOf(name: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let index = 0; index < name.length; index++) hash = imul(hash ^ name.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** A generator of 32-bit unsigned integers (mulberry32, Tommy Ettinger, public domain). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
