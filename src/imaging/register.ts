import type { GreyImage } from './image.ts';
import { exposedField, type Normalized, normalizeLocally } from './normalize.ts';
import { resize } from './resize.ts';
import type { Matrix } from './warp.ts';

export interface RegisterOptions {
  /** Fixed image's pixels that count (1), e.g. the lung fields with a margin; same size as the fixed image. */
  readonly mask?: Uint8Array;
  /** The same for the moving image. */
  readonly movingMask?: Uint8Array;
  /** Degrees to either side. Default 15. */
  readonly maxRotation?: number;
  /** Largest magnification or reduction. Default 1.4. */
  readonly maxScale?: number;
  /** Fraction of the image side. Default 0.3. */
  readonly maxShift?: number;
  /** Largest departure from a similarity (shear, unequal scale). Default 0.12; 0 for a similarity. */
  readonly maxShear?: number;
}

export interface AffineRegistration {
  readonly matrix: Matrix;
  /** Normalised cross-correlation of the locally normalised images where both count, −1..1. */
  readonly score: number;
  /** Part of the fixed image's counted pixels that the moving image covers, 0..1. */
  readonly overlap: number;
}

/** [a11, a12, tx, a21, a22, ty] in coordinates that run about −1..1 from each image's centre. */
type Params = Float64Array;

/** One resolution of both images. */
interface Level {
  readonly fixed: Normalized;
  readonly moving: Normalized;
}

const sides = [40, 80, 160, 256];

/**
 * Affine registration by the enhanced correlation coefficient (Evangelidis and Psarakis, IEEE TPAMI 30, 2008) on locally
 * normalised images, coarse to fine, started from an exhaustive search of shift, scale and rotation. Exposure, contrast
 * and grey-scale differences do not count; collimation and padding are left out.
 */
export function registerAffine(fixed: GreyImage, moving: GreyImage, options: RegisterOptions = {}): AffineRegistration {
  const limits = { maxRotation: 15, maxScale: 1.4, maxShift: 0.3, maxShear: 0.12, ...withoutUndefined(options) };
  const levels = sides.map((side) => ({
    fixed: normalizedAt(fixed, side, options.mask),
    moving: normalizedAt(moving, side, options.movingMask),
  }));
  const starts = search(levels[0]!, limits);
  const refined = starts.map((start) => refine(levels[1]!, refine(levels[0]!, start, limits).params, limits));
  let best = refined.reduce((one, other) => (other.score > one.score ? other : one));
  for (const level of levels.slice(2)) {
    best = refine(level, best.params, limits);
  }
  return { matrix: toMatrix(best.params, fixed, moving), score: best.score, overlap: best.overlap };
}

function withoutUndefined(options: RegisterOptions): RegisterOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/**
 * The image at about side² pixels, its ratio kept, locally normalised inside its field. The mask only decides what
 * counts: both images are normalised alike, also near its edge.
 */
export function normalizedAt(image: GreyImage, side: number, mask?: Uint8Array): Normalized {
  const scale = Math.min(1, side / Math.sqrt(image.width * image.height));
  const width = Math.max(8, Math.round(image.width * scale));
  const height = Math.max(8, Math.round(image.height * scale));
  const small = resize(image, width, height);
  const field = exposedField(small, Math.max(1, Math.round(side / 80)));
  const normalized = normalizeLocally(small, field, Math.max(2, Math.round(side / 10)));
  if (!mask) {
    return normalized;
  }
  const counted = resize({ width: image.width, height: image.height, data: Float32Array.from(mask) }, width, height);
  return { ...normalized, weight: field.map((value, index) => (counted.data[index]! >= 0.5 ? value : 0)) };
}

type Limits = Required<Pick<RegisterOptions, 'maxRotation' | 'maxScale' | 'maxShift' | 'maxShear'>>;

