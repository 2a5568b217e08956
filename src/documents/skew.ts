import type { Ink, Mark } from './ink.ts';
import type { Grey } from './picture.ts';

/** Pixels of print of a reduced picture, in its pixels from the centre. */
interface Points {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly width: number;
  readonly height: number;
}

/** Threshold between ink and paper that separates the two best (Otsu). */
export function inkThreshold(grey: Grey): number {
  const histogram = new Float64Array(256);
  const step = Math.max(1, Math.floor(grey.data.length / 400_000));
  let count = 0;
  let sum = 0;
  for (let index = 0; index < grey.data.length; index += step) {
    const value = grey.data[index]!;
    histogram[value]! += 1;
    sum += value;
    count++;
  }
  let best = 127;
  let bestVariance = -1;
  let below = 0;
  let sumBelow = 0;
  for (let value = 0; value < 255; value++) {
    below += histogram[value]!;
    sumBelow += value * histogram[value]!;
    if (below === 0 || below === count) {
      continue;
    }
    const difference = sumBelow / below - (sum - sumBelow) / (count - below);
    const variance = below * (count - below) * difference * difference;
    if (variance > bestVariance) {
      bestVariance = variance;
      best = value;
    }
  }
  return best;
}

function pointsOf({ mask, width, height }: Ink): Points {
  const step = Math.max(1, Math.round(Math.max(width, height) / 1200));
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      if (mask[y * width + x] === 1) {
        xs.push((x - width / 2) / step);
        ys.push((y - height / 2) / step);
      }
    }
  }
  return { x: Float32Array.from(xs), y: Float32Array.from(ys), width: width / step, height: height / step };
}

/** How sharply the ink falls into lines when it is projected along a direction. */
function sharpness(along: Float32Array, across: Float32Array, size: number, degrees: number): number {
  const tangent = Math.tan((degrees * Math.PI) / 180);
  const bins = new Float64Array(Math.ceil(size) * 2 + 2);
  for (let index = 0; index < along.length; index++) {
    const bin = Math.round(across[index]! - along[index]! * tangent + bins.length / 2);
    if (bin >= 0 && bin < bins.length) {
      bins[bin]! += 1;
    }
  }
  let total = 0;
  for (let bin = 1; bin < bins.length; bin++) {
    total += (bins[bin]! - bins[bin - 1]!) ** 2;
  }
  return total / Math.max(1, along.length);
}

export interface Tilt {
  /** Whether the lines of text run from top to bottom of the picture. */
  readonly sideways: boolean;
  /** Slope of the lines in degrees, positive when they fall to the right (for sideways text: after a turn). */
  readonly degrees: number;
}

const limit = 12;

/**
 * Whether lines of text run from top to bottom: the nearest neighbour of a letter stands in its line, above or below it
 * only where the page lies on its side. Holds for photographs too, where no two lines are parallel.
 */
function onItsSide(letters: readonly Mark[], letter: number): boolean {
  const size = 4 * letter;
  const cells = new Map<string, (readonly [number, number])[]>();
  const centres = letters.map(({ x0, y0, x1, y1 }) => [(x0 + x1) / 2, (y0 + y1) / 2] as const);
  const cellOf = (value: number) => Math.floor(value / size);
  for (const centre of centres) {
    const key = `${cellOf(centre[0])} ${cellOf(centre[1])}`;
    cells.set(key, [...(cells.get(key) ?? []), centre]);
  }
  let across = 0;
  let down = 0;
  for (const centre of centres) {
    let nearest = Number.POSITIVE_INFINITY;
    let wider = false;
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const other of cells.get(`${cellOf(centre[0]) + dx} ${cellOf(centre[1]) + dy}`) ?? []) {
          const [x, y] = [Math.abs(other[0] - centre[0]), Math.abs(other[1] - centre[1])];
          if (other !== centre && Math.hypot(x, y) < nearest) {
            nearest = Math.hypot(x, y);
            wider = x >= y;
          }
        }
      }
    }
    if (nearest < size) {
      if (wider) across++;
      else down++;
    }
  }
  return down > 1.5 * across;
}

/**
 * Direction of the lines of text: first which way, then the small angle to a twentieth of a degree. `print` is the ink
 * of letters alone: the edges of a sheet on a desk and the lines of tables say less of it, and louder.
 */
export function findTilt(print: Ink, marks: readonly Mark[], letter: number): Tilt {
  const ink = pointsOf(print);
  if (ink.x.length < 200) {
    return { sideways: false, degrees: 0 };
  }
  const search = (along: Float32Array, across: Float32Array, size: number) => {
    let best = { degrees: 0, value: sharpness(along, across, size, 0) };
    for (let degrees = -limit; degrees <= limit; degrees += 0.5) {
      const value = sharpness(along, across, size, degrees);
      if (value > best.value) {
        best = { degrees, value };
      }
    }
    const middle = best.degrees;
    for (let degrees = middle - 0.45; degrees <= middle + 0.451; degrees += 0.05) {
      const value = sharpness(along, across, size, degrees);
      if (value > best.value) {
        best = { degrees, value };
      }
    }
    return best;
  };
  const letters = marks.filter(({ x0, y0, x1, y1 }) => {
    const long = Math.max(x1 - x0, y1 - y0);
    return long >= 0.6 * letter && long <= 2 * letter;
  });
  const sideways = onItsSide(letters, letter);
  const { degrees } = sideways
    ? search(
        ink.y,
        ink.x.map((value) => -value),
        ink.width,
      )
    : search(ink.x, ink.y, ink.height);
  return { sideways, degrees: Math.abs(degrees) >= limit ? 0 : Math.round(degrees * 100) / 100 };
}
