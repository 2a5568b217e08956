import type { Role } from '../../src/analyses/lab-report/role.ts';
import type { Page, Word } from '../../src/documents/page.ts';
import type { Random } from './random.ts';

/** Text of one role; several pieces in a run are printed without a space between them. */
export interface Piece {
  readonly text: string;
  readonly role: Role;
}

/** Pieces printed from one point: x of the left edge, y of the top, in points (or character cells). */
export interface Run {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly bold: boolean;
  readonly pieces: readonly Piece[];
}

export interface Sheet {
  readonly width: number;
  readonly height: number;
  /** Character cells of plain text instead of points. */
  readonly mono: boolean;
  readonly runs: readonly Run[];
}

const widths: Readonly<Record<string, number>> = {};
const narrow = "ijl.,:;'|!I ftr()[]-/";

/** Width of text in Helvetica, roughly; in character cells one each. */
export function measure(text: string, size: number, mono: boolean): number {
  if (mono) return text.length;
  let sum = 0;
  for (const letter of text) {
    sum += widths[letter] ?? (narrow.includes(letter) ? 0.29 : /[A-ZÄÖÜ%mwMW@]/.test(letter) ? 0.7 : 0.54);
  }
  return sum * size;
}

export interface LabelledPage {
  readonly page: Page;
  /** Per word: where each role starts. */
  readonly labels: readonly (readonly { readonly start: number; readonly role: Role }[])[];
}

/** Lays the runs out as words with boxes; `noise` makes them look like the output of an OCR engine. */
export function toPage(
  sheet: Sheet,
  number: number,
  noise: { readonly random: Random; readonly level: number } | undefined,
): LabelledPage {
  const words: Word[] = [];
  const labels: { start: number; role: Role }[][] = [];
  const scale = noise ? 200 / 72 : 1;
  const skew = noise ? noise.random.normal() * 0.004 : 0;
  for (const run of sheet.runs) {
    let text = '';
    const roleAt: Role[] = [];
    for (const piece of run.pieces) {
      text += piece.text;
      for (let index = 0; index < piece.text.length; index++) roleAt.push(piece.role);
    }
    for (const match of text.matchAll(/\S+/g)) {
      const start = match.index;
      let printed = match[0];
      const marks = roleAt
        .slice(start, start + printed.length)
        .flatMap((role, index, all) => (index === 0 || role !== all[index - 1] ? [{ start: index, role }] : []));
      const x0 = run.x + measure(text.slice(0, start), run.size, sheet.mono);
      const x1 = x0 + measure(printed, run.size, sheet.mono);
      let [left, top, right, bottom] = [x0, run.y, x1, run.y + (sheet.mono ? 1 : run.size * 1.05)];
      let confidence = 1;
      if (noise) {
        const { random, level } = noise;
        printed = misread(printed, random, level);
        if (printed === '') continue;
        const jitter = () => random.normal() * 0.35;
        [left, top, right, bottom] = [
          left + jitter(),
          top + skew * left + jitter(),
          right + jitter(),
          bottom + skew * left + jitter(),
        ];
        // OCR boxes are tight: words without tall letters are lower.
        if (/^[acemnorsuvwxz.,:-]+$/.test(printed)) top += run.size * 0.25;
        confidence = Math.min(1, Math.max(0.2, 0.93 + random.normal() * 0.06));
      }
      words.push({
        text: printed,
        box: [left * scale, top * scale, right * scale, bottom * scale],
        confidence,
        fontSize: noise ? (bottom - top) * scale : run.size,
        bold: noise ? false : run.bold,
      });
      labels.push(marks.filter((mark) => mark.start < printed.length));
    }
  }
  return {
    page: {
      number,
      width: sheet.width * scale,
      height: sheet.height * scale,
      unit: sheet.mono ? 'character' : noise ? 'pixel' : 'point',
      source: sheet.mono ? 'plain-text' : noise ? 'ocr' : 'text-layer',
      words,
    },
    labels,
  };
}

const confusions: readonly (readonly [string, string])[] = [
  ['0', 'O'],
  ['1', 'l'],
  ['5', 'S'],
  ['µ', 'u'],
  ['l', '1'],
  ['I', 'l'],
  ['.', ','],
  ['g', 'q'],
  ['e', 'c'],
  ['-', '~'],
  ['^', ''],
  ['%', '°/o'],
];

function misread(text: string, random: Random, level: number): string {
  let result = '';
  for (const letter of text) {
    if (random.chance(level)) {
      const found = confusions.filter(([from]) => from === letter);
      result += found.length > 0 ? random.pick(found)[1] : random.chance(0.3) ? '' : letter;
    } else {
      result += letter;
    }
  }
  return result;
}
