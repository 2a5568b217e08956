import type { GreyImage } from '../../imaging/image.ts';
import { registerAffine } from '../../imaging/register.ts';
import { invertMatrix, type Matrix } from '../../imaging/warp.ts';
import { resize } from '../../resample.ts';
import { CELLS, cut, type FilmWindow, type LungMaps } from './lungs.ts';

/** Side of the pictures that are aligned. */
const SIDE = 224;

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
  const fixed = square(one, oneMaps.window);
  const moving = square(other, otherMaps.window);
  const { matrix, score, overlap } = registerAffine(fixed, moving, {
    mask: lungMask(oneMaps),
    movingMask: lungMask(otherMaps),
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

function square(image: GreyImage, window: FilmWindow): GreyImage {
  const scale = Math.min(1, SIDE / window.side);
  // shrink first: the film may be a hundred times larger than what is compared
  const small =
    scale < 1
      ? resize(image, Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)))
      : image;
  const part = { x: window.x * scale, y: window.y * scale, side: window.side * scale };
  return resize(cut(small, part), SIDE, SIDE);
}

/** The lungs with a margin of a tenth of the window, so that ribs, diaphragm and heart borders count. */
function lungMask(maps: LungMaps): Uint8Array {
  const margin = Math.round(CELLS * 0.05);
  const mask = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < maps.right.length; i++) {
    if (Math.max(maps.right[i]!, maps.left[i]!) <= 0.5) {
      continue;
    }
    const x = i % CELLS;
    const y = (i - x) / CELLS;
    const to = Math.min(SIDE, (x + margin + 1) * 2);
    const from = Math.max(0, (x - margin) * 2);
    for (const row of [y - margin, y, y + margin]) {
      if (row >= 0 && row < CELLS) {
        mask.fill(1, row * 2 * SIDE + from, row * 2 * SIDE + to);
        mask.fill(1, (row * 2 + 1) * SIDE + from, (row * 2 + 1) * SIDE + to);
      }
    }
  }
  return mask;
}
