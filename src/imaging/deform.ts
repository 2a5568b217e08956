import { correlation, type Level } from './correlate.ts';
import type { GreyImage } from './image.ts';
import type { Normalized } from './normalize.ts';
import { normalizedAt, type RegisterOptions } from './register.ts';
import { type Field, type Matrix, type Transform, warp } from './warp.ts';

export interface DeformOptions extends Pick<RegisterOptions, 'mask' | 'movingMask'> {
  /** Control points across the image side. Default 8. */
  readonly points?: number;
  /** Weight of the neighbours against a point's own match. Default 0.6; higher is stiffer. */
  readonly stiffness?: number;
}

export interface DeformableRegistration {
  readonly field: Field;
  /** Correlation as for the affine registration, after and before. */
  readonly score: number;
  readonly affineScore: number;
}

/**
 * Smooth refinement behind an affine registration: blocks around the points of a coarse grid are matched by normalised
 * cross-correlation, at two resolutions, and the displacements are smoothed by how sure each match is. Displacements
 * stay below 0.4 of the grid's spacing, so the B-spline cannot fold (Choi and Lee, Graphical Models 62, 2000). It is
 * stiff on purpose: breathing and posture are followed, an opacity is not explained away.
 */
export function registerDeformable(
  fixed: GreyImage,
  moving: GreyImage,
  matrix: Matrix,
  options: DeformOptions = {},
): DeformableRegistration {
  const { points = 8, stiffness = 0.6 } = options;
  const spacing = Math.sqrt(fixed.width * fixed.height) / points;
  const columns = Math.ceil((fixed.width - 1) / spacing) + 3;
  const rows = Math.ceil((fixed.height - 1) / spacing) + 3;
  let field: Field = {
    spacing,
    columns,
    rows,
    dx: new Float32Array(columns * rows),
    dy: new Float32Array(columns * rows),
  };
  let [score, affineScore] = [0, 0];
  for (const [round, side] of [128, 256].entries()) {
    const level = {
      fixed: normalizedAt(fixed, side, options.mask),
      moving: normalizedAt(moving, side, options.movingMask),
    };
    const before = align(level, fixed, moving, matrix, field);
    if (round === 0) {
      affineScore = before.score;
      score = before.score;
    }
    const matched = matchBlocks(level.fixed, before.image, field, fixed, round === 0 ? 7 : 4);
    const next = smooth(field, matched, stiffness);
    const after = align(level, fixed, moving, matrix, next).score;
    // A step that does not help is not taken.
    if (after > before.score) {
      field = next;
      score = after;
    }
  }
  return { field, score, affineScore };
}

/** The moving level under the transform, on the fixed level's grid, and how well it agrees. */
function align({ fixed, moving }: Level, full: GreyImage, fullMoving: GreyImage, matrix: Matrix, field: Field) {
  const transform = atLevel({ width: full.width, height: full.height, matrix, field }, fullMoving, fixed, moving);
  const { image, inside } = warp(moving, transform);
  const grey = { width: moving.width, height: moving.height, data: new Float32Array(moving.weight) };
  const counted = warp(grey, transform).image.data;
  const weight = inside.map((value, index) => (value && counted[index]! > 0.99 ? 1 : 0));
  let n = 0;
  let sf = 0;
  let sm = 0;
  let ff = 0;
  let mm = 0;
  let fm = 0;
  for (let index = 0; index < weight.length; index++) {
    if (weight[index] && fixed.weight[index]) {
      const vf = fixed.data[index]!;
      const vm = image.data[index]!;
      n++;
      sf += vf;
      sm += vm;
      ff += vf * vf;
      mm += vm * vm;
      fm += vf * vm;
    }
  }
  const score = correlation(n, sf, sm, ff, mm, fm);
  return { image: { ...image, weight } as Normalized, score };
}

/** The same transform between the reduced images. */
function atLevel(transform: Transform, fullMoving: GreyImage, fixed: GreyImage, moving: GreyImage): Transform {
  const [a, b, c, d, e, f] = transform.matrix;
  const { width, height, field } = transform;
  // Pixel i of n covers the same stretch as pixels i·r … (i+1)·r of the full image: centres move by (r − 1) / 2.
  const [rx, ry] = [width / fixed.width, height / fixed.height];
  const [sx, sy] = [fullMoving.width / moving.width, fullMoving.height / moving.height];
  const [ox, oy] = [(rx - 1) / 2, (ry - 1) / 2];
  const matrix: Matrix = [
    (a * rx) / sx,
    (b * ry) / sx,
    (a * ox + b * oy + c - (sx - 1) / 2) / sx,
    (d * rx) / sy,
    (e * ry) / sy,
    (d * ox + e * oy + f - (sy - 1) / 2) / sy,
  ];
  const scaled = field && {
    ...field,
    spacing: field.spacing / rx,
    dx: field.dx.map((value) => value / rx),
    dy: field.dy.map((value) => value / rx),
  };
  return { width: fixed.width, height: fixed.height, matrix, ...(scaled ? { field: scaled } : {}) };
}

