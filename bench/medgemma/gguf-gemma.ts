import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSafetensors } from '../../src/inference/convert/safetensors.ts';
import { type WeightNames, weightNames } from '../../src/inference/convert/weight-names.ts';
import { type GemmaShape, readShape } from '../../src/inference/onnx/shape.ts';
import { type GgufFormat, type GgufTensor, type GgufValue, writeGguf } from './gguf.ts';

/** Plans a tensor by its name there, its name here and its shape; `plus` is added to every value. */
type Plan = (name: string, source: string, dims: readonly number[], format: GgufFormat, plus?: number) => void;

/**
 * The same weights for llama.cpp: the language model with every matrix in Q4_0, and the vision tower as llama.cpp's own
 * converter writes it in Q8_0 (rows that are no whole blocks, and the projector, in F16).
 */
export function writeGgufGemma(from: string, languageModel: string, visionTower: string): void {
  const json = (name: string) => JSON.parse(readFileSync(join(from, name), 'utf8')) as Record<string, unknown>;
  const shape = readShape(json('config.json'), json('generation_config.json'));
  const weights = openSafetensors(from);
  const names = weightNames(weights);
  const planned = (plans: (plan: Plan) => void): readonly GgufTensor[] => {
    const tensors: GgufTensor[] = [];
    plans((name, source, dims, format, plus = 0) => {
      const weight = weights.get(source, dims);
      const read = (start: number, count: number) => {
        const values = weight.read(start, count);
        return plus === 0 ? values : values.map((value) => value + plus);
      };
      tensors.push({ name, dims, format, read });
    });
    return tensors;
  };
  writeGguf(languageModel, languageMetadata(shape, json('tokenizer.json')), planned(languagePlans(shape, names)));
  writeGguf(visionTower, visionMetadata(shape), planned(visionPlans(shape, names)));
  weights.close();
}

const u32 = BigInt;

function languageMetadata(shape: GemmaShape, tokenizer: Record<string, unknown>): Record<string, GgufValue> {
  return {
    'general.architecture': 'gemma3',
    'general.name': 'random weights of the shape of MedGemma 1.5 4B',
    'general.file_type': 2n,
    'general.quantization_version': 2n,
    'gemma3.context_length': u32(shape.maxPositions),
    'gemma3.embedding_length': u32(shape.hidden),
    'gemma3.block_count': u32(shape.layers),
    'gemma3.feed_forward_length': u32(shape.feedForward),
    'gemma3.attention.head_count': u32(shape.heads),
    'gemma3.attention.head_count_kv': u32(shape.keyValueHeads),
    'gemma3.attention.key_length': u32(shape.headSize),
    'gemma3.attention.value_length': u32(shape.headSize),
    'gemma3.attention.layer_norm_rms_epsilon': shape.normEpsilon,
    'gemma3.attention.sliding_window': u32(shape.window),
    'gemma3.rope.freq_base': shape.ropeGlobal.theta,
    'gemma3.rope.freq_base_swa': shape.ropeLocal.theta,
    'gemma3.rope.scaling.type': 'linear',
    'gemma3.rope.scaling.factor': shape.ropeGlobal.factor,
    ...vocabulary(shape, tokenizer),
  };
}

/** Kinds of tokens in llama.cpp's SentencePiece vocabulary. */
const kind = { normal: 1, unknown: 2, control: 3, unused: 5, byte: 6 };

/** Scores fall with the id: which merge comes first is of no interest to a benchmark of ids. */
function vocabulary({ vocabulary: size }: GemmaShape, file: Record<string, unknown>): Record<string, GgufValue> {
  const { model, added_tokens: added } = file as {
    model: { vocab: Record<string, number> };
    added_tokens: { id: number; content: string; special: boolean }[];
  };
  const tokens = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
  const kinds: number[] = new Array(size).fill(kind.unused);
  for (const [token, id] of Object.entries(model.vocab)) {
    tokens[id] = token;
    kinds[id] = /^<0x[0-9A-F]{2}>$/.test(token) ? kind.byte : kind.normal;
  }
  for (const { id, content } of added) {
    tokens[id] = content;
    kinds[id] = content === '<unk>' ? kind.unknown : kind.control;
  }
  return {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.pre': 'default',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.scores': tokens.map((_, id) => -id),
    'tokenizer.ggml.token_type': kinds.map(BigInt),
    ...Object.fromEntries(
      [
        ['bos', '<bos>'],
        ['eos', '<eos>'],
        ['unknown', '<unk>'],
        ['padding', '<pad>'],
        ['eot', '<end_of_turn>'],
      ].map(([name, token]) => [`tokenizer.ggml.${name}_token_id`, u32(tokens.indexOf(token!))]),
    ),
    'tokenizer.ggml.add_bos_token': true,
    'tokenizer.ggml.add_space_prefix': false,
  };
}

