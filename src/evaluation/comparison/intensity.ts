import type { FilmReading } from '../../analyses/chest-xray-comparison/finding.ts';
import type { GreyImage } from '../../imaging/image.ts';

/**
 * Mean grey inside the boxes around both lungs, 0 to 1; of the whole film where no lungs were found. Nothing is
 * registered, normalised or judged: what a comparison must beat.
 */
export function meanLungIntensity(image: GreyImage, lungs?: FilmReading['lungs']): number {
  const boxes = lungs ? [lungs.right, lungs.left] : [[0, 0, image.width, image.height] as const];
  let [sum, all] = [0, 0];
  for (const [x0, y0, x1, y1] of boxes) {
    for (let y = Math.max(0, Math.floor(y0)); y < Math.min(image.height, y1); y++) {
      for (let x = Math.max(0, Math.floor(x0)); x < Math.min(image.width, x1); x++) {
        sum += image.data[y * image.width + x]!;
        all++;
      }
    }
  }
  return all === 0 ? 0 : sum / all;
}
