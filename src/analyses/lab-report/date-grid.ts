import { overlap } from './columns.ts';
import { type DayOrder, findTime } from './dates.ts';
import { labelOf } from './fact-labels.ts';
import { type Facts, latestOf } from './facts.ts';
import { clean, type Field, fieldOf } from './groups.ts';
import { fold, headerPhrases } from './header-words.ts';
import { wholeDate } from './headings.ts';
import { type Cell, joined, type Line, type PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import { isUnit, readSpans, type Span } from './spans.ts';
import { specimenOf } from './specimens.ts';
import { inOrder, isYearless, type Readings, withYears } from './yearless.ts';

/** Results of a grid, and all its lines: those of draws that are not current too. */
export interface GridRows {
  readonly rows: readonly RawRow[];
  readonly lines: readonly Line[];
}

/** A column of results and the draw that they are of. */
interface Draw {
  x0: number;
  x1: number;
  /** ISO day, or day and minute, as both orders of day and month read it. */
  readings: Readings;
  /** Headed by a time alone. */
  readonly timed?: boolean;
  specimen?: string;
}

/** Which edge the values of a grid share with their heading: 0 the left one, 0.5 the middle, 1 the right one. */
type Edge = 0 | 0.5 | 1;

/** A line of results: what stands outside of the draws, and what stands under each. */
interface Row {
  readonly line: Line;
  readonly outside: readonly Span[];
  readonly under: readonly (readonly Span[])[];
}

const years = /^(?:19|20)\d{2}$/;
const missing = /^(?:[-–—.*]+|n\/?a|nil|\/)$/i;

/**
 * Cumulative reports: dates side by side head the draws, tests stand under each other left of them, units and limits before
 * or behind. Needs no headings but the dates. The draw of the newest date is current; its empty places are no results. Several
 * draws of one day are all current, each at its time.
 */
export function readDateGrid(layout: PageLayout, names: Names, facts: Facts): GridRows {
  const { lines } = layout;
  const rows: RawRow[] = [];
  const taken: Line[] = [];
  const heads = lines.map((line) => drawsOf(line, facts));
  for (const [at, draws] of heads.entries()) {
    // Times right under dates are theirs.
    const dated = heads.slice(Math.max(0, at - 4), at).some((above) => above && !above[0]!.timed);
    if (!draws || (draws[0]!.timed && dated)) continue;
    // A grid ends where another begins, or a table with headings of its own.
    const end = lines.findIndex(
      (line, index) => index > at && ((heads[index] && !heads[index][0]!.timed) || saysCurrent(line)),
    );
    const block = lines.slice(at + 1, end < 0 ? undefined : end);
    // Numbers, wards and specimens of the draws may stand over their dates.
    for (const above of lines.slice(Math.max(0, at - 4), at)) describes(draws, above, facts);
    if (lines.slice(Math.max(0, at - 2), at).some(saysCurrent)) continue;
    const found = readUnder(draws, block, layout, names, facts);
    rows.push(...found.rows);
    taken.push(...found.lines);
  }
  return { rows, lines: taken };
}

/** Two or more dates in cells of nothing else; besides them a word left of the first, and headings of units and limits. */
function drawsOf(line: Line, facts: Facts): Draw[] | undefined {
  const { order } = facts;
  const day = (facts.collected ?? facts.received ?? facts.reported)?.slice(0, 10);
  const draws: Draw[] = [];
  const others: Cell[] = [];
  for (const cell of line.cells) {
    const dates = datesOf(line, cell, order) ?? timesOf(line, cell, day);
    if (dates) draws.push(...dates);
    else others.push(cell);
  }
  const first = draws[0];
  const fits = ({ text, box }: Cell) =>
    headings.has(headerPhrases.get(fold(text)) ?? '') ||
    (box[2] < first!.x0 && others[0]!.box === box && !/[\d:]/.test(text) && text.split(' ').length <= 4);
  // Times are of one day: each is another one.
  const times = draws.filter(({ timed }) => timed);
  const apart = new Set(times.map(({ readings }) => readings[0])).size === times.length;
  return draws.length >= 2 && [0, draws.length].includes(times.length) && apart && others.every(fits)
    ? draws
    : undefined;
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
    const time = timeOf(text);
    if (!day || !time) return undefined;
    found.push({ x0: box[0], x1: box[2], readings: [`${day}T${time}`, `${day}T${time}`], timed: true });
  }
  return found;
}

/** Whether a line says itself which of its columns is current. */
function saysCurrent({ cells }: Line): boolean {
  return cells.some(({ text }) => ['value', 'current', 'previous'].includes(headerPhrases.get(fold(text)) ?? ''));
}

