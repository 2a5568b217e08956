import type { GreyImage } from './image.ts';

/**
 * [a, b, c, d, e, f]: the point (x, y) of the fixed image lies at (a·x + b·y + c, d·x + e·y + f) of the moving one. Both
 * in pixels, 0 at the centre of the top left pixel, x to the right, y down.
 */
export type Matrix = readonly [number, number, number, number, number, number];

/**
 * Smooth displacement on top of a matrix: uniform cubic B-spline over a grid of (columns × rows) control points, whose
 * first lies one spacing left of and above the origin. Pixels of the fixed image, added before the matrix is applied.
 */
export interface Field {
  readonly spacing: number;
  readonly columns: number;
  readonly rows: number;
  /** Row-major, length = columns × rows. */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

/** Where each pixel of a fixed image of `width` × `height` lies in a moving image. */
export interface Transform {
  readonly width: number;
  readonly height: number;
  readonly matrix: Matrix;
  readonly field?: Field;
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
  const shift = transform.field && denseField(transform.field, width, height);
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      const fx = shift ? x + shift.dx[index]! : x;
      const fy = shift ? y + shift.dy[index]! : y;
      const mx = a * fx + b * fy + c;
      const my = d * fx + e * fy + f;
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

/** Point of the fixed image → point of the moving image. */
export function mapPoint({ matrix, field }: Transform, x: number, y: number): readonly [number, number] {
  const [dx, dy] = field ? fieldAt(field, x, y) : [0, 0];
  const [a, b, c, d, e, f] = matrix;
  return [a * (x + dx) + b * (y + dy) + c, d * (x + dx) + e * (y + dy) + f];
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

/** Weights of the four control points around a point, `t` in 0..1 between the two inner ones. */
function spline(t: number): readonly [number, number, number, number] {
  const s = 1 - t;
  return [(s * s * s) / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * s * s * s - 6 * s * s + 4) / 6, (t * t * t) / 6];
}

function fieldAt(field: Field, x: number, y: number): readonly [number, number] {
  const gx = Math.min(field.columns - 3 - 1e-6, Math.max(0, x / field.spacing));
  const gy = Math.min(field.rows - 3 - 1e-6, Math.max(0, y / field.spacing));
  const [column, row] = [Math.floor(gx), Math.floor(gy)];
  const [wx, wy] = [spline(gx - column), spline(gy - row)];
  let [dx, dy] = [0, 0];
  for (let j = 0; j < 4; j++) {
    for (let i = 0; i < 4; i++) {
      const weight = wx[i]! * wy[j]!;
      const at = (row + j) * field.columns + column + i;
      dx += weight * field.dx[at]!;
      dy += weight * field.dy[at]!;
    }
  }
  return [dx, dy];
}

/** The field at every pixel: along columns first, then along rows, since B-splines are separable. */
export function denseField(field: Field, width: number, height: number) {
  return { dx: dense(field, field.dx, width, height), dy: dense(field, field.dy, width, height) };
}

function dense({ spacing, columns, rows }: Field, nodes: Float32Array, width: number, height: number): Float32Array {
  const across = new Float32Array(rows * width);
  for (let x = 0; x < width; x++) {
    const gx = Math.min(columns - 3 - 1e-6, x / spacing);
    const column = Math.floor(gx);
    const [w0, w1, w2, w3] = spline(gx - column);
    for (let row = 0; row < rows; row++) {
      const at = row * columns + column;
      across[row * width + x] = w0 * nodes[at]! + w1 * nodes[at + 1]! + w2 * nodes[at + 2]! + w3 * nodes[at + 3]!;
    }
  }
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const gy = Math.min(rows - 3 - 1e-6, y / spacing);
    const row = Math.floor(gy);
    const [w0, w1, w2, w3] = spline(gy - row);
    for (let x = 0; x < width; x++) {
      const at = row * width + x;
      const upper = w0 * across[at]! + w1 * across[at + width]!;
      out[y * width + x] = upper + w2 * across[at + 2 * width]! + w3 * across[at + 3 * width]!;
    }
  }
  return out;
}
