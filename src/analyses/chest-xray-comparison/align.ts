import type { GreyImage } from '../../imaging/image.ts';
import { registerAffine } from '../../imaging/register.ts';
import { invertMatrix, type Matrix } from '../../imaging/warp.ts';
import { resize } from '../../resample.ts';
import { CELLS, cut, type FilmWindow, type LungMaps, lungAt } from './lungs.ts';
import { fineStructure } from './structure.ts';

/** Side of the pictures that are aligned. */
const SIDE = 224;
/** Side of those whose fine structure is compared. */
const FINE = 320;

export interface Alignment {
  readonly score: number;
  readonly overlap: number;
  /** Cells of the first film's maps → cells of the second's. */
  readonly cells: Matrix;
  /** Pixels of the first film → pixels of the second. */
  readonly pixels: Matrix;
}

/** Aligns two films by the structure inside and around their lungs; both windows already hold the lungs at one scale. */
export function align(one: GreyImage, oneMaps: LungMaps, other: GreyImage, otherMaps: LungMaps): Alignment {
  const fixed = square(one, oneMaps.window, SIDE);
  const moving = square(other, otherMaps.window, SIDE);
  const masks = [lungMask(oneMaps, SIDE), lungMask(otherMaps, SIDE)] as const;
  const { matrix, score, overlap } = registerAffine(fixed, moving, {
    mask: masks[0],
    movingMask: masks[1],
    maxRotation: 12,
    maxScale: 1.25,
    maxShift: 0.15,
    maxShear: 0.15,
  });
  const ratio = SIDE / CELLS;
  return {
    score: Math.max(-1, Math.min(1, score)),
    overlap: Math.max(0, Math.min(1, overlap)),
    // a cell's centre lies half a cell in, the matrix counts from pixel centres
    cells: rescale(matrix, ratio, (ratio - 1) / 2),
    pixels: compose(invertMatrix(placed(otherMaps.window)), compose(matrix, placed(oneMaps.window))),
  };
}

/** Correlation of the fine structure of two aligned films (structure.ts), −1 to 1. */
export function bones(
  one: GreyImage,
  oneMaps: LungMaps,
  other: GreyImage,
  otherMaps: LungMaps,
  { cells }: Alignment,
): number {
  // from pixels of the squares to cells and back, pixel centres included
  const ratio = CELLS / FINE;
  return fineStructure(
    square(one, oneMaps.window, FINE),
    square(other, otherMaps.window, FINE),
    rescale(cells, ratio, (ratio - 1) / 2),
    [lungMask(oneMaps, FINE), lungMask(otherMaps, FINE)],
  );
}

/** Pixels of a film → pixels of its square picture. */
function placed({ x, y, side }: FilmWindow): Matrix {
  const s = SIDE / side;
  return [s, 0, (0.5 - x) * s - 0.5, 0, s, (0.5 - y) * s - 0.5];
}

function compose([a, b, c, d, e, f]: Matrix, [g, h, i, j, k, l]: Matrix): Matrix {
  return [a * g + b * j, a * h + b * k, a * i + b * l + c, d * g + e * j, d * h + e * k, d * i + e * l + f];
}

function rescale(matrix: Matrix, ratio: number, offset: number): Matrix {
  return compose(
    invertMatrix([ratio, 0, offset, 0, ratio, offset]),
    compose(matrix, [ratio, 0, offset, 0, ratio, offset]),
  );
}

function square(image: GreyImage, window: FilmWindow, side: number): GreyImage {
  const scale = Math.min(1, side / window.side);
  // shrink first: the film may be a hundred times larger than what is compared
  const small =
    scale < 1
      ? resize(image, Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)))
      : image;
  const part = { x: window.x * scale, y: window.y * scale, side: window.side * scale };
  return resize(cut(small, part), side, side);
}

/** The lungs with a margin of a tenth of the window, so that ribs, diaphragm and heart borders count. */
function lungMask(maps: LungMaps, side: number): Uint8Array {
  const margin = Math.round(CELLS * 0.05);
  const cells = new Uint8Array(CELLS * CELLS);
  for (let i = 0; i < maps.right.length; i++) {
    if (lungAt(maps, i) === 0) {
      continue;
    }
    const x = i % CELLS;
    const y = (i - x) / CELLS;
    for (const row of [y - margin, y, y + margin]) {
      if (row >= 0 && row < CELLS) {
        cells.fill(1, row * CELLS + Math.max(0, x - margin), row * CELLS + Math.min(CELLS, x + margin + 1));
      }
    }
  }
  const mask = new Uint8Array(side * side);
  for (let y = 0, i = 0; y < side; y++) {
    const row = Math.floor((y * CELLS) / side) * CELLS;
    for (let x = 0; x < side; x++, i++) {
      mask[i] = cells[row + Math.floor((x * CELLS) / side)]!;
    }
  }
  return mask;
}
