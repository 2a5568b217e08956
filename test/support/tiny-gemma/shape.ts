import { ids } from './vocabulary.ts';

/** Sizes of the tiny model. The defaults keep every relation of MedGemma 1.5 4B that an engine can get wrong. */
export interface TinyGemmaShape {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  /** heads × headSize differs from hidden, as in the real model. */
  readonly headSize: number;
  /** Scores are divided by its square root. */
  readonly queryScalar: number;
  /** Not a multiple of 128, so that blocks need padding. */
  readonly intermediate: number;
  /** More than an image's tokens, less than the test prompts. */
  readonly slidingWindow: number;
  readonly imageSize: number;
  readonly patchSize: number;
  readonly tokensPerImage: number;
  readonly visionHidden: number;
  readonly visionLayers: number;
  readonly visionHeads: number;
  readonly visionIntermediate: number;
}

export const tinyShape: TinyGemmaShape = {
  hidden: 64,
  layers: 12,
  heads: 4,
  keyValueHeads: 2,
  headSize: 32,
  queryScalar: 32,
  intermediate: 160,
  slidingWindow: 32,
  imageSize: 224,
  patchSize: 14,
  tokensPerImage: 16,
  visionHidden: 64,
  visionLayers: 3,
  visionHeads: 4,
  visionIntermediate: 144,
};

/** Rows of the embedding table: 64 more than the tokenizer's base vocabulary, as in the real model. */
export const vocabularySize = ids.image + 64;

/**
 * config.json: `legacy` in the layout of the published checkpoints (Transformers 4.50), `current` as Transformers 5 saves
 * it, with the kind of every layer and the rotary parameters by kind.
 */
export function configOf(
  shape: TinyGemmaShape,
  dtype: 'float32' | 'bfloat16',
  naming: 'legacy' | 'current' = 'legacy',
): Record<string, unknown> {
  const current = naming === 'current';
  const number = current ? { dtype } : { torch_dtype: dtype };
  return {
    architectures: ['Gemma3ForConditionalGeneration'],
    boi_token_index: ids.startOfImage,
    ...number,
    eoi_token_index: ids.endOfImage,
    eos_token_id: [ids.eos, ids.endOfTurn],
    image_token_index: ids.image,
    initializer_range: 0.02,
    mm_tokens_per_image: shape.tokensPerImage,
    model_type: 'gemma3',
    text_config: {
      attention_bias: false,
      attention_dropout: 0.0,
      attn_logit_softcapping: null,
      cache_implementation: 'hybrid',
      ...number,
      final_logit_softcapping: null,
      head_dim: shape.headSize,
      hidden_activation: 'gelu_pytorch_tanh',
      hidden_size: shape.hidden,
      initializer_range: 0.02,
      intermediate_size: shape.intermediate,
      max_position_embeddings: 131072,
      model_type: 'gemma3_text',
      num_attention_heads: shape.heads,
      num_hidden_layers: shape.layers,
      num_key_value_heads: shape.keyValueHeads,
      query_pre_attn_scalar: shape.queryScalar,
      rms_norm_eps: 1e-6,
      sliding_window: shape.slidingWindow,
      use_cache: true,
      vocab_size: vocabularySize,
      ...(current ? currentPositions(shape.layers) : legacyPositions),
    },
    transformers_version: current ? '5.24.0' : '4.50.0',
    vision_config: {
      attention_dropout: 0.0,
      ...number,
      hidden_act: 'gelu_pytorch_tanh',
      hidden_size: shape.visionHidden,
      image_size: shape.imageSize,
      intermediate_size: shape.visionIntermediate,
      layer_norm_eps: 1e-6,
      model_type: 'siglip_vision_model',
      num_attention_heads: shape.visionHeads,
      num_channels: 3,
      num_hidden_layers: shape.visionLayers,
      patch_size: shape.patchSize,
      vision_use_head: false,
    },
  };
}

const legacyPositions = {
  rope_local_base_freq: 10000.0,
  rope_scaling: { factor: 8.0, rope_type: 'linear' },
  rope_theta: 1000000.0,
  sliding_window_pattern: 6,
};

const currentPositions = (layers: number) => ({
  layer_types: Array.from({ length: layers }, (_, layer) =>
    (layer + 1) % 6 === 0 ? 'full_attention' : 'sliding_attention',
  ),
  rope_parameters: {
    full_attention: { factor: 8.0, rope_theta: 1000000.0, rope_type: 'linear' },
    sliding_attention: { rope_theta: 10000.0, rope_type: 'default' },
  },
});

export function preprocessorOf(shape: TinyGemmaShape): Record<string, unknown> {
  return {
    do_convert_rgb: null,
    do_normalize: true,
    do_pan_and_scan: null,
    do_rescale: true,
    do_resize: true,
    image_mean: [0.5, 0.5, 0.5],
    image_processor_type: 'Gemma3ImageProcessor',
    image_seq_length: shape.tokensPerImage,
    image_std: [0.5, 0.5, 0.5],
    pan_and_scan_max_num_crops: null,
    pan_and_scan_min_crop_size: null,
    pan_and_scan_min_ratio_to_activate: null,
    processor_class: 'Gemma3Processor',
    resample: 2,
    rescale_factor: 1 / 255,
    size: { height: shape.imageSize, width: shape.imageSize },
  };
}
