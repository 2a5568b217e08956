import { earlierTokens } from './earlier.ts';
import { labelledAs, labelRole } from './label-roles.ts';
import { around, type Line } from './layout.ts';
import { calculated, type Extent, earlierValue, type Names, previousWords, type Role, type RuledRole } from './role.ts';
import { readSpans, type Span } from './spans.ts';

/** Where the limits of these lines stand, when three or more stand under each other; for tables without a heading. */
export function limitsOf(lines: readonly Line[], charWidth: number): Extent | undefined {
  const found = lines.flatMap((line) =>
    readSpans(line)
      .filter(({ kind, from }) => kind === 'range' && line.cells.some((cell) => cell.from === from) && from > 0)
      .map(({ from, to }) => around(line.tokens.slice(from, to).map(({ box }) => box))),
  );
  const starts = found.map(([x0]) => x0).sort((a, b) => a - b);
  const middle = starts[Math.floor(starts.length / 2)];
  const aligned = found.filter(([x0]) => Math.abs(x0 - middle!) < 3 * charWidth);
  return aligned.length >= 3 && aligned.length >= 0.6 * found.length
    ? { x0: Math.min(...aligned.map(([x0]) => x0)) - charWidth, x1: Math.max(...aligned.map(([, , x1]) => x1)) }
    : undefined;
}

const smudged = /^(?=.*\d)[\dlIOSoB.,]{2,}$/;

