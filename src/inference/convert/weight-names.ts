import { IntervalError } from '../../errors.ts';
import type { Weights } from './safetensors.ts';

/** Names of the tensors: published checkpoints and newer saves differ in their prefixes. */
export interface WeightNames {
  /** `layers.<n>.<part>.weight` of the language model. */
  layer(layer: number, part: string): string;
  /** `<part>.weight` of the language model. */
  text(part: string): string;
  vision(part: string): string;
  projector(part: string): string;
}

/** Prefixes of language model, vision tower and projector: checkpoints as published, then as saved since Transformers 4.52. */
const layouts = [
  ['language_model.model.', 'vision_tower.vision_model.', 'multi_modal_projector.'],
  ['model.language_model.', 'model.vision_tower.vision_model.', 'model.multi_modal_projector.'],
  ['model.language_model.', 'model.vision_tower.', 'model.multi_modal_projector.'],
] as const;

export function weightNames(weights: Pick<Weights, 'has'>): WeightNames {
  const found = layouts.find(
    ([text, vision]) =>
      weights.has(`${text}embed_tokens.weight`) && weights.has(`${vision}embeddings.patch_embedding.weight`),
  );
  if (!found) {
    throw new IntervalError('model-invalid', 'The tensors of the model are not named as those of Gemma 3 are.');
  }
  const [text, vision, projector] = found;
  return {
    layer: (layer, part) => `${text}layers.${layer}.${part}.weight`,
    text: (part) => `${text}${part}.weight`,
    vision: (part) => `${vision}${part}`,
    projector: (part) => `${projector}${part}`,
  };
}
