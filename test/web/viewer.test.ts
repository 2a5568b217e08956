import { describe, expect, test } from '@jest/globals';
import { tintOf } from '../../src/web/client/difference-layer.ts';
import {
  compose,
  fromCentres,
  halvingsFor,
  invert,
  type Matrix,
  moved,
  overlaid,
  toPanel,
  wholeFilm,
  zoomedAt,
} from '../../src/web/client/film-geometry.ts';
import { lookupOf, rangeOf, turned, unturned } from '../../src/web/client/film-window.ts';

const frame = { width: 2000, height: 1000 };
const panel = { width: 500, height: 500 };
const apply = ([a, b, c, d, e, f]: Matrix, x: number, y: number) => [a * x + b * y + c, d * x + e * y + f] as const;
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6));

describe('where films lie on the screen', () => {
  test('the whole film is fitted into its panel, in the middle', () => {
    const matrix = toPanel(wholeFilm(frame), panel, frame);
    expect(apply(matrix, 0, 0)).toEqual([0, 125]);
    expect(apply(matrix, 2000, 1000)).toEqual([500, 375]);
  });

  test('zooming keeps the point under the pointer', () => {
    let view = wholeFilm(frame);
    const under = apply(invert(toPanel(view, panel, frame)), 300, 200);
    for (const factor of [1.5, 1.3, 0.9]) {
      view = zoomedAt(view, panel, frame, factor, 300, 200);
    }
    expect(apply(invert(toPanel(view, panel, frame)), 300, 200)).toEqual(near(under));
  });

  test('moving follows the pointer and never loses the film; zoom has bounds', () => {
    const view = zoomedAt(wholeFilm(frame), panel, frame, 4, 250, 250);
    const point = apply(toPanel(view, panel, frame), 900, 500);
    const after = apply(toPanel(moved(view, panel, frame, 12, -7), panel, frame), 900, 500);
    expect(after).toEqual(near([point[0] + 12, point[1] - 7]));
    expect(moved(view, panel, frame, -1e9, 1e9)).toMatchObject({ x: 2000, y: 0 });
    expect(zoomedAt(view, panel, frame, 1e9, 0, 0).zoom).toBe(32);
    expect(zoomedAt(view, panel, frame, 1e-9, 0, 0).zoom).toBe(0.5);
  });

  test('a registration counts pixel centres, a canvas pixel edges', () => {
    // twice as large, first pixel on first pixel: edge 0 of the one is half a pixel before the centre
    const matrix = fromCentres([2, 0, 0, 0, 2, 0]);
    expect(apply(matrix, 0.5, 0.5)).toEqual([0.5, 0.5]);
    expect(apply(matrix, 1.5, 2.5)).toEqual([2.5, 4.5]);
    expect(fromCentres([1, 0, 5, 0, 1, -3])).toEqual([1, 0, 5, 0, 1, -3]);
  });

  test('a matrix and its inverse are nothing; one that flattens has none', () => {
    const matrix: Matrix = [1.1, -0.2, 30, 0.15, 0.95, -12];
    expect(compose(matrix, invert(matrix))).toEqual(near([1, 0, 0, 0, 1, 0]));
    expect(() => invert([1, 2, 0, 2, 4, 0])).toThrow(RangeError);
  });

  test('a film of which nothing is known is laid centre on centre', () => {
    const matrix = overlaid({ width: 500, height: 1000 }, frame);
    expect(apply(matrix, 250, 500)).toEqual([1000, 500]);
    expect(matrix[0]).toBe(2);
  });

  test.each([
    [2, 0],
    [1, 0],
    [0.5, 1],
    [0.26, 2],
    [0.13, 3],
    [0, 20],
  ])('at %d screen pixels a film pixel the film is halved %d times', (scale, halvings) => {
    expect(halvingsFor(scale)).toBe(halvings === 20 ? halvingsFor(1e-6) : halvings);
  });
});

describe('window and level', () => {
  const grey = (word: number) => word & 0xff;

  test('as the header has it, then turned, in words of opaque grey', () => {
    const words = lookupOf({ low: 0.25, high: 0.75 }, unturned);
    expect([0, 16_384, 32_768, 49_152, 65_535].map((value) => grey(words[value]!))).toEqual([0, 0, 128, 255, 255]);
    expect(words[0]! >>> 24).toBe(255);
    expect(rangeOf({ low: 0.25, high: 0.75 }, turned(unturned, 2, 0))).toEqual({ low: 0, high: 1 });
    expect(rangeOf({ low: 0, high: 1 }, turned(unturned, 1, 0.5))).toEqual({ low: 0.5, high: 1.5 });
  });

  test('inverted, without width, and beyond its bounds', () => {
    const inverted = lookupOf({ low: 0, high: 1 }, { ...unturned, inverted: true });
    expect([grey(inverted[0]!), grey(inverted[65_535]!)]).toEqual([255, 0]);
    const flat = lookupOf({ low: 0.5, high: 0.5 }, unturned);
    expect([grey(flat[0]!), grey(flat[65_535]!)]).toEqual([0, 255]);
    expect(turned(unturned, 1e9, 9)).toMatchObject({ width: 8, level: 1.5 });
    expect(turned(unturned, 1e-9, -9)).toMatchObject({ width: 0.05, level: -1.5 });
  });
});

test('the difference is red where denser, blue where clearer, and nothing near zero', () => {
  expect(tintOf(5)[3]).toBe(0);
  expect(tintOf(-8)[3]).toBe(0);
  expect(tintOf(40)).toEqual([255, 60, 40, 114]);
  expect(tintOf(-40)).toEqual([60, 140, 255, 114]);
  expect(tintOf(100)[3]).toBe(115);
});
