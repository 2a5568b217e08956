import { parseFlag } from '../../terminology/flags.ts';
import { toUcum } from '../../terminology/units.ts';
import { clean, fieldOf, type Group, merge } from './groups.ts';
import { fold, headerPhrases } from './header-words.ts';
import { labelled } from './labelled.ts';
import { joined, type Line } from './layout.ts';
import { heading, isTitle } from './panel-heading.ts';
import { follows, type Place, type State } from './place.ts';
import type { Region } from './regions.ts';
import type { RawRow, RoledLine } from './rows.ts';
import { specimenOf } from './specimens.ts';

/** A line without a value: heading, part of a wrapped name, more of a range, a method, a specimen, or nothing. */
export function withoutValue(roled: RoledLine, place: Place, groups: readonly Group[]): void {
  const { state } = place;
  const { line } = roled;
  if (labelAlone(line, place)) return;
  const named = groups.filter(({ role }) => role === 'name' || role === 'heading');
  if (labelled(line, place) || moreRange(line, groups, place) || moreFields(line, groups, place)) return;
  if (joinsName(line, place)) return;
  if ((named.length > 0 && named.length === groups.length) || (groups.length === 0 && isTitle(line))) {
    heading(roled, place);
    return;
  }
  const only =
    groups.length === 1 && groups[0]!.role === 'specimen' ? specimenOf(joined(groups[0]!.tokens)) : undefined;
  // Under the name of a test it is of that test, under a heading of all that follows.
  if (only && !(state.pending && place.names.isTest(clean(state.pending.field.text)))) {
    state.specimen = only;
    return;
  }
  if (state.pending && groups.length > 0 && groups.every(({ role }) => role === 'specimen' || role === 'date')) {
    state.pending = { ...state.pending, line };
    return;
  }
  state.pending = undefined;
  // A known test with something printed beside it that is no current value: said, not silently dropped.
  if (named.length > 0 && place.names.isTest(clean(joined(named[0]!.tokens)))) {
    const reason = groups.some(({ role }) => role === 'previous') ? 'only-previous-value' : 'no-value';
    const text = line.cells.map((cell) => cell.text).join(' ');
    place.unread.push({ text: text.slice(0, 400), page: line.page, box: line.box, reason });
  }
}

/** The second half of a wrapped name, or another name of the same test, right under the first. */
function joinsName(line: Line, { region, state, names, rows }: Place): boolean {
  const previous = rows.at(-1);
  if (!previous || line.cells.length !== 1 || !isBelow(previous, line, region, state)) return false;
  const field = fieldOf(line.tokens);
  const whole = clean(`${previous.name.text} ${field.text}`);
  // "(ALT)" under "GPT" is a name too; "(Enzymatic)" is a method, and "Urine" under "Glucose" may be a heading.
  const inner = /^[([](.*)[)\]]$/.exec(field.text)?.[1];
  const first = clean(previous.name.text);
  const open = !names.isTest(first) || first.endsWith(',');
  const wrapped = !names.isTest(first) && !names.isTest(clean(field.text)) && isTight(line, region, state);
  const joins = inner ? names.isTest(inner) : open || !(names.isTest(clean(field.text)) || specimenOf(field.text));
  if (!(names.isTest(whole) && joins) && !wrapped && !closes(previous.name.text, field.text)) return false;
  rows[rows.length - 1] = { ...previous, name: merge(previous.name, field) };
  state.last = line;
  return true;
}

/** Whether the line stands clearly nearer to the one above than to the one below. */
function isTight(line: Line, { lines }: Region, { last }: State): boolean {
  const next = lines[lines.indexOf(line) + 1];
  if (!last || !next || next.strip !== line.strip || next.page !== line.page) return false;
  return line.box[1] - last.box[3] < 0.5 * (next.box[1] - line.box[3]);
}

