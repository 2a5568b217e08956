import { type Ink, marksOf } from './ink.ts';
import type { Grey } from './picture.ts';

/** Runs of ink of at least `least` pixels along a row or a column, gaps of up to `gap` pixels bridged: [from, to) pairs. */
function runs(
  mask: Uint8Array,
  start: number,
  step: number,
  count: number,
  { least, gap }: { readonly least: number; readonly gap: number },
): readonly number[] {
  const out: number[] = [];
  let from = -1;
  let last = -1;
  let ink = 0;
  for (let index = 0; index <= count; index++) {
    if (index < count && mask[start + index * step] === 1) {
      if (from < 0) {
        from = index;
        ink = 0;
      }
      last = index;
      ink++;
    } else if (from >= 0 && (index === count || index - last > gap)) {
      if (last + 1 - from >= least && ink >= 0.6 * (last + 1 - from)) {
        out.push(from, last + 1);
      }
      from = -1;
    }
  }
  return out;
}

/** Pixels of ink in one go through a pixel, along a step, at most `most` to either side. */
function thickness(mask: Uint8Array, at: number, step: number, most: number): number {
  let count = 1;
  for (let n = 1; n <= most && mask[at + n * step] === 1; n++) count++;
  for (let n = 1; n <= most && mask[at - n * step] === 1; n++) count++;
  return count;
}

/**
 * The picture without the lines of tables and underlines: long thin runs of ink, level or upright, become paper. Where
 * a letter stands on a line its strokes stay. The page must be level; `letter` is the height of its letters in pixels.
 */
export function withoutRules(
  grey: Grey,
  { mask, width, height }: Ink,
  letter: number,
): { readonly grey: Grey; readonly ink: Ink } {
  const thin = Math.max(3, Math.round(letter * 0.3));
  const rule = new Uint8Array(mask.length);
  const level = new Uint8Array(mask.length);
  const strike = (
    start: number,
    step: number,
    count: number,
    across: number,
    wanted: { readonly least: number; readonly gap: number },
  ) => {
    const found = runs(mask, start, step, count, wanted);
    for (let index = 0; index < found.length; index += 2) {
      for (let n = found[index]!; n < found[index + 1]!; n++) {
        const at = start + n * step;
        // Where two lines cross neither is thin.
        if (level[at] === 1 || thickness(mask, at, across, thin + 1) <= thin) {
          rule[at] = 1;
        }
        level[at] = 1;
      }
    }
  };
  // Whole lines may be short; broken ones, as a fax has them, must be longer than letters in a row can be.
  const broken = Math.round(0.4 * letter);
  for (let y = 0; y < height; y++) {
    strike(y * width, 1, width, width, { least: Math.max(40, 4 * letter), gap: 2 });
    strike(y * width, 1, width, width, { least: 14 * letter, gap: broken });
  }
  for (let x = 0; x < width; x++) {
    strike(x, width, height, 1, { least: Math.max(24, 2.6 * letter), gap: 2 });
    strike(x, width, height, 1, { least: 7 * letter, gap: broken });
  }
  const paper = paperOf(grey);
  const data = Uint8Array.from(grey.data);
  const left = Uint8Array.from(mask);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (rule[at] === 1) {
        left[at] = 0;
        // The soft edge of the line goes with it; ink beside it that is no line stays.
        for (const near of [at, at - 1, at + 1, at - width, at + width]) {
          if (near === at || mask[near] === 0) data[near] = paper;
        }
      }
    }
  }
  return { grey: { data, width, height }, ink: { mask: left, width, height } };
}

/** Specks are of so few pixels; the points of print are of more. */
const speckPixels = 3;

/** The picture without its specks: marks of hardly a pixel become paper, thin strokes stay as they are. */
export function withoutSpecks(grey: Grey, ink: Ink): Grey {
  const { marks, labels } = marksOf(ink);
  const paper = paperOf(grey);
  const data = grey.data.map((value, at) => {
    const label = labels[at]!;
    return label > 0 && marks[label - 1]!.pixels <= speckPixels ? paper : value;
  });
  return { ...grey, data };
}

/** The usual grey of the paper. */
function paperOf({ data }: Grey): number {
  const histogram = new Uint32Array(256);
  const step = Math.max(1, Math.floor(data.length / 200_000));
  let count = 0;
  for (let at = 0; at < data.length; at += step) {
    histogram[data[at]!]! += 1;
    count++;
  }
  let value = 0;
  for (let below = histogram[0]!; value < 255 && below < count / 2; below += histogram[value]!) value++;
  return value;
}