/** The best few of all similarities on a grid. */
function search(level: Level, limits: Limits): readonly Params[] {
  const found: { readonly params: Params; readonly score: number }[] = [];
  const rotations = limits.maxRotation >= 4 ? [-8, 0, 8].map((turn) => clamp(turn, limits.maxRotation)) : [0];
  const scales = [1 / 1.2, 1, 1.2].map((scale) => Math.min(limits.maxScale, Math.max(1 / limits.maxScale, scale)));
  const steps = Math.max(1, Math.round((limits.maxShift * 2) / 0.075));
  for (const turn of rotations) {
    for (const scale of scales) {
      let best = { params: similarity(scale, turn, 0, 0), score: Number.NEGATIVE_INFINITY };
      for (let i = -steps; i <= steps; i++) {
        for (let j = -steps; j <= steps; j++) {
          const shift = (2 * limits.maxShift) / steps;
          const params = similarity(scale, turn, i * shift, j * shift);
          const { score, overlap } = correlate(level, params, 2);
          const rated = score * Math.sqrt(Math.min(1, overlap / 0.7));
          if (overlap > 0.35 && rated > best.score) {
            best = { params, score: rated };
          }
        }
      }
      found.push(best);
    }
  }
  found.sort((one, other) => other.score - one.score);
  return [similarity(1, 0, 0, 0), ...found.slice(0, 3).map(({ params }) => params)];
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}

function similarity(scale: number, degrees: number, tx: number, ty: number): Params {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return Float64Array.of(c, -s, tx, s, c, ty);
}

/** Half the side of the square of equal area: the unit of the parameters. */
const unit = ({ width, height }: { width: number; height: number }) => Math.sqrt(width * height) / 2;

function toMatrix(p: Params, fixed: GreyImage, moving: GreyImage): Matrix {
  const [uf, um] = [unit(fixed), unit(moving)];
  const [fx, fy] = [(fixed.width - 1) / 2, (fixed.height - 1) / 2];
  const ratio = um / uf;
  const [a, b, d, e] = [p[0]! * ratio, p[1]! * ratio, p[3]! * ratio, p[4]! * ratio];
  const c = (moving.width - 1) / 2 + um * p[2]! - a * fx - b * fy;
  const f = (moving.height - 1) / 2 + um * p[5]! - d * fx - e * fy;
  return [a, b, c, d, e, f];
}

/** Correlation under the given parameters, looking at every `step`th pixel. */
function correlate(level: Level, params: Params, step: number): { readonly score: number; readonly overlap: number } {
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

function correlation(n: number, sf: number, sm: number, ff: number, mm: number, fm: number): number {
  const spread = (ff - (sf * sf) / n) * (mm - (sm * sm) / n);
  return n > 8 && spread > 1e-12 ? (fm - (sf * sm) / n) / Math.sqrt(spread) : 0;
}

interface Refined {
  readonly params: Params;
  readonly score: number;
  readonly overlap: number;
}

/** Gauss-Newton steps up the correlation coefficient, each kept inside the limits, until they no longer help. */
function refine(level: Level, start: Params, limits: Limits): Refined {
  const gradient = gradients(level.moving);
  let params = start;
  let best: Refined | undefined;
  for (let round = 0, worse = 0; round < 25 && worse < 2; round++) {
    const step = measure(level, gradient, params);
    if (best && step.score < best.score + 2e-5) {
      worse++;
    }
    if (!best || step.score > best.score) {
      best = { params, score: step.score, overlap: step.overlap };
    }
    const delta = step.delta;
    if (!delta) {
      break;
    }
    params = limit(
      params.map((value, index) => value + delta[index]!),
      limits,
    );
  }
  return best!;
}

function gradients({ width, height, data }: Normalized) {
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
function measure(level: Level, { gx, gy }: ReturnType<typeof gradients>, params: Params) {
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
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(right);
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

/** Splits the linear part into a similarity and the rest, and holds each inside its limit. */
function limit(p: Params, { maxRotation, maxScale, maxShift, maxShear }: Limits): Params {
  const [alpha, beta] = [(p[0]! + p[4]!) / 2, (p[3]! - p[1]!) / 2];
  const [gamma, delta] = [(p[0]! - p[4]!) / 2, (p[1]! + p[3]!) / 2];
  const angle = clamp(Math.atan2(beta, alpha), (maxRotation * Math.PI) / 180);
  const scale = Math.min(maxScale, Math.max(1 / maxScale, Math.hypot(alpha, beta)));
  const rest = Math.hypot(gamma, delta);
  const kept = rest > maxShear ? maxShear / rest : 1;
  const [c, s] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return Float64Array.of(
    c + gamma * kept,
    -s + delta * kept,
    clamp(p[2]!, 2 * maxShift),
    s + delta * kept,
    c - gamma * kept,
    clamp(p[5]!, 2 * maxShift),
  );
}
