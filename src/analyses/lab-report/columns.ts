import { type DayOrder, findDate } from './dates.ts';
import { type ColumnRole, fold, headerPhrases } from './header-words.ts';
import { around, joined, type Line } from './layout.ts';
import { readSpans } from './spans.ts';

export interface Column {
  readonly role: ColumnRole;
  readonly x0: number;
  readonly x1: number;
  /** FHIR date of a column that is headed by one. */
  readonly date?: string;
  /** The same read day first and month first: while the order is open, the newest column may still be certain. */
  readonly readings?: readonly [string, string];
  readonly text: string;
  /** How many bars stand before it, in a table drawn with bars. */
  readonly ordinal?: number;
}

/** What stands over the columns of a table, left to right. */
export interface Header {
  readonly columns: readonly Column[];
  /** Columns are told apart by bars, not by their place. */
  readonly barred?: boolean;
}

/**
 * The columns that this line heads, or undefined when it is no header: at least two known headings, one of them a value,
 * and hardly a word besides.
 */
export function readHeader(line: Line, order: DayOrder): Header | undefined {
  const known = phrasesOf(line, order);
  const matched = known.reduce((sum, { text }) => sum + text.split(' ').length, 0);
  const words = line.tokens.filter(({ text }) => /[\p{L}\d]/u.test(text)).length;
  const has = (...roles: readonly ColumnRole[]) => known.some(({ role }) => roles.includes(role));
  const valued = has('value', 'current', 'in-range', 'out-of-range') || (has('name') && has('dated'));
  const unknown = unknownColumns(line, [...known, ...misreadDates(line, known)]);
  const sure =
    matched >= 0.65 * words &&
    ((valued && (has('name', 'unit', 'range', 'flag', 'previous') || known.length >= 3)) ||
      (has('name') && has('unit', 'range')));
  // Some headings in words of their own: the known ones carry the rest, if every cell looks like a heading.
  const grid = known.filter(({ role }) => role === 'dated').length >= 2 && known.length + unknown.length >= 3;
  const carried =
    unknown.length > 0 && known.length + unknown.length >= 4 && has('name', 'value', 'range') && matched >= 0.4 * words;
  if (known.length < 2 || !(sure || carried || grid)) return undefined;
  const misread = misreadDates(line, known);
  const certain = known.map(
    (column): Column => (misread.length > 0 && column.role === 'dated' ? { ...column, role: 'unclear' } : column),
  );
  const columns = [...certain, ...misread, ...unknown].sort((a, b) => a.x0 - b.x0);
  return line.bars.length >= columns.length - 1 && line.bars.length > 0
    ? { barred: true, columns: columns.map((column) => ({ ...column, ordinal: barsBefore(line, column.x0) })) }
    : { columns };
}

/** Digits that are no date although dates stand beside them: one of them may be the newest date, misread. */
function misreadDates(line: Line, known: readonly Column[]): readonly Column[] {
  if (!known.some(({ role }) => role === 'dated')) return [];
  return line.tokens
    .filter(
      ({ text, box }) =>
        /\d.*\d/.test(text) && !known.some((column) => overlap(column, { x0: box[0], x1: box[2] }) > 0),
    )
    .map(({ text, box }) => ({ role: 'unclear', x0: box[0], x1: box[2], text }));
}

/** Cells without a known heading; none at all when one of them cannot be a heading. */
function unknownColumns(line: Line, known: readonly Column[]): readonly Column[] {
  const cells = line.cells.filter(
    ({ box }) => !known.some((column) => overlap(column, { x0: box[0], x1: box[2] }) > 0),
  );
  const possible = cells.every(({ text, from, to }) => to - from <= 3 && !/\d/.test(text));
  return possible ? cells.map(({ box, text }) => ({ role: 'unknown', x0: box[0], x1: box[2], text })) : [];
}

