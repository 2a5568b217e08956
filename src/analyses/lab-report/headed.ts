import { columnAt, type Header } from './columns.ts';
import type { ColumnRole } from './header-words.ts';
import { around, type Line } from './layout.ts';
import { readSpans, type SpanKind } from './spans.ts';

/** What cannot stand under a heading. Units stand in any cell; a number with a sign may be a limit. */
const impossible: Readonly<Partial<Record<ColumnRole, readonly SpanKind[]>>> = {
  value: ['range'],
  previous: ['range'],
  unclear: ['range'],
  unit: ['number', 'range'],
  name: ['range'],
  date: ['number', 'unit', 'range'],
  flag: ['number', 'range'],
};

/** Share of the spans of these lines that cannot stand where the heading would have them, 0 to 1. */
function misfit(header: Header, lines: readonly Line[]): number {
  let [wrong, all] = [0, 0];
  for (const line of lines) {
    const placed = readSpans(line).map(({ kind, text, from, to }) => {
      const box = around(line.tokens.slice(from, to).map((token) => token.box));
      return { kind, text, role: columnAt(header, box[0], box[2], line)?.role };
    });
    // "5-10   /HPF   0-5": cells in a field are counted as a range.
    const valued = placed.some(({ role, kind }) => role === 'value' && kind !== 'unit');
    const limited = placed.some(({ role, kind }) => role === 'range' && kind !== 'unit');
    for (const { kind, text, role } of placed) {
      if (!['number', 'range', 'unit'].includes(kind) || /^[<>≤≥]/.test(text)) continue;
      all++;
      const lost = role === 'range' && kind === 'number' && !valued;
      if (lost || (role && impossible[role]?.includes(kind) && !(limited && role === 'value'))) wrong++;
    }
  }
  return all === 0 ? 0 : wrong / all;
}

/**
 * Cuts the lines under a heading where it holds no longer: a table of other columns may follow without a heading of its own.
 * Sections begin at lines of one cell without digits; those in which three in ten cannot stand where the heading has it
 * are read without it.
 */
export function sectionsUnder(
  header: Header,
  lines: readonly Line[],
): readonly { readonly headed: boolean; readonly lines: readonly Line[] }[] {
  if (header.barred || header.ordered) return [{ headed: true, lines }];
  const sections: Line[][] = [[]];
  for (const line of lines) {
    const title = line.cells.length === 1 && !/\d/.test(line.cells[0]!.text);
    if (title && sections.at(-1)!.some(({ cells }) => cells.length > 1)) sections.push([]);
    sections.at(-1)!.push(line);
  }
  // Beside a column of earlier values one odd line is no other table.
  const least = header.columns.some(({ role }) => role === 'previous' || role === 'unclear') ? 3 : 1;
  const judged = sections.map((section) => {
    const rows = section.filter(({ cells }) => cells.length > 2);
    return { headed: rows.length < least || misfit(header, rows) < 0.3, lines: section };
  });
  // Once it does not hold it does not come back.
  const end = judged.findIndex(({ headed }) => !headed);
  if (end < 0) return [{ headed: true, lines }];
  return [
    { headed: true, lines: judged.slice(0, end).flatMap((section) => section.lines) },
    { headed: false, lines: judged.slice(end).flatMap((section) => section.lines) },
  ].filter((section) => section.lines.length > 0);
}
