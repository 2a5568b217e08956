import { IntervalError } from '../../errors.ts';

/** RoPE of one kind of layer: positions divided by `factor` before they turn by frequencies of base `theta`. */
export interface Rope {
  readonly theta: number;
  readonly factor: number;
}

/** Sizes of a Gemma 3 multimodal model (MedGemma 1.5 4B: reference page medgemma.md, section 6). */
export interface GemmaShape {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly feedForward: number;
  readonly normEpsilon: number;
  /** Attention scores are divided by its square root. */
  readonly queryScalar: number;
  /** Tokens that a local layer looks back on, itself included. */
  readonly window: number;
  /** For each layer, whether it attends to everything before it. */
  readonly isGlobal: readonly boolean[];
  readonly ropeGlobal: Rope;
  readonly ropeLocal: Rope;
  readonly maxPositions: number;
  readonly vision: {
    readonly hidden: number;
    readonly layers: number;
    readonly heads: number;
    readonly feedForward: number;
    /** Pixels of a side. */
    readonly image: number;
    readonly patch: number;
    readonly normEpsilon: number;
  };
  readonly tokensPerImage: number;
  readonly imageToken: number;
  readonly beginImageToken: number;
  readonly endImageToken: number;
  /** Tokens that end a reply. */
  readonly endTokens: readonly number[];
}

type Settings = Readonly<Record<string, unknown>>;

/**
 * Reads config.json of a Hugging Face folder, in the keys of the published checkpoints and in those that newer versions of
 * Transformers write. Values that a checkpoint leaves out are the defaults of its model type.
 * Throws `model-invalid` for another architecture.
 */
export function readShape(config: Settings, generation: Settings = {}): GemmaShape {
  const { text, vision } = partsOf(config);
  const layers = number(text, 'num_hidden_layers', 26);
  const heads = number(text, 'num_attention_heads', 8);
  const hidden = number(text, 'hidden_size', 2304);
  const kinds = text.layer_types as readonly string[] | undefined;
  const pattern = number(text, 'sliding_window_pattern', 6);
  const shape: GemmaShape = {
    vocabulary: number(text, 'vocab_size', 262_208),
    hidden,
    layers,
    heads,
    keyValueHeads: number(text, 'num_key_value_heads', 4),
    headSize: number(text, 'head_dim', 256),
    feedForward: number(text, 'intermediate_size', 9216),
    normEpsilon: number(text, 'rms_norm_eps', 1e-6),
    queryScalar: number(text, 'query_pre_attn_scalar', 256),
    window: number(text, 'sliding_window', 4096),
    isGlobal: Array.from({ length: layers }, (_, layer) =>
      kinds ? kinds[layer] === 'full_attention' : (layer + 1) % pattern === 0,
    ),
    ...ropesOf(text),
    maxPositions: number(text, 'max_position_embeddings', 131_072),
    vision: {
      hidden: number(vision, 'hidden_size', 1152),
      layers: number(vision, 'num_hidden_layers', 27),
      heads: number(vision, 'num_attention_heads', 16),
      feedForward: number(vision, 'intermediate_size', 4304),
      image: number(vision, 'image_size', 896),
      patch: number(vision, 'patch_size', 14),
      normEpsilon: number(vision, 'layer_norm_eps', 1e-6),
    },
    tokensPerImage: number(config, 'mm_tokens_per_image', 256),
    imageToken: number(config, 'image_token_index', number(config, 'image_token_id', 262_144)),
    beginImageToken: number(config, 'boi_token_index', 255_999),
    endImageToken: number(config, 'eoi_token_index', 256_000),
    endTokens: endTokens(generation.eos_token_id ?? config.eos_token_id),
  };
  return check(shape);
}

function partsOf(config: Settings): { text: Settings; vision: Settings } {
  const text = config.text_config as Settings | undefined;
  const vision = config.vision_config as Settings | undefined;
  if (config.model_type !== 'gemma3' || !text || !vision) {
    throw new IntervalError('model-invalid', 'Only multimodal models of the Gemma 3 architecture can be read.');
  }
  const unsupported = ['attn_logit_softcapping', 'final_logit_softcapping', 'attention_bias'].find((key) => text[key]);
  if (unsupported) {
    throw new IntervalError('model-invalid', `Models with ${unsupported} are not supported.`);
  }
  return { text, vision };
}

function ropesOf(text: Settings): Pick<GemmaShape, 'ropeGlobal' | 'ropeLocal'> {
  const given = (text.rope_parameters ?? {}) as Readonly<Record<string, Settings | undefined>>;
  const scaling = (text.rope_scaling ?? {}) as Settings;
  const rope = (own: Settings, theta: number): Rope => {
    const type = own.rope_type ?? own.type ?? 'default';
    if (type !== 'default' && type !== 'linear') {
      throw new IntervalError('model-invalid', 'Only unscaled and linearly scaled rotary positions are supported.');
    }
    return { theta: number(own, 'rope_theta', theta), factor: type === 'linear' ? number(own, 'factor', 1) : 1 };
  };
  return {
    ropeGlobal: rope(given.full_attention ?? scaling, number(text, 'rope_theta', 1_000_000)),
    ropeLocal: rope(given.sliding_attention ?? {}, number(text, 'rope_local_base_freq', 10_000)),
  };
}

function number(from: Settings, key: string, fallback: number): number {
  const value = from[key] ?? fallback;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new IntervalError('model-invalid', `The setting ${key} of the model is no number.`);
  }
  return value;
}

function endTokens(given: unknown): readonly number[] {
  const list = Array.isArray(given) ? given : given === undefined ? [1, 106] : [given];
  if (!list.every((one) => Number.isInteger(one))) {
    throw new IntervalError('model-invalid', 'The end tokens of the model are no numbers.');
  }
  return list;
}

function check(shape: GemmaShape): GemmaShape {
  const side = Math.sqrt(shape.tokensPerImage);
  const patches = shape.vision.image / shape.vision.patch;
  const whole = [
    shape.heads / shape.keyValueHeads,
    side,
    patches,
    patches / side,
    shape.vision.hidden / shape.vision.heads,
  ];
  if (!whole.every((one) => Number.isInteger(one) && one > 0)) {
    throw new IntervalError('model-invalid', 'The sizes of the model do not fit each other.');
  }
  return shape;
}