function readUnder(
  draws: Draw[],
  block: readonly Line[],
  { page, charWidth }: PageLayout,
  names: Names,
  facts: Facts,
): GridRows {
  const first = block.findIndex((line) => !describes(draws, line, facts) && isRow(draws, line));
  if (first < 0 || first > 5) return { rows: [], lines: [] };
  const lines = block.slice(first);
  const edge = edgeOf(draws, lines) ?? (moveTo(draws, lines) ? 1 : undefined);
  const yearless = draws.some(({ readings }) => isYearless(readings[0]));
  for (const draw of draws) draw.readings = withYears(draw.readings, latestOf(facts));
  if (edge === undefined) return { rows: [], lines: [] };
  const current = yearless && !inOrder(draws.map(({ readings }) => readings[0])) ? [] : currentOf(draws, facts);
  if (current.length === 0) return { rows: [], lines: [] };
  const rows: RawRow[] = [];
  const taken: Line[] = [];
  let panel: string | undefined;
  let specimen: string | undefined;
  for (const line of lines) {
    const row = rowOf(line, draws, edge, charWidth);
    if (row.under.every((spans) => spans.length === 0)) {
      const [only, second] = line.cells;
      if (only && !second && !/\d/.test(only.text) && only.to <= 6) {
        specimen = specimenOf(only.text) ?? specimen;
        panel = clean(only.text);
      }
      continue;
    }
    if (line.box[1] > lines[0]!.box[1] && facts.lines.has(line)) break;
    const said = saidOutside(row, names);
    if (!said) continue;
    taken.push(line);
    for (const at of current) {
      const value = resultOf(line, row.under[at]!);
      if (!value) continue;
      const draw = draws[at]!;
      const own = draw.specimen ?? specimen;
      const collected = draw.readings[0] === draw.readings[1] ? draw.readings[0] : undefined;
      const earlier = current.length === 1 ? earlierOf(line, row, draws, at) : undefined;
      rows.push({
        page: page.number,
        ...said,
        ...value,
        ...(earlier ? { previous: earlier } : {}),
        ...(own ? { specimen: own } : {}),
        ...(panel ? { panel } : {}),
        outOfRange: false,
        ...(collected && collected !== facts.collected ? { collected } : {}),
        confidence:
          0.95 * Math.min(...[...said.name.tokens, ...value.value.tokens].map(({ confidence }) => confidence)),
        line,
      });
    }
  }
  return { rows, lines: rows.length > 0 ? taken : [] };
}

/** Times, years, numbers and specimens of the draws, wards and further headings between the dates and the results; noted. */
function describes(draws: readonly Draw[], line: Line, facts: Facts): boolean {
  const label = line.cells[0]!.box[2] < draws[0]!.x0 ? fold(line.cells[0]!.text) : '';
  const beside = line.cells.filter((cell) => !under(draws, cell.box[0], cell.box[2]));
  const cells = line.cells.flatMap((cell) => {
    const draw = under(draws, cell.box[0], cell.box[2]);
    return draw ? [{ draw, text: cell.text }] : [];
  });
  if (facts.lines.has(line)) return true;
  if (cells.length === 0) return beside.every(({ text }) => headerPhrases.has(fold(text)));
  const times = cells.map(({ text }) => timeOf(text));
  if (times.every((time) => time !== undefined)) {
    cells.forEach(({ draw }, at) => {
      draw.readings = withTime(draw.readings, times[at]!);
    });
    return true;
  }
  if (cells.every(({ text }) => years.test(text))) {
    for (const { draw, text } of cells) draw.readings = withYear(draw.readings, text);
    return true;
  }
  const specimens = cells.map(({ text }) => specimenOf(text));
  if (specimens.every((specimen) => specimen !== undefined)) {
    cells.forEach(({ draw }, at) => {
      draw.specimen = specimens[at];
    });
    return true;
  }
  const labelled = ['other', 'identifier', 'specimen'].includes(labelOf.get(label) ?? '') || placed.test(label);
  return labelled || cells.every(({ text }) => /^[\p{L}\d/.-]*\d{4,}\p{L}?$|^\p{L}\d{2,}\p{L}*\d*$/u.test(text));
}

const placed =
  /^(?:ward|loc|location|station|site|source|unit no|clinic|dept|consultant|req|requested|doctor|order|spec|sample|lab|acc|auftrag|material|prob)/;