/** A line under or over a header that continues it: dates of the columns, second halves of headings. */
export function extendHeader(header: Header, line: Line, order: DayOrder): Header | undefined {
  const more = phrasesOf(line, order);
  const words = line.tokens.filter(({ text }) => /[\p{L}\d]/u.test(text)).length;
  const known = more.reduce((sum, { text }) => sum + text.split(' ').length, 0);
  if (more.length === 0 || known < 0.8 * words) {
    return undefined;
  }
  const columns = [...header.columns];
  for (const extra of more) {
    const at = columns.findIndex((column) => overlap(column, extra) > 0);
    if (at < 0) {
      columns.push(extra);
      continue;
    }
    const base = columns[at]!;
    const role = strongest(base.role, extra.role);
    columns[at] = {
      ...base,
      role,
      date: base.date ?? extra.date,
      readings: base.readings ?? extra.readings,
      x0: Math.min(base.x0, extra.x0),
      x1: Math.max(base.x1, extra.x1),
    };
  }
  return { ...header, columns: columns.sort((a, b) => a.x0 - b.x0) };
}

const rank: readonly ColumnRole[] = [
  'previous',
  'in-range',
  'out-of-range',
  'current',
  'flag',
  'range',
  'unit',
  'specimen',
  'name',
  'dated',
  'value',
  'date',
  'other',
];
function strongest(a: ColumnRole, b: ColumnRole): ColumnRole {
  return rank.indexOf(a) <= rank.indexOf(b) ? a : b;
}

function phrasesOf(line: Line, order: DayOrder): Column[] {
  const found: Column[] = [];
  const { tokens } = line;
  for (let from = 0; from < tokens.length; ) {
    const cell = line.cells.find(({ to }) => to > from)!;
    let length = Math.min(5, cell.to - from);
    let column: Column | undefined;
    for (; length > 0 && !column; length--) {
      const run = tokens.slice(from, from + length);
      const text = joined(run);
      const box = around(run.map((token) => token.box));
      const bare = fold(text).replace(/^[([]|[)\]]$/g, '');
      const role = headerPhrases.get(bare) ?? headerPhrases.get(bare.replace(/\.$/, ''));
      const dated = role ? undefined : wholeDate(text, order);
      if (role) column = { role, x0: box[0], x1: box[2], text };
      else if (dated) column = { role: 'dated', x0: box[0], x1: box[2], text, ...dated };
      if (column) from += length;
    }
    if (column) found.push(column);
    else from++;
  }
  return joinDates(found, line);
}

/** "Previous 12/08/2026" in one cell is one column with a date. */
function joinDates(columns: readonly Column[], line: Line): Column[] {
  const joinedColumns: Column[] = [];
  for (const column of columns) {
    const last = joinedColumns.at(-1);
    const together = last && line.cells.some(({ box }) => box[0] <= last.x0 && box[2] >= column.x1);
    if (together && column.readings && last && !last.readings && last.role !== 'name') {
      joinedColumns[joinedColumns.length - 1] = {
        ...last,
        x1: column.x1,
        date: column.date,
        readings: column.readings,
        text: `${last.text} ${column.text}`,
      };
    } else if (together && last?.role === 'dated' && ['value', 'current', 'previous'].includes(column.role)) {
      joinedColumns[joinedColumns.length - 1] = {
        ...column,
        x0: last.x0,
        date: last.date,
        readings: last.readings,
        text: `${last.text} ${column.text}`,
      };
    } else {
      joinedColumns.push(column);
    }
  }
  return joinedColumns;
}

function wholeDate(text: string, order: DayOrder): Pick<Column, 'date' | 'readings'> | undefined {
  const whole = (as: DayOrder) => {
    const date = findDate(text, as);
    return date && date.length >= text.length - 2 ? date.iso : undefined;
  };
  const date = whole(order);
  if (date) return { date, readings: [date, date] };
  const [day, month] = [whole('day-first'), whole('month-first')];
  return day || month ? { readings: [day ?? month!, month ?? day!] } : undefined;
}

/** Bars to the left of x. */
function barsBefore(line: Line, x: number): number {
  return line.bars.filter((bar) => bar < x).length;
}

function overlap(a: { x0: number; x1: number }, b: { x0: number; x1: number }): number {
  return Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
}

/**
 * Decides which value columns are current. A column headed "previous" never is. Of several dated columns the newest one
 * is; of several that nothing tells apart none is, since position proves nothing.
 */
