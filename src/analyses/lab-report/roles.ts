import type { Tensor, TensorModel } from '../../inference/model.ts';
import { columnAt, type Header } from './columns.ts';
import { fold, headerPhrases } from './header-words.ts';
import type { Line } from './layout.ts';
import { around } from './layout.ts';
import { readSpans, type Span } from './spans.ts';

/** What a token is on a report, in the order of the model's outputs. */
export const roles = [
  'name',
  'value',
  'unit',
  'range',
  'flag',
  'previous',
  'specimen',
  'date',
  'heading',
  'comment',
  'other',
] as const;
export type Role = (typeof roles)[number];

/** A role that the rules gave to a token, and how strongly; `never` is what the header forbids it to be. */
export interface RuledRole {
  readonly role: Role;
  readonly weight: number;
  readonly never?: readonly Role[];
  /** The column that holds the value when the column itself is the flag. */
  readonly outOfRange?: boolean;
  readonly date?: string;
  /** One of several numbers of which nothing says which is current: only together may they be taken for something else. */
  readonly rival?: boolean;
}

/** What the rules ask of the dictionary. */
export interface Names {
  /** Whether this printed text is the name of a known test. */
  isTest(text: string): boolean;
}

const previousWords = /^\(?(?:prev(?:ious)?|prior|last|was|vorwert|vor|anterior|ant\.|préc|precedent|antériorité)\b/i;
const commentStart =
  /^(?:note|notes|comment|comments|interpretation|kommentar|hinweis|bemerkung|comentario|nota|observaciones|remarque|commentaire|disclaimer|method|methode|método|méthode|performed|reference|ref)\b\s*[:.-]|^(?:\*{1,3}|\d\)|#)\s*\p{L}|^(?:end of|page \d|printed|reviewed by|verified by|authori[sz]ed|electronically|critical (?:value|result)|called to|result called|desirable|borderline|optimal|prediabetes|diabetes)\b/iu;

/**
 * Roles of the tokens of one line by header, content and order. `header` must be settled. The tokens of one span
 * share one object.
 */
export function ruleRoles(line: Line, header: Header | undefined, names: Names): readonly RuledRole[] {
  const spans = withNames(line, readSpans(line), names, header);
  if (isComment(line, spans, names, header)) {
    return line.tokens.map(() => ({ role: 'comment', weight: 2.5 }));
  }
  const byToken: RuledRole[] = new Array(line.tokens.length);
  const ruled = header ? inTable(line, spans, header) : inOrder(spans);
  spans.forEach((span, index) => {
    // A unit with a sign in it is never a result, whatever stands over it.
    const bare = span.kind === 'unit' && /[/%^]/.test(span.text);
    const own: RuledRole = bare
      ? { ...ruled[index]!, never: [...(ruled[index]!.never ?? []), 'value'] }
      : { ...ruled[index]! };
    for (let token = span.from; token < span.to; token++) byToken[token] = own;
  });
  return byToken;
}

/** A known test name at the start of a cell is one words span, with the numbers that belong to it ("CA 19-9"). */
function withNames(line: Line, spans: readonly Span[], names: Names, header: Header | undefined): readonly Span[] {
  const result: Span[] = [];
  const starts = new Set(line.cells.map(({ from }) => from));
  for (let index = 0; index < spans.length; index++) {
    const span = spans[index]!;
    if (starts.has(span.from)) {
      const upTo = spans.findLastIndex((other) => other.cell === span.cell);
      let end = -1;
      for (let last = Math.min(upTo, index + 6); last >= index && end < 0; last--) {
        const text = spans
          .slice(index, last + 1)
          .map(({ text }) => text)
          .join(' ');
        if (/\p{L}/u.test(text) && names.isTest(text.replace(/\s*:$/, ''))) end = last;
      }
      if (
        end >= 0 &&
        (end > index || span.kind !== 'words') &&
        !(end === index && ['unit', 'coded', 'absent'].includes(span.kind) && index > 0)
      ) {
        const last = spans[end]!;
        result.push({
          ...span,
          kind: 'words',
          to: last.to,
          text: spans
            .slice(index, end + 1)
            .map(({ text }) => text)
            .join(' '),
        });
        index = end;
        continue;
      }
    }
    const next = spans[index + 1];
    // "Red Blood Cell Count": a word of another meaning at the start of a name is part of the name.
    const opens =
      starts.has(span.from) && ['coded', 'flag', 'unit', 'absent'].includes(span.kind) && /\p{L}/u.test(span.text);
    if (opens && next?.kind === 'words' && next.cell === span.cell && index === 0) {
      result.push({ ...span, kind: 'words', to: next.to, text: `${span.text} ${next.text}` });
      index++;
    } else {
      result.push(opens && index === 0 && spans.length > 1 && !header ? { ...span, kind: 'words' } : span);
    }
  }
  return result;
}

function isComment(line: Line, spans: readonly Span[], names: Names, header: Header | undefined): boolean {
  const text = spans.map((span) => span.text).join(' ');
  const first = spans[0]!;
  if (names.isTest(first.text.replace(/:$/, ''))) return false;
  if (commentStart.test(text)) return true;
  const words = line.tokens.filter((token) => /^\p{L}{2,}[.,;:]?$/u.test(token.text)).length;
  const longestCell = Math.max(...line.cells.map(({ from, to }) => to - from));
  const valued = spans.some(({ kind }, index) => index > 0 && ['number', 'coded', 'absent', 'range'].includes(kind));
  if (words >= 6 && longestCell >= 6 && (!valued || line.cells.length <= 2)) return !header || line.cells.length <= 2;
  return words >= 5 && line.cells.length === 1 && /[.;]$/.test(text);
}

function inTable(line: Line, spans: readonly Span[], header: Header): readonly RuledRole[] {
  const has = (role: string) => header.columns.some((column) => column.role === role);
  const at = spans.map((span) => {
    const box = around(line.tokens.slice(span.from, span.to).map((token) => token.box));
    return columnAt(header, box[0], box[2], line);
  });
  // Beside a column that is not current a number without a column of its own is nobody's.
  const undecided = has('previous') || has('unclear');
  const valueCell = spans.findIndex(({ kind }, index) => kind === 'number' && isValue(at[index]?.role));
  return spans.map((span, index): RuledRole => {
    const column = at[index];
    if (!column) return { role: 'other', weight: 2 };
    const date = column.date ? { date: column.date } : {};
    switch (column.role) {
      case 'name':
        return span.kind === 'flag' && index > 0 && span.text.length <= 2
          ? { role: 'flag', weight: 1 }
          : { role: 'name', weight: 2.5 };
      case 'previous':
      case 'unclear':
        return { role: 'previous', weight: 6, never: ['value'] };
      case 'value':
      case 'in-range':
      case 'out-of-range': {
        const outOfRange = column.role === 'out-of-range' ? { outOfRange: true } : {};
        if (span.kind === 'unit' && valueCell >= 0) return { role: 'unit', weight: 3 };
        if (span.kind === 'flag' && (valueCell >= 0 || has('flag'))) return { role: 'flag', weight: 3 };
        if (span.kind === 'range' && valueCell >= 0 && valueCell < index) return { role: 'range', weight: 2.5 };
        if (span.kind === 'date') return { role: 'date', weight: 2 };
        if (span.kind === 'sign') return { role: 'other', weight: 1 };
        if (span.kind === 'words' && previousWords.test(span.text)) return { role: 'previous', weight: 4 };
        if (span.kind === 'words' && index === 0) return { role: 'name', weight: 1.5 };
        return { role: 'value', weight: span.kind === 'words' ? 1.5 : 3, ...outOfRange, ...date };
      }
      case 'unit':
        if (span.kind === 'number' && valueCell < 0 && !undecided && !/^[<>≤≥]/.test(span.text))
          return { role: 'value', weight: 1 };
        if (['range', 'number', 'coded'].includes(span.kind)) return { role: 'range', weight: 2 };
        if (span.kind === 'flag' && span.text !== '%') return { role: 'flag', weight: 2 };
        return { role: 'unit', weight: span.kind === 'unit' ? 3.5 : 1.5 };
      case 'range':
        if (span.kind === 'unit' && !has('unit') && !spans.some((other, i) => other.kind === 'unit' && i < index))
          return { role: 'unit', weight: 2 };
        if (span.kind === 'flag' && !has('flag') && index === spans.length - 1) return { role: 'flag', weight: 2 };
        return { role: 'range', weight: 3 };
      case 'flag':
        if (span.kind === 'number' && valueCell < 0 && !undecided) return { role: 'value', weight: 1 };
        if (span.kind === 'range' && has('range')) return { role: 'range', weight: 2 };
        if (span.kind === 'unit' && has('unit')) return { role: 'unit', weight: 2 };
        return { role: span.kind === 'words' && span.to - span.from > 3 ? 'comment' : 'flag', weight: 2.5 };
      case 'specimen':
        return { role: 'specimen', weight: 3 };
      case 'date':
        return { role: 'date', weight: 3 };
      default:
        return { role: 'other', weight: 2 };
    }
  });
}

function isValue(role: string | undefined): boolean {
  return role === 'value' || role === 'in-range' || role === 'out-of-range';
}

/** "Result: 5.1 mmol/L", "Reference range: 3.5-5.1": the first words say what the rest of the line is. */
function labelRole(spans: readonly Span[]): Role | undefined {
  const first = spans[0];
  if (!first || spans.length < 2 || first.kind === 'number') return undefined;
  const role = headerPhrases.get(fold(first.text.replace(/\s*:$/, '')));
  if (role === 'current' || role === 'value') return 'value';
  return role && ['range', 'unit', 'flag', 'previous', 'specimen', 'date'].includes(role) ? (role as Role) : undefined;
}

function labelled(span: Span, label: Role): RuledRole {
  if (label === 'previous') return { role: 'previous', weight: 6, never: ['value'] };
  if (label !== 'value') return { role: label, weight: 6 };
  if (span.kind === 'unit' || span.kind === 'flag' || span.kind === 'range' || span.kind === 'date')
    return { role: span.kind, weight: 6 };
  return { role: span.kind === 'sign' ? 'other' : 'value', weight: 6 };
}

const smudged = /^(?=.*\d)[\dlIOSoB.,]{2,}$/;

/** Without a header: name, then value, then whatever is recognised by what it is. */
function inOrder(spans: readonly Span[]): readonly RuledRole[] {
  let state: 'name' | 'value' | 'after' | 'previous' = 'name';
  let ranged = false;
  let limits = false;
  const label = labelRole(spans);
  if (label) return spans.map((span, index) => (index === 0 ? { role: 'other', weight: 6 } : labelled(span, label)));
  const firstWords = spans.findIndex(({ kind }) => kind === 'words');
  const give = (role: Role, weight: number): RuledRole => ({ role, weight });
  const step = (span: Span, index: number): RuledRole => {
    if (state === 'previous') {
      return give('previous', 3);
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
      // A number with a misread digit competes with the number before it all the same.
      if (state === 'after' && !ranged && smudged.test(span.text)) return give('value', 1.5);
      if (state !== 'after') {
        state = 'value';
        return give('name', 1.5);
      }
      const moreValue = spans.slice(index + 1).some(({ kind }) => kind === 'number' || kind === 'coded');
      if (moreValue) {
        state = 'value';
        ranged = false;
        return give('name', 1);
      }
      return give('other', 1);
    }
    if (state === 'name' && index < firstWords)
      return give(span.kind === 'flag' ? 'flag' : span.kind === 'date' ? 'date' : 'other', 1);
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
          if (span.kind === 'coded' && first?.text.toLowerCase() === span.text.toLowerCase()) return give('range', 2);
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
        return give('date', 2);
      default:
        return give(state === 'value' ? 'name' : 'other', 0.5);
    }
  };
  const ruled = spans.map(step);
  const values = ruled.filter(
    ({ role }, index) =>
      role === 'value' && (['number', 'coded'].includes(spans[index]!.kind) || smudged.test(spans[index]!.text)),
  );
  const names = ruled.filter(({ role }) => role === 'name').length;
  return values.length > names && values.length > 1
    ? ruled.map((one) => (values.includes(one) ? { ...one, rival: true } : one))
    : ruled;
}

