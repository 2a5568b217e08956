import { codedValue } from '../../terminology/coded-values.ts';
import { parseFlag } from '../../terminology/flags.ts';
import { columnAt } from './columns.ts';
import { fold, headerPhrases } from './header-words.ts';
import type { Line } from './layout.ts';
import type { Region } from './regions.ts';
import type { Names } from './role.ts';
import { isUnit, readSpans, type Span, type SpanKind } from './spans.ts';
import type { Token } from './tokens.ts';

const kinds: readonly SpanKind[] = ['number', 'range', 'unit', 'flag', 'coded', 'absent', 'date', 'words', 'sign'];
const columnRoles = ['name', 'value', 'unit', 'range', 'flag', 'previous', 'specimen', 'date', 'other'];

/** Features per token, and tokens around it that the model looks at. */
export const featureCount = 66;
export const neighbourCount = 8;

export interface Featured {
  /** [tokens, featureCount], row-major. */
  readonly features: Float32Array;
  /** [tokens, neighbourCount]; the number of tokens stands for "none". Order: previous, next, the ones beyond, above, below, first of the line, above that. */
  readonly neighbours: BigInt64Array;
  readonly tokens: readonly Token[];
}

/** Features of the lines of one region: what a token looks like, where it stands, what stands over it. */
export function featuresOf(region: Region, names: Names): Featured {
  const tokens = region.lines.flatMap((line) => line.tokens);
  const features = new Float32Array(tokens.length * featureCount);
  const neighbours = new BigInt64Array(tokens.length * neighbourCount);
  const starts: number[] = [];
  let at = 0;
  for (const line of region.lines) {
    starts.push(at);
    at += line.tokens.length;
  }
  const spansByLine = region.lines.map(readSpans);
  region.lines.forEach((line, lineIndex) => {
    const spans = spansByLine[lineIndex]!;
    const start = starts[lineIndex]!;
    line.tokens.forEach((token, index) => {
      const row = start + index;
      features.set(describe(token, index, line, spans, region, names), row * featureCount);
      const none = tokens.length;
      const here = (offset: number) => (line.tokens[index + offset] ? row + offset : none);
      const above = nearest(token, region.lines[lineIndex - 1], starts[lineIndex - 1]);
      const around = [
        here(-1),
        here(1),
        here(-2),
        here(2),
        above ?? none,
        nearest(token, region.lines[lineIndex + 1], starts[lineIndex + 1]) ?? none,
        start,
        nearest(token, region.lines[lineIndex - 2], starts[lineIndex - 2]) ?? none,
      ];
      around.forEach((value, slot) => {
        neighbours[row * neighbourCount + slot] = BigInt(value);
      });
    });
  });
  return { features, neighbours, tokens };
}

function describe(
  token: Token,
  index: number,
  line: Line,
  spans: readonly Span[],
  region: Region,
  names: Names,
): readonly number[] {
  const { text, box } = token;
  const { page, charWidth, fontSize } = region.layout;
  const spanIndex = spans.findIndex((span) => index >= span.from && index < span.to);
  const span = spans[spanIndex]!;
  const cell = line.cells[span.cell]!;
  const digits = /\d/.test(text);
  const number = digits ? Math.abs(Number.parseFloat(text.replace(/^[^\d]+/, '').replace(',', '.'))) : 0;
  const before = line.tokens[index - 1];
  const after = line.tokens[index + 1];
  const left = spans.slice(0, spanIndex);
  const right = spans.slice(spanIndex + 1);
  const has = (list: readonly Span[], kind: SpanKind) => bit(list.some((other) => other.kind === kind));
  const column = region.header && columnAt(region.header, box[0], box[2], line);
  const role =
    column &&
    (['in-range', 'out-of-range'].includes(column.role)
      ? 'value'
      : column.role === 'unclear'
        ? 'previous'
        : column.role);
  const words = line.tokens.filter((other) => /^\p{L}{2,}[.,;:]?$/u.test(other.text)).length;
  return [
    bit(/^[<>≤≥]?=?[+-]?\d[\d.,]*$/.test(text)),
    bit(/^[<>≤≥]/.test(text)),
    bit(/\d[.,]\d/.test(text)),
    digits ? Math.min(1, Math.log10(1 + (Number.isFinite(number) ? number : 0)) / 5) : 0,
    bit(digits),
    bit(/^\p{L}+$/u.test(text)),
    bit(/^\p{Lu}\p{Ll}/u.test(text)),
    bit(/^\p{Lu}{2,}$/u.test(text)),
    Math.min(1, text.length / 12),
    bit(text.includes('/')),
    bit(text.includes('%')),
    bit(text.endsWith(':')),
    bit(/[()[\]]/.test(text)),
    bit(/^[-–—]$/.test(text)),
    bit(isUnit(text)),
    bit(parseFlag(text) !== undefined),
    bit(codedValue(text) !== undefined),
    bit(/\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}/.test(text)),
    bit(headerPhrases.has(fold(text))),
    bit(/\^|x10|10\*/i.test(text)),
    ...kinds.map((kind) => bit(span.kind === kind)),
    bit(names.isTest(span.text.replace(/\s*:$/, ''))),
    box[0] / page.width,
    box[2] / page.width,
    box[1] / page.height,
    index / Math.max(1, line.tokens.length - 1),
    Math.min(1, span.cell / 6),
    Math.min(1, line.cells.length / 8),
    bit(index === cell.from),
    bit(index === cell.to - 1),
    before ? clip((box[0] - before.box[2]) / charWidth / 12) : 1,
    after ? clip((after.box[0] - box[2]) / charWidth / 12) : 1,
    bit(token.bold),
    clip(token.fontSize / fontSize / 2),
    token.confidence,
    clip(line.tokens.length / 14),
    clip((cell.to - cell.from) / 8),
    ...columnRoles.map((name) => bit(role === name)),
    bit(region.header !== undefined),
    bit(page.source === 'ocr'),
    bit(page.unit === 'character'),
    clip(words / 10),
    has(left, 'number'),
    has(right, 'number'),
    has(left, 'unit'),
    has(left, 'range'),
    has(right, 'range'),
    clip(left.filter(({ kind }) => kind === 'number').length / 3),
    bit(token.afterBreak),
    bit(/^\(?(?:prev|prior|last|was|vorwert|anterior|ant\.|préc)/i.test(span.text)),
  ];
}

/** Index of the token of a line that stands under or over this one. */
function nearest(token: Token, line: Line | undefined, start: number | undefined): number | undefined {
  if (!line || start === undefined) return undefined;
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  line.tokens.forEach(({ box }, index) => {
    const shared = Math.min(box[2], token.box[2]) - Math.max(box[0], token.box[0]);
    if (shared > most) {
      most = shared;
      best = index;
    }
  });
  return most > -(token.box[3] - token.box[1]) ? start + best : undefined;
}

function bit(condition: boolean): number {
  return condition ? 1 : 0;
}

function clip(value: number): number {
  return Math.max(0, Math.min(1, value));
}
