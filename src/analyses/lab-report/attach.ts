import { parseFlag } from '../../terminology/flags.ts';
import { toUcum } from '../../terminology/units.ts';
import type { UnreadRow } from './finding.ts';
import { clean, type Field, fieldOf, type Group, merge } from './groups.ts';
import { fold, headerPhrases } from './header-words.ts';
import { joined, type Line } from './layout.ts';
import type { Region } from './regions.ts';
import type { Names } from './role.ts';
import type { RawRow, RoledLine } from './rows.ts';
import { specimenLabel, specimenOf } from './specimens.ts';

/** What holds from line to line while rows are put together. */
export interface State {
  /** "Result:" and the like, whatever the word: what so many lines begin with is a label, no test. */
  readonly labels: ReadonlySet<string>;
  panel?: string;
  specimen?: string;
  /** What the head of the document names, until a heading names another. */
  readonly head?: string;
  /** The last line that belongs to the last row. */
  last?: Line;
  /** A line that may be the first half of a name, and what stands between it and the value. */
  pending?: Pending;
}

interface Pending {
  readonly field: Field;
  readonly line: Line;
  /** What held before the line was taken for a heading. */
  readonly panel?: string;
  readonly specimen?: string;
  readonly range?: Field;
  readonly method?: string;
}

/** Where a line that holds no value goes. */
export interface Place {
  readonly region: Region;
  readonly state: State;
  readonly names: Names;
  readonly when: (printed: string) => string | undefined;
  readonly rows: RawRow[];
  readonly unread: UnreadRow[];
}

/** A line without a value: heading, part of a wrapped name, more of a range, a method, a specimen, or nothing. */
export function withoutValue(roled: RoledLine, place: Place, groups: readonly Group[]): void {
  const { state } = place;
  const { line } = roled;
  if (labelAlone(line, place)) return;
  const named = groups.filter(({ role }) => role === 'name' || role === 'heading');
  if (labelled(line, place) || moreRange(line, groups, place) || moreFields(line, groups, place)) return;
  if (joinsName(line, place)) return;
  if (named.length > 0 && named.length === groups.length) {
    heading(roled, place);
    return;
  }
  const only =
    groups.length === 1 && groups[0]!.role === 'specimen' ? specimenOf(joined(groups[0]!.tokens)) : undefined;
  if (only && !state.pending) {
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

const methodLabel =
  /^\(?\s*(?:method(?:ology)?|meth\.?|methode|metodo|metodologia|metodica|assay|procedure|technique|tecnica|verfahren)(?:\s*[:\-–]\s*|\s+)(\S.*?)\)?$/i;
/** A method alone in brackets under its test; words on how the patient or the number came about are none. */
const bracketed = /^[([](\p{L}[^()[\]]{1,60})[)\]]$/u;
const noMethod =
  /\d|calc|fasting|random|n[uü]chtern|ayunas|jeun|digiuno|jejum|serum|plasma|blood|urine|see |continued|cont\./i;

/** "Method: ISE", "Material: Serum", alone or several in one line: of the row above where that is near, else of what follows. */
function labelled(line: Line, { region, state, names, rows }: Place): boolean {
  const previous = rows.at(-1);
  const near = previous !== undefined && state.last !== undefined && follows(state.last, line, region);
  let found = false;
  for (const text of line.cells.map((cell) => cell.text)) {
    const plain = fold(text);
    const said = methodLabel.exec(plain)?.[1];
    const method = said && plain.length === text.length ? text.slice(plain.indexOf(said)).replace(/\)$/, '') : said;
    const specimen = isSpecimenLabel(plain);
    const inBrackets = near && line.cells.length === 1 && !noMethod.test(text) ? bracketed.exec(text)?.[1] : undefined;
    if (!method && inBrackets && !names.isTest(inBrackets)) {
      if (rows.at(-1)!.method) continue;
      rows[rows.length - 1] = { ...rows.at(-1)!, method: inBrackets };
      found = true;
    } else if (method) {
      if (state.pending) state.pending = { ...state.pending, line, method };
      else if (near && !rows.at(-1)!.method) rows[rows.length - 1] = { ...rows.at(-1)!, method };
      found = true;
    } else if (specimen && specimenOf(specimen)) {
      // In a report of one block a test the specimen stands under the value; elsewhere it heads what follows.
      if (state.pending) state.pending = { ...state.pending, line, specimen: specimenOf(specimen) };
      else if (near && previous.block) {
        rows[rows.length - 1] = { ...rows.at(-1)!, specimen: specimenOf(specimen) };
      } else {
        state.specimen = specimenOf(specimen);
      }
      found = true;
    }
  }
  if (found && near && !state.pending) state.last = line;
  return found;
}

/** What stands behind "Specimen:", "Type of sample:" and the like. */
function isSpecimenLabel(folded: string): string | undefined {
  const [, label, text] = /^([^:]{3,40}?)\s*:\s*(\S.*)$/.exec(folded) ?? [];
  return label && specimenLabel.test(label) ? text : undefined;
}

function heading({ line, roles }: RoledLine, { state, names }: Place): void {
  const text = line.cells.map((cell) => cell.text).join(' ');
  const specimen = specimenOf(text);
  const before = { panel: state.panel, specimen: state.specimen };
  const loud = line.bold || /^[^a-zà-ÿ]{4,}$/.test(text);
  const isHeading = loud || roles.includes('heading') || /:$/.test(text) || specimen !== undefined;
  if (isHeading && !(names.isTest(clean(text)) && !specimen && !line.bold)) {
    state.panel = clean(text);
    state.specimen = specimen ?? (loud && !goesOn(text, state.specimen) ? state.head : state.specimen);
  }
  const named = line.tokens.filter((_, at) => roles[at] === 'name' || roles[at] === 'heading');
  state.pending = { field: fieldOf(named), line, ...before };
}

/** Headings that go on with the specimen named above them: parts of a blood count, or of a urinalysis. */
function goesOn(heading: string, specimen: string | undefined): boolean {
  const counts =
    /eritro|eryth|leu[ck]o|plaq|thromb|hemo|haem|hem[aá]t|serie|differen|blutbild|formula|formule|numeration|count/i;
  const urine = /physical|chemical|microscop|macroscop|sediment|f[ií]sic|qu[ií]mic|physikal|chemisch/i;
  return (
    (/blood/i.test(specimen ?? '') && counts.test(heading)) || (/urine/i.test(specimen ?? '') && urine.test(heading))
  );
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

/** Right below, with at most `ems` of blank between; the next line of the same strip. */
export function follows(above: Line, below: Line, region: Region, ems = 0.9): boolean {
  return (
    above.page === below.page &&
    above.strip === below.strip &&
    below.box[1] - above.box[3] < ems * region.layout.fontSize &&
    below.box[1] >= above.box[1]
  );
}
