import type { Decoder } from './decoder.ts';
import { readDicom } from './dicom.ts';
import { displayImage } from './pixels.ts';
import type { Range } from './window.ts';

/** One size of a film: row-major, 0 black to 65535 white. */
export interface ViewLevel {
  readonly width: number;
  readonly height: number;
  readonly values: Uint16Array;
}

/** A film for a screen: all that it holds, so that window and level can be turned there. */
export interface ViewFilm {
  /** Finest first; each half of the one before, down to a side of FIRST_SIDE pixels. */
  readonly levels: readonly ViewLevel[];
  /** What is shown as black and as white at first, as the header has it; 1 is 65535. May lie outside of 0 to 1. */
  readonly window: Range;
  /** Millimetres [between rows, between columns]. */
  readonly spacing?: readonly [number, number];
}

/** Longest side of the size that is shown first, before a finer one has come. */
export const FIRST_SIDE = 640;

/**
 * A DICOM file → the sizes of its first frame. Where the header's grey scale is a straight line, values are all between
 * the smallest and the largest; where it is a curve (a VOI LUT, a sigmoid) they are what the curve makes of them.
 *
 * @throws IntervalError `dicom-*`, `image-too-large`, `cancelled`.
 */
export async function readForViewing(bytes: Uint8Array, decoder: Decoder, signal?: AbortSignal): Promise<ViewFilm> {
  const file = readDicom(bytes);
  const stored = await decoder.decode(bytes, 0, signal);
  const all = displayImage(file, stored, { range: 'full' });
  const film = all.shown && all.full ? all : displayImage(file, stored);
  const { width, height } = film;
  const finest = { width, height, values: quantized(film.data) };
  const spacing = file.header.pixelSpacing;
  return {
    levels: halvings(finest),
    window: film.shown && film.full ? windowIn(film.full, film.shown, film.inverted === true) : { low: 0, high: 1 },
    ...(spacing ? { spacing } : {}),
  };
}

function windowIn(full: Range, shown: Range, inverted: boolean): Range {
  const span = full.high - full.low;
  if (!(span > 0)) {
    return { low: 0, high: 1 };
  }
  const [low, high] = [(shown.low - full.low) / span, (shown.high - full.low) / span];
  return inverted ? { low: 1 - high, high: 1 - low } : { low, high };
}

function quantized(data: Float32Array): Uint16Array {
  const values = new Uint16Array(data.length);
  for (let index = 0; index < data.length; index++) {
    values[index] = data[index]! * 65_535 + 0.5;
  }
  return values;
}

function halvings(finest: ViewLevel): readonly ViewLevel[] {
  const levels = [finest];
  for (let last = finest; Math.max(last.width, last.height) > FIRST_SIDE; last = levels.at(-1)!) {
    levels.push(halved(last));
  }
  return levels;
}

/** Means of 2 × 2; an odd last row or column counts twice. */
function halved({ width, height, values }: ViewLevel): ViewLevel {
  const [half, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const means = new Uint16Array(half * rows);
  for (let row = 0; row < rows; row++) {
    const upper = 2 * row * width;
    const lower = Math.min(2 * row + 1, height - 1) * width;
    for (let column = 0; column < half; column++) {
      const left = 2 * column;
      const right = Math.min(left + 1, width - 1);
      means[row * half + column] =
        (values[upper + left]! + values[upper + right]! + values[lower + left]! + values[lower + right]! + 2) >> 2;
    }
  }
  return { width: half, height: rows, values: means };
}