/** Probabilities of the roles per token, row-major [tokens, roles]; undefined without a model. */
export async function modelRoles(
  model: TensorModel,
  features: Tensor,
  neighbours: Tensor,
  signal: AbortSignal,
): Promise<Float32Array> {
  const { probabilities } = await model.run({ features, neighbours }, signal);
  return probabilities!.data as Float32Array;
}

/** How much a natural logarithm of the model's probability counts against one unit of a rule's weight. */
const modelWeight = 1;

/**
 * Rules and model vote on the tokens of one span together; what the rules forbid stays forbidden. `offsets` are where the
 * probabilities of the tokens begin.
 */
export function vote(
  ruled: RuledRole | undefined,
  probabilities: Float32Array | undefined,
  offsets: readonly number[],
): Role {
  let best: Role = ruled?.role ?? 'other';
  let highest = Number.NEGATIVE_INFINITY;
  roles.forEach((role, index) => {
    const said = probabilities
      ? offsets.reduce((sum, offset) => sum + Math.log(Math.max(probabilities[offset + index]!, 0.01)), 0) /
        offsets.length
      : 0;
    const score =
      (ruled?.role === role ? ruled.weight : 0) + modelWeight * said - (ruled?.never?.includes(role) ? 100 : 0);
    if (score > highest) {
      highest = score;
      best = role;
    }
  });
  return best;
}
