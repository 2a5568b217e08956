import { resize } from '../resample.ts';
import { correlate, gradients, type Level, measure, type Params, toMatrix } from './correlate.ts';
import type { GreyImage } from './image.ts';
import { exposedField, type Normalized, normalizeLocally } from './normalize.ts';
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
function normalizedAt(image: GreyImage, side: number, mask?: Uint8Array): Normalized {
  const scale = Math.min(1, side / Math.sqrt(image.width * image.height));
  const width = Math.max(8, Math.round(image.width * scale));
  const height = Math.max(8, Math.round(image.height * scale));
  const small = resize(image, width, height);
  const field = exposedField(small, Math.max(1, Math.round(side / 80)));
  const normalized = normalizeLocally(small, field, Math.max(2, Math.round(side / 10)));
  if (!mask) {
    return normalized;
  }
  const counted = resize({ width: image.width, height: image.height, data: new Float32Array(mask) }, width, height);
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
