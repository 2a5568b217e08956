import { parseFlag } from '../../terminology/flags.ts';
import { overlap } from './columns.ts';
import { findDate } from './dates.ts';
import type { Facts } from './facts.ts';
import { clean, type Field, fieldOf } from './groups.ts';
import type { Cell, Line, PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import { isUnit } from './spans.ts';

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
}

const limits = /^[[(]?(?:[<>≤≥]=?\s?)?\d[\d.,]*(?:\s?(?:-|–|to|a|à|bis)\s?\d[\d.,]*)?[\])]?$/;
const number = /^[<>≤≥]?=?\d[\d.,]*$/;

/**
 * Flow sheets: tests side by side as headings, one line a draw under them. The line of the newest date is current; its empty
 * cells are no results, and other lines are earlier ones.
 */
export function readTransposed(layout: PageLayout, names: Names, facts: Facts): readonly RawRow[] {
  const { lines } = layout;
  return lines.flatMap((head, at) => {
    const columns = columnsOf(head, names);
    return columns ? readUnder(columns, lines.slice(at + 1, at + 60), layout, facts) : [];
  });
}

/** At least three tests, and hardly anything else, in one line. */
function columnsOf(line: Line, names: Names): readonly Column[] | undefined {
  if (line.cells.length < 3) return undefined;
  const isTest = ({ text }: Cell) => !/\d[.,]\d/.test(text) && names.isTest(clean(text));
  const rest = isTest(line.cells[0]!) ? line.cells : line.cells.slice(1);
  const tests = rest.filter(isTest);
  if (tests.length < 3 || tests.length < 0.7 * rest.length) return undefined;
  return rest.map(({ box, from, to }) => ({ x0: box[0], x1: box[2], name: fieldOf(line.tokens.slice(from, to)) }));
}

function readUnder(
  columns: readonly Column[],
  lines: readonly Line[],
  { page, charWidth }: PageLayout,
  facts: Facts,
): readonly RawRow[] {
  const draws: Draw[] = [];
  for (const line of lines) {
    const first = line.cells[0]!;
    const at = dateOf(first.text, facts);
    if (at) draws.push({ line, at });
    // Limits may stand under the draws; a label of the dates alone says nothing.
    else if (!describes(columns, line) && (draws.length > 0 || line.cells.length > 1)) break;
  }
  const newest = [...draws].sort((a, b) => b.at.localeCompare(a.at));
  const [current, second] = newest;
  // A block of earlier results below the current ones.
  const past =
    facts.collected !== undefined && current !== undefined && current.at.slice(0, 10) < facts.collected.slice(0, 10);
  if (!current || current.at === second?.at || past) return [];
  return columns.flatMap((column): readonly RawRow[] => {
    const field = under(column, current.line, charWidth);
    if (!field) return [];
    const [value, ...behind] = field.tokens;
    const flag = behind.length > 0 ? fieldOf(behind) : undefined;
    if (!value || !number.test(value.text) || (flag && !parseFlag(flag.text) && !/^[!*]+$/.test(flag.text))) return [];
    const earlier = newest
      .slice(1)
      .map(({ line }) => under(column, line, charWidth)?.tokens[0])
      .find((token) => token && number.test(token.text));
    return [
      {
        page: page.number,
        name: column.name,
        value: fieldOf([value]),
        ...(column.unit ? { unit: column.unit } : {}),
        ...(column.range ? { range: column.range } : {}),
        ...(flag ? { flag } : {}),
        ...(earlier ? { previous: fieldOf([earlier]) } : {}),
        outOfRange: false,
        ...(current.at === facts.collected ? {} : { collected: current.at }),
        confidence: Math.min(value.confidence, ...column.name.tokens.map(({ confidence }) => confidence)) * 0.95,
        line: current.line,
      },
    ];
  });
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

/** What stands under a heading: the cell that overlaps it, and a flag in a cell of its own right behind. */
function under(column: Column, line: Line, charWidth: number): Field | undefined {
  const at = line.cells.findIndex(
    (cell, index) =>
      index > 0 && overlap(column, { x0: cell.box[0], x1: cell.box[2] }) > -charWidth && /\d/.test(cell.text),
  );
  const cell = line.cells[at];
  if (!cell) return undefined;
  const next = line.cells[at + 1];
  const flagged = next && parseFlag(next.text) !== undefined && next.box[0] - cell.box[2] < 3 * charWidth;
  return fieldOf(line.tokens.slice(cell.from, flagged ? next.to : cell.to));
}

/** The date a line begins with; one without a year is of the year of the report, or the one before where it lies ahead of it. */
function dateOf(text: string, { order, collected, reported, received }: Facts): string | undefined {
  const whole = findDate(text, order);
  if (whole && whole.index < 6) return whole.iso;
  const known = reported ?? received ?? collected;
  const [, a, separator, b, rest] = /^(\d{1,2})([-/.])(\d{1,2})\.?(?![\d/.-])(.*)$/.exec(text.trim()) ?? [];
  if (!known || !a) return undefined;
  const year = Number(known.slice(0, 4));
  return [year, year - 1]
    .map((one) => findDate(`${a}${separator}${b}${separator}${one}${rest}`, order)?.iso)
    .find((iso) => iso && iso.slice(0, 10) <= known.slice(0, 10));
}
