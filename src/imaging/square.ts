import { resize } from '../resample.ts';
import type { GreyImage } from './image.ts';

/** [x0, y0, x1, y1] in pixels, origin top left. */
export type PixelBox = readonly [number, number, number, number];

/** A square picture of an image that need not be square, and the way back. */
export interface Square {
  readonly image: GreyImage;
  /** Pixels of the original per pixel of the square. */
  readonly scale: number;
  /** Where the original's top left corner lies in the square, in pixels of the square. */
  readonly left: number;
  readonly top: number;
  readonly original: { readonly width: number; readonly height: number };
}

/** Scales the longer side to `side`, keeps the ratio, centres it and pads with black. */
export function toSquare(image: GreyImage, side: number): Square {
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
  const original = { width: image.width, height: image.height };
  return { image: { width: side, height: side, data }, scale, left, top, original };
}

/** A box in the square → the same box in the original, cut to its edges. */
export function boxToOriginal(square: Square, [x0, y0, x1, y1]: PixelBox): PixelBox {
  const { scale, left, top, original } = square;
  const x = (value: number) => Math.min(original.width, Math.max(0, (value - left) * scale));
  const y = (value: number) => Math.min(original.height, Math.max(0, (value - top) * scale));
  return [x(x0), y(y0), x(x1), y(y1)];
}

/** A box in the original → the same box in the square. */
export function boxToSquare(square: Square, [x0, y0, x1, y1]: PixelBox): PixelBox {
  const { scale, left, top } = square;
  return [x0 / scale + left, y0 / scale + top, x1 / scale + left, y1 / scale + top];
}
