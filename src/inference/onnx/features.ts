import { createHash } from 'node:crypto';
import { createRecent } from '../../recent.ts';
import { pixelValues } from './image.ts';
import type { Vision } from './vision.ts';

/** A picture as the decoder takes it. */
export interface SeenPicture {
  /** Of the picture's bytes. */
  readonly hash: string;
  /** float32 [tokensPerImage, text hidden] */
  readonly features: Float32Array;
}

/** The vision tower with what it saw last, for each tenant its own: an image takes half a minute on two cores. */
export interface Features {
  /** In the order of the pictures; the same picture is seen once. */
  of(tenant: string, pictures: readonly Uint8Array[], pause: () => Promise<void>): Promise<readonly SeenPicture[]>;
}

/** @param side Pixels of a side of what the tower takes. */
export function createFeatures(vision: Vision, side: number, maxBytes: number): Features {
  const kept = createRecent<Float32Array>(maxBytes);
  return {
    async of(tenant, pictures, pause) {
      const hashes = pictures.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
      const found = new Map(hashes.map((hash) => [hash, kept.get(JSON.stringify([tenant, hash]))]));
      const missing = [...found].flatMap(([hash, known]) => (known ? [] : [hash]));
      const pixels: Float32Array[] = [];
      for (const hash of missing) pixels.push(await pixelValues(pictures[hashes.indexOf(hash)]!, side));
      const made = missing.length > 0 ? await vision.features(pixels, pause) : [];
      for (const [index, hash] of missing.entries()) {
        found.set(hash, made[index]);
        kept.set(JSON.stringify([tenant, hash]), made[index]!, made[index]!.byteLength);
      }
      return hashes.map((hash) => ({ hash, features: found.get(hash)! }));
    },
  };
}
