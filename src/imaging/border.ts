import { rangeOf } from './window.ts';

/** Share of a line that must have one value; the rest may be letters and markers. */
const UNIFORM = 0.97;
/** Part of the range of all values within which two values are one. */
const TOLERANCE = 0.01;
/** A border takes less than this of a side: else it is the picture that is empty. */
const MOST = 0.45;

/**
 * Collimator shadows and frames that are burnt into the pixels, black or white, where no header says padding: the lines
 * along each edge that have one value throughout, letters aside. Such a border says nothing of the exposure.
 *
 * @param data row-major, finite where it counts. @returns 1 where a border lies; undefined where there is none.
 */
export function burntBorder(data: Float32Array, width: number, height: number): Uint8Array | undefined {
  const { low, high } = rangeOf(data);
  const tolerance = TOLERANCE * Math.max(0, high - low);
  const rows = { line: (n: number) => n * width, step: 1, length: width, lines: height };
  const columns = { line: (n: number) => n, step: width, length: height, lines: width };
  const top = depth(data, rows, tolerance, 1);
  const bottom = depth(data, rows, tolerance, -1);
  const left = depth(data, columns, tolerance, 1);
  const right = depth(data, columns, tolerance, -1);
  if (top + bottom + left + right === 0 || top + bottom >= height || left + right >= width) {
    return undefined;
  }
  const mask = new Uint8Array(data.length).fill(1);
  for (let row = top; row < height - bottom; row++) {
    mask.fill(0, row * width + left, (row + 1) * width - right);
  }
  return mask;
}

interface Lines {
  line(n: number): number;
  readonly step: number;
  readonly length: number;
  readonly lines: number;
}

/** How many lines from an edge have the value of the outermost one. */
function depth(data: Float32Array, { line, step, length, lines }: Lines, tolerance: number, way: 1 | -1): number {
  const outermost = way === 1 ? 0 : lines - 1;
  // the middle value of a line with a marker on it
  const samples = Float32Array.from({ length: Math.min(length, 101) }, (_, n) => {
    return data[line(outermost) + Math.floor((n * length) / Math.min(length, 101)) * step]!;
  }).sort();
  const value = samples[samples.length >> 1]!;
  const allowed = Math.floor(length * (1 - UNIFORM));
  for (let count = 0; count < lines * MOST; count++) {
    const start = line(outermost + way * count);
    let other = 0;
    for (let n = 0; n < length; n++) {
      if (!(Math.abs(data[start + n * step]! - value) <= tolerance) && ++other > allowed) {
        return count;
      }
    }
  }
  return 0;
}
