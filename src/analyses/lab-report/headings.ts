import { timeAlone, withTime } from './column-dates.ts';
import { barsBefore, type Column, type Header, overlap } from './columns.ts';
import type { DayOrder } from './dates.ts';
import { labelOf } from './fact-labels.ts';
import { announcesTimes, phrasesOf } from './header-phrases.ts';
import { type ColumnRole, fold } from './header-words.ts';
import type { Line } from './layout.ts';
import { isUnit } from './spans.ts';
import { specimenOf } from './specimens.ts';

/**
 * The columns that this line heads, or undefined when it is no header: at least two known headings, one of them a value,
 * and hardly a word besides.
 */
export function readHeader(line: Line, order: DayOrder): Header | undefined {
  if (holdsResults(line)) return undefined;
  const phrases = phrasesOf(line, order);
  const known = [...phrases, ...unitColumns(line, phrases), ...specimenColumns(line, phrases)].sort(
    (a, b) => a.x0 - b.x0,
  );
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
  const dates = known.filter(({ role }) => role === 'dated').length;
  const grid =
    dates >= 2 && headsAlone(line, known) && (known.length + unknown.length >= 3 || line.cells.length === dates);
  const carried =
    unknown.length > 0 && known.length + unknown.length >= 4 && has('name', 'value', 'range') && matched >= 0.4 * words;
  // "Test results" is a title.
  if (known.length < 2 || (known.length === 2 && line.cells.length < 2) || !(sure || carried || grid)) return undefined;
  const misread = misreadDates(line, known);
  const certain = known.map(
    (column): Column => (misread.length > 0 && column.role === 'dated' ? { ...column, role: 'unclear' } : column),
  );
  const columns = withSecondNames([...certain, ...misread, ...unknown].sort((a, b) => a.x0 - b.x0));
  return line.bars.length >= columns.length - 1 && line.bars.length > 0
    ? { barred: true, columns: columns.map((column) => ({ ...column, ordinal: barsBefore(line, column.x0) })) }
    : { columns };
}

/** "Requested on 21/05/2024 – drawn on 21/05/2024" heads nothing: a date over a column stands in a cell of headings. */
function headsAlone(line: Line, known: readonly Column[]): boolean {
  return line.cells.every(({ box, from, to }) => {
    const own = known.filter((column) => overlap(column, { x0: box[0], x1: box[2] }) > 0);
    const told = own.reduce((sum, { text }) => sum + text.split(' ').length, 0);
    const words = line.tokens.slice(from, to).filter(({ text }) => /[\p{L}\d]/u.test(text)).length;
    return !own.some(({ role }) => role === 'dated') || told >= words;
  });
}

/** Decimals and limits stand in rows, not in headings. */
function holdsResults({ tokens }: Line): boolean {
  const decimal = /^[<>≤≥]?\d{1,4}[.,]\d{1,3}$/;
  const limits = /^[[(]?\d{1,4}(?:[.,]\d{1,3})?[-–]\d{1,4}(?:[.,]\d{1,3})?[\])]?$/;
  return tokens.some(({ text }) => decimal.test(text) || limits.test(text));
}

/** "Examen Resultado | Sedimento Resultado": an unknown heading before a second value of the same heading is that of names. */
function withSecondNames(columns: readonly Column[]): readonly Column[] {
  return columns.map((column, at): Column => {
    const next = columns[at + 1];
    const again =
      next?.role === 'value' &&
      columns.slice(0, at).some((one) => one.role === 'value' && fold(one.text) === fold(next.text));
    return column.role === 'unknown' && again ? { ...column, role: 'name', assumed: true } : column;
  });
}

/** Two or more different specimens beside a name: each heads values of its own. */
function specimenColumns(line: Line, known: readonly Column[]): readonly Column[] {
  if (known.some(({ role }) => ['value', 'current', 'dated'].includes(role))) return [];
  const named = line.cells.flatMap(({ text, box }): readonly Column[] => {
    const specimen = text.length < 30 ? specimenOf(text) : undefined;
    const free = !known.some((column) => overlap(column, { x0: box[0], x1: box[2] }) > 0);
    return specimen && free ? [{ role: 'value', x0: box[0], x1: box[2], text, specimen }] : [];
  });
  return new Set(named.map(({ specimen }) => specimen)).size >= 2 ? named : [];
}

