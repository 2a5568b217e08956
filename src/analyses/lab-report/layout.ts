import type { Box, Page } from '../../documents/page.ts';
import { isRuler, type Token, tokenise } from './tokens.ts';

/** Tokens on one baseline, left to right. */
export interface Line {
  readonly page: number;
  readonly tokens: readonly Token[];
  /** Runs of tokens without a gap between them that is wider than a space. */
  readonly cells: readonly Cell[];
  readonly box: Box;
  readonly bold: boolean;
  /** x of the bars "|" of a table drawn in text, left to right. */
  readonly bars: readonly number[];
  /** Which of several strips side by side it stands in, from the left, 1-based; absent where the page has one. */
  readonly strip?: number;
}

export interface Cell {
  /** Index of its first token in the line, and one past its last. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly box: Box;
}

export interface PageLayout {
  readonly page: Page;
  readonly lines: readonly Line[];
  /** Median width of a character and median font size, in page units. */
  readonly charWidth: number;
  readonly fontSize: number;
}

/** Lines and cells of a page. Words far above the body size on a baseline of their own stay; rotated ones are not expected. */
export function layOut(page: Page): PageLayout {
  const tokens = tokenise(page);
  const charWidth = median(tokens.map(({ box, text }) => (box[2] - box[0]) / text.length)) || 1;
  const fontSize = median(tokens.map((token) => token.fontSize)) || 1;
  const rulers = page.words.filter(({ text }) => isRuler(text)).map(({ box }) => box);
  const bars = page.words.flatMap(({ text, box }) =>
    [...text.matchAll(/[|¦│]/g)].map(({ index }) => ({
      x: box[0] + ((index + 0.5) / text.length) * (box[2] - box[0]),
      y: (box[1] + box[3]) / 2,
    })),
  );
  const gap = page.unit === 'character' ? 1.5 : 1.6 * charWidth;
  const slope = page.source === 'ocr' ? slopeOf(tokens) : 0;
  const spreads = baselines(tokens, slope);
  const printed = page.source === 'ocr' ? withoutHoles(spreads, charWidth) : spreads;
  const lines = printed.map((spread) => {
    const line = withRaised(page.source === 'ocr' ? withoutLeaders(spread) : spread, charWidth);
    const box = around(line.map((token) => token.box));
    const own = bars.filter(({ y }) => y > box[1] && y < box[3]).map(({ x }) => x);
    // Where bars draw the cells, spaces do not.
    const made = toLine(page.number, line, own.length >= 2 ? Number.POSITIVE_INFINITY : gap, rulers);
    return { ...made, bars: own.sort((a, b) => a - b) };
  });
  return { page, lines, charWidth, fontSize };
}

/**
 * Groups by baseline, after the slope of the page is taken out. Tokens are taken from left to right and join the line
 * whose last token stands nearest in height, so that a page that is not quite flat keeps its lines too.
 */
function baselines(tokens: readonly Token[], slope: number): readonly (readonly Token[])[] {
  const open: { tokens: Token[]; middle: number; height: number }[] = [];
  for (const token of [...tokens].sort((a, b) => a.box[0] - b.box[0])) {
    const middle = level(token, slope);
    const height = token.box[3] - token.box[1];
    let best: (typeof open)[number] | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const line of open) {
      const distance = Math.abs(line.middle - middle);
      if (distance < 0.5 * Math.max(line.height, height) && distance < least) {
        best = line;
        least = distance;
      }
    }
    if (best) {
      best.tokens.push(token);
      // Commas, dashes and superscripts sit off the middle: follow the line slowly.
      best.middle += (middle - best.middle) * (height > 0.7 * best.height ? 0.6 : 0.1);
      best.height = Math.max(best.height * 0.9, height);
    } else {
      open.push({ tokens: [token], middle, height });
    }
  }
  return open.map((line) => line.tokens).sort((a, b) => middleOf(a, slope) - middleOf(b, slope));
}

/**
 * Lines without the holes along the left edge of perforated paper, which recognition takes for signs, letters and zeros: single
 * ones left of where all other lines begin, at least four under each other and hardly two alike.
 */
function withoutHoles(lines: readonly (readonly Token[])[], charWidth: number): readonly (readonly Token[])[] {
  const isHole = (line: readonly Token[]) =>
    line.length > 1 && line[0]!.text.length <= 2 && line[1]!.box[0] - line[0]!.box[2] > 0.8 * charWidth;
  const starts = lines.flatMap((line) => (line[0] && !isHole(line) ? [line[0].box[0]] : [])).sort((a, b) => a - b);
  const edge = starts[Math.floor(0.2 * starts.length)];
  const holes = lines.filter((line) => isHole(line) && edge !== undefined && line[0]!.box[2] < edge - 0.3 * charWidth);
  const left = holes.map(([first]) => first!.box[0]).sort((a, b) => a - b)[Math.floor(holes.length / 2)];
  const apart = holes.filter(([first]) => Math.abs(first!.box[0] - left!) < 2 * charWidth);
  const signs = new Set(apart.map(([first]) => first!.text));
  return apart.length >= 4 && signs.size >= 2 && apart.length >= 0.8 * holes.length
    ? lines.map((line) => (apart.includes(line) ? line.slice(1) : line))
    : lines;
}

