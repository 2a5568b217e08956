import type { Matrix } from '../../imaging/warp.ts';
import { type DifferenceMap, type FilmReading, type FindingChange, type PixelBox, zones } from './finding.ts';
import { boundsOf, CELLS, type LungMaps, lungAt } from './lungs.ts';
import { cellsToBox } from './measure.ts';

/** Cells of the map that is kept, per side. */
const KEPT = 56;

/** Where the current film is denser (positive) or clearer than the prior one, laid on the current film's lungs. */
export function differenceMap(prior: LungMaps, current: LungMaps, toPrior: Matrix): DifferenceMap {
  const [a, b, c, d, e, f] = toPrior;
  const step = CELLS / KEPT;
  const values = new Int8Array(KEPT * KEPT);
  for (let row = 0; row < KEPT; row++) {
    for (let column = 0; column < KEPT; column++) {
      let [sum, count] = [0, 0];
      for (let y = row * step; y < (row + 1) * step; y++) {
        for (let x = column * step; x < (column + 1) * step; x++) {
          const at = y * CELLS + x;
          const there = Math.round(d * x + e * y + f) * CELLS + Math.round(a * x + b * y + c);
          const before = prior.opacity[there];
          if (before !== undefined && lungAt(current, at) > 0 && lungAt(prior, there) > 0) {
            sum += current.opacity[at]! - before;
            count++;
          }
        }
      }
      values[row * KEPT + column] = count === 0 ? 0 : Math.round((100 * sum) / count);
    }
  }
  const { x, y, side } = current.window;
  return { window: [x, y, side], cells: KEPT, values: Buffer.from(values.buffer).toString('base64') };
}

/** Cells of a difference map, −100 to 100, row-major. */
export function differenceCells(map: DifferenceMap): Int8Array {
  const bytes = Buffer.from(map.values, 'base64');
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The box around what a finding speaks of: its zones of the lung, cut to the cells that are opaque where any are. */
export function regionOf(finding: FindingChange, maps: LungMaps, film: FilmReading): PixelBox | undefined {
  if (finding.finding === 'cardiomegaly') {
    return boxOf(maps, film, (i) => maps.heart[i]! > 0.5);
  }
  const side = finding.side;
  if (!side) {
    return undefined;
  }
  const lung = maps[side];
  const rows = rowsOf(lung);
  const thirds = zones.flatMap((zone, n) => (finding.zones.includes(zone) ? [n % 3] : []));
  const third = (y: number): number => Math.min(2, Math.floor(((y - rows.first) / (rows.last - rows.first + 1)) * 3));
  const inZones = (i: number): boolean => lung[i]! > 0.5 && thirds.includes(third(Math.floor(i / CELLS)));
  const dense = (i: number): boolean => inZones(i) && maps.opacity[i]! > 0.5;
  const opaque = boxOf(maps, film, dense);
  return opaque && area(opaque) > 0.002 * film.width * film.height ? opaque : boxOf(maps, film, inZones);
}

function area([x0, y0, x1, y1]: PixelBox): number {
  return (x1 - x0) * (y1 - y0);
}

function rowsOf(map: Float32Array): { readonly first: number; readonly last: number } {
  const inside = (value: number): boolean => value > 0.5;
  return { first: Math.floor(map.findIndex(inside) / CELLS), last: Math.floor(map.findLastIndex(inside) / CELLS) };
}

/** The box on the film around the cells that count. */
function boxOf(maps: LungMaps, film: FilmReading, counts: (cell: number) => boolean): PixelBox | undefined {
  const { x0, y0, x1, y1, cells } = boundsOf(counts);
  return cells === 0 ? undefined : cellsToBox(maps, film, x0, y0, x1, y1);
}