/** Two or more cells that are units, right of a name or left of limits: each heads values of its own. */
function unitColumns(line: Line, known: readonly Column[]): readonly Column[] {
  if (known.some(({ role }) => ['value', 'current', 'unit', 'dated'].includes(role))) return [];
  const units = line.cells.filter(
    ({ text, box }) =>
      isUnit(text) &&
      !known.some((column) => column.role !== 'name' && overlap(column, { x0: box[0], x1: box[2] }) > 0),
  );
  const alone = units.length === 1 && known.some(({ role }) => role === 'range') && line.cells.length >= 3;
  return units.length >= 2 || alone
    ? units.map(({ text, box, from, to }) => ({
        role: 'value',
        x0: box[0],
        x1: box[2],
        text,
        unit: line.tokens.slice(from, to),
      }))
    : [];
}

/**
 * Headings over headings: "Result | Previous | Limits" above "Value Unit | Value Date | Min Max". Each lower one belongs to
 * the upper one over it; what stands under "previous" is previous.
 */
export function nestHeader(upper: Header, lower: Header): Header | undefined {
  const kinds = new Set(upper.columns.map(({ role }) => role));
  if (
    ![...kinds].some((role) => role === 'previous' || role === 'current' || role === 'value') ||
    lower.columns.length < 3
  )
    return undefined;
  const taken = new Set<Column>();
  const nested = lower.columns.map((column): Column => {
    const middle = (column.x0 + column.x1) / 2;
    const distance = ({ x0, x1 }: Column) => Math.max(x0 - middle, middle - x1, 0);
    const parent = [...upper.columns].sort((a, b) => distance(a) - distance(b))[0]!;
    taken.add(parent);
    if (parent.role === 'previous') return { ...column, role: 'previous' };
    if (parent.role === 'range') return { ...column, role: 'range' };
    const valued = ['value', 'unclear', 'dated'].includes(column.role);
    return valued && ['value', 'current'].includes(parent.role) ? { ...column, role: parent.role } : column;
  });
  const rest = upper.columns.filter((column) => !taken.has(column));
  return { columns: [...rest, ...nested].sort((a, b) => a.x0 - b.x0) };
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

/**
 * Times of day under dated headings, with a word for the line or further headings beside them: "12/03/2024" over "07:40",
 * "Time collected   0651   0626", "Component   0948   1047   Units".
 */
export function timesUnder(header: Header, line: Line, order: DayOrder): Header | undefined {
  const extent = ({ box }: Line['cells'][number]) => ({ x0: box[0], x1: box[2] });
  const dated = header.columns.filter(({ readings }) => readings);
  const times = line.cells.flatMap((cell) => {
    const time = timeAlone(cell.text);
    const column = time && dated.find((one) => overlap(one, extent(cell)) > 0);
    return column ? [{ cell, time, column }] : [];
  });
  const numbered = times.length === 0 && isNumbersOfSamples(line, dated);
  if (times.length === 0 && !numbered) return undefined;
  const rest = line.cells.filter((cell) => !times.some((one) => one.cell === cell));
  const headings = phrasesOf(line, order).filter((phrase) => rest.some((cell) => overlap(phrase, extent(cell)) > 0));
  const left = dated[0]!.x0;
  const said = rest.every(
    (cell) =>
      (numbered && dated.some((one) => overlap(one, extent(cell)) > 0)) ||
      headings.some((phrase) => overlap(phrase, extent(cell)) > 0) ||
      (cell.box[2] < left && (numbered ? !/\d/.test(cell.text) : announcesTimes(cell.text))),
  );
  if (!said) return undefined;
  const columns = header.columns.map((column): Column => {
    const own = times.find((one) => one.column === column);
    return own && column.date && !column.date.includes('T')
      ? { ...column, date: `${column.date}T${own.time}`, readings: withTime(column.readings!, own.time) }
      : column;
  });
  const more = headings.filter((phrase) => !columns.some((column) => overlap(column, phrase) > 0));
  return { ...header, columns: [...columns, ...more].sort((a, b) => a.x0 - b.x0) };
}

/** "Lab ID   12310302   20119397", or such numbers alone, under dates. */
export function isNumbersOfSamples(
  { cells }: Line,
  dated: readonly { readonly x0: number; readonly x1: number }[],
): boolean {
  const under = cells.filter(({ box }) => dated.some((one) => overlap(one, { x0: box[0], x1: box[2] }) > 0));
  const label = cells[0] && !under.includes(cells[0]) ? labelOf.get(fold(cells[0].text)) : undefined;
  const number = /^[A-Z]{0,3}[\d.-]*\d{4,}[A-Z]?$/;
  return (
    under.length >= 2 &&
    (label === 'other' || label === 'identifier' || under.length === cells.length) &&
    under.every(({ text }) => number.test(text))
  );
}

/** A line under or over a header that continues it: dates of the columns, second halves of headings. */
export function extendHeader(header: Header, line: Line, order: DayOrder): Header | undefined {
  // "Specimen type : Serum" over a table says something itself.
  if (line.tokens.some(({ text }) => text.endsWith(':'))) return undefined;
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
