import { type Readings, timeAlone, wholeDate, withTime } from './column-dates.ts';
import { overlap } from './columns.ts';
import { type GridRows, resultOf } from './date-grid.ts';
import { settleDraws } from './draws.ts';
import { dayOf, type Facts } from './facts.ts';
import { clean, type Field, fieldOf, merge } from './groups.ts';
import { type Cell, joined, type Line, type PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import { isUnit, readSpans, type Span } from './spans.ts';

/** A test that heads a column, with what stands under it before the draws. */
interface Column {
  readonly x0: number;
  readonly x1: number;
  readonly name: Field;
  unit?: Field;
  range?: Field;
}

/** One draw: a line that begins with its date. */
interface Draw {
  readonly line: Line;
  readonly readings: Readings;
  /** Tokens of its line that are date and time. */
  readonly dated: number;
}

/**
 * Flow sheets: tests side by side as headings, one line a draw under them. The line of the newest date is current; its empty
 * cells are no results, and other lines are earlier ones. Several draws of one day are all current.
 */
export function readTransposed(layout: PageLayout, names: Names, facts: Facts): GridRows {
  const { lines } = layout;
  const found = lines.flatMap((head, at) => {
    const below = lines[at + 1];
    const wrapped = below && secondHalves(head, below) ? below : undefined;
    const columns = columnsOf(head, wrapped, names);
    const rest = lines.slice(wrapped ? at + 2 : at + 1, at + 60);
    return columns ? [readUnder(columns, wrapped ? [head, wrapped] : [head], rest, layout, facts)] : [];
  });
  return { rows: found.flatMap(({ rows }) => rows), lines: found.flatMap((one) => one.lines) };
}

/** Whether a line goes on with names of the one above it: words under some of them, no unit and no digit. */
function secondHalves(head: Line, below: Line): boolean {
  const over = (cell: Cell) =>
    head.cells
      .slice(1)
      .some(({ box }) => overlap({ x0: box[0], x1: box[2] }, { x0: cell.box[0], x1: cell.box[2] }) > 0);
  return (
    head.cells.length >= 4 &&
    below.cells.every(
      (cell) => over(cell) && !/\d/.test(cell.text) && !isUnit(cell.text) && /\p{L}{3}/u.test(cell.text),
    )
  );
}

/** At least three tests, and hardly anything else, in one line or in two of which the lower goes on with the names. */
function columnsOf(line: Line, below: Line | undefined, names: Names): readonly Column[] | undefined {
  if (line.cells.length < 3) return undefined;
  const whole = line.cells.map((cell): Column => {
    const extent = { x0: cell.box[0], x1: cell.box[2] };
    const more = below?.cells.filter(({ box }) => overlap(extent, { x0: box[0], x1: box[2] }) > 0) ?? [];
    const fields = [
      fieldOf(line.tokens.slice(cell.from, cell.to)),
      ...more.map(({ from, to }) => fieldOf(below!.tokens.slice(from, to))),
    ];
    return { ...extent, name: fields.reduce(merge) };
  });
  const isTest = ({ name }: Column) => !/\d[.,]\d/.test(name.text) && names.isTest(clean(name.text));
  const rest = isTest(whole[0]!) ? whole : whole.slice(timeOrDate.test(line.cells[1]!.text) ? 2 : 1);
  const tests = rest.filter(isTest);
  return tests.length < 3 || tests.length < 0.7 * rest.length ? undefined : rest;
}

const timeOrDate = /^(?:time|uhrzeit|zeit|heure|hora|ora|date|datum|fecha|data)$/i;

function readUnder(
  columns: readonly Column[],
  head: readonly Line[],
  lines: readonly Line[],
  { page }: PageLayout,
  facts: Facts,
): GridRows {
  const draws: Draw[] = [];
  const described: Line[] = [];
  for (const line of lines) {
    const draw = drawOf(line, facts);
    if (draw) draws.push(draw);
    // Limits may stand under the draws; a label of the dates alone says nothing.
    else if (describes(columns, line)) described.push(line);
    else if (draws.length > 0 || line.cells.length > 1) break;
  }
  const { readings, current } = settleDraws(
    draws.map((draw) => draw.readings),
    facts,
  );
  const results = draws.map((draw) => resultsOf(columns, draw));
  const newestFirst = readings.map((_, at) => at).sort((a, b) => readings[b]![0].localeCompare(readings[a]![0]));
  const rows = current.flatMap((draw) =>
    columns.flatMap((column, place): readonly RawRow[] => {
      const result = results[draw]![place];
      const [collected, other] = readings[draw]!;
      if (!result || collected !== other) return [];
      const earlier = newestFirst.find((at) => at !== draw && results[at]![place]);
      const before = current.length === 1 && earlier !== undefined ? results[earlier]![place] : undefined;
      return [
        {
          page: page.number,
          name: column.name,
          ...result,
          ...(column.unit ? { unit: column.unit } : {}),
          ...(column.range ? { range: column.range } : {}),
          ...(before ? { previous: before.value } : {}),
          outOfRange: false,
          ...(collected === facts.collected ? {} : { collected }),
          confidence:
            Math.min(...[...result.value.tokens, ...column.name.tokens].map(({ confidence }) => confidence)) * 0.95,
          line: draws[draw]!.line,
        },
      ];
    }),
  );
  return { rows, lines: rows.length > 0 ? [...head, ...described, ...draws.map(({ line }) => line)] : [] };
}

/** Whether a line under the names holds their units or limits; they are noted. A label may stand before them. */
function describes(columns: readonly Column[], line: Line): boolean {
  const said = readSpans(line).filter(({ kind }) => kind === 'unit' || kind === 'range' || kind === 'number');
  const words = line.cells.filter(({ from, to }) => !said.some((span) => span.from < to && span.to > from));
  if (said.length === 0 || words.length > 1) return false;
  for (const { kind, from, to } of said) {
    const field = fieldOf(line.tokens.slice(from, to));
    const [x0, , x1] = field.box;
    const column = columns.find((one) => overlap(one, { x0, x1 }) > 0);
    if (kind === 'unit') {
      if (column) column.unit = field;
    } else if (kind === 'range' || /^[<>≤≥]/.test(field.text)) {
      if (column) column.range = field;
    } else return false;
  }
  return true;
}

/** What stands under each heading: the spans of the line that are nearest to it, a flag beside its number. */
function resultsOf(columns: readonly Column[], { line, dated }: Draw) {
  const under = columns.map((): Span[] => []);
  let last: Span[] | undefined;
  let lastCell = -1;
  for (const span of readSpans(line)) {
    if (span.from < dated) continue;
    const [x0, x1] = [line.tokens[span.from]!.box[0], line.tokens[span.to - 1]!.box[2]];
    const distances = columns.map(
      (column) => Math.max(0, -overlap(column, { x0, x1 })) + 0.01 * Math.abs((column.x0 + column.x1 - x0 - x1) / 2),
    );
    const nearest = under[distances.indexOf(Math.min(...distances))]!;
    if (span.kind === 'flag' && span.cell === lastCell && last) last.push(span);
    else nearest.push(span);
    last = nearest;
    lastCell = span.cell;
  }
  return under.map((spans) => resultOf(line, spans));
}

/** The draw whose date, and time, a line begins with; a time alone is of the day of the report. */
function drawOf(line: Line, facts: Facts): Draw | undefined {
  const [first, second] = line.cells;
  if (!first || !second) return undefined;
  const alone = timeAlone(first.text);
  const day = dayOf(facts);
  if (alone && day) return { line, readings: withTime([day, day], alone), dated: first.to };
  for (let to = first.to; to > 0; to--) {
    const readings = wholeDate(joined(line.tokens.slice(0, to)), facts.order)?.readings;
    if (!readings) continue;
    const time = to === first.to ? timeAlone(second.text) : undefined;
    return { line, readings: time ? withTime(readings, time) : readings, dated: time ? second.to : to };
  }
  return undefined;
}
