import type { GreyImage } from './image.ts';
import type { Normalized } from './normalize.ts';
import type { Matrix } from './warp.ts';

/** [a11, a12, tx, a21, a22, ty] in coordinates that run about −1..1 from each image's centre. */
export type Params = Float64Array;

/** One resolution of a pair. */
export interface Level {
  readonly fixed: Normalized;
  readonly moving: Normalized;
}

/** Half the side of the square of equal area: the unit of the parameters. */
const unit = ({ width, height }: { width: number; height: number }) => Math.sqrt(width * height) / 2;

export function toMatrix(p: Params, fixed: GreyImage, moving: GreyImage): Matrix {
  const [uf, um] = [unit(fixed), unit(moving)];
  const [fx, fy] = [(fixed.width - 1) / 2, (fixed.height - 1) / 2];
  const ratio = um / uf;
  const [a, b, d, e] = [p[0]! * ratio, p[1]! * ratio, p[3]! * ratio, p[4]! * ratio];
  const c = (moving.width - 1) / 2 + um * p[2]! - a * fx - b * fy;
  const f = (moving.height - 1) / 2 + um * p[5]! - d * fx - e * fy;
  return [a, b, c, d, e, f];
}

/** Correlation under the given parameters, looking at every `step`th pixel. */
export function correlate(
  level: Level,
  params: Params,
  step: number,
): { readonly score: number; readonly overlap: number } {
  const { fixed, moving } = level;
  const [a, b, c, d, e, f] = toMatrix(params, fixed, moving);
  const pitch = moving.width;
  let n = 0;
  let counted = 0;
  let sf = 0;
  let sm = 0;
  let ff = 0;
  let mm = 0;
  let fm = 0;
  for (let y = 0; y < fixed.height; y += step) {
    for (let x = 0; x < fixed.width; x += step) {
      const index = y * fixed.width + x;
      if (!fixed.weight[index]) continue;
      counted++;
      const mx = a * x + b * y + c + 0.5;
      const my = d * x + e * y + f + 0.5;
      if (mx < 0 || my < 0 || mx >= pitch || my >= moving.height) continue;
      // `| 0` rounds down what is not negative.
      const at = (my | 0) * pitch + (mx | 0);
      if (!moving.weight[at]) continue;
      const vf = fixed.data[index]!;
      const vm = moving.data[at]!;
      n++;
      sf += vf;
      sm += vm;
      ff += vf * vf;
      mm += vm * vm;
      fm += vf * vm;
    }
  }
  return { score: correlation(n, sf, sm, ff, mm, fm), overlap: counted === 0 ? 0 : n / counted };
}

/** Of n pairs from their sums; 0 where one of them is flat. */
export function correlation(n: number, sf: number, sm: number, ff: number, mm: number, fm: number): number {
  const spread = (ff - (sf * sf) / n) * (mm - (sm * sm) / n);
  return n > 8 && spread > 1e-12 ? (fm - (sf * sm) / n) / Math.sqrt(spread) : 0;
}

export function gradients({ width, height, data }: Normalized) {
  const gx = new Float32Array(data.length);
  const gy = new Float32Array(data.length);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      gx[at] = (data[at + 1]! - data[at - 1]!) / 2;
      gy[at] = (data[at + width]! - data[at - width]!) / 2;
    }
  }
  return { gx, gy };
}