/** Leaders of dots that recognition took for letters: "Urée uuuu u uu 0,35". What stands between them is dots too. */
function withoutLeaders(tokens: readonly Token[]): readonly Token[] {
  const dots = tokens.map(({ text }, at) => (/^u{2,}$|^[ueo]{4,}$/.test(text) ? at : -1)).filter((at) => at > 0);
  const [first, last] = [dots[0], dots.at(-1)];
  if (first === undefined || last === undefined) return tokens;
  return tokens
    .filter((_, at) => at < first || at > last)
    .map((token, at) => (at === first ? { ...token, afterBreak: true } : token));
}

/** "m" and a small raised "2" are one unit, "10" and a raised "9" one power. */
function withRaised(tokens: readonly Token[], charWidth: number): readonly Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    const last = out.at(-1);
    const raised =
      last &&
      /^[2369]$|^12$/.test(token.text) &&
      token.fontSize < 0.85 * last.fontSize &&
      Math.abs(token.box[0] - last.box[2]) < 0.4 * charWidth &&
      (/(?:^|[^\d])10$/.test(last.text) || /m$/.test(last.text));
    if (raised) {
      const text = last.text.endsWith('m')
        ? `${last.text}${token.text === '2' ? '²' : '³'}`
        : `${last.text}^${token.text}`;
      out[out.length - 1] = { ...last, text, box: around([last.box, token.box]) };
    } else {
      out.push(token);
    }
  }
  return out;
}

/** Height of the middle of a token on the levelled page. */
function level({ box }: Token, slope: number): number {
  return (box[1] + box[3]) / 2 - slope * box[0];
}

/** Rise per unit to the right of the lines of a scan, at most 3 degrees: the slope at which most middles fall together. */
function slopeOf(tokens: readonly Token[]): number {
  const height = median(tokens.map(({ box }) => box[3] - box[1])) || 1;
  const sharpness = (slope: number) => {
    const bins = new Map<number, number>();
    for (const token of tokens) {
      const at = level(token, slope) / (0.3 * height);
      const low = Math.floor(at);
      bins.set(low, (bins.get(low) ?? 0) + 1 - (at - low));
      bins.set(low + 1, (bins.get(low + 1) ?? 0) + (at - low));
    }
    return [...bins.values()].reduce((sum, count) => sum + count * count, 0);
  };
  let best = 0;
  let highest = sharpness(0) * 1.02;
  for (let step = -52; step <= 52; step++) {
    const sharp = sharpness(step / 1000);
    if (sharp > highest) {
      best = step / 1000;
      highest = sharp;
    }
  }
  return best;
}

function middleOf(tokens: readonly Token[], slope: number): number {
  return median(tokens.map((token) => level(token, slope)));
}

/** A line of these tokens, which stand left to right; also used to cut a line into side-by-side bands. */
export function toLine(page: number, tokens: readonly Token[], gap: number, rulers: readonly Box[] = []): Line {
  const cells: Cell[] = [];
  let from = 0;
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    const ends =
      !next ||
      next.box[0] - token.box[2] > gap ||
      next.afterBreak ||
      rulers.some((box) => between(box, token.box, next.box));
    if (ends) {
      const inside = tokens.slice(from, index + 1);
      cells.push({ from, to: index + 1, text: joined(inside), box: around(inside.map(({ box }) => box)) });
      from = index + 1;
    }
  });
  return {
    page,
    tokens,
    cells,
    box: around(tokens.map(({ box }) => box)),
    bold: tokens.every(({ bold }) => bold),
    bars: [],
  };
}

function between(ruler: Box, left: Box, right: Box): boolean {
  const middle = (ruler[1] + ruler[3]) / 2;
  const across = (ruler[0] + ruler[2]) / 2;
  const beside = middle > Math.min(left[1], right[1]) && middle < Math.max(left[3], right[3]);
  return beside && across > left[2] && across < right[0];
}

/** The text of tokens as printed: parts of one word without a space between them. */
export function joined(tokens: readonly Token[]): string {
  return tokens
    .map((token, index) => {
      const previous = tokens[index - 1];
      return previous && previous.word === token.word && !token.afterBreak
        ? token.text
        : index === 0
          ? token.text
          : ` ${token.text}`;
    })
    .join('');
}

export function around(boxes: readonly Box[]): Box {
  return [
    Math.min(...boxes.map((box) => box[0])),
    Math.min(...boxes.map((box) => box[1])),
    Math.max(...boxes.map((box) => box[2])),
    Math.max(...boxes.map((box) => box[3])),
  ];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
