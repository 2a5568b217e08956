import type { GreyImage } from '../../imaging/image.ts';
import { type FilmReading, type PixelBox, type Side, sides, type Zone, zonesOf } from './finding.ts';
import { CELLS, type LungMaps, lungAt } from './lungs.ts';

/** Cells of one lung: where it is, and its extent in rows and columns (inclusive). */
interface Lung {
  readonly map: Float32Array;
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
  readonly area: number;
  /** Mean of the map over its own cells: 1 when the model has no doubt. */
  readonly certainty: number;
  readonly centreX: number;
  readonly centreY: number;
}

/** Undefined when one of the lungs is missing. */
export function measureFilm(image: GreyImage, maps: LungMaps, view: FilmReading['view']): FilmReading | undefined {
  const right = extent(maps.right);
  const left = extent(maps.left);
  if (!right || !left) {
    return undefined;
  }
  const lungs = { right, left };
  // behind the heart the lung cannot be seen
  const opaque = maps.opacity.map((value, i) => (maps.heart[i]! > 0.5 ? Number.NaN : value));
  const opacity = Object.fromEntries(
    sides.flatMap((side) => zonesOf(side).map((zone, third) => [zone, zoneOpacity(lungs[side], opaque, third)])),
  ) as Record<Zone, number>;
  const width = left.right - right.left + 1;
  const height = (right.bottom - right.top + left.bottom - left.top + 2) / 2;
  const ratio = heartWidth(maps.heart, lungs) / width;
  return {
    view,
    width: image.width,
    height: image.height,
    lungs: { right: toBox(right, maps, image), left: toBox(left, maps, image) },
    chestLikeness: chestLikeness(lungs, maps),
    clipped: clipped(image, maps),
    opacity,
    base: { right: baseOpacity(right, opaque, 'right'), left: baseOpacity(left, opaque, 'left') },
    ...(ratio > 0.2 && ratio < 0.95 ? { heartRatio: ratio } : {}),
    inflation: height / width,
    tilt: (Math.atan2(left.centreY - right.centreY, left.centreX - right.centreX) * 180) / Math.PI,
    turn: Math.log(right.area / left.area),
    contrast: contrast(maps),
  };
}

function extent(map: Float32Array): Lung | undefined {
  const rows = new Float32Array(CELLS);
  const columns = new Float32Array(CELLS);
  let area = 0;
  let sum = 0;
  let [sumX, sumY] = [0, 0];
  for (let i = 0; i < map.length; i++) {
    const p = map[i]!;
    if (p > 0.5) {
      const x = i % CELLS;
      rows[(i - x) / CELLS]!++;
      columns[x]!++;
      area++;
      sum += p;
      sumX += x;
      sumY += (i - x) / CELLS;
    }
  }
  if (area < 60) {
    return undefined;
  }
  // a stray cell is no edge: rows and columns count from two cells on
  const first = (counts: Float32Array): number => counts.findIndex((count) => count >= 2);
  const last = (counts: Float32Array): number => counts.findLastIndex((count) => count >= 2);
  return {
    map,
    top: first(rows),
    bottom: last(rows),
    left: first(columns),
    right: last(columns),
    area,
    certainty: sum / area,
    centreX: sumX / area,
    centreY: sumY / area,
  };
}

/** Mean opacity over the cells of one lung that `weigh` counts. */
function meanOpacity(lung: Lung, opacity: Float32Array, weigh: (x: number, y: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let y = lung.top; y <= lung.bottom; y++) {
    for (let x = lung.left; x <= lung.right; x++) {
      const i = y * CELLS + x;
      const value = opacity[i]!;
      const weight = lung.map[i]! > 0.5 && !Number.isNaN(value) ? weigh(x, y) : 0;
      if (weight > 0) {
        sum += weight * value;
        total += weight;
      }
    }
  }
  return total > 0 ? sum / total : 0;
}

/** Thirds of the lung's height; the borders are soft over a twelfth, so that a shift of one cell does not jump. */
function zoneOpacity(lung: Lung, opacity: Float32Array, third: number): number {
  const height = lung.bottom - lung.top + 1;
  return meanOpacity(lung, opacity, (_x, y) => {
    const at = ((y + 0.5 - lung.top) / height) * 3 - third;
    return Math.max(0, Math.min(1, (at + 0.125) * 4, (1.125 - at) * 4));
  });
}

