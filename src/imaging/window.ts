/** Black and white: what is shown as 0 and as 1. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** A window as the header gives it (PS3.3 C.11.2.1.2). */
export interface Window {
  readonly center: number;
  readonly width: number;
  readonly function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
}

/** Applies a window in place: modality values → 0..1. LINEAR with width 1 is a threshold, as the standard has it. */
export function applyWindow(values: Float32Array, window: Window): void {
  const range = windowRange(window);
  if (range) {
    applyRange(values, range.low, range.high);
    return;
  }
  const { center, width } = window;
  for (let index = 0; index < values.length; index++) {
    values[index] = 1 / (1 + Math.exp((-4 * (values[index]! - center)) / width));
  }
}

/** Modality values that become 0 and 1; undefined for SIGMOID, which is no straight line. */
export function windowRange({ center, width, function: shape }: Window): Range | undefined {
  if (shape === 'SIGMOID') {
    return undefined;
  }
  const exact = shape === 'LINEAR_EXACT';
  const low = exact ? center - width / 2 : center - 0.5 - (width - 1) / 2;
  return { low, high: low + (exact ? width : width - 1) };
}

/** In place: `low` → 0, `high` → 1, clamped. Where both are equal, everything above is 1. */
export function applyRange(values: Float32Array, low: number, high: number): void {
  const { min } = Math;
  const scale = high > low ? 1 / (high - low) : Number.POSITIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]! - low;
    values[index] = value <= 0 ? 0 : min(1, value * scale);
  }
}

/** The smallest and the largest finite value, without those where `skip` is set; Infinity to −Infinity when nothing is left. */
export function rangeOf(values: Float32Array, skip?: Uint8Array): Range {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (!skip?.[index] && Number.isFinite(value)) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  }
  return { low, high };
}

/**
 * Values at the given fractions (0..1) of the sorted finite values, without those where `skip` is set. Large images are
 * sampled at a fixed stride. `undefined` when nothing is left.
 */
export function percentiles(
  values: Float32Array,
  fractions: readonly number[],
  skip?: Uint8Array,
): readonly number[] | undefined {
  const stride = Math.max(1, Math.floor(values.length / 65_536));
  const kept: number[] = [];
  for (let index = 0; index < values.length; index += stride) {
    if (!skip?.[index] && Number.isFinite(values[index])) {
      kept.push(values[index]!);
    }
  }
  if (kept.length === 0) {
    return undefined;
  }
  const sorted = Float32Array.from(kept).sort();
  return fractions.map((fraction) => sorted[Math.round(fraction * (sorted.length - 1))]!);
}
