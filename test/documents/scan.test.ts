import { describe, expect, test } from '@jest/globals';
import { bandsTurned, withoutRules, withoutSpecks } from '../../src/documents/clean.ts';
import { inkOf, letterHeight, marksOf, printOf, specked } from '../../src/documents/ink.ts';
import type { Grey } from '../../src/documents/picture.ts';
import { reconciled } from '../../src/documents/reconciled.ts';
import { findTilt } from '../../src/documents/skew.ts';
import { characters, decode } from '../../src/documents/word-reader.ts';

type Rect = readonly [number, number, number, number];

/** A white picture with dark rectangles: letters 8 wide and 16 high stand for print. */
function drawn(width: number, height: number, rects: readonly Rect[], ink = 20, paper = 250): Grey {
  const data = new Uint8Array(width * height).fill(paper);
  for (const [x0, y0, x1, y1] of rects) {
    for (let y = y0; y < y1; y++) data.fill(ink, y * width + x0, y * width + x1);
  }
  return { data, width, height };
}

/** Lines of hollow letters: two stems and a bar each. */
function lines(count: number, top = 30): Rect[] {
  const out: Rect[] = [];
  for (let line = 0; line < count; line++) {
    for (let letter = 0; letter < 20; letter++) {
      const [x, y] = [40 + letter * 12, top + line * 40];
      out.push([x, y, x + 2, y + 16], [x + 6, y, x + 8, y + 16], [x, y + 7, x + 8, y + 9]);
    }
  }
  return out;
}

const turnedQuarter = ({ data, width, height }: Grey): Grey => {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) out[x * height + (height - 1 - y)] = data[y * width + x]!;
  return { data: out, width: height, height: width };
};

const tiltOf = (grey: Grey) => {
  const ink = inkOf(grey, 20);
  const found = marksOf(ink);
  return findTilt(printOf(ink, found, 16), found.marks, 16);
};

describe('ink', () => {
  test('letters are found on white paper and on a shaded row alike, with their height', () => {
    const grey = drawn(320, 400, lines(8));
    for (let at = 200 * 320; at < 260 * 320; at++) grey.data[at] = Math.max(0, grey.data[at]! - 60);
    const { marks } = marksOf(inkOf(grey, 20));
    expect(marks.filter(({ y0, y1 }) => y1 - y0 === 16)).toHaveLength(160);
    expect(letterHeight(marks)).toBe(16);
  });

  test('too few letters say nothing of their height', () => {
    expect(letterHeight(marksOf(inkOf(drawn(320, 60, lines(1).slice(0, 15)), 20)).marks)).toBeUndefined();
  });

  test('specks that outnumber print make a page noisy; points and print do not', () => {
    const specks: Rect[] = [];
    for (let y = 2; y < 398; y += 6) for (let x = 2; x < 318; x += 6) specks.push([x, y, x + 1, y + 2]);
    expect(specked(marksOf(inkOf(drawn(320, 400, specks), 20)).marks, 16)).toBe(true);
    expect(specked(marksOf(inkOf(drawn(320, 400, lines(8)), 20)).marks, 16)).toBe(false);
  });
});

describe('cleaning', () => {
  test('the lines of a table go, crossings too, and the letters between them stay', () => {
    const rules: Rect[] = [
      [20, 20, 300, 22],
      [20, 60, 300, 62],
      [20, 20, 22, 300],
      [150, 20, 152, 300],
    ];
    const letters = lines(6).filter(([x]) => x < 132);
    const grey = drawn(320, 320, [...rules, ...letters]);
    const cleaned = withoutRules(grey, inkOf(grey, 20), 16);
    const dark = (x: number, y: number) => cleaned.grey.data[y * 320 + x]! < 128;
    expect([dark(100, 21), dark(21, 200), dark(151, 61), dark(151, 200)]).toEqual([false, false, false, false]);
    const { marks } = marksOf(cleaned.ink);
    expect(marks).toHaveLength(letters.length / 3);
  });

  test('white print on a dark band becomes dark print on paper; bold words stay as they are', () => {
    const band = drawn(400, 120, [[20, 20, 380, 60]], 60);
    for (const [x0, y0, x1, y1] of lines(1))
      for (let y = y0; y < y1; y++) band.data.fill(255, y * 400 + x0, y * 400 + x1);
    const turned = bandsTurned(band, 16);
    expect(turned.data[40 * 400 + 375]).toBeGreaterThan(200);
    expect(turned.data[35 * 400 + 41]).toBeLessThan(60);
    const bold = drawn(400, 120, [[40, 30, 120, 46]]);
    expect(bandsTurned(bold, 16).data).toEqual(bold.data);
  });
});

