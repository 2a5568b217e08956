import {
  inOrder,
  isYearless,
  newestOf,
  type Readings,
  timeAlone,
  wholeDate,
  withTime,
  withYears,
} from './column-dates.ts';
import { overlap } from './columns.ts';
import type { DayOrder } from './dates.ts';
import { labelOf } from './fact-labels.ts';
import { dayOf, type Facts, latestOf } from './facts.ts';
import { clean } from './groups.ts';
import { announcesTimes } from './header-phrases.ts';
import { fold, headerPhrases } from './header-words.ts';
import { isNumbersOfSamples } from './headings.ts';
import { type Cell, joined, type Line } from './layout.ts';
import type { Names } from './role.ts';
import { specimenOf } from './specimens.ts';

/** A column of results and the draw that they are of. */
export interface Draw {
  readonly x0: number;
  readonly x1: number;
  readonly readings: Readings;
  /** Headed by a time alone. */
  readonly timed?: boolean;
  readonly specimen?: string;
}

/** Two or more dates in cells of nothing else; besides them a word left of the first, and headings of units and limits. */
export function drawsOf(line: Line, facts: Facts, names: Names): readonly Draw[] | undefined {
  const { order } = facts;
  const day = dayOf(facts);
  const draws: Draw[] = [];
  const others: Cell[] = [];
  for (const cell of line.cells) {
    const dates = datesOf(line, cell, order) ?? timesOf(line, cell, day);
    if (dates) draws.push(...dates);
    else others.push(cell);
  }
  const fits = ({ text, box }: Cell) =>
    headings.has(headerPhrases.get(fold(text)) ?? '') ||
    (box[2] < draws[0]!.x0 &&
      others[0]!.box === box &&
      !/[\d:]/.test(text) &&
      text.split(' ').length <= 4 &&
      !names.isTest(clean(text)));
  if (draws.length < 2 || !others.every(fits)) return undefined;
  // Times are of one day: each is another one, and they follow each other.
  const times = draws.flatMap(({ readings, timed }) => (timed ? [readings[0]] : []));
  const course = new Set(times).size === times.length && inOrder(times);
  return times.length === 0 || (times.length === draws.length && course) ? draws : undefined;
}

const headings: ReadonlySet<string> = new Set(['name', 'unit', 'range', 'flag', 'date', 'other', 'specimen']);

/** The dates that a cell is made of, from left to right; undefined where it holds anything else. */
function datesOf(line: Line, cell: Cell, order: DayOrder): Draw[] | undefined {
  const found: Draw[] = [];
  for (let from = cell.from; from < cell.to; ) {
    let length = Math.min(6, cell.to - from);
    for (; length > 0; length--) {
      const run = line.tokens.slice(from, from + length);
      const date = wholeDate(joined(run), order);
      if (!date?.readings) continue;
      found.push({ x0: run[0]!.box[0], x1: run.at(-1)!.box[2], readings: date.readings });
      break;
    }
    if (length === 0) return undefined;
    from += length;
  }
  return found;
}

/** A time of the day of the document; other numbers head nothing. */
function timesOf(line: Line, cell: Cell, day: string | undefined): Draw[] | undefined {
  const found: Draw[] = [];
  for (const { text, box } of line.tokens.slice(cell.from, cell.to)) {
    const time = timeAlone(text);
    if (!day || !time) return undefined;
    found.push({ x0: box[0], x1: box[2], readings: [`${day}T${time}`, `${day}T${time}`], timed: true });
  }
  return found;
}

/**
 * The draws with what a line between their dates and their results says of them: times, years, specimens. Numbers of samples,
 * wards and further headings change nothing; undefined where the line is none of all that.
 */
export function withSaid(draws: readonly Draw[], line: Line, facts: Facts): readonly Draw[] | undefined {
  if (facts.lines.has(line)) return draws;
  const own = draws.map((draw) => line.cells.find(({ box }) => overlap(draw, { x0: box[0], x1: box[2] }) > 0)?.text);
  const texts = own.filter((text) => text !== undefined);
  if (texts.length === 0) return line.cells.every(({ text }) => headerPhrases.has(fold(text))) ? draws : undefined;
  const each = (change: (draw: Draw, text: string) => Draw) =>
    draws.map((draw, at) => (own[at] === undefined ? draw : change(draw, own[at])));
  const [first] = line.cells;
  const beside = first!.box[2] < draws[0]!.x0 ? first!.text : '';
  if (texts.every(timeAlone) && (beside === '' || announcesTimes(beside))) {
    return each((draw, text) => ({ ...draw, readings: withTime(draw.readings, timeAlone(text)!) }));
  }
  if (texts.every((text) => years.test(text)) && beside === '') {
    return each((draw, text) => ({
      ...draw,
      readings: draw.readings.map((day) => text + day.slice(4)) as [string, string],
    }));
  }
  if (texts.every(specimenOf)) return each((draw, text) => ({ ...draw, specimen: specimenOf(text)! }));
  const label = fold(beside);
  const labelled = ['other', 'identifier', 'specimen'].includes(labelOf.get(label) ?? '') || placed.test(label);
  return labelled || isNumbersOfSamples(line, draws) ? draws : undefined;
}

const years = /^(?:19|20)\d{2}$/;
const placed =
  /^(?:ward|loc|location|station|site|source|unit no|clinic|dept|consultant|req|requested|doctor|order|spec|sample|lab|acc|auftrag|material|prob)/;

/**
 * Days with their years, and the indices of the draws whose results are current: the newest one, all of a single day; none
 * where two orders of day and month differ, where days without a year do not follow each other, or where all are earlier than
 * the draw of the report.
 */
export function settleDraws(
  printed: readonly Readings[],
  facts: Facts,
): { readonly readings: readonly Readings[]; readonly current: readonly number[] } {
  const readings = printed.map((one) => withYears(one, latestOf(facts)));
  const yearless = printed.some(([day]) => isYearless(day));
  const current = yearless && !inOrder(readings.map(([day]) => day)) ? [] : currentOf(readings, facts);
  return { readings, current };
}

function currentOf(readings: readonly Readings[], { collected }: Facts): readonly number[] {
  const days = new Set(readings.map(([iso]) => iso.slice(0, 10)));
  const current = days.size === 1 ? allApart(readings) : [newestOf(readings)].filter((at) => at !== undefined);
  const day = current[0] === undefined ? undefined : readings[current[0]]![0].slice(0, 10);
  return day && collected && !isYearless(day) && day < collected.slice(0, 10) ? [] : current;
}

/** Several draws of one day, each at a time of its own. */
function allApart(readings: readonly Readings[]): readonly number[] {
  return new Set(readings.map(([iso]) => iso)).size === readings.length ? readings.map((_, index) => index) : [];
}
