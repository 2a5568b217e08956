import { resize } from '../resample.ts';
import type { GreyImage } from './image.ts';

/** Scales the longer side to `side`, keeps the ratio, centres it and pads with black. */
export function toSquare(image: GreyImage, side: number): GreyImage {
  const scale = Math.max(image.width, image.height) / side;
  const width = Math.max(1, Math.round(image.width / scale));
  const height = Math.max(1, Math.round(image.height / scale));
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  const inner = resize(image, width, height);
  const data = new Float32Array(side * side);
  for (let row = 0; row < height; row++) {
    data.set(inner.data.subarray(row * width, (row + 1) * width), (row + top) * side + left);
  }
  return { width: side, height: side, data };
}
