import type { Readings } from './column-dates.ts';
import { type Draw, drawsOf, settleDraws, withSaid } from './draws.ts';
import type { Facts } from './facts.ts';
import { gridColumns, isRow, type Row, rowOf } from './grid-columns.ts';
import { clean, type Field, fieldOf } from './groups.ts';
import { fold, headerPhrases } from './header-words.ts';
import type { Line, PageLayout } from './layout.ts';
import type { Names } from './role.ts';
import type { RawRow } from './rows.ts';
import { isUnit, type Span } from './spans.ts';
import { specimenOf } from './specimens.ts';

/** Results of a grid, and all its lines: those of draws that are not current too. */
export interface GridRows {
  readonly rows: readonly RawRow[];
  readonly lines: readonly Line[];
}

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
  const heads = lines.map((line) => drawsOf(line, facts, names));
  for (const [at, draws] of heads.entries()) {
    // Times right under dates are theirs.
    const dated = heads.slice(Math.max(0, at - 4), at).some((above) => above && !above[0]!.timed);
    if (!draws || (draws[0]!.timed && dated)) continue;
    // A grid ends where another begins, or a table with headings of its own.
    const end = lines.findIndex(
      (line, index) => index > at && ((heads[index] && !heads[index][0]!.timed) || saysCurrent(line)),
    );
    const block = lines.slice(at + 1, end < 0 ? undefined : end);
    if (lines.slice(Math.max(0, at - 2), at).some(saysCurrent)) continue;
    // Numbers, wards and specimens of the draws may stand over their dates.
    const known = lines
      .slice(Math.max(0, at - 4), at)
      .reduce((one, above) => withSaid(one, above, facts) ?? one, draws);
    const found = readUnder(known, block, layout, names, facts);
    rows.push(...found.rows);
    taken.push(...found.lines);
  }
  return { rows, lines: taken };
}

/** Whether a line says itself which of its columns is current. */
function saysCurrent({ cells }: Line): boolean {
  return cells.some(({ text }) => ['value', 'current', 'previous'].includes(headerPhrases.get(fold(text)) ?? ''));
}

const nothing: GridRows = { rows: [], lines: [] };

function readUnder(
  headed: readonly Draw[],
  block: readonly Line[],
  { page, charWidth }: PageLayout,
  names: Names,
  facts: Facts,
): GridRows {
  let printed = headed;
  const first = block.findIndex((line) => {
    const said = withSaid(printed, line, facts);
    printed = said ?? printed;
    return !said && isRow(printed, line);
  });
  const lines = block.slice(first);
  const columns = first < 0 || first > 5 ? undefined : gridColumns(printed, lines);
  if (!columns) return nothing;
  const { readings, current } = settleDraws(
    printed.map((draw) => draw.readings),
    facts,
  );
  if (current.length === 0) return nothing;
  const rows: RawRow[] = [];
  const taken: Line[] = [];
  let panel: string | undefined;
  let specimen: string | undefined;
  for (const line of lines) {
    const row = rowOf(line, columns, charWidth);
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
      const own = printed[at]!.specimen ?? specimen;
      const [collected, other] = readings[at]!;
      const earlier = current.length === 1 ? earlierOf(line, row, readings, at) : undefined;
      rows.push({
        page: page.number,
        ...said,
        ...value,
        ...(earlier ? { previous: earlier } : {}),
        ...(own ? { specimen: own } : {}),
        ...(panel ? { panel } : {}),
        outOfRange: false,
        ...(collected === other && collected !== facts.collected ? { collected } : {}),
        confidence:
          0.95 * Math.min(...[...said.name.tokens, ...value.value.tokens].map(({ confidence }) => confidence)),
        line,
      });
    }
  }
  return { rows, lines: rows.length > 0 ? taken : [] };
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
function earlierOf(line: Line, { under }: Row, readings: readonly Readings[], current: number): Field | undefined {
  return readings
    .map(([at], index) => ({ at, index }))
    .filter(({ index }) => index !== current)
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .map(({ index }) => resultOf(line, under[index]!)?.value)
    .find((value) => value && /\d/.test(value.text));
}