function languagePlans(shape: GemmaShape, names: WeightNames): (plan: Plan) => void {
  const { hidden, headSize, feedForward } = shape;
  const [queries, keys] = [shape.heads * headSize, shape.keyValueHeads * headSize];
  const matrices = [
    ['attn_q', 'self_attn.q_proj', queries, hidden],
    ['attn_k', 'self_attn.k_proj', keys, hidden],
    ['attn_v', 'self_attn.v_proj', keys, hidden],
    ['attn_output', 'self_attn.o_proj', hidden, queries],
    ['ffn_gate', 'mlp.gate_proj', feedForward, hidden],
    ['ffn_up', 'mlp.up_proj', feedForward, hidden],
    ['ffn_down', 'mlp.down_proj', hidden, feedForward],
  ] as const;
  const norms = [
    ['attn_norm', 'input_layernorm', hidden],
    ['attn_q_norm', 'self_attn.q_norm', headSize],
    ['attn_k_norm', 'self_attn.k_norm', headSize],
    ['post_attention_norm', 'post_attention_layernorm', hidden],
    ['ffn_norm', 'pre_feedforward_layernorm', hidden],
    ['post_ffw_norm', 'post_feedforward_layernorm', hidden],
  ] as const;
  return (plan) => {
    // The matrix of the logits, too: the model has no other.
    plan('token_embd.weight', names.text('embed_tokens'), [shape.vocabulary, hidden], 'q4_0');
    plan('output_norm.weight', names.text('norm'), [hidden], 'f32', 1);
    for (let layer = 0; layer < shape.layers; layer++) {
      for (const [to, from, rows, columns] of matrices) {
        plan(`blk.${layer}.${to}.weight`, names.layer(layer, from), [rows, columns], 'q4_0');
      }
      // Gemma's norms multiply by 1 + weight.
      for (const [to, from, size] of norms)
        plan(`blk.${layer}.${to}.weight`, names.layer(layer, from), [size], 'f32', 1);
    }
  };
}

function visionMetadata({ vision, hidden, tokensPerImage }: GemmaShape): Record<string, GgufValue> {
  const scale = vision.image / vision.patch / Math.sqrt(tokensPerImage);
  return {
    'general.architecture': 'clip',
    'general.type': 'mmproj',
    'general.name': 'random weights of the shape of MedGemma 1.5 4B',
    'general.file_type': 7n,
    'general.quantization_version': 2n,
    'clip.projector_type': 'gemma3',
    'clip.has_vision_encoder': true,
    'clip.use_gelu': true,
    'clip.vision.projection_dim': u32(hidden),
    'clip.vision.image_size': u32(vision.image),
    'clip.vision.patch_size': u32(vision.patch),
    'clip.vision.embedding_length': u32(vision.hidden),
    'clip.vision.feed_forward_length': u32(vision.feedForward),
    'clip.vision.block_count': u32(vision.layers),
    'clip.vision.attention.head_count': u32(vision.heads),
    'clip.vision.attention.layer_norm_epsilon': vision.normEpsilon,
    'clip.vision.image_mean': [0.5, 0.5, 0.5],
    'clip.vision.image_std': [0.5, 0.5, 0.5],
    'clip.vision.projector.scale_factor': u32(scale),
  };
}

function visionPlans(shape: GemmaShape, names: WeightNames): (plan: Plan) => void {
  const { hidden, feedForward, layers, patch, image } = shape.vision;
  const matrices = [
    ['attn_q', 'self_attn.q_proj', hidden, hidden],
    ['attn_k', 'self_attn.k_proj', hidden, hidden],
    ['attn_v', 'self_attn.v_proj', hidden, hidden],
    ['attn_out', 'self_attn.out_proj', hidden, hidden],
    ['ffn_up', 'mlp.fc1', feedForward, hidden],
    ['ffn_down', 'mlp.fc2', hidden, feedForward],
  ] as const;
  return (plan) => {
    const patches = (image / patch) ** 2;
    const vector = (to: string, from: string, size: number) => plan(to, names.vision(from), [size], 'f32');
    plan('v.patch_embd.weight', names.vision('embeddings.patch_embedding.weight'), [hidden, 3, patch, patch], 'f32');
    vector('v.patch_embd.bias', 'embeddings.patch_embedding.bias', hidden);
    plan('v.position_embd.weight', names.vision('embeddings.position_embedding.weight'), [patches, hidden], 'f32');
    for (let layer = 0; layer < layers; layer++) {
      const [to, from] = [`v.blk.${layer}`, `encoder.layers.${layer}`];
      for (const [there, here, rows, columns] of matrices) {
        const format = columns % 32 === 0 ? 'q8_0' : 'f16';
        plan(`${to}.${there}.weight`, names.vision(`${from}.${here}.weight`), [rows, columns], format);
        vector(`${to}.${there}.bias`, `${from}.${here}.bias`, rows);
      }
      for (const [there, here] of [
        ['ln1', 'layer_norm1'],
        ['ln2', 'layer_norm2'],
      ]) {
        for (const part of ['weight', 'bias']) vector(`${to}.${there}.${part}`, `${from}.${here}.${part}`, hidden);
      }
    }
    for (const part of ['weight', 'bias']) vector(`v.post_ln.${part}`, `post_layernorm.${part}`, hidden);
    const projection = names.projector('mm_input_projection_weight');
    plan('mm.input_projection.weight', projection, [hidden, shape.hidden], 'f16');
    plan('mm.soft_emb_norm.weight', names.projector('mm_soft_emb_norm.weight'), [hidden], 'f32', 1);
  };
}
