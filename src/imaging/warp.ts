import type { GreyImage } from './image.ts';

/**
 * [a, b, c, d, e, f]: the point (x, y) of the fixed image lies at (a·x + b·y + c, d·x + e·y + f) of the moving one. Both
 * in pixels, 0 at the centre of the top left pixel, x to the right, y down.
 */
export type Matrix = readonly [number, number, number, number, number, number];

/** Where each pixel of a fixed image of `width` × `height` lies in a moving image. */
export interface Transform {
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;
}

export interface Warped {
  /** The moving image on the fixed image's grid; 0 outside. */
  readonly image: GreyImage;
  /** 1 where the moving image has a pixel. */
  readonly inside: Uint8Array;
}

/** Brings the moving image onto the fixed image's grid, bilinear. */
export function warp(moving: GreyImage, transform: Transform): Warped {
  const { width, height } = transform;
  const data = new Float32Array(width * height);
  const inside = new Uint8Array(width * height);
  const [a, b, c, d, e, f] = transform.matrix;
  const { data: source, width: pitch } = moving;
  const [right, bottom] = [moving.width - 1, moving.height - 1];
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      const mx = a * x + b * y + c;
      const my = d * x + e * y + f;
      if (mx < 0 || my < 0 || mx > right || my > bottom) {
        continue;
      }
      // The last row and column are reached from the pixel before them; `| 0` rounds down what is not negative.
      const column = mx >= right ? right - 1 : mx | 0;
      const row = my >= bottom ? bottom - 1 : my | 0;
      const tx = mx - column;
      const ty = my - row;
      const at = row * pitch + column;
      const upper = source[at]! + tx * (source[at + 1]! - source[at]!);
      const lower = source[at + pitch]! + tx * (source[at + pitch + 1]! - source[at + pitch]!);
      data[index] = upper + ty * (lower - upper);
      inside[index] = 1;
    }
  }
  return { image: { width, height, data }, inside };
}

/** The matrix of the way back. Throws RangeError when there is none. */
export function invertMatrix([a, b, c, d, e, f]: Matrix): Matrix {
  const determinant = a * e - b * d;
  if (Math.abs(determinant) < 1e-9) {
    throw new RangeError('The matrix cannot be inverted.');
  }
  const [ia, ib, id, ie] = [e / determinant, -b / determinant, -d / determinant, a / determinant];
  return [ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)];
}
