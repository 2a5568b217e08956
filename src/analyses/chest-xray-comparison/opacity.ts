import type { TensorModel } from '../../inference/model.ts';
import type { LungFields, LungMaps } from './lungs.ts';
import { FEATURES, tissueFeatures } from './tissue-features.ts';

/**
 * Share of the air that is gone in each cell, 0 to 1, as models/lung-opacity says. Each cell is judged by its grey beside
 * that of the soft tissue around the lungs and of the heart, by how the lungs as a whole lie between these, and by how
 * clearly vessels are seen: a film that is brighter as a whole is not denser. 0 everywhere where there is too little of
 * lung or of tissue around it.
 */
export async function opacityOf(fields: LungFields, model: TensorModel, signal: AbortSignal): Promise<LungMaps> {
  const { right, left, grey } = fields;
  const lung = Uint8Array.from(right, (value, i) => (Math.max(value, left[i]!) <= 0.5 ? 0 : value > left[i]! ? 1 : 2));
  const heart = Uint8Array.from(fields.heart, (value) => (value > 0.5 ? 1 : 0));
  const data = tissueFeatures(grey, lung, heart);
  if (!data) {
    return { ...fields, opacity: new Float32Array(grey.length) };
  }
  const output = await model.run({ features: { type: 'float32', dims: [grey.length, FEATURES], data } }, signal);
  return { ...fields, opacity: output.opacity!.data as Float32Array };
}
