import type { TensorModel } from '../../inference/model.ts';
import { type LungFields, type LungMaps, lungAt } from './lungs.ts';
import { FEATURES, RANK, tissueFeatures } from './tissue-features.ts';

/**
 * Opacity of each cell, 0 to 1: the mean of two measures that fail differently.
 *
 * - Which share of the soft tissue around the lungs is darker than the cell. A rank, so no exposure, window or gamma changes
 *   it; but haze over a whole lung stays darker than all tissue, and is not seen.
 * - What models/lung-opacity says: the cell's grey beside that of the soft tissue and the heart, how the lungs as a whole
 *   lie between these, and how clearly vessels are seen. It sees haze, and is more easily deceived by how a film was
 *   developed.
 *
 * 0 everywhere where there is too little of lung or of tissue around it.
 */
export async function opacityOf(fields: LungFields, model: TensorModel, signal: AbortSignal): Promise<LungMaps> {
  const { grey } = fields;
  const lung = Uint8Array.from(grey, (_, i) => lungAt(fields, i));
  const heart = Uint8Array.from(fields.heart, (value) => (value > 0.5 ? 1 : 0));
  const data = tissueFeatures(grey, lung, heart);
  if (!data) {
    return { ...fields, opacity: new Float32Array(grey.length) };
  }
  const output = await model.run({ features: { type: 'float32', dims: [grey.length, FEATURES], data } }, signal);
  const learned = output.opacity!.data as Float32Array;
  return { ...fields, opacity: learned.map((value, i) => (value + data[i * FEATURES + RANK]!) / 2) };
}