/** "HbA1c (Glycosylated" is not over before its bracket is closed. */
export function closes(first: string, second: string): boolean {
  const count = (text: string, sign: string) => text.split(sign).length - 1;
  const open = count(first, '(') - count(first, ')');
  return open > 0 && count(second, ')') - count(second, '(') === open;
}

/** "Normal range" or "Your value" on a line of its own, over what it announces. */
function labelAlone(line: Line, { region, state }: Place): boolean {
  const role = line.cells.length === 1 ? headerPhrases.get(fold(line.cells[0]!.text)) : undefined;
  if (!role || !['value', 'current', 'range', 'unit', 'flag'].includes(role)) return false;
  if (state.pending && follows(state.pending.line, line, region, 2)) state.pending = { ...state.pending, line };
  else if (state.last && follows(state.last, line, region, 2)) state.last = line;
  return true;
}

/** More limits under those of the last row, or limits between a name and its value. */
function moreRange(line: Line, groups: readonly Group[], { region, state, rows }: Place): boolean {
  const kinds = groups.map(({ role }) => role).join(' ');
  const only = kinds === 'range' || kinds === 'range unit' ? fieldOf(groups[0]!.tokens) : undefined;
  if (kinds === 'unit range' && unitAndLimits(line, groups, { region, state, rows })) return true;
  if (only && state.pending && follows(state.pending.line, line, region, 2)) {
    state.pending = { ...state.pending, line, range: state.pending.range ?? only };
    return true;
  }
  const previous = rows.at(-1);
  if (!previous || !state.last || !follows(state.last, line, region)) return false;
  const start = previous.range?.box[0];
  const inColumn =
    start !== undefined &&
    Math.abs(line.box[0] - start) < 2.5 * region.layout.charWidth &&
    start > previous.value.box[0] &&
    /\d/.test(joined(line.tokens));
  const more = inColumn ? fieldOf(line.tokens) : only;
  if (!more) return false;
  const under = previous.range && more.box[0] < previous.range.box[2] && more.box[2] > previous.range.box[0];
  if (previous.range && !under) return false;
  rows[rows.length - 1] = { ...previous, range: previous.range ? merge(previous.range, more) : more };
  state.last = line;
  return true;
}

/** "mmol/L [133-146]" under the name of a row that has neither. */
function unitAndLimits(
  line: Line,
  groups: readonly Group[],
  { region, state, rows }: Pick<Place, 'region' | 'state' | 'rows'>,
): boolean {
  const previous = rows.at(-1);
  if (!previous || !state.last || !follows(state.last, line, region) || previous.unit || previous.range) return false;
  rows[rows.length - 1] = { ...previous, unit: fieldOf(groups[0]!.tokens), range: fieldOf(groups[1]!.tokens) };
  state.last = line;
  return true;
}

/** "Units: mg/dL", "Flag: H" on a line of its own under the value. */
function moreFields(line: Line, groups: readonly Group[], { region, state, rows }: Place): boolean {
  const previous = rows.at(-1);
  const [only] = groups;
  if (!previous || !state.last || groups.length !== 1 || !follows(state.last, line, region)) return false;
  if ((only!.role !== 'unit' && only!.role !== 'flag') || previous[only!.role] || state.pending) return false;
  const field = fieldOf(only!.tokens);
  if (only!.role === 'unit' ? !toUcum(field.text) : (parseFlag(field.text) ?? 'N') === 'N') return false;
  rows[rows.length - 1] = { ...previous, [only!.role]: field };
  state.last = line;
  return true;
}

/** Right under the name of a row, in the same weight: it may be the second half of that name. */
function isBelow(row: RawRow, line: Line, region: Region, state: State): boolean {
  const indent = line.box[0] - row.name.box[0];
  return (
    follows(state.last ?? row.line, line, region) &&
    !line.bold === !row.name.tokens[0]!.bold &&
    indent > -1 &&
    indent < 3 * region.layout.charWidth
  );
}
