import { join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import type { Runtime } from './runtime.ts';
import type { GemmaShape } from './shape.ts';

export interface Embedding {
  /** @returns float32 [ids.length, hidden], scaled by √hidden */
  of(ids: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The table of token embeddings. */
export async function openEmbedding(runtime: Runtime, folder: string, file: string): Promise<Embedding> {
  const session = await runtime.open(join(folder, file));
  return {
    async of(ids) {
      const input = runtime.tensor('int64', BigInt64Array.from(ids, BigInt), [1, ids.length]);
      const { inputs_embeds: rows } = await session.run({ input_ids: input });
      return rows!.data as Float32Array;
    },
    close: () => session.release(),
  };
}

/** Puts the features of image `n` in place of the rows of its tokens, in their order. */
export function placeImages(
  rows: Float32Array,
  images: Int32Array,
  features: readonly Float32Array[],
  { hidden, tokensPerImage }: Pick<GemmaShape, 'hidden' | 'tokensPerImage'>,
): void {
  const next = new Map<number, number>();
  images.forEach((image, row) => {
    if (image < 0) return;
    const index = next.get(image) ?? 0;
    const of = features[image];
    if (!of || index >= tokensPerImage) {
      throw new IntervalError('internal', 'The places of images in a prompt do not fit the images.');
    }
    rows.set(of.subarray(index * hidden, (index + 1) * hidden), row * hidden);
    next.set(image, index + 1);
  });
}