/** Without a header: name, then value, then whatever is recognised by what it is. */
export function inOrder(
  line: Line,
  spans: readonly Span[],
  extent: Extent | undefined,
  names: Names,
): readonly RuledRole[] {
  const firstWords = spans.findIndex(({ kind }) => kind === 'words');
  // "132 mmol/L  Low" under its name: a line that begins with its value.
  const bare = ['number', 'coded'].includes(spans[0]!.kind) && ['unit', 'flag', undefined].includes(spans[1]?.kind);
  let state: 'name' | 'value' | 'after' | 'previous' = bare && !names.isTest(spans[0]!.text) ? 'value' : 'name';
  let ranged = false;
  let limits = false;
  const label = labelRole(spans);
  if (label) return spans.map((span, index) => (index === 0 ? { role: 'other', weight: 6 } : labelledAs(span, label)));
  const give = (role: Role, weight: number): RuledRole => ({ role, weight });
  const earlier: RuledRole = { role: 'previous', weight: 6, never: ['value', 'unit'] };
  const underLimits = ({ from, to }: Span) => {
    const [x0, , x1] = around(line.tokens.slice(from, to).map(({ box }) => box));
    return extent !== undefined && x0 < extent.x1 && x1 > extent.x0;
  };
  const measured =
    spans[0]!.kind === 'words' &&
    spans[1]?.kind === 'number' &&
    spans[2]?.kind === 'unit' &&
    spans[2].cell === spans[1].cell;
  const past = earlierTokens(line);
  const step = (span: Span, index: number): RuledRole => {
    if (past[span.from]) return earlierValue;
    if (state === 'previous') {
      return earlier;
    }
    if (span.kind === 'words') {
      if (previousWords.test(span.text)) {
        state = 'previous';
        return give('previous', 4);
      }
      if (
        state === 'after' &&
        /^\(?(?:ref|normal|range|referenz|norm|v\.?r\.?|nv|rr|valor|valores)\b/i.test(span.text)
      ) {
        limits = true;
        return give('range', 1.5);
      }
      const behind = spans[index + 1];
      if (state === 'after' && behind?.kind === 'range' && behind.cell === span.cell && /:$/.test(span.text))
        return give('range', 6);
      if (state === 'after' && calculated.test(span.text)) return give('unit', 5);
      // A number with a misread digit competes with the number before it all the same.
      if (state === 'after' && !ranged && smudged.test(span.text)) return give('value', 1.5);
      if (state !== 'after') {
        state = 'value';
        // Words, a number and its unit are a result, whatever the words are.
        return give('name', index === 0 && measured ? 4 : 1.5);
      }
      const moreValue = spans.slice(index + 1).some(({ kind }) => kind === 'number' || kind === 'coded');
      if (moreValue && (!bare || names.isTest(span.text))) {
        state = 'value';
        ranged = false;
        return give('name', 1);
      }
      return give('other', bare ? 5 : 1);
    }
    if (state === 'name' && index < firstWords)
      return give(
        span.kind === 'flag' ? 'flag' : span.kind === 'date' ? 'date' : 'other',
        span.kind === 'flag' ? 6 : 1,
      );
    switch (span.kind) {
      case 'number':
      case 'coded':
      case 'absent':
        if (state === 'after') {
          const limitsFollow = spans
            .slice(index + 1)
            .some(({ kind, text }) => kind === 'range' || (kind === 'number' && /^[<>≤≥]/.test(text)));
          if (span.kind === 'number' && /^[<>≤≥=]/.test(span.text) && !ranged && !limitsFollow) {
            ranged = true;
            return give('range', 2.5);
          }
          if (limits && !ranged) {
            ranged = true;
            return give('range', 2.5);
          }
          if (ranged) return give('other', 1.5);
          // Codes of sites and laboratories.
          if (/^0\d$/.test(span.text)) return give('other', 2);
          // "Negative  Negative": the second is what is expected. Otherwise nothing says which of the two is current.
          const first = spans.slice(0, index).find(({ kind }) => kind === 'number' || kind === 'coded');
          const sameWord = first?.text.toLowerCase() === span.text.toLowerCase();
          if (span.kind === 'coded' && (sameWord || underLimits(span))) {
            ranged = true;
            return give('range', underLimits(span) ? 6 : 2);
          }
          return give('value', 1.5);
        }
        if (state === 'name') return give('other', 1);
        state = 'after';
        return give('value', 2);
      case 'range':
        if (state === 'after') {
          ranged = true;
          return give('range', 3);
        }
        if (state === 'value' && !spans.slice(index + 1).some(({ kind }) => kind === 'number' || kind === 'coded')) {
          state = 'after';
          return give('value', 1);
        }
        return give('range', 1);
      case 'unit':
        return give(state === 'name' ? 'other' : 'unit', 2.5);
      case 'flag':
        return give(state === 'name' ? 'other' : 'flag', 2.5);
      case 'date':
        // "138 mmol/L   135-145   12/01/22 : 140": a number behind its own date is an earlier one.
        if (state === 'after' && spans.slice(index + 1).some(({ kind }) => kind === 'number')) {
          state = 'previous';
          return earlier;
        }
        return give('date', 2);
      default:
        return give(state === 'value' ? 'name' : 'other', 0.5);
    }
  };
  const ruled = flaggedWord(spans, onlyWithUnit(spans, spans.map(step)));
  const values = ruled.filter(
    ({ role }, index) =>
      role === 'value' && (['number', 'coded'].includes(spans[index]!.kind) || smudged.test(spans[index]!.text)),
  );
  const named = ruled.filter(({ role }) => role === 'name').length;
  return values.length > named && values.length > 1
    ? ruled.map((one) => (values.includes(one) ? { ...one, rival: true } : one))
    : ruled;
}

/** Of several numbers the one whose unit stands right behind it is the value: the others are bare, and in other cells. */
function onlyWithUnit(spans: readonly Span[], ruled: readonly RuledRole[]): readonly RuledRole[] {
  const values = ruled
    .map(({ role }, at) => ({ role, at }))
    .filter(({ role, at }) => role === 'value' && spans[at]!.kind === 'number');
  const carried = values.filter(({ at }) => spans[at + 1]?.kind === 'unit' && spans[at + 1]!.cell === spans[at]!.cell);
  const apart = values.every(
    ({ at }) => at === carried[0]?.at || spans[at]!.cell !== spans[carried[0]?.at ?? at]!.cell,
  );
  if (values.length < 2 || carried.length !== 1 || carried[0]!.at !== values[0]!.at || !apart) return ruled;
  return ruled.map((one, at) =>
    values.some((value) => value.at === at) && at !== carried[0]!.at
      ? { role: 'other', weight: 3, never: ['value'] }
      : one,
  );
}

/** "positive *  negative": with the printed flag between two words the first is the result, whatever the second is. */
function flaggedWord(spans: readonly Span[], ruled: readonly RuledRole[]): readonly RuledRole[] {
  const words = ruled.map((_, at) => at).filter((at) => ruled[at]!.role === 'value' && spans[at]!.kind === 'coded');
  const flagged = words.filter((at) => spans[at + 1]?.kind === 'flag');
  const only =
    ruled.filter(({ role }) => role === 'value').length === 2 && words.length === 2 && flagged[0] === words[0];
  if (!only) return ruled;
  return ruled.map((one, at) => {
    if (at === flagged[0]) return { role: 'value', weight: 5 };
    return words.includes(at) ? { role: 'other', weight: 5, never: ['value'] } : one;
  });
}
