/** One channel of a picture, row-major, origin top left; length of data = width × height. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Resamples with a triangle filter that widens with the reduction (antialiased), so it never overshoots the range.
 * Edges are replicated. Both sides are scaled on their own; keep the ratio yourself when it matters. The same filter as
 * Pillow's and PyTorch's antialiased bilinear.
 */
export function resize(image: Plane, width: number, height: number): Plane {
  if (image.width === width && image.height === height) {
    return image;
  }
  const across = alongRows(image.data, image.height, weights(image.width, width), width, image.width);
  return { width, height, data: alongColumns(across, width, weights(image.height, height), height) };
}

interface Weights {
  /** First source index and number of taps of each target. */
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly taps: Float32Array;
  readonly stride: number;
}

function weights(from: number, to: number): Weights {
  const ratio = from / to;
  const radius = Math.max(1, ratio);
  const stride = Math.ceil(radius) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const taps = new Float32Array(to * stride);
  for (let target = 0; target < to; target++) {
    const center = (target + 0.5) * ratio - 0.5;
    const low = Math.max(0, Math.ceil(center - radius));
    const high = Math.min(from - 1, Math.floor(center + radius));
    let sum = 0;
    for (let source = low; source <= high; source++) {
      const weight = Math.max(0, 1 - Math.abs(source - center) / radius);
      taps[target * stride + source - low] = weight;
      sum += weight;
    }
    for (let tap = 0; tap <= high - low; tap++) {
      taps[target * stride + tap]! /= sum;
    }
    first[target] = low;
    count[target] = high - low + 1;
  }
  return { first, count, taps, stride };
}

function alongRows(data: Float32Array, rows: number, by: Weights, width: number, pitch: number): Float32Array {
  const out = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      const from = row * pitch + by.first[column]!;
      for (let tap = 0; tap < by.count[column]!; tap++) {
        sum += data[from + tap]! * by.taps[column * by.stride + tap]!;
      }
      out[row * width + column] = sum;
    }
  }
  return out;
}

function alongColumns(data: Float32Array, width: number, by: Weights, height: number): Float32Array {
  const out = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let tap = 0; tap < by.count[row]!; tap++) {
      const weight = by.taps[row * by.stride + tap]!;
      const from = (by.first[row]! + tap) * width;
      for (let column = 0; column < width; column++) {
        out[row * width + column]! += data[from + column]! * weight;
      }
    }
  }
  return out;
}
