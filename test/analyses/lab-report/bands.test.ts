import { describe, expect, test } from '@jest/globals';
import { bandsOf, SIDE } from '../../../src/analyses/lab-report/bands.ts';
import { readByRules } from '../../../src/analyses/lab-report/read-pages.ts';
import type { Page, Word } from '../../../src/documents/page.ts';

const [WIDTH, HEIGHT] = [595, 842];

/** A page of A4 in points: rows of a name and a value, `size` points high, at these heights. */
function sheet(size: number, tops: readonly number[]): Page {
  const word = (text: string, x: number, y: number): Word => ({
    text,
    box: [x, y, x + text.length * size * 0.5, y + size],
    confidence: 1,
    fontSize: size,
    bold: false,
  });
  return {
    number: 1,
    width: WIDTH,
    height: HEIGHT,
    unit: 'point',
    source: 'text-layer',
    words: tops.flatMap((y, index) => [word(`Analyte${index}`, 50, y), word(String(100 + index), 480, y)]),
  };
}

const rows = (count: number, size: number, pitch: number) =>
  sheet(
    size,
    Array.from({ length: count }, (_, index) => 40 + index * pitch),
  );

function cut(page: Page) {
  const { layouts, regions } = readByRules([page]);
  return bandsOf(
    layouts[0]!,
    regions.map(({ region }) => region),
  );
}

/** Height of one letter in the picture, in pixels. */
const letter = (size: number, { parts }: ReturnType<typeof cut>[number]) =>
  (size * SIDE) /
  Math.max(
    parts[0]![2] - parts[0]![0],
    parts.reduce((sum, [, top, , bottom]) => sum + bottom - top, 0),
  );

describe('bands', () => {
  test('a page with few lines of a usual size is one, without its margins', () => {
    const [band, ...more] = cut(rows(20, 10, 16));
    expect(more).toEqual([]);
    expect(band!.parts).toHaveLength(1);
    expect(band!.parts[0]![2] - band!.parts[0]![0]).toBeLessThan(WIDTH - 90);
    expect(letter(10, band!)).toBeGreaterThan(14);
  });

  test('wide gaps are left out instead of being paid for in pixels', () => {
    const [band, ...more] = cut(sheet(9, [40, 54, 68, 780, 794]));
    expect(more).toEqual([]);
    expect(band!.parts).toHaveLength(2);
    expect(band!.parts[1]![1]).toBeGreaterThan(760);
  });

  test('more than 25 lines are several of about equal length; neighbours share two lines', () => {
    const bands = cut(rows(52, 8, 14));
    expect(bands).toHaveLength(3);
    expect(Math.max(...bands.map(({ lines }) => lines.length))).toBeLessThanOrEqual(27);
    for (const [index, band] of bands.slice(1).entries()) {
      expect(band.lines.slice(0, 2)).toEqual(bands[index]!.lines.slice(-2));
    }
    expect(new Set(bands.flatMap(({ lines }) => lines)).size).toBe(52);
  });

  test('small print on a high page is cut so that it grows', () => {
    const page = rows(24, 6, 32);
    const close = { ...page, words: page.words.map((word) => ({ ...word, fontSize: 16 })) };
    // The same heights with small letters between: the rule looks at the small ones.
    const mixed = { ...page, words: page.words.map((word, at) => (at % 5 ? { ...word, fontSize: 16 } : word)) };
    expect(cut(close)).toHaveLength(1);
    expect(cut(mixed).length).toBeGreaterThan(1);
    for (const { parts, box } of cut(mixed)) {
      expect(box[3] - box[1]).toBeLessThan(1.1 * (parts[0]![2] - parts[0]![0]) + 64);
    }
  });

  test('a page without words has none', () => {
    expect(cut(sheet(10, []))).toEqual([]);
  });
});
