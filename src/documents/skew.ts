import type { Grey } from './picture.ts';

/** Dark pixels of a reduced picture, in its pixels from the centre. */
interface Ink {
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

function takeInk(grey: Grey): Ink {
  const step = Math.max(1, Math.round(Math.max(grey.width, grey.height) / 1200));
  const threshold = inkThreshold(grey);
  const xs: number[] = [];
  const ys: number[] = [];
  for (let y = 0; y < grey.height; y += step) {
    for (let x = 0; x < grey.width; x += step) {
      if (grey.data[y * grey.width + x]! <= threshold) {
        xs.push((x - grey.width / 2) / step);
        ys.push((y - grey.height / 2) / step);
      }
    }
  }
  return { x: Float32Array.from(xs), y: Float32Array.from(ys), width: grey.width / step, height: grey.height / step };
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

/** Direction of the lines of text: first which way, then the small angle to a twentieth of a degree. */
export function findTilt(grey: Grey): Tilt {
  const ink = takeInk(grey);
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
  const level = search(ink.x, ink.y, ink.height);
  const flipped = ink.x.map((value) => -value);
  const upright = search(ink.y, flipped, ink.width);
  const sideways = upright.value > 1.3 * level.value;
  const degrees = sideways ? upright.degrees : level.degrees;
  return { sideways, degrees: Math.abs(degrees) >= limit ? 0 : Math.round(degrees * 100) / 100 };
}