function baseOpacity(lung: Lung, opacity: Float32Array, side: Side): number {
  const height = lung.bottom - lung.top + 1;
  const width = lung.right - lung.left + 1;
  return meanOpacity(lung, opacity, (x, y) => {
    const low = (lung.bottom - y) / height < 0.2;
    const outer = side === 'right' ? (x - lung.left) / width < 0.5 : (lung.right - x) / width < 0.5;
    return low && outer ? 1 : 0;
  });
}

function heartWidth(heart: Float32Array, lungs: Readonly<Record<Side, Lung>>): number {
  const columns = new Float32Array(CELLS);
  const floor = Math.max(lungs.right.bottom, lungs.left.bottom);
  for (let i = 0; i < heart.length; i++) {
    if (heart[i]! > 0.5 && i / CELLS <= floor) {
      columns[i % CELLS]!++;
    }
  }
  const first = columns.findIndex((count) => count >= 3);
  const last = columns.findLastIndex((count) => count >= 3);
  return first < 0 ? 0 : last - first + 1;
}

/** Product of what two lungs on a frontal film must look like; each part falls to 0 where no real chest was seen. */
function chestLikeness(lungs: Readonly<Record<Side, Lung>>, maps: LungMaps): number {
  const { right, left } = lungs;
  const ramp = (value: number, none: number, full: number): number =>
    Math.max(0, Math.min(1, (value - none) / (full - none)));
  const ratio = Math.min(right.area, left.area) / Math.max(right.area, left.area);
  const height = Math.max(right.bottom, left.bottom) - Math.min(right.top, left.top) + 1;
  const width = left.right - right.left + 1;
  const shared = Math.min(right.bottom, left.bottom) - Math.max(right.top, left.top);
  let doubt = 0;
  for (let i = 0; i < maps.right.length; i++) {
    const p = Math.max(maps.right[i]!, maps.left[i]!);
    doubt += p > 0.1 && p < 0.9 ? 1 : 0;
  }
  return (
    ramp(Math.min(right.certainty, left.certainty), 0.75, 0.92) *
    ramp(ratio, 0.15, 0.4) *
    ramp(shared / height, 0.35, 0.6) *
    ramp((left.centreX - right.centreX) / width, 0.25, 0.4) *
    ramp(width / height, 0.45, 0.7) *
    ramp(-width / height, -2.2, -1.6) *
    ramp(-doubt / (right.area + left.area), -0.9, -0.4) *
    ramp(Math.min(fill(right), fill(left)), 0.3, 0.45)
  );
}

function fill(lung: Lung): number {
  return lung.area / ((lung.bottom - lung.top + 1) * (lung.right - lung.left + 1));
}

/** Share of the film's pixels under the lungs that carry no information any more. */
function clipped(image: GreyImage, maps: LungMaps): number {
  const cell = maps.window.side / CELLS;
  let [out, all] = [0, 0];
  for (let i = 0; i < maps.right.length; i++) {
    if (lungAt(maps, i) === 0) {
      continue;
    }
    const x = Math.round(maps.window.x + ((i % CELLS) + 0.5) * cell);
    const y = Math.round(maps.window.y + (Math.floor(i / CELLS) + 0.5) * cell);
    if (x >= 0 && y >= 0 && x < image.width && y < image.height) {
      const value = image.data[y * image.width + x]!;
      all++;
      out += value <= 0.004 || value >= 0.996 ? 1 : 0;
    }
  }
  return all === 0 ? 1 : out / all;
}

/** Between the 5th and the 95th of a hundred cells of the film, black borders left out. */
function contrast({ grey }: LungMaps): number {
  const seen = grey.filter((value) => value > 0.004).sort();
  const at = (share: number): number => seen[Math.floor(share * seen.length)] ?? 0;
  return Math.max(0, Math.min(1, at(0.95) - at(0.05)));
}

function toBox(lung: Lung, maps: LungMaps, image: GreyImage): PixelBox {
  return cellsToBox(maps, image, lung.left, lung.top, lung.right, lung.bottom);
}

/** Cells (inclusive) → pixels of the film, cut to its edges. */
export function cellsToBox(
  maps: Pick<LungMaps, 'window'>,
  image: { readonly width: number; readonly height: number },
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): PixelBox {
  const cell = maps.window.side / CELLS;
  const x = (value: number): number => Math.round(Math.max(0, Math.min(image.width, maps.window.x + value * cell)));
  const y = (value: number): number => Math.round(Math.max(0, Math.min(image.height, maps.window.y + value * cell)));
  return [x(x0), y(y0), x(x1 + 1), y(y1 + 1)];
}
