import { CELLS } from './lungs.ts';

/** Numbers that describe one cell. */
export const FEATURES = 17;
/** Place of the rank among soft tissue. */
export const RANK = 13;

/**
 * What is known of each cell of a film, CELLS × CELLS × FEATURES, for models/lung-opacity: how bright it is beside the soft
 * tissue around the lungs and beside the heart, how the lungs as a whole lie between these, and how clearly vessels are
 * seen. `grey` 0 to 1; `lung` 0 outside, 1 right, 2 left; `heart` 0 or 1. The same as models/lung-opacity/features.py,
 * which says what each number is. Undefined where there is too little of lung or of tissue around it.
 */
export function tissueFeatures(grey: Float32Array, lung: Uint8Array, heart: Uint8Array): Float32Array | undefined {
  const inside = lung.map((side) => (side > 0 ? 1 : 0));
  const [inner, outer] = [dilate(inside, 2), dilate(inside, 12)];
  const inRing = (i: number): boolean => outer[i]! > 0 && inner[i] === 0 && grey[i]! > 0.004;
  const isOpen = (i: number): boolean => inside[i]! > 0 && heart[i] === 0;
  const pick = (values: Float32Array, counts: (i: number) => boolean): Float32Array =>
    values.filter((_, i) => counts(i)).sort();
  const soft = pick(grey, inRing);
  const lungs = pick(grey, isOpen);
  if (soft.length < 100 || lungs.length < 100) {
    return undefined;
  }
  const middle = Math.max(quantile(soft, 0.5), 0.02);
  const beats = pick(grey, (i) => heart[i]! > 0);
  const bright = Math.max(beats.length >= 50 ? quantile(beats, 0.5) : quantile(soft, 0.75), 0.02);
  const smooth = box(grey, 1);
  const fine = box(
    grey.map((value, i) => Math.abs(value - smooth[i]!)),
    2,
  ).map((value) => value / middle);
  const [squares, means] = [
    box(
      grey.map((value) => value * value),
      4,
    ),
    box(grey, 4),
  ];
  const coarse = squares.map((value, i) => Math.sqrt(Math.max(0, value - means[i]! ** 2)) / middle);
  const log = (value: number): number => Math.log(Math.max(value, 0) + 0.003);
  const own = ([1, 2] as const).map((side) => {
    const part = pick(grey, (i) => isOpen(i) && lung[i] === side);
    return { middle: part.length > 0 ? quantile(part, 0.5) / middle : 0, ...rowsOf(lung, side) };
  });
  const film = [
    middle / bright,
    (quantile(soft, 0.75) - quantile(soft, 0.25)) / middle,
    quantile(lungs, 0.05) / middle,
    quantile(lungs, 0.5) / middle,
    quantile(lungs, 0.95) / middle,
  ];
  const textures = [log(quantile(pick(fine, inRing), 0.5)), log(quantile(pick(fine, isOpen), 0.5))];
  const middleRank = rank(soft, quantile(lungs, 0.5));
  const features = new Float32Array(grey.length * FEATURES);
  for (let i = 0; i < grey.length; i++) {
    const side = own[lung[i]! - 1];
    const height = side ? (Math.floor(i / CELLS) + 0.5 - side.first) / (side.last - side.first + 1) : 0;
    const value = smooth[i]!;
    features.set(
      [
        ...[value / middle, value / bright, ...film, side?.middle ?? 0, log(fine[i]!), log(coarse[i]!), ...textures],
        ...[height, rank(soft, value), rank(lungs, value), middle, middleRank],
      ],
      i * FEATURES,
    );
  }
  return features;
}

function rowsOf(lung: Uint8Array, side: number): { readonly first: number; readonly last: number } {
  return {
    first: Math.floor(lung.indexOf(side) / CELLS),
    last: Math.floor(lung.lastIndexOf(side) / CELLS),
  };
}

function quantile(sorted: Float32Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

/** Share of a sorted list that is below a value. */
function rank(sorted: Float32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low / sorted.length;
}

/** Mean over (2 radius + 1)² cells, edges repeated. */
function box(values: Float32Array, radius: number): Float32Array {
  const along = (from: Float32Array, step: number, across: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < CELLS; line++) {
      for (let at = 0; at < CELLS; at++) {
        let sum = 0;
        for (let near = at - radius; near <= at + radius; near++) {
          sum += from[line * across + Math.max(0, Math.min(CELLS - 1, near)) * step]!;
        }
        to[line * across + at * step] = sum / (2 * radius + 1);
      }
    }
    return to;
  };
  return along(along(values, CELLS, 1), 1, CELLS);
}

/** Grows a mask by a diamond of the given radius. */
function dilate(mask: Uint8Array, radius: number): Uint8Array {
  let from = mask;
  for (let step = 0; step < radius; step++) {
    const grown = from.slice();
    for (let i = 0; i < from.length; i++) {
      if (from[i]) {
        const x = i % CELLS;
        if (x > 0) grown[i - 1] = 1;
        if (x < CELLS - 1) grown[i + 1] = 1;
        if (i >= CELLS) grown[i - CELLS] = 1;
        if (i < CELLS * (CELLS - 1)) grown[i + CELLS] = 1;
      }
    }
    from = grown;
  }
  return from;
}
