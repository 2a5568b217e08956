import type { Header } from './columns.ts';
import { earlierTokens } from './earlier.ts';
import { labelledRoles } from './label-roles.ts';
import type { Line } from './layout.ts';
import { inOrder } from './order-roles.ts';
import { type Extent, earlierValue, type Names, type RuledRole } from './role.ts';
import { readSpans, type Span } from './spans.ts';
import { inTable, isEarlier } from './table-roles.ts';

const commentStart =
  /^(?:note|notes|comment|comments|interpretation|kommentar|hinweis|bemerkung|comentario|nota|observaciones|remarque|commentaire|disclaimer|reportable|method|methode|método|méthode|performed|reference|ref)\b\s*[:.-]|^(?:\*{1,3}|\d\)|#)\s*\p{L}|^(?:reportable|end of|page \d|printed|reviewed by|verified by|authori[sz]ed|electronically|critical (?:value|result)|called to|result called|desirable|borderline|optimal|prediabetes|diabetes)\b/iu;

/**
 * Roles of the tokens of one line by header, content and order. `header` must be settled. The tokens of one span
 * share one object. `limits` is where reference limits stand, when no header says so.
 */
export function ruleRoles(line: Line, header: Header | undefined, names: Names, limits?: Extent): readonly RuledRole[] {
  const read = readSpans(line);
  const labelled = labelledRoles(line, read);
  if (labelled) return labelled;
  const spans = withNames(line, read, names, header);
  if (spans.length === 1 && spans[0]!.kind === 'words' && names.isTest(spans[0]!.text)) {
    const name: RuledRole = { role: 'name', weight: 5 };
    return line.tokens.map(() => name);
  }
  if (isComment(line, spans, names, header)) {
    return line.tokens.map(() => ({ role: 'comment', weight: 2.5 }));
  }
  const byToken: RuledRole[] = new Array(line.tokens.length);
  // Without gaps there are no columns; the order of things is then all that a line has.
  const flat = line.cells.length === 1 && spans.length >= 3 && !header?.columns.some(({ role }) => isEarlier(role));
  const ruled = header && !flat ? inTable(line, spans, header) : inOrder(line, spans, limits, names);
  const past = earlierTokens(line);
  spans.forEach((span, index) => {
    // A unit with a sign in it is never a result, whatever stands over it.
    const bare = span.kind === 'unit' && /[/%^]/.test(span.text);
    const own: RuledRole = bare
      ? { ...ruled[index]!, never: [...(ruled[index]!.never ?? []), 'value'] }
      : { ...ruled[index]! };
    for (let token = span.from; token < span.to; token++) byToken[token] = past[token] ? earlierValue : own;
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
    // "H  WBC", "↓ Hämoglobin": a flag before the name, where the name is known without it.
    const leads =
      index === 0 &&
      span.kind === 'flag' &&
      next?.kind === 'words' &&
      names.isTest(next.text) &&
      !names.isTest(`${span.text} ${next.text}`);
    if (leads) {
      result.push(span);
      continue;
    }
    // "Red Blood Cell Count": a word of another meaning at the start of a name is part of the name.
    const opens =
      starts.has(span.from) &&
      !(span.kind === 'unit' && /[/%^]/.test(span.text)) &&
      ['coded', 'flag', 'unit', 'absent'].includes(span.kind) &&
      /\p{L}/u.test(span.text);
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
