import { overlap } from './columns.ts';
import { type GridRows, resultOf, timeOf, withTime } from './date-grid.ts';
import { type Facts, latestOf } from './facts.ts';
import { clean, type Field, fieldOf } from './groups.ts';
import { wholeDate } from './headings.ts';
import type { Cell, Line, PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import { isUnit, readSpans, type Span } from './spans.ts';
import { inOrder, isYearless, withYears } from './yearless.ts';

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
  /** ISO day, or day and minute. */
  readonly at: string;
  readonly yearless: boolean;
  /** Tokens of its line that are date and time. */
  readonly dated: number;
}

const limits = /^[[(]?(?:[<>≤≥]=?\s?)?\d[\d.,]*(?:\s?(?:-|–|to|a|à|bis)\s?\d[\d.,]*)?[\])]?$/;

/**
 * Flow sheets: tests side by side as headings, one line a draw under them. The line of the newest date is current; its empty
 * cells are no results, and other lines are earlier ones.
 */
export function readTransposed(layout: PageLayout, names: Names, facts: Facts): GridRows {
  const { lines } = layout;
  const found = lines.flatMap((head, at) => {
    const columns = columnsOf(head, names);
    return columns ? [readUnder(columns, head, lines.slice(at + 1, at + 60), layout, facts)] : [];
  });
  return { rows: found.flatMap(({ rows }) => rows), lines: found.flatMap((one) => one.lines) };
}

/** At least three tests, and hardly anything else, in one line. */
function columnsOf(line: Line, names: Names): readonly Column[] | undefined {
  if (line.cells.length < 3) return undefined;
  const isTest = ({ text }: Cell) => !/\d[.,]\d/.test(text) && names.isTest(clean(text));
  const rest = isTest(line.cells[0]!) ? line.cells : line.cells.slice(timeOrDate.test(line.cells[1]!.text) ? 2 : 1);
  const tests = rest.filter(isTest);
  if (tests.length < 3 || tests.length < 0.7 * rest.length) return undefined;
  return rest.map(({ box, from, to }) => ({ x0: box[0], x1: box[2], name: fieldOf(line.tokens.slice(from, to)) }));
}

const timeOrDate = /^(?:time|uhrzeit|zeit|heure|hora|ora|date|datum|fecha|data)$/i;

function readUnder(
  columns: readonly Column[],
  head: Line,
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
  const newest = [...draws].sort((a, b) => b.at.localeCompare(a.at));
  const [current, second] = newest;
  // A block of earlier results below the current ones.
  const past =
    facts.collected !== undefined && current !== undefined && current.at.slice(0, 10) < facts.collected.slice(0, 10);
  if (!current || current.at === second?.at || past || (current.yearless && !inOrder(draws.map(({ at }) => at))))
    return { rows: [], lines: [] };
  const results = newest.map((draw) => resultsOf(columns, draw));
  const rows = columns.flatMap((column, at): readonly RawRow[] => {
    const result = results[0]![at];
    if (!result) return [];
    const earlier = results.slice(1).find((one) => one[at] !== undefined)?.[at];
    return [
      {
        page: page.number,
        name: column.name,
        ...result,
        ...(column.unit ? { unit: column.unit } : {}),
        ...(column.range ? { range: column.range } : {}),
        ...(earlier ? { previous: earlier.value } : {}),
        outOfRange: false,
        ...(current.at === facts.collected ? {} : { collected: current.at }),
        confidence:
          Math.min(...[...result.value.tokens, ...column.name.tokens].map((token) => token.confidence)) * 0.95,
        line: current.line,
      },
    ];
  });
  return { rows, lines: rows.length > 0 ? [head, ...described, ...draws.map(({ line }) => line)] : [] };
}

/** Whether a line under the names holds their units or limits; they are noted. */
function describes(columns: readonly Column[], line: Line): boolean {
  let known = 0;
  for (const cell of line.cells) {
    const column = columns.find((one) => overlap(one, { x0: cell.box[0], x1: cell.box[2] }) > 0);
    const field = fieldOf(line.tokens.slice(cell.from, cell.to));
    const inner = /^[([](.*)[)\]]$/.exec(cell.text)?.[1];
    if (column && (isUnit(cell.text) || (inner && isUnit(inner)))) column.unit = field;
    else if (column && limits.test(cell.text)) column.range = field;
    else continue;
    known++;
  }
  // A label may stand before them, in one cell.
  return known > 0 && known >= line.cells.length - 1;
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

/** The draw whose date, and time, a line begins with. */
function drawOf(line: Line, facts: Facts): Draw | undefined {
  const [first, second] = line.cells;
  if (!first || !second) return undefined;
  for (let to = first.to; to > 0; to--) {
    const date = wholeDate(fieldOf(line.tokens.slice(0, to)).text, facts.order)?.readings;
    if (!date || date[0] !== date[1]) continue;
    const time = to === first.to ? timeOf(second.text) : undefined;
    const [at] = withYears(time ? withTime(date, time) : date, latestOf(facts));
    return { line, at, yearless: isYearless(date[0]), dated: time ? second.to : to };
  }
  return undefined;
}