/** Words left of the first draw, and a number right of its beginning. */
function isRow(draws: readonly Draw[], line: Line): boolean {
  const named = line.tokens.some(
    ({ text, box }) => /\p{L}/u.test(text) && box[2] < draws[0]!.x0 + 0.5 * (draws[0]!.x1 - draws[0]!.x0),
  );
  return named && line.tokens.some(({ text, box }) => /^[<>≤≥*]?\d/.test(text) && box[2] > draws[0]!.x0);
}

function under(draws: readonly Draw[], x0: number, x1: number): Draw | undefined {
  return draws.find((draw) => overlap(draw, { x0, x1 }) > 0);
}

export function timeOf(text: string): string | undefined {
  const bare = /^\(?([01]?\d|2[0-3])[:.h]?([0-5]\d)(?::\d{2})?\s?(?:h|hrs|uhr|[ap]\.?m\.?)?\)?$/i.test(text.trim());
  return bare ? findTime(text) : undefined;
}

export function withTime([a, b]: readonly [string, string], time: string): readonly [string, string] {
  return [`${a.slice(0, 10)}T${time}`, `${b.slice(0, 10)}T${time}`];
}

function withYear([a, b]: readonly [string, string], year: string): readonly [string, string] {
  return [year + a.slice(4), year + b.slice(4)];
}

/** The edge at which numbers stand nearest to the headings, over all lines; none where they stand under no heading. */
function edgeOf(draws: readonly Draw[], lines: readonly Line[]): Edge | undefined {
  const [left, right] = [draws[0]!, draws.at(-1)!];
  // What follows a grid may be a table of its own: its first lines tell.
  const numbers = lines
    .filter((line) => isRow(draws, line))
    .slice(0, 6)
    .flatMap(({ tokens }) =>
      tokens.filter(({ text, box }) => /^[<>≤≥*]?\d/.test(text) && box[2] > left.x0 && box[0] < right.x1),
    );
  const cost = (edge: Edge) => {
    const distances = numbers.map(({ box }) =>
      Math.min(...draws.map((draw) => Math.abs(at(draw.x0, draw.x1, edge) - at(box[0], box[2], edge)))),
    );
    return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? Number.POSITIVE_INFINITY;
  };
  const best = ([0, 1, 0.5] as const).reduce((one, edge) => (cost(edge) < cost(one) ? edge : one));
  return cost(best) < 0.25 * spacing(draws, best) ? best : undefined;
}

/**
 * Headings at the left of their columns over numbers at the right: where rows hold as many numbers as there are draws, all as
 * far behind their headings, the draws are moved to stand over them. Says whether they were.
 */
