import { codedValue } from '../../terminology/coded-values.ts';
import { parseFlag } from '../../terminology/flags.ts';
import { numberPattern, parseValue } from '../../terminology/numbers.ts';
import { toUcum } from '../../terminology/units.ts';
import { findDate } from './dates.ts';
import { earlierTokens } from './earlier.ts';
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
const interval = new RegExp(`^[\\[(]? ?${n} ?(?:-|–|—|−|to|bis|à|a|hasta|~|\\.\\.+|…|→|;) ?${n} ?[\\])]?[,;]?$`, 'i');
const oneSided = new RegExp(
  `^(?:[\\[(] ?)?(?:up ?to|upto|bis(?: zu)?|hasta|jusqu'à|inf\\.? ?à|sup\\.? ?à|menor de|mayor de|less than|greater than|below|above|ab|> or =|< or =|inférieur à|supérieur à|über|unter|inferior a|superior a|até|fino a|inferiore a|superiore a|minore di|maggiore di|maior que|menor que|moins de|plus de|more than|under|over) ?:? ?${n}(?: ?[\\])])?$`,
  'i',
);
const bracketed = new RegExp(`^[\\[(] ?(?:[<>≤≥]=? ?)?${n}[^\\]()]*[\\])]$`);
const dateShape =
  /^(?:\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}\.?\s\d{1,2}:\d{2}|\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?)[,]?$/i;

/** Reads a line from left to right into spans; the longest reading wins, cells are never crossed. */
export function readSpans(line: Line): readonly Span[] {
  const spans: Span[] = [];
  const past = earlierTokens(line);
  line.cells.forEach((cell, cellIndex) => {
    for (let from = cell.from; from < cell.to; ) {
      // What speaks of an earlier value is never read together with what does not.
      const turn = past.findIndex((one, at) => at > from && one !== past[from]);
      const span = longest(line.tokens, from, turn < 0 ? cell.to : Math.min(cell.to, turn));
      const last = spans.at(-1);
      // "Hepatitis C", "Vitamin A": behind words of its own cell a letter is no flag.
      const letter = span.kind === 'flag' && /^[ABCN]$/.test(span.text);
      const together = last?.cell === cellIndex && past[from] === past[last.from];
      if ((span.kind === 'words' || letter) && last?.kind === 'words' && together) {
        spans[spans.length - 1] = { ...last, to: span.to, text: joined(line.tokens.slice(last.from, span.to)) };
      } else {
        spans.push({ ...span, cell: cellIndex });
      }
      from = span.to;
    }
  });
  return flagged(phrased(spans));
}

/** "Mesa Verde Medical Center": a word that could be a result, among words of its own cell, is one of them. */
function phrased(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = [];
  for (let at = 0; at < spans.length; at++) {
    const [before, span, after] = [out.at(-1), spans[at]!, spans[at + 1]];
    const inside = [before, after].every((one) => one?.kind === 'words' && one.cell === span.cell);
    if (span.kind === 'coded' && inside && /^\p{L}+$/u.test(span.text) && !/:$/.test(before!.text)) {
      out[out.length - 1] = { ...before!, to: after!.to, text: `${before!.text} ${span.text} ${after!.text}` };
      at++;
    } else {
      out.push(span);
    }
  }
  return out;
}

/** Signs that are flags by what stands beside them. */
function flagged(spans: readonly Span[]): readonly Span[] {
  // "462 +", "+  462": behind a number, or in a cell right before it, a plus says high, by itself it is a result.
  return spans.map((span, index) => {
    const before = spans[index - 1];
    const mark = /^(?:\+{1,2}|-{1,2})$/.test(span.text) && before?.kind === 'number' && !/^[<>≤≥]/.test(before.text);
    const next = spans[index + 1];
    const between = next?.kind === 'number' && next.cell === span.cell;
    const leads = /^(?:\+{1,2}|-{1,2})$/.test(span.text) && next?.kind === 'number' && next.cell === span.cell + 1;
    const ends = before === undefined || before.cell < span.cell;
    // An arrow in front of a name that recognition took for a sign.
    const first = index === 0 && /^(?:\+{1,2}|-{1,2})$/.test(span.text) && next?.kind === 'words';
    return (mark && !between) || (leads && ends && index > 0) || first ? { ...span, kind: 'flag' } : span;
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
  // "LL, K 2.5": a comma behind a flag or a unit is of the sentence.
  if (length === 1 && /[\p{L}%][,;]$/u.test(text)) {
    const bare = text.slice(0, -1);
    return isUnit(bare)
      ? 'unit'
      : /^(?:HH|LL|H|L)$/.test(bare) || (bare.length > 2 && isFlag(bare))
        ? 'flag'
        : undefined;
  }
  // A g that recognition took for a digit: "9/dL", "m8/L".
  if (length === 1 && /^m?[89]\/[dDlLiI1|-]{1,3}$/.test(text)) return 'unit';
  if (/^(?:\d\+|\+\d|\++)$/.test(text)) return 'coded';
  // "N: ≥ 16" announces the normal limits.
  const announces = text.endsWith(':');
  if (/^(?:N|NV|VN|VR|RR|RI):$/.test(text)) return 'sign';
  if (/^(?:HH|LL|H|L|A|N|!{1,2}[HL]|[HL]!{1,2})$/.test(text) || (length === 1 && !announces && isFlag(text)))
    return 'flag';
  if (isUnit(text)) return 'unit';
  if (/^[-–—+*#/:;,.()[\]=x×]$/.test(text)) return 'sign';
  if (length <= 2 && !announces && isFlag(text)) return 'flag';
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
  if (/^\p{L}\d{1,2}$|^inr$|^(?!10\s?[\^*E'⁰¹²³⁴-⁹])[\d.,]+/iu.test(text)) return false;
  const words = /\s/.test(text);
  const bare = text.replace(/1[.,]73/, '');
  if (words && !/^x ?10|\s[/^]|[/^]\s|^10\* \d|\sm[2²]$|\/\s?\d{1,2} h$|\s(?:FEU|DDU)$/i.test(text)) return false;
  if (words && /\d[.,]\d|\p{L}{6,}|[<>≤≥:;,?!()]|^[\d.,]+\s(?![/^])/u.test(bare)) return false;
  if (/^\p{L}{5,}$/u.test(text) && !/^(?:mmhg|ratio|index|cells|percent|copies|titer|units|score)$/i.test(text))
    return false;
  return /[\p{L}%°‰]/u.test(text) && toUcum(text) !== undefined;
}