/**
 * White print on dark bands turned over: blocks that are dark throughout, higher than a line of print and much wider,
 * become dark print on paper. Everything else stays. `letter` is the height of the page's letters in pixels.
 */
export function bandsTurned(grey: Grey, letter: number): Grey {
  const cell = Math.max(3, Math.round(letter / 3));
  const columns = Math.floor(grey.width / cell);
  const rows = Math.floor(grey.height / cell);
  const dark = new Uint8Array(columns * rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let low = 0;
      for (let y = row * cell; y < (row + 1) * cell; y++) {
        for (let x = column * cell; x < (column + 1) * cell; x++) {
          if (grey.data[y * grey.width + x]! < 150) low++;
        }
      }
      if (low > 0.55 * cell * cell) {
        dark[row * columns + column] = 1;
        count++;
      }
    }
  }
  // A dark desk around a photographed page, or a page in negative: nothing for this.
  if (count === 0 || count > 0.3 * dark.length) {
    return grey;
  }
  const data = Uint8Array.from(grey.data);
  const done = new Uint8Array(dark.length);
  for (let start = 0; start < dark.length; start++) {
    if (dark[start] === 0 || done[start] === 1) continue;
    const band = spread(dark, done, start, columns, rows);
    const wide = band.x1 - band.x0;
    const high = band.y1 - band.y0;
    const inside = band.x0 > 0 && band.y0 > 0 && band.x1 < columns && band.y1 < rows;
    if (high >= 5 && high <= 24 && wide >= 4 * high && band.count > 0.6 * wide * high && inside) {
      turnOver(data, grey, band, cell);
    }
  }
  return { ...grey, data };
}

interface Band {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  count: number;
}

function spread(dark: Uint8Array, done: Uint8Array, start: number, columns: number, rows: number): Band {
  const band: Band = { x0: columns, y0: rows, x1: 0, y1: 0, count: 0 };
  const stack = [start];
  done[start] = 1;
  while (stack.length > 0) {
    const at = stack.pop()!;
    const x = at % columns;
    const y = (at - x) / columns;
    band.x0 = Math.min(band.x0, x);
    band.x1 = Math.max(band.x1, x + 1);
    band.y0 = Math.min(band.y0, y);
    band.y1 = Math.max(band.y1, y + 1);
    band.count++;
    for (const next of [x > 0 ? at - 1 : -1, x + 1 < columns ? at + 1 : -1, at - columns, at + columns]) {
      if (next >= 0 && next < dark.length && dark[next] === 1 && done[next] === 0) {
        done[next] = 1;
        stack.push(next);
      }
    }
  }
  return band;
}

/** Light and dark of a band exchanged; its edges, which lie between two cells, are found by their darkness. */
function turnOver(data: Uint8Array, grey: Grey, band: Band, cell: number): void {
  const left = Math.max(0, band.x0 * cell - cell);
  const right = Math.min(grey.width, band.x1 * cell + cell);
  const darkRow = (y: number) => {
    let low = 0;
    for (let x = left + cell; x < right - cell; x++) if (grey.data[y * grey.width + x]! < 150) low++;
    return low > 0.45 * (right - left - 2 * cell);
  };
  let top = band.y0 * cell;
  let bottom = band.y1 * cell;
  while (top > 0 && top > (band.y0 - 1) * cell && darkRow(top - 1)) top--;
  while (bottom < grey.height && bottom < (band.y1 + 1) * cell && darkRow(bottom)) bottom++;
  const histogram = new Uint32Array(256);
  for (let y = top; y < bottom; y++) {
    for (let x = left + cell; x < right - cell; x++) histogram[grey.data[y * grey.width + x]!]!++;
  }
  const total = histogram.reduce((sum, value) => sum + value, 0);
  let ground = 0;
  for (let sum = 0; ground < 255 && sum + histogram[ground]! < 0.4 * total; ground++) sum += histogram[ground]!;
  for (let y = top; y < bottom; y++) {
    let from = left;
    let to = right;
    // Beyond the band's ends paper stays paper.
    while (from < left + 2 * cell && grey.data[y * grey.width + from]! > 150) from++;
    while (to > right - 2 * cell && grey.data[y * grey.width + to - 1]! > 150) to--;
    for (let x = from; x < to; x++) {
      const light = Math.max(0, grey.data[y * grey.width + x]! - ground) / Math.max(40, 255 - ground);
      data[y * grey.width + x] = Math.round(255 * (1 - Math.min(1, light)));
    }
  }
}
