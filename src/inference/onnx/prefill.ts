import type { Decoder, DecoderState } from './decoder.ts';
import { type Embedding, placeImages } from './embedding.ts';
import type { GemmaShape } from './shape.ts';

/** Tokens of one step of the prompt: a step cannot be stopped, and a larger one is hardly faster a token. */
export const CHUNK = 128;

export interface PrefillPart {
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a prompt into steps of about `chunk` tokens. An image stays whole, since its tokens look ahead at each other, and
 * may make its step longer.
 * @param images For each token the number of its image, −1 for text.
 */
export function chunksOf(images: Int32Array, from: number, chunk = CHUNK): readonly PrefillPart[] {
  const parts: PrefillPart[] = [];
  for (let begin = from; begin < images.length; ) {
    let end = Math.min(begin + chunk, images.length);
    if (isInside(images, end)) {
      const before = startOfImage(images, end);
      end = before > begin ? before : endOfImage(images, end);
    }
    parts.push({ from: begin, to: end });
    begin = end;
  }
  return parts;
}

/** Whether a cut before `position` goes through an image. */
export function isInside(images: Int32Array, position: number): boolean {
  return (
    position > 0 && position < images.length && images[position]! >= 0 && images[position] === images[position - 1]
  );
}

export function startOfImage(images: Int32Array, position: number): number {
  let begin = position;
  while (isInside(images, begin)) begin--;
  return begin;
}

function endOfImage(images: Int32Array, position: number): number {
  let end = position;
  while (isInside(images, end)) end++;
  return end;
}

/** Takes one step of the prompt. Returns the logits of its last token when they are wanted. */
export async function prefillPart(
  { decoder, embedding, shape }: { decoder: Decoder; embedding: Embedding; shape: GemmaShape },
  state: DecoderState,
  prompt: { readonly ids: readonly number[]; readonly images: Int32Array },
  features: readonly Float32Array[],
  part: PrefillPart,
): Promise<Float32Array> {
  const images = prompt.images.subarray(part.from, part.to);
  const embeddings = await embedding.of(prompt.ids.slice(part.from, part.to));
  placeImages(embeddings, images, features, shape);
  return decoder.run(state, { embeddings, images, logitsAt: [images.length - 1] });
}