function moveTo(draws: Draw[], lines: readonly Line[]): boolean {
  const offsets = lines.slice(0, 12).flatMap((line) => {
    const numbers = readSpans(line).filter(
      ({ kind, from }) => kind === 'number' && line.tokens[from]!.box[0] > draws[0]!.x0,
    );
    if (numbers.length !== draws.length) return [];
    return numbers.map(({ to }, at) => line.tokens[to - 1]!.box[2] - draws[at]!.x0);
  });
  const sorted = offsets.sort((a, b) => a - b);
  const [least, middle, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const room = spacing(draws, 0);
  if (least === undefined || middle! <= 0 || middle! >= room || most! - least > 0.2 * room) return false;
  for (const draw of draws) {
    draw.x1 = draw.x0 + middle!;
    draw.x0 = draw.x1;
  }
  return true;
}

/** The least distance of two headings. */
function spacing(draws: readonly Draw[], edge: Edge): number {
  const places = draws.map(({ x0, x1 }) => at(x0, x1, edge));
  return Math.min(...places.slice(1).map((place, index) => place - places[index]!));
}

function at(x0: number, x1: number, edge: Edge): number {
  return x0 + edge * (x1 - x0);
}

/** Spans by the draw that they stand nearest to; what is further from any than half of their distance stands outside. */
function rowOf(line: Line, draws: readonly Draw[], edge: Edge, charWidth: number): Row {
  const outside: Span[] = [];
  const inside = draws.map((): Span[] => []);
  const reach = 0.5 * spacing(draws, edge) + charWidth;
  const distance = (span: Span, draw: Draw) => {
    const [x0, x1] = [line.tokens[span.from]!.box[0], line.tokens[span.to - 1]!.box[2]];
    return Math.abs(at(draw.x0, draw.x1, edge) - at(x0, x1, edge)) * (overlap(draw, { x0, x1 }) > 0 ? 0.5 : 1);
  };
  let last: Span[] | undefined;
  for (const span of readSpans(line)) {
    // A flag belongs to the number that it stands behind.
    if (
      span.kind === 'flag' &&
      last &&
      gapBehind(line, last.at(-1), line.tokens[span.from]!.box[0]) < 2.5 * charWidth
    ) {
      last.push(span);
      continue;
    }
    const distances = draws.map((draw) => distance(span, draw));
    const nearest = distances.indexOf(Math.min(...distances));
    const here = inside[nearest]!;
    if (distances[nearest]! > reach || ['unit', 'range', 'words'].includes(span.kind)) {
      outside.push(asLimit(span));
      continue;
    }
    // "17   <21": a limit beside the last draw is further from it than its result.
    const rival = here.find(({ kind }) => kind === 'number' && span.kind === 'number');
    if (rival) {
      const [kept, other] = distance(rival, draws[nearest]!) <= distances[nearest]! ? [rival, span] : [span, rival];
      here.splice(here.indexOf(rival), 1, kept);
      outside.push(asLimit(other));
    } else here.push(span);
    last = here;
  }
  return { line, outside, under: inside };
}

/** "<50" outside of the draws is a limit. */
function asLimit(span: Span): Span {
  return span.kind === 'number' && /^[<>≤≥]/.test(span.text) ? { ...span, kind: 'range' } : span;
}

function gapBehind(line: Line, span: Span | undefined, x: number): number {
  return span ? x - line.tokens[span.to - 1]!.box[2] : Number.POSITIVE_INFINITY;
}

/** Indices of the draws whose results are current: the newest one, all of a single day, none where two readings differ. */
function currentOf(draws: readonly Draw[], { collected }: Facts): readonly number[] {
  const days = new Set(draws.map(({ readings }) => readings[0].slice(0, 10)));
  const times = new Set(draws.map(({ readings }) => readings[0]));
  const all = draws.map((_, index) => index);
  if (days.size === 1) return times.size === draws.length ? all : [];
  const newest = ([0, 1] as const).map((reading) => {
    const [last, second] = all.toSorted((a, b) =>
      draws[b]!.readings[reading].localeCompare(draws[a]!.readings[reading]),
    );
    return draws[last!]!.readings[reading] === draws[second!]!.readings[reading] ? -1 : last!;
  });
  const [one, other] = newest as [number, number];
  if (one < 0 || one !== other) return [];
  const day = draws[one]!.readings[0].slice(0, 10);
  // A block of earlier draws, where the report says when its own was.
  return collected && !isYearless(day) && day < collected.slice(0, 10) ? [] : [one];
}

/** Name, unit and limits of what stands left and right of the draws; undefined where it holds no name. */
function saidOutside({ line, outside }: Row, names: Names): { name: Field; unit?: Field; range?: Field } | undefined {
  const field = (span: Span) => fieldOf(line.tokens.slice(span.from, span.to));
  const cell = line.cells[0]!;
  const leading = outside.filter(({ from, to }) => from >= cell.from && to <= cell.to);
  // "Potassium mmol/L 3.5-5.1" in one cell: the name ends where its unit or limits begin.
  const cut = leading.findIndex(({ kind }, index) => index > 0 && (kind === 'range' || kind === 'unit'));
  const end = cut < 0 ? leading.at(-1)?.to : leading[cut]!.from;
  if (end === undefined) return undefined;
  const name = fieldOf(line.tokens.slice(cell.from, end));
  if (!/\p{L}/u.test(name.text) || (isUnit(name.text) && !names.isTest(clean(name.text)))) return undefined;
  const rest = outside.filter(({ from }) => from >= end);
  const unit = rest.find(({ kind }) => kind === 'unit');
  const range = rest.find(({ kind }) => kind === 'range');
  return { name, ...(unit ? { unit: field(unit) } : {}), ...(range ? { range: field(range) } : {}) };
}

/** The one number or word among spans, with its flag, which stands before or behind it. */
export function resultOf(line: Line, spans: readonly Span[]): { value: Field; flag?: Field } | undefined {
  const values = spans.filter(({ kind, text }) => ['number', 'coded'].includes(kind) && !missing.test(text));
  const flags = spans.filter(({ kind }) => kind === 'flag');
  if (values.length !== 1) return undefined;
  const field = ({ from, to }: Span) => fieldOf(line.tokens.slice(from, to));
  return { value: field(values[0]!), ...(flags.length === 1 ? { flag: field(flags[0]!) } : {}) };
}

/** The newest of the earlier results of a test. */
function earlierOf(line: Line, { under }: Row, draws: readonly Draw[], current: number): Field | undefined {
  return draws
    .map((draw, index) => ({ draw, index }))
    .filter(({ index }) => index !== current)
    .toSorted((a, b) => b.draw.readings[0].localeCompare(a.draw.readings[0]))
    .map(({ index }) => resultOf(line, under[index]!)?.value)
    .find((value) => value && /\d/.test(value.text));
}