describe('direction of the lines', () => {
  test('level text is level, a page on its side lies on its side', () => {
    const grey = drawn(320, 400, lines(8));
    expect(tiltOf(grey)).toEqual({ sideways: false, degrees: 0 });
    expect(tiltOf(turnedQuarter(grey)).sideways).toBe(true);
  });
});

describe('two readings of a word', () => {
  const picture = drawn(100, 40, []);
  const place = { box: [10, 10, 60, 26], baseline: 26, capital: 16 } as const;
  const one = (text: string, confidence: number, own: string, ownConfidence: number, grey = picture) =>
    reconciled(
      [{ text, confidence, box: [10, 10, 60, 26], fontSize: 16, bold: false }],
      [{ text: own, confidence: ownConfidence }],
      grey,
      [place],
      128,
    );

  test('that agree make it sure', () => {
    expect(one('138', 0.6, '138', 0.5)).toMatchObject([{ text: '138', confidence: 0.9 }]);
  });

  test('of a unit: the signs that page recognition does not know come from the word reader', () => {
    expect(one('10%3/pL', 0.7, '10^3/µL', 0.98)).toMatchObject([{ text: '10^3/µL' }]);
    expect(one('un', 0.4, 'U/L', 0.9)).toMatchObject([{ text: 'U/L' }]);
  });

  test('of a number that differ in the point: the marks in the picture decide, and nothing is certain without them', () => {
    const digits: Rect[] = [
      [12, 10, 20, 26],
      [26, 10, 34, 26],
    ];
    const point: Rect = [22, 23, 24, 26];
    expect(one('7.1', 0.9, '71', 0.99, drawn(100, 40, [...digits, point]))).toMatchObject([{ text: '7.1' }]);
    const [unsure] = one('71', 0.95, '7.1', 0.8, drawn(100, 40, digits));
    expect(unsure!.confidence).toBeLessThan(0.5);
  });

  test('of a number that differ in a digit: no certainty unless the word reader has it', () => {
    expect(one('46', 0.95, '48', 0.4)).toMatchObject([{ text: '46', confidence: 0.35 }]);
  });

  test('of a name: a letter lost of a pair does not replace the whole name, an accent does', () => {
    expect(one('Ferritin', 0.9, 'Feritin', 0.98)).toMatchObject([{ text: 'Ferritin' }]);
    expect(one('Hamoglobin', 0.9, 'Hämoglobin', 0.9)).toMatchObject([{ text: 'Hämoglobin' }]);
  });

  test('spaces cut a word into words beside one another', () => {
    const words = one('3.5-5.1', 0.9, '3.5 - 5.1', 0.99);
    expect(words.map(({ text }) => text)).toEqual(['3.5', '-', '5.1']);
    expect(words[1]!.box[0]).toBeGreaterThan(words[0]!.box[2] - 1e-6);
  });
});

test('best path: repeats are one character unless a blank stands between; the weakest character is the confidence', () => {
  const classes = characters.length + 1;
  const steps: readonly (readonly [string, number])[] = [
    ['1', 0.9],
    ['1', 0.99],
    ['', 1],
    ['1', 0.7],
    ['.', 0.8],
    ['', 0.9],
  ];
  const probabilities = new Float32Array(steps.length * classes);
  steps.forEach(([char, value], step) => {
    probabilities[step * classes + (char === '' ? 0 : characters.indexOf(char) + 1)] = value;
  });
  const { text, confidence } = decode(probabilities, 0, steps.length);
  expect(text).toBe('11.');
  expect(confidence).toBeCloseTo(0.7);
});

describe('specks', () => {
  const dark = ({ data, width }: Grey, [x0, y0, x1, y1]: Rect) => {
    let count = 0;
    for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) count += data[y * width + x]! < 128 ? 1 : 0;
    return count;
  };

  test('go, and thin strokes and points stay', () => {
    const stroke: Rect = [50, 20, 51, 36];
    const point: Rect = [60, 34, 62, 36];
    const speck: Rect = [80, 30, 81, 31];
    const pair: Rect = [90, 30, 92, 31];
    const grey = drawn(200, 60, [stroke, point, speck, pair]);
    const clean = withoutSpecks(grey, inkOf(grey, 20));
    expect([stroke, point, speck, pair].map((rect) => dark(clean, rect))).toEqual([16, 4, 0, 0]);
  });
  test('at the edges of the page, where one side is not beside the other', () => {
    const edges: Rect[] = [
      [199, 10, 200, 12],
      [0, 11, 1, 13],
    ];
    const grey = drawn(200, 60, [...edges, [50, 20, 51, 36]]);
    expect(edges.map((rect) => dark(withoutSpecks(grey, inkOf(grey, 20)), rect))).toEqual([0, 0]);
  });
});
