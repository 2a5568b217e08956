import type { GreyImage } from '../../imaging/image.ts';
import type { TensorModel } from '../../inference/model.ts';
import { resize } from '../../resample.ts';

/** Side of the model's input, and of its output maps. */
const SIDE = 224;
export const CELLS = 112;

/** A square part of the film, in its pixels; it may reach beyond the edges. */
export interface FilmWindow {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** What models/lung-field says of one film; each map CELLS × CELLS, 0 to 1, over `window`. */
export interface LungFields {
  readonly window: FilmWindow;
  readonly right: Float32Array;
  readonly left: Float32Array;
  readonly heart: Float32Array;
  /** The film itself at this scale, 0 to 1; 0 where the window reaches beyond it. */
  readonly grey: Float32Array;
}

/** With what models/lung-opacity says: share of the air that is gone, 0 to 1, per cell (opacity.ts). */
export interface LungMaps extends LungFields {
  readonly opacity: Float32Array;
}

/** Which lung a cell belongs to: 0 neither, 1 the right one, 2 the left one. */
export function lungAt({ right, left }: Pick<LungFields, 'right' | 'left'>, cell: number): 0 | 1 | 2 {
  return Math.max(right[cell]!, left[cell]!) > 0.5 ? (right[cell]! > left[cell]! ? 1 : 2) : 0;
}

/** The box (inclusive) around the cells that count, and how many they are; it is empty where there are none. */
export function boundsOf(counts: (cell: number) => boolean) {
  let [x0, y0, x1, y1, cells] = [CELLS, CELLS, -1, -1, 0];
  for (let i = 0; i < CELLS * CELLS; i++) {
    if (counts(i)) {
      const x = i % CELLS;
      const y = (i - x) / CELLS;
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
      cells++;
    }
  }
  return { x0, y0, x1, y1, cells };
}

/**
 * Runs the model twice: on the whole film to find the lungs, then on a square around them, so that a film with a wide
 * field and a tightly collimated one are measured at one scale. Undefined when the first look finds no two lungs.
 */
export async function findLungs(
  image: GreyImage,
  model: TensorModel,
  signal: AbortSignal,
): Promise<LungFields | undefined> {
  const scale = Math.min(1, (SIDE * 3) / Math.max(image.width, image.height));
  const small = scale < 1 ? resize(image, Math.round(image.width * scale), Math.round(image.height * scale)) : image;
  const whole = Math.max(small.width, small.height);
  const first = await look(
    small,
    { x: (small.width - whole) / 2, y: (small.height - whole) / 2, side: whole },
    model,
    signal,
  );
  const around = windowAround(first);
  const maps = around && (await look(small, around, model, signal));
  if (!maps) {
    return undefined;
  }
  const { x, y, side } = maps.window;
  return { ...maps, window: { x: x / scale, y: y / scale, side: side / scale } };
}

async function look(
  image: GreyImage,
  window: FilmWindow,
  model: TensorModel,
  signal: AbortSignal,
): Promise<LungFields> {
  const grey = resize(cut(image, window), SIDE, SIDE).data;
  const data = equalise(grey);
  const output = await model.run({ image: { type: 'float32', dims: [1, 1, SIDE, SIDE], data } }, signal);
  const maps = output.maps!.data as Float32Array;
  const plane = (n: number): Float32Array => maps.slice(n * CELLS * CELLS, (n + 1) * CELLS * CELLS);
  return { window, right: plane(0), left: plane(1), heart: plane(2), grey: halve(grey) };
}

/** Mean over 2 × 2. */
function halve(grey: Float32Array): Float32Array {
  return Float32Array.from({ length: CELLS * CELLS }, (_, i) => {
    const x = i % CELLS;
    const at = 4 * (i - x) + 2 * x;
    return (grey[at]! + grey[at + 1]! + grey[at + SIDE]! + grey[at + SIDE + 1]!) / 4;
  });
}

/** The part of an image under a window, black where there is none. */
export function cut(image: GreyImage, window: FilmWindow): GreyImage {
  const side = Math.max(8, Math.round(window.side));
  const [left, top] = [Math.round(window.x), Math.round(window.y)];
  const data = new Float32Array(side * side);
  const from = Math.max(0, left);
  const to = Math.min(image.width, left + side);
  for (let row = Math.max(0, -top); row < side && row + top < image.height; row++) {
    const start = (row + top) * image.width;
    if (to > from) {
      data.set(image.data.subarray(start + from, start + to), row * side + from - left);
    }
  }
  return { width: side, height: side, data };
}

/**
 * Each pixel's rank among what is not black border, in 1024 steps: `normalise` of models/lung-field/train.py. What the
 * model sees does not depend on exposure, window or gamma.
 */
function equalise(values: Float32Array): Float32Array {
  const counts = new Float64Array(1024);
  let all = 0;
  const step = (value: number): number => Math.min(1023, Math.max(0, Math.floor(value * 1023)));
  for (const value of values) {
    if (value > 0.004) {
      counts[step(value)]!++;
      all++;
    }
  }
  if (all < 100) {
    return values;
  }
  let below = 0;
  const ranks = counts.map((count) => {
    below += count;
    return (below - 0.5 * count) / all;
  });
  return values.map((value) => (value > 0.004 ? ranks[step(value)]! : 0));
}

function windowAround(maps: LungFields): FilmWindow | undefined {
  const { x0, y0, x1, y1, cells } = boundsOf((cell) => lungAt(maps, cell) > 0);
  if (cells < 60) {
    return undefined;
  }
  const cell = maps.window.side / CELLS;
  const side = Math.max(x1 - x0 + 1, y1 - y0 + 1) * cell * 1.24;
  return {
    x: maps.window.x + ((x0 + x1 + 1) / 2) * cell - side / 2,
    y: maps.window.y + ((y0 + y1 + 1) / 2) * cell - side / 2,
    side,
  };
}
