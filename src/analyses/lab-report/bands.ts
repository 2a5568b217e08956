import type { Box } from '../../documents/page.ts';
import { around, type Line, type PageLayout } from './layout.ts';
import type { Region } from './regions.ts';

/** Side of the picture that the model sees, in pixels; it makes 256 tokens of it, whatever is on it. */
export const SIDE = 896;

/** Below this many pixels a letter is hardly more than half of one of the model's patches of 14. */
const LEAST_LETTER = 11;

/** Lines in one picture: more cells than this and values slip into the rows beside them. */
const MOST_LINES = 25;

/** Lines that two bands share, so that what is wrapped or cut at the edge of one is whole in the other. */
const SHARED = 2;

/** What the model is shown in one call: some lines of a page, under the heading of their table. */
export interface Band {
  readonly page: number;
  /** From the first to the last of its own lines, in units of the upright page. */
  readonly box: Box;
  /** What is drawn, top to bottom: the heading where it stands further up, then the lines without wide gaps between them. */
  readonly parts: readonly Box[];
  /** Heading and lines, top to bottom. */
  readonly lines: readonly Line[];
}

/**
 * Cuts a page into horizontal bands at the gaps between its lines. Blank margins and gaps are left out; it stays whole
 * where it has few lines and its small print (one letter in ten is smaller) is large enough after scaling. Bands are at
 * most as high as the print is wide, which is the largest scale that rows in one piece can have.
 */
export function bandsOf(layout: PageLayout, regions: readonly Region[]): readonly Band[] {
  const { lines, page } = layout;
  if (lines.length === 0) return [];
  const whole = around(lines.map(({ box }) => box));
  const width = whole[2] - whole[0];
  const parts = (some: readonly Line[]) => partsOf(some, whole, layout);
  const sizes = lines.flatMap(({ tokens }) => tokens.map((token) => token.fontSize)).sort((a, b) => a - b);
  const letter = sizes[Math.floor(sizes.length / 10)]!;
  const legible =
    page.unit === 'character' || (letter * SIDE) / Math.max(width, heightOf(parts(lines))) >= LEAST_LETTER;
  const highest = legible ? Number.POSITIVE_INFINITY : width;
  // Of equal length, so that the last one is no remnant.
  const most = Math.ceil(lines.length / Math.ceil(lines.length / MOST_LINES));
  const starts = [0];
  for (let at = 1; at < lines.length; at++) {
    const from = starts.at(-1)!;
    if (at - from >= most || heightOf(parts(lines.slice(from, at + 1))) > highest) {
      at = widestGap(lines, Math.max(from + 1, at - 4), at);
      starts.push(at);
    }
  }
  return starts.map((start, index) => {
    const own = lines.slice(index === 0 ? 0 : Math.max(0, start - SHARED), starts[index + 1]);
    const box = around(own.map((line) => line.box));
    const header = headerOver(box[1], page.number, regions);
    return {
      page: page.number,
      box,
      parts: [...parts(header), ...parts(own)],
      lines: [...header, ...own],
    };
  });
}

/** Boxes as wide as the print around lines that follow each other closely. */
function partsOf(lines: readonly Line[], whole: Box, { page, fontSize }: PageLayout): readonly Box[] {
  const margin = 0.6 * fontSize;
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last && line.box[1] - Math.max(...last.map(({ box }) => box[3])) <= 2 * fontSize) last.push(line);
    else groups.push([line]);
  }
  return groups.map((group) => {
    const [, top, , bottom] = around(group.map(({ box }) => box));
    return [
      Math.max(0, whole[0] - margin),
      Math.max(0, top - margin),
      Math.min(page.width, whole[2] + margin),
      Math.min(page.height, bottom + margin),
    ];
  });
}

function heightOf(parts: readonly Box[]): number {
  return parts.reduce((sum, [, top, , bottom]) => sum + bottom - top, 0);
}

/** Where the gap above a line is widest, of these. */
function widestGap(lines: readonly Line[], first: number, last: number): number {
  let best = last;
  const gap = (at: number) => lines[at]!.box[1] - lines[at - 1]!.box[3];
  for (let at = last - 1; at >= first; at--) {
    if (gap(at) > 1.2 * gap(best)) best = at;
  }
  return best;
}

/** Lines of the last heading of a table that ends above; on the same page only. */
function headerOver(top: number, page: number, regions: readonly Region[]): readonly Line[] {
  const headers = regions
    .filter((region) => region.page === page)
    .map(({ headerLines }) => headerLines)
    .filter((lines) => lines.length > 0 && lines.every(({ box }) => box[3] <= top));
  return headers.at(-1) ?? [];
}

/** Whether the middle of a box lies among the band's lines. */
export function inBand(band: Band, page: number, box: Box): boolean {
  const middle = (box[1] + box[3]) / 2;
  return page === band.page && middle >= band.box[1] && middle <= band.box[3];
}

/** The band as text, with its columns in their places: for pages that have no picture. */
export function textOf(band: Band, charWidth: number): string {
  return band.lines
    .map(({ tokens }) => {
      let text = '';
      tokens.forEach((token, index) => {
        const glued = tokens[index - 1]?.word === token.word;
        const column = Math.round(token.box[0] / charWidth);
        text = glued ? text + token.text : `${text === '' ? '' : `${text} `}`.padEnd(column) + token.text;
      });
      return text;
    })
    .join('\n');
}
