import { correlation } from '../../imaging/correlate.ts';
import type { GreyImage } from '../../imaging/image.ts';
import { exposedField, normalizeLocally } from '../../imaging/normalize.ts';
import { type Matrix, warp } from '../../imaging/warp.ts';

/** Pixels over which contrast is evened out, on squares of `side` 320: about the width of a rib's edge. */
const RADIUS = 8;

/**
 * Correlation of fine structure, −1 to 1: edges of ribs and clavicles after alignment. Lungs of two people look alike at
 * large, their bones do not. `masks` are 1 where a square counts; `matrix` leads from the first square to the second.
 */
export function fineStructure(
  one: GreyImage,
  other: GreyImage,
  matrix: Matrix,
  masks: readonly [Uint8Array, Uint8Array],
): number {
  const { width, height } = one;
  const transform = { width, height, matrix };
  const { image, inside } = warp(other, transform);
  const counts = warp({ width: other.width, height: other.height, data: Float32Array.from(masks[1]) }, transform).image;
  const first = normalizeLocally(one, exposedField(one, 2), RADIUS);
  const second = normalizeLocally(image, exposedField(image, 2), RADIUS);
  let [n, sumA, sumB, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < first.data.length; i++) {
    if (masks[0][i] && inside[i] && counts.data[i]! > 0.9 && first.weight[i] && second.weight[i]) {
      const [a, b] = [first.data[i]!, second.data[i]!];
      n++;
      sumA += a;
      sumB += b;
      aa += a * a;
      bb += b * b;
      ab += a * b;
    }
  }
  return n < 1000 ? 0 : Math.max(-1, Math.min(1, correlation(n, sumA, sumB, aa, bb, ab)));
}