export function settle(header: Header, collected: string | undefined): Header {
  const values: readonly ColumnRole[] = ['dated', 'value', 'current'];
  const dated = header.columns.filter(({ readings, role }) => readings && values.includes(role));
  const explicit = header.columns.some(({ role }) => role === 'current');
  const open = header.columns.some(({ role }) => role === 'unclear');
  const newest = open ? undefined : newestOf(dated, collected);
  const columns = header.columns.map((column): Column => {
    const several = dated.length > 1 && dated.includes(column);
    if (column.role === 'dated') {
      if (explicit) return { ...column, role: 'previous' };
      if (several) return { ...column, role: column === newest ? 'value' : 'previous' };
      if (open) return { ...column, role: 'unclear' };
      return { ...column, role: header.columns.some(({ role }) => role === 'value') ? 'date' : 'value' };
    }
    if (column.role === 'value' && (explicit || (several && column !== newest))) return { ...column, role: 'previous' };
    return column.role === 'current' ? { ...column, role: 'value' } : column;
  });
  // Two columns of the same heading without a date: nothing says which is current.
  const alike = columns.filter(
    (column) =>
      column.role === 'value' &&
      columns.some((other) => other !== column && other.role === 'value' && fold(other.text) === fold(column.text)),
  );
  return alike.length > 1 && !repeated(columns)
    ? {
        ...header,
        columns: columns.map((column) => (alike.includes(column) ? { ...column, role: 'unclear' } : column)),
      }
    : { ...header, columns };
}

/** The column of the newest date, when both readings of the dates agree on it. */
function newestOf(dated: readonly Column[], collected: string | undefined): Column | undefined {
  const day = collected?.slice(0, 10);
  const named = day ? dated.filter(({ date }) => date?.startsWith(day)) : [];
  if (named.length === 1) return named[0];
  const latest = ([0, 1] as const).map((reading) => {
    const sorted = [...dated].sort((a, b) => a.readings![reading].localeCompare(b.readings![reading]));
    const [last, second] = [sorted.at(-1), sorted.at(-2)];
    const at = (column: Column | undefined) => column?.readings?.[reading];
    return at(last) === at(second) ? undefined : last;
  });
  return latest[0] === latest[1] ? latest[0] : undefined;
}

/** Whether the header starts over: name … value … name … value. */
export function repeated(columns: readonly Column[]): boolean {
  return bandStarts(columns).length > 1;
}

/** x of each band of a table whose columns repeat side by side. */
export function bandStarts(columns: readonly Column[]): readonly number[] {
  const starts: number[] = [];
  let valued = true;
  for (const { role, x0 } of columns) {
    if (role === 'name' && valued) {
      starts.push(x0);
      valued = false;
    } else if (role === 'value' || role === 'in-range') {
      valued = true;
    }
  }
  return valued ? starts : starts.slice(0, -1);
}

/** The column over something at these x: by overlap, else the one whose left edge, right edge or middle is nearest. */
export function columnAt(header: Header, x0: number, x1: number, line: Line): Column | undefined {
  if (header.barred && line.bars.length > 0) {
    const ordinal = barsBefore(line, (x0 + x1) / 2);
    return header.columns.find((column) => column.ordinal === ordinal);
  }
  let best: Column | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const column of header.columns) {
    const shared = overlap(column, { x0, x1 });
    const edges = Math.min(
      Math.abs(column.x0 - x0),
      Math.abs(column.x1 - x1),
      Math.abs((column.x0 + column.x1) / 2 - (x0 + x1) / 2),
    );
    const distance = shared > 0 ? edges - shared * 2 : edges + Math.abs(shared) * 0.5;
    if (distance < least) {
      least = distance;
      best = column;
    }
  }
  return best;
}

/** Gives the columns of unknown heading the role of what stands under them; one that stays unclear is read as nothing. */
export function fillUnknown(header: Header, lines: readonly Line[]): Header {
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
    if (most === 'unit' || most === 'range' || most === 'flag' || most === 'date') return most;
    if (most === 'words' && !named) return 'name';
    // A second column of numbers under a heading nobody knows may hold anything, an earlier value too.
    if (most === 'number' || most === 'coded') return valued ? 'unclear' : 'value';
    return 'other';
  };
  const columns = header.columns.map((column) =>
    column.role === 'unknown' ? { ...column, role: roleOf(column) } : column,
  );
  const several =
    columns.filter((column, index) => column.role === 'value' && header.columns[index]!.role === 'unknown').length > 1;
  return {
    ...header,
    columns: several
      ? columns.map((column) => (column.role === 'value' ? { ...column, role: 'unclear' } : column))
      : columns,
  };
}
