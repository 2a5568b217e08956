import type { Grey } from './picture.ts';

/** Which pixels of a picture are ink: 1 ink, 0 paper, row by row. */
export interface Ink {
  readonly mask: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Sums of all pixels above and to the left, and of their squares, one column and row larger than the picture. */
function integrals(grey: Grey): { readonly sum: Float64Array; readonly square: Float64Array } {
  const stride = grey.width + 1;
  const sum = new Float64Array(stride * (grey.height + 1));
  const square = new Float64Array(sum.length);
  for (let y = 0; y < grey.height; y++) {
    let row = 0;
    let rowSquare = 0;
    for (let x = 0; x < grey.width; x++) {
      const value = grey.data[y * grey.width + x]!;
      row += value;
      rowSquare += value * value;
      const at = (y + 1) * stride + x + 1;
      sum[at] = sum[at - stride]! + row;
      square[at] = square[at - stride]! + rowSquare;
    }
  }
  return { sum, square };
}

/**
 * Ink by a threshold of its own for each pixel, from mean and spread around it (Sauvola and Pietikäinen 2000):
 * shaded rows, shadows and pale print each get theirs. `radius` in pixels, about one line of text.
 */
export function inkOf(grey: Grey, radius: number, sensitivity = 0.3): Ink {
  const { data, width, height } = grey;
  const { sum, square } = integrals(grey);
  const stride = width + 1;
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const y0 = Math.max(0, y - radius);
    const y1 = Math.min(height, y + radius + 1);
    for (let x = 0; x < width; x++) {
      const value = data[y * width + x]!;
      if (value > 225) {
        continue;
      }
      const x0 = Math.max(0, x - radius);
      const x1 = Math.min(width, x + radius + 1);
      const count = (x1 - x0) * (y1 - y0);
      const [a, b, c, d] = [y0 * stride + x0, y0 * stride + x1, y1 * stride + x0, y1 * stride + x1];
      const mean = (sum[d]! - sum[b]! - sum[c]! + sum[a]!) / count;
      const variance = (square[d]! - square[b]! - square[c]! + square[a]!) / count - mean * mean;
      const threshold = mean * (1 + sensitivity * (Math.sqrt(Math.max(0, variance)) / 128 - 1));
      if (value < threshold) {
        mask[y * width + x] = 1;
      }
    }
  }
  return { mask, width, height };
}

/** One connected part of the ink; x1 and y1 lie just outside. */
export interface Mark {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly pixels: number;
}

/** Connected parts of the ink, and for each pixel the number of its part (0 paper, n the part at n - 1). */
export function marksOf({ mask, width, height }: Ink): {
  readonly marks: readonly Mark[];
  readonly labels: Int32Array;
} {
  const labels = new Int32Array(mask.length);
  const stack: number[] = [];
  const marks: Mark[] = [];
  for (let start = 0; start < mask.length; start++) {
    if (mask[start] === 0 || labels[start] !== 0) {
      continue;
    }
    const label = marks.length + 1;
    let x0 = width;
    let y0 = height;
    let x1 = 0;
    let y1 = 0;
    let pixels = 0;
    labels[start] = label;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      const x = at % width;
      const y = (at - x) / width;
      pixels++;
      if (x < x0) x0 = x;
      if (x >= x1) x1 = x + 1;
      if (y < y0) y0 = y;
      if (y >= y1) y1 = y + 1;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx;
          if (mask[next] === 1 && labels[next] === 0) {
            labels[next] = label;
            stack.push(next);
          }
        }
      }
    }
    marks.push({ x0, y0, x1, y1, pixels });
  }
  return { marks, labels };
}

/**
 * Usual height of what looks like letters and digits, in pixels; undefined where there are too few to tell. Weighted
 * by height, so that specks and points, which outnumber letters on a poor page, do not decide.
 */
export function letterHeight(marks: readonly Mark[]): number | undefined {
  const heights = marks
    .filter(({ x0, y0, x1, y1, pixels }) => {
      const [width, height] = [x1 - x0, y1 - y0];
      return (
        height >= 5 && height <= 120 && width <= 3 * height && width >= height / 9 && pixels >= 0.12 * width * height
      );
    })
    .map(({ y0, y1 }) => y1 - y0)
    .sort((a, b) => a - b);
  if (heights.length < 20) {
    return undefined;
  }
  const total = heights.reduce((sum, height) => sum + height, 0);
  let below = 0;
  for (const height of heights) {
    below += height;
    if (below >= total / 2) {
      return height;
    }
  }
  return undefined;
}

/** The ink of what has about the size of letters, words run together included; specks, lines and edges are left out. */
export function printOf(
  { mask, width, height }: Ink,
  { marks, labels }: { readonly marks: readonly Mark[]; readonly labels: Int32Array },
  letter: number,
): Ink {
  const keep = marks.map(({ x0, y0, x1, y1 }) => {
    const [long, short] = [Math.max(x1 - x0, y1 - y0), Math.min(x1 - x0, y1 - y0)];
    return long >= 0.4 * letter && long <= 8 * letter && short <= 3 * letter;
  });
  return { mask: mask.map((ink, at) => (ink === 1 && keep[labels[at]! - 1] ? 1 : 0)), width, height };
}

/** Whether specks outnumber everything else by far, as on a bad fax, whose specks are more than one pixel once stretched. */
export function specked(marks: readonly Mark[], letter: number | undefined): boolean {
  const small = marks.filter(({ x0, y0, x1, y1 }) => Math.max(x1 - x0, y1 - y0) < 0.3 * (letter ?? 18)).length;
  return small > 4 * Math.max(100, marks.length - small);
}
