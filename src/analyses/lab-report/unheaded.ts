import { type Column, columnAt, type Header } from './columns.ts';
import type { ColumnRole } from './header-words.ts';
import { around, type Line } from './layout.ts';
import { readSpans } from './spans.ts';

/** A column of names has often no heading: the words that begin the lines, left of everything that has one. */
function withNames(header: Header, lines: readonly Line[]): Header {
  const first = Math.min(...header.columns.map(({ x0 }) => x0));
  if (header.barred || header.columns.some(({ role }) => role === 'name' || role === 'unknown')) return header;
  const rows = lines.filter(({ cells }) => cells.length > 1);
  const names = rows.map(({ cells }) => cells[0]!).filter(({ text, box }) => /\p{L}/u.test(text) && box[2] < first);
  if (names.length < 2 || names.length < 0.6 * rows.length) return header;
  const [x0, , x1] = around(names.map(({ box }) => box));
  return { ...header, columns: [{ role: 'name', x0, x1, text: '' }, ...header.columns] };
}

const fitting: Readonly<Partial<Record<ColumnRole, readonly string[]>>> = {
  name: ['words'],
  value: ['number', 'coded', 'absent'],
  previous: ['number', 'coded'],
  unclear: ['number', 'coded'],
  unit: ['unit'],
  range: ['range'],
  flag: ['flag'],
};

/** Whether cells fit their headings better by order than by place: proportional print on tabs shifts headings. */
function inOrderOf(header: Header, lines: readonly Line[]): Header {
  if (header.barred || header.columns.length < 3) return header;
  const same = lines.filter(({ cells }) => cells.length === header.columns.length);
  if (same.length < 2 || same.length < 0.4 * lines.length) return header;
  const agreement = (ordered: boolean) => {
    let sum = 0;
    for (const line of same) {
      for (const { kind, from, to } of readSpans(line)) {
        const box = around(line.tokens.slice(from, to).map((token) => token.box));
        const role = columnAt({ ...header, ordered }, box[0], box[2], line)?.role;
        sum += role && fitting[role]?.includes(kind) ? 1 : 0;
      }
    }
    return sum;
  };
  return agreement(true) > 1.2 * agreement(false) ? { ...header, ordered: true } : header;
}

/** A second column of names holds names; where it holds results, nothing says which of the values is current. */
function confirmed(header: Header, lines: readonly Line[]): Header {
  const second = header.columns.find(({ assumed }) => assumed);
  if (!second) return header;
  const under = lines.flatMap((line) =>
    readSpans(line).filter(({ from, to }) => {
      const box = around(line.tokens.slice(from, to).map((token) => token.box));
      return columnAt(header, box[0], box[2], line) === second;
    }),
  );
  if (under.filter(({ kind }) => kind === 'words').length > 0.5 * under.length) return header;
  const values = header.columns.filter(({ role }) => role === 'value');
  return {
    ...header,
    columns: header.columns.map((column): Column => {
      if (column === second) return { ...column, role: 'other' };
      return values.length > 1 && values.includes(column) ? { ...column, role: 'unclear' } : column;
    }),
  };
}

/** Gives the columns of unknown heading the role of what stands under them; one that stays unclear is read as nothing. */
export function fillUnknown(given: Header, lines: readonly Line[]): Header {
  const header = inOrderOf(withNames(confirmed(given, lines), lines), lines);
  if (!header.columns.some(({ role }) => role === 'unknown')) {
    return header;
  }
  const valued = header.columns.some(({ role }) => ['value', 'in-range', 'unclear', 'previous'].includes(role));
  const named = header.columns.some(({ role }) => role === 'name');
  const kinds = new Map<Column, Map<string, number>>();
  for (const line of lines) {
    for (const span of readSpans(line)) {
      const box = around(line.tokens.slice(span.from, span.to).map((token) => token.box));
      const column = columnAt(header, box[0], box[2], line);
      if (!column) continue;
      const counts = kinds.get(column) ?? new Map<string, number>();
      const kind = span.kind === 'number' && /^[<>≤≥]/.test(span.text) ? 'range' : span.kind;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      kinds.set(column, counts);
    }
  }
  const roleOf = (column: Column): ColumnRole => {
    const counts = kinds.get(column);
    const most = counts && [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
    if (most === 'unit' || most === 'range' || most === 'flag' || most === 'date')
      return most !== 'date' && header.columns.some(({ role }) => role === most) ? 'other' : most;
    if (most === 'words' && !named) return 'name';
    // A second column of numbers under a heading nobody knows may hold anything, an earlier value too.
    if (most === 'number' || most === 'coded') return valued ? 'unclear' : 'value';
    return 'other';
  };
  let namesGiven = named;
  const columns = header.columns.map((column): Column => {
    if (column.role !== 'unknown') return column;
    const role = roleOf(column);
    // Of several columns of words the leftmost holds the names.
    const given = role === 'name' && namesGiven ? 'other' : role;
    namesGiven ||= role === 'name';
    return { ...column, role: given };
  });
  const several =
    columns.filter((column, index) => column.role === 'value' && header.columns[index]!.role === 'unknown').length > 1;
  return {
    ...header,
    columns: several
      ? columns.map((column) => (column.role === 'value' ? { ...column, role: 'unclear' } : column))
      : columns,
  };
}