/** Score at `params` and the step that the enhanced correlation coefficient asks for. */
export function measure(level: Level, { gx, gy }: ReturnType<typeof gradients>, params: Params) {
  const { fixed, moving } = level;
  const [a, b, c, d, e, f] = toMatrix(params, fixed, moving);
  const [uf, um] = [unit(fixed), unit(moving)];
  const [cx, cy] = [(fixed.width - 1) / 2, (fixed.height - 1) / 2];
  const { width: pitch, data: source, weight } = moving;
  const [right, bottom] = [moving.width - 2, moving.height - 2];
  let n = 0;
  let counted = 0;
  let sf = 0;
  let sm = 0;
  let ff = 0;
  let mm = 0;
  let fm = 0;
  const hessian = new Float64Array(36);
  const [sums, withFixed, withMoving, g] = [0, 1, 2, 3].map(() => new Float64Array(6)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let y = 0; y < fixed.height; y++) {
    for (let x = 0; x < fixed.width; x++) {
      const index = y * fixed.width + x;
      if (!fixed.weight[index]) continue;
      counted++;
      const mx = a * x + b * y + c;
      const my = d * x + e * y + f;
      if (mx < 1 || my < 1 || mx >= right || my >= bottom) continue;
      // `| 0` rounds down what is not negative.
      const column = mx | 0;
      const row = my | 0;
      const at = row * pitch + column;
      if (!weight[at] || !weight[at + pitch + 1]) continue;
      const tx = mx - column;
      const ty = my - row;
      const upper = source[at]! + tx * (source[at + 1]! - source[at]!);
      const lower = source[at + pitch]! + tx * (source[at + pitch + 1]! - source[at + pitch]!);
      const vm = upper + ty * (lower - upper);
      const vf = fixed.data[index]!;
      const near = at + (tx > 0.5 ? 1 : 0) + (ty > 0.5 ? pitch : 0);
      const dx = gx[near]! * um;
      const dy = gy[near]! * um;
      const u = (x - cx) / uf;
      const v = (y - cy) / uf;
      g[0] = dx * u;
      g[1] = dx * v;
      g[2] = dx;
      g[3] = dy * u;
      g[4] = dy * v;
      g[5] = dy;
      n++;
      sf += vf;
      sm += vm;
      ff += vf * vf;
      mm += vm * vm;
      fm += vf * vm;
      for (let i = 0; i < 6; i++) {
        const gi = g[i]!;
        sums[i]! += gi;
        withFixed[i]! += gi * vf;
        withMoving[i]! += gi * vm;
        for (let j = 0; j <= i; j++) {
          hessian[i * 6 + j]! += gi * g[j]!;
        }
      }
    }
  }
  const score = correlation(n, sf, sm, ff, mm, fm);
  const overlap = counted === 0 ? 0 : n / counted;
  if (n < 64) {
    return { score, overlap, delta: undefined };
  }
  // Centre everything: the coefficient does not see brightness.
  for (let i = 0; i < 6; i++) {
    withFixed[i]! -= (sums[i]! * sf) / n;
    withMoving[i]! -= (sums[i]! * sm) / n;
    for (let j = 0; j <= i; j++) {
      hessian[i * 6 + j]! -= (sums[i]! * sums[j]!) / n;
      hessian[j * 6 + i] = hessian[i * 6 + j]!;
    }
  }
  const inFixed = solve(hessian, withFixed);
  const inMoving = solve(hessian, withMoving);
  if (!inFixed || !inMoving) {
    return { score, overlap, delta: undefined };
  }
  const dot = (one: Float64Array, other: Float64Array) => one.reduce((sum, value, i) => sum + value * other[i]!, 0);
  const above = mm - (sm * sm) / n - dot(withMoving, inMoving);
  const below = fm - (sf * sm) / n - dot(withFixed, inMoving);
  const gain = below > 0 ? above / below : 1;
  return { score, overlap, delta: inFixed.map((value, i) => gain * value - inMoving[i]!) };
}

/** Solves the symmetric 6 × 6 system by elimination, with a small ridge. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const size = right.length;
  const a = new Float64Array(matrix);
  const x = new Float64Array(right);
  const ridge = 1e-4 * (a[0]! + a[7]! + a[14]! + a[21]! + a[28]! + a[35]!) + 1e-9;
  for (let i = 0; i < size; i++) {
    a[i * size + i]! += ridge / size;
  }
  for (let i = 0; i < size; i++) {
    const pivot = a[i * size + i]!;
    if (!(pivot > 0)) {
      return undefined;
    }
    for (let j = i + 1; j < size; j++) {
      const factor = a[j * size + i]! / pivot;
      for (let k = i; k < size; k++) {
        a[j * size + k]! -= factor * a[i * size + k]!;
      }
      x[j]! -= factor * x[i]!;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) {
      x[i]! -= a[i * size + k]! * x[k]!;
    }
    x[i]! /= a[i * size + i]!;
  }
  return x;
}