interface Matches {
  /** Displacement asked for at each control point, in pixels of the full image, on top of the field. */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  readonly weight: Float32Array;
}

/** Best displacement of the block around each control point within `reach` pixels of the level. */
function matchBlocks(fixed: Normalized, moving: Normalized, field: Field, full: GreyImage, reach: number): Matches {
  const ratio = full.width / fixed.width;
  const radius = Math.round((field.spacing / ratio) * 0.8);
  const size = 2 * reach + 1;
  const matches = {
    dx: new Float32Array(field.dx.length),
    dy: new Float32Array(field.dx.length),
    weight: new Float32Array(field.dx.length),
  };
  const scores = new Float32Array(size * size);
  for (let row = 0; row < field.rows; row++) {
    for (let column = 0; column < field.columns; column++) {
      const x = Math.round(((column - 1) * field.spacing) / ratio);
      const y = Math.round(((row - 1) * field.spacing) / ratio);
      let best = 0;
      for (let index = 0; index < scores.length; index++) {
        const dx = (index % size) - reach;
        const dy = Math.floor(index / size) - reach;
        // Of equal matches the nearest: flat blocks stay where they are.
        scores[index] = blockScore(fixed, moving, x, y, dx, dy, radius) - 0.002 * (dx * dx + dy * dy);
        best = scores[index]! > scores[best]! ? index : best;
      }
      const top = scores[best]!;
      if (top <= 0.1) {
        continue;
      }
      const at = row * field.columns + column;
      const [bx, by] = [best % size, Math.floor(best / size)];
      const inner = bx > 0 && by > 0 && bx < size - 1 && by < size - 1;
      const subX = inner ? peak(scores[best - 1]!, top, scores[best + 1]!) : 0;
      const subY = inner ? peak(scores[best - size]!, top, scores[best + size]!) : 0;
      matches.dx[at] = (bx - reach + subX) * ratio;
      matches.dy[at] = (by - reach + subY) * ratio;
      matches.weight[at] = inner ? top * top : top * top * 0.1;
    }
  }
  return matches;
}

/** Top of the parabola through three neighbours, −0.5..0.5. */
function peak(left: number, middle: number, right: number): number {
  const curve = left - 2 * middle + right;
  return curve < -1e-6 ? Math.max(-0.5, Math.min(0.5, (0.5 * (left - right)) / curve)) : 0;
}

function blockScore(
  fixed: Normalized,
  moving: Normalized,
  x: number,
  y: number,
  dx: number,
  dy: number,
  radius: number,
) {
  const { width, height } = fixed;
  const left = Math.max(0, x - radius, -dx);
  const right = Math.min(width, x + radius + 1, width - dx);
  const top = Math.max(0, y - radius, -dy);
  const bottom = Math.min(height, y + radius + 1, height - dy);
  const shift = dy * width + dx;
  let n = 0;
  let sf = 0;
  let sm = 0;
  let ff = 0;
  let mm = 0;
  let fm = 0;
  for (let row = top; row < bottom; row += 2) {
    for (let column = left + (row & 1); column < right; column += 2) {
      const at = row * width + column;
      if (!fixed.weight[at] || !moving.weight[at + shift]) continue;
      const vf = fixed.data[at]!;
      const vm = moving.data[at + shift]!;
      n++;
      sf += vf;
      sm += vm;
      ff += vf * vf;
      mm += vm * vm;
      fm += vf * vm;
    }
  }
  const block = ((2 * radius + 1) / 2) ** 2;
  return n < block * 0.4 ? 0 : correlation(n, sf, sm, ff, mm, fm);
}

/** Balances each point's wish against its neighbours' displacements. */
function smooth(field: Field, matches: Matches, stiffness: number): Field {
  const { columns, rows, spacing } = field;
  const most = 0.4 * spacing;
  const solve = (now: Float32Array, wish: Float32Array) => {
    const d = new Float32Array(now);
    for (let round = 0; round < 60; round++) {
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const at = row * columns + column;
          let sum = 0;
          let count = 0;
          if (column > 0) {
            sum += d[at - 1]!;
            count++;
          }
          if (column < columns - 1) {
            sum += d[at + 1]!;
            count++;
          }
          if (row > 0) {
            sum += d[at - columns]!;
            count++;
          }
          if (row < rows - 1) {
            sum += d[at + columns]!;
            count++;
          }
          const weight = matches.weight[at]!;
          const own = weight * (now[at]! + wish[at]!);
          // A little pull to zero keeps points without any match from drifting.
          const value = (own + stiffness * (sum / count)) / (weight + stiffness + 0.01);
          d[at] = Math.max(-most, Math.min(most, value));
        }
      }
    }
    return d;
  };
  return { ...field, dx: solve(field.dx, matches.dx), dy: solve(field.dy, matches.dy) };
}
