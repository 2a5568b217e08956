import { isYearless, newestOf, withYears } from './column-dates.ts';
import { type ColumnRole, fold } from './header-words.ts';
import type { Line } from './layout.ts';
import type { Token } from './tokens.ts';

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
  /** Heading that is the unit of all values under it, as in "%" and "/mm³" of a differential count. */
  readonly unit?: readonly Token[];
  /** Heading that is the specimen of all values under it. */
  readonly specimen?: string;
  /** Taken for names because a second column of values follows: to be confirmed by what stands under it. */
  readonly assumed?: boolean;
  /** One of several draws of one day: each value is current, at its own time. */
  readonly serial?: boolean;
}

/** What stands over the columns of a table, left to right. */
export interface Header {
  readonly columns: readonly Column[];
  /** Columns are told apart by bars, not by their place. */
  readonly barred?: boolean;
  /** Headings do not stand over their columns: a line with as many cells is read by their order. */
  readonly ordered?: boolean;
}
/** Bars to the left of x. */
export function barsBefore(line: Line, x: number): number {
  return line.bars.filter((bar) => bar < x).length;
}

/** How much two extents share; negative for the gap between them. */
export function overlap(a: { x0: number; x1: number }, b: { x0: number; x1: number }): number {
  return Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
}

/**
 * Decides which value columns are current. A column headed "previous" never is. Of several dated columns the newest one
 * is; of several that nothing tells apart none is, since position proves nothing.
 */
export function settle(printed: Header, collected: string | undefined, latest: string | undefined): Header {
  const header = { ...printed, columns: printed.columns.map((column) => dated(column, latest)) };
  const values: readonly ColumnRole[] = ['dated', 'value', 'current'];
  const dates = header.columns.filter(({ readings, role }) => readings && values.includes(role));
  const explicit = header.columns.some(({ role }) => role === 'current');
  const open = header.columns.some(({ role }) => role === 'unclear');
  // "Result | 06/05/25 | 28/02/25": beside a column of results dates head earlier ones.
  const results = header.columns.some(({ role, readings }) => role === 'value' && !readings);
  const today = collected?.slice(0, 10);
  const allEarlier =
    results &&
    dates.every(({ role, date }) => role === 'dated' && !(today && date && !isYearless(date) && date >= today));
  const newest = open || allEarlier ? undefined : currentOf(dates, collected);
  if (!explicit && !open && !allEarlier && isSerial(dates)) {
    return {
      ...header,
      columns: header.columns.map((column) =>
        dates.includes(column) ? { ...column, role: 'value', serial: true } : column,
      ),
    };
  }
  const columns = header.columns.map((column): Column => {
    const several = dates.length > 1 && dates.includes(column);
    if (column.role === 'dated') {
      if (allEarlier) return { ...column, role: 'previous' };
      if (explicit) return { ...column, role: 'previous' };
      if (several) return { ...column, role: column === newest ? 'value' : 'previous' };
      if (open) return { ...column, role: 'unclear' };
      return { ...column, role: header.columns.some(({ role }) => role === 'value') ? 'previous' : 'value' };
    }
    if (column.role === 'value' && (explicit || (several && column !== newest))) return { ...column, role: 'previous' };
    return column.role === 'current' ? { ...column, role: 'value' } : column;
  });
  // "Result | Index": the word is the result, the index says how it was reached.
  const words = columns.some(({ role, text }) => role === 'value' && !indexed.test(fold(text)));
  const indices = columns.filter(({ role, text }) => role === 'value' && words && indexed.test(fold(text)));
  if (indices.length > 0 && !header.columns.some(({ readings }) => readings))
    return {
      ...header,
      columns: columns.map((column) => (indices.includes(column) ? { ...column, role: 'other' } : column)),
    };
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

/** A column whose day has its year. */
function dated(column: Column, latest: string | undefined): Column {
  if (!column.readings || !isYearless(column.readings[0])) return column;
  const readings = withYears(column.readings, latest);
  return { ...column, readings, date: readings[0] === readings[1] ? readings[0] : undefined };
}

const indexed = /^(?:index|indice|ratio|s\/co|o\.?d\.?\b|cut)/;

/** Troponin at 08:00, 09:00 and 11:00 of one day. */
function isSerial(dated: readonly Column[]): boolean {
  const times = new Set(dated.map(({ date }) => date));
  const days = new Set(dated.map(({ date }) => date?.slice(0, 10)));
  return (
    dated.length > 1 && days.size === 1 && times.size === dated.length && dated.every(({ date }) => date?.includes('T'))
  );
}

/** The column of the day of the report, else that of the newest date, when both readings of the dates agree on it. */
function currentOf(dated: readonly Column[], collected: string | undefined): Column | undefined {
  const day = collected?.slice(0, 10);
  const named = day ? dated.filter(({ date }) => date?.startsWith(day)) : [];
  if (named.length === 1) return named[0];
  const newest = newestOf(dated.map(({ readings }) => readings!));
  return newest === undefined ? undefined : dated[newest];
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
  if (header.ordered && line.cells.length === header.columns.length) {
    return header.columns[line.cells.findIndex(({ box }) => box[0] <= (x0 + x1) / 2 && box[2] >= (x0 + x1) / 2)];
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
