import { describe, expect, test } from '@jest/globals';
import type { GreyImage } from '../../src/imaging/image.ts';
import { registerAffine } from '../../src/imaging/register.ts';
import { toSquare } from '../../src/imaging/square.ts';
import { invertMatrix, type Matrix, warp } from '../../src/imaging/warp.ts';
import { resize } from '../../src/resample.ts';

/** Smooth blobs that do not repeat: something to hold on to. */
function scene(side: number): GreyImage {
  const data = new Float32Array(side * side).fill(0.2);
  const { exp, ceil, floor, max, min } = Math;
  for (let index = 0; index < 40; index++) {
    const [cx, cy] = [(((index * 37) % 101) / 101) * side, (((index * 53) % 97) / 97) * side];
    const radius = (0.03 + 0.05 * (((index * 29) % 31) / 31)) * side;
    const height = 0.15 + 0.3 * (((index * 17) % 23) / 23);
    for (let y = max(0, ceil(cy - 3 * radius)); y <= min(side - 1, floor(cy + 3 * radius)); y++) {
      for (let x = max(0, ceil(cx - 3 * radius)); x <= min(side - 1, floor(cx + 3 * radius)); x++) {
        const at = y * side + x;
        const distance = ((x - cx) ** 2 + (y - cy) ** 2) / radius ** 2;
        data[at] = min(0.95, data[at]! + height * exp(-distance / 2));
      }
    }
  }
  return { width: side, height: side, data };
}

/** The transform from the fixed image to the moving one, about the centre. */
function about(side: number, scale: number, degrees: number, tx: number, ty: number): Matrix {
  const centre = (side - 1) / 2;
  const angle = (degrees * Math.PI) / 180;
  const [a, d] = [scale * Math.cos(angle), scale * Math.sin(angle)];
  return [a, -d, centre + tx - a * centre + d * centre, d, a, centre + ty - d * centre - a * centre];
}

/** Point of the fixed image → point of the moving one. */
function mapPoint([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] {
  return [a * x + b * y + c, d * x + e * y + f];
}

/** Mean distance in pixels between where two transforms put a grid of points of the middle. */
function distance(side: number, one: Matrix, other: Matrix): number {
  let [sum, count] = [0, 0];
  for (let y = side * 0.2; y < side * 0.8; y += side / 12) {
    for (let x = side * 0.2; x < side * 0.8; x += side / 12) {
      const [ax, ay] = mapPoint(one, x, y);
      const [bx, by] = mapPoint(other, x, y);
      sum += Math.hypot(ax - bx, ay - by);
      count++;
    }
  }
  return sum / count;
}

const side = 320;
const large = scene(side);

describe('affine', () => {
  test.each([
    ['nothing', 1, 0, 0, 0],
    ['a shift', 1, 0, 40, -25],
    ['a rotation', 1, 9, 0, 0],
    ['a scale', 1.15, 0, 5, 5],
    ['all of them', 0.88, -7, -30, 22],
  ])('finds %s within a pixel, whatever the exposure', (_, scale, degrees, tx, ty) => {
    const truth = about(side, scale, degrees, tx, ty);
    // The fixed image shows at x what the moving one shows at truth(x).
    const fixed = warp(large, { width: side, height: side, matrix: truth }).image;
    const exposed = { ...large, data: large.data.map((value) => 0.1 + 0.6 * value ** 1.6) };
    const found = registerAffine(fixed, exposed);
    expect(distance(side, found.matrix, truth)).toBeLessThan(1);
    expect(found.score).toBeGreaterThan(0.9);
  });

  test('images of different size and shape', () => {
    const other = resize(large, 512, 300);
    const { matrix, score } = registerAffine(large, other, { maxShear: 0.5, maxScale: 2 });
    expect(score).toBeGreaterThan(0.95);
    const truth: Matrix = [512 / side, 0, 512 / side / 2 - 0.5, 0, 300 / side, 300 / side / 2 - 0.5];
    expect(distance(side, matrix, truth)).toBeLessThan(1.5);
  });

  test('stays inside its limits, and unrelated images score low', () => {
    const noise = {
      ...large,
      data: Float32Array.from({ length: side * side }, (_, index) => ((index * 7919) % 1013) / 1013),
    };
    const found = registerAffine(large, noise, { maxRotation: 5, maxScale: 1.1, maxShift: 0.1, maxShear: 0 });
    const [a, b, , d, e] = found.matrix;
    expect(Math.hypot(a, d)).toBeLessThan(1.101);
    expect(Math.abs((Math.atan2(d, a) * 180) / Math.PI)).toBeLessThan(5.01);
    expect([a - e, b + d].every((rest) => Math.abs(rest) < 1e-6)).toBe(true);
    expect(found.score).toBeLessThan(0.3);
  });

  test('a blank image: score 0, no crash', () => {
    const blank = { ...large, data: new Float32Array(side * side) };
    expect(registerAffine(large, blank).score).toBe(0);
    expect(registerAffine(blank, blank).score).toBe(0);
  });

  test('what lies outside the mask does not count', () => {
    const mask = new Uint8Array(side * side);
    for (let y = 0; y < side; y++) {
      mask.fill(1, y * side, y * side + side * 0.6);
    }
    const truth = about(side, 1, 0, 12, 6);
    const fixed = warp(large, { width: side, height: side, matrix: truth }).image;
    // The right part moves the other way.
    const false_ = warp(large, { width: side, height: side, matrix: about(side, 1, 0, -20, -10) }).image;
    const mixed = { ...fixed, data: fixed.data.map((value, index) => (mask[index] ? value : false_.data[index]!)) };
    const { matrix } = registerAffine(mixed, large, { mask });
    for (const [x, y] of [
      [0.2, 0.2],
      [0.2, 0.8],
      [0.5, 0.5],
    ] as const) {
      const [fx, fy] = mapPoint(matrix, x * side, y * side);
      expect(Math.hypot(fx - x * side - 12, fy - y * side - 6)).toBeLessThan(2);
    }
  });
});

describe('geometry', () => {
  test('a matrix and its inverse', () => {
    const matrix = about(side, 1.2, 30, 5, -7);
    const there = mapPoint(matrix, 10, 20);
    const back = mapPoint(invertMatrix(matrix), ...there);
    expect(back[0]).toBeCloseTo(10, 9);
    expect(back[1]).toBeCloseTo(20, 9);
    expect(() => invertMatrix([0, 0, 0, 0, 0, 0])).toThrow(RangeError);
  });

  test('resize keeps the mean and the range, and does not alias', () => {
    const stripes = { width: 300, height: 200, data: Float32Array.from({ length: 60_000 }, (_, index) => index % 2) };
    const { data } = resize(stripes, 100, 100);
    expect(data.every((value) => Math.abs(value - 0.5) < 0.2)).toBe(true);
    expect(data.reduce((sum, value) => sum + value, 0) / data.length).toBeCloseTo(0.5, 2);
    expect(resize(stripes, 640, 410).data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  test('a square, padded with black', () => {
    const square = toSquare({ width: 400, height: 300, data: new Float32Array(120_000).fill(1) }, 200);
    expect([square.width, square.height]).toEqual([200, 200]);
    expect([square.data[24 * 200], square.data[25 * 200 + 5], square.data[175 * 200]]).toEqual([0, 1, 0]);
  });
});
