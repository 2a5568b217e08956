import { codedValue } from '../../terminology/coded-values.ts';
import { parseFlag } from '../../terminology/flags.ts';
import { numberPattern, parseValue } from '../../terminology/numbers.ts';
import { toUcum } from '../../terminology/units.ts';
import { findDate } from './dates.ts';
import { joined, type Line } from './layout.ts';
import type { Token } from './tokens.ts';

export type SpanKind = 'number' | 'range' | 'unit' | 'flag' | 'coded' | 'absent' | 'date' | 'words' | 'sign';

/** Tokens of one cell that read as one thing, whatever column they stand in. */
export interface Span {
  readonly kind: SpanKind;
  /** Index of its first token in the line, and one past its last. */
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly cell: number;
}

const n = numberPattern;
const number = new RegExp(`^(?:(?:<=?|>=?|≤|≥|=<|=>|<|>|⩽|⩾) ?)?${n}[,;]?$`);
const titre = /^(?:[<>]=? ?|≥ ?|≤ ?)?1 ?[:/] ?\d{1,6}$/;
const interval = new RegExp(`^[\\[(]? ?${n} ?(?:-|–|—|−|to|bis|à|a|hasta|~) ?${n} ?[\\])]?[,;]?$`, 'i');
const oneSided = new RegExp(
  `^(?:[\\[(] ?)?(?:up ?to|upto|bis(?: zu)?|hasta|jusqu'à|inf\\.? ?à|sup\\.? ?à|menor de|mayor de|less than|greater than|below|above|ab|> or =|< or =|inférieur à|supérieur à) ?:? ?${n}(?: ?[\\])])?$`,
  'i',
);
const bracketed = new RegExp(`^[\\[(] ?(?:[<>≤≥]=? ?)?${n}[^\\]()]*[\\])]$`);
const dateShape =
  /^(?:\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?)[,]?$/i;

/** Reads a line from left to right into spans; the longest reading wins, cells are never crossed. */
export function readSpans(line: Line): readonly Span[] {
  const spans: Span[] = [];
  line.cells.forEach((cell, cellIndex) => {
    for (let from = cell.from; from < cell.to; ) {
      const span = longest(line.tokens, from, cell.to);
      const last = spans.at(-1);
      if (span.kind === 'words' && last?.kind === 'words' && last.cell === cellIndex) {
        spans[spans.length - 1] = { ...last, to: span.to, text: joined(line.tokens.slice(last.from, span.to)) };
      } else {
        spans.push({ ...span, cell: cellIndex });
      }
      from = span.to;
    }
  });
  // "462 +": behind a number a plus says high, by itself it is a result.
  return spans.map((span, index) => {
    const before = spans[index - 1];
    const mark = /^(?:\+{1,2}|-{1,2})$/.test(span.text) && before?.kind === 'number' && !/^[<>≤≥]/.test(before.text);
    return mark && spans[index + 1]?.kind !== 'number' ? { ...span, kind: 'flag' } : span;
  });
}

function longest(tokens: readonly Token[], from: number, end: number): Omit<Span, 'cell'> {
  for (let to = Math.min(end, from + 7); to > from; to--) {
    const text = joined(tokens.slice(from, to));
    const kind = kindOf(text, to - from);
    if (kind) return { kind, from, to, text };
  }
  return { kind: 'words', from, to: from + 1, text: tokens[from]!.text };
}

function kindOf(text: string, length: number): SpanKind | undefined {
  // Before dates: 1:40 is a titre; a time of day is printed with two digits.
  if (length <= 3 && titre.test(text)) return 'number';
  if (length <= 5 && dateLike(text, length)) return 'date';
  if (interval.test(text) || oneSided.test(text) || (length <= 6 && bracketed.test(text))) return 'range';
  if (length <= 3 && number.test(text)) return 'number';
  if (length > 4) return undefined;
  if (/^(?:\d\+|\+\d|\++)$/.test(text)) return 'coded';
  if (/^(?:HH|LL|H|L|A|N)$/.test(text) || (length === 1 && isFlag(text))) return 'flag';
  if (isUnit(text)) return 'unit';
  if (/^[-–—+*#/:;,.()[\]=]$/.test(text)) return 'sign';
  if (length <= 2 && isFlag(text)) return 'flag';
  if (codedValue(text)) return 'coded';
  if (/\p{L}/u.test(text) ? length <= 3 && parseValue(text, 'point').kind === 'absent' : /^[-–—]{2,}$/.test(text))
    return 'absent';
  return undefined;
}

function dateLike(text: string, length: number): boolean {
  if (dateShape.test(text)) return true;
  if (!/\d/.test(text) || !/[-/.: ]|\p{L}/u.test(text)) return false;
  const date = findDate(text, 'day-first');
  return (
    date !== undefined &&
    date.index === 0 &&
    date.length >= text.length - 1 &&
    (length > 1 || /\d{2}.*\d{2}/.test(text))
  );
}

/** Words such as "low" and "normal" are flags only where the column or a number before them says so; see roles. */
function isFlag(text: string): boolean {
  return (
    parseFlag(text) !== undefined &&
    !/^(?:[-+^v]|--|\+\+|\+|n|a|l|h|c)$/.test(text) &&
    !/^(?:ab|ch|cl|hp|hc|lc|lp|bl|bh|bas|path)$/i.test(text)
  );
}

/**
 * A printed unit. Single capitals are flags or blood groups far more often; several words are one unit only around a
 * slash or a power, and prose never reaches the unit table.
 */
export function isUnit(text: string): boolean {
  if (
    text.length > 24 ||
    /^[\d.,\s]+$/.test(text) ||
    /^(?:[a-z]|[A-TV-Z]{1,2}|in|to|bar|st|col|cal|day|week|year|month|as|at|am|pm)$/i.test(text)
  ) {
    return /^(?:fL|fl|pg|Pg|s|U)$/.test(text);
  }
  // UCUM would take "138mmol/L" for a unit.
  if (/^\p{L}\d{1,2}$|^inr$|^(?!10\s?[\^*E'])[\d.,]+/iu.test(text)) return false;
  const words = /\s/.test(text);
  if (words && !/^x ?10|\s[/^]|[/^]\s|\sm[2²]$|\s(?:FEU|DDU)$/i.test(text)) return false;
  if (words && /\d[.,]\d(?!3 ?m)|\p{L}{6,}|[<>≤≥:;,?!()]|^[\d.,]+\s(?![/^])/u.test(text)) return false;
  if (/^\p{L}{5,}$/u.test(text) && !/^(?:mmhg|ratio|index|cells|percent|copies|titer|units|score)$/i.test(text))
    return false;
  return /[\p{L}%°‰]/u.test(text) && toUcum(text) !== undefined;
}
