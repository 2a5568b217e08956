import { parseFlag } from '../../terminology/flags.ts';
import { toUcum } from '../../terminology/units.ts';
import type { UnreadRow } from './finding.ts';
import { clean, type Field, fieldOf, type Group, merge } from './groups.ts';
import { fold, headerPhrases } from './header-words.ts';
import { joined, type Line } from './layout.ts';
import { isMethod, specimenAndMethod } from './methods.ts';
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
  /** The specimen follows from the name of a panel. */
  implied?: boolean;
  /** Of all rows until the next heading. */
  method?: string;
  /** What the head of the document, or the label over several panels, names, until a heading names another. */
  head?: string;
  /** The specimen that a label named, and how many rows there were then. */
  told?: { readonly specimen: string; readonly rows: number };
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

/** A few bold words alone, also where they follow a comment. */
function isTitle({ bold, cells, tokens }: Line): boolean {
  return bold && cells.length === 1 && tokens.length <= 5 && /^\p{Lu}[^\d:.;!?]*$/u.test(cells[0]!.text);
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

/** "(EDTA Whole Blood)" under the title of a panel. */
export function specimenAlone(line: Line, { state, names }: Place): boolean {
  const inner = line.cells.length === 1 ? /^[([]([^()[\]]+)[)\]]$/.exec(line.cells[0]!.text)?.[1] : undefined;
  const specimen = inner && specimenOf(inner);
  if (!specimen || !state.pending || names.isTest(clean(state.pending.field.text))) return false;
  state.specimen = specimen;
  state.pending = { ...state.pending, line };
  return true;
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

const methodLabel =
  /^\(?\s*(?:(?:method(?:ology)?|meth\.?|methode|metodo|metodologia|metodica|verfahren)(?:\s*[:\-–]\s*|\s+)|(?:assay|procedure|technique|tecnica)\s*[:\-–]\s*)(\S.*?)\)?$/i;
/** Words alone in brackets under a test; words on how the patient or the sample was are no method. */
const bracketed = /^[([](\p{L}[^()[\]]{1,60})[)\]]$/u;
const noMethod =
  /\d|fasting|random|n[uü]chtern|ayunas|jeun|digiuno|jejum|serum|plasma|blood|urine|see |continued|cont\./i;

/**
 * "Method: ISE", "Material: Serum", alone or several in one line, and methods without a label: of the row above where that
 * is near; of what follows under a heading; of the whole panel at its end.
 */
function labelled(line: Line, place: Place): boolean {
  const { region, state, names, rows } = place;
  const previous = rows.at(-1);
  const near = previous !== undefined && state.last !== undefined && follows(state.last, line, region);
  let found = false;
  for (const text of line.cells.map((cell) => cell.text)) {
    const method = methodIn(text, line, near, names);
    const specimen = isSpecimenLabel(fold(text));
    const both = line.cells.length === 1 ? specimenAndMethod(text) : undefined;
    if (both) {
      state.specimen = both.specimen;
      state.method = both.method;
      found = true;
    } else if (method) {
      tellMethod(method, line, near, place);
      found = true;
    } else if (specimen && specimenOf(specimen)) {
      // In a report of one block a test the specimen stands under the value; elsewhere it heads what follows.
      const { pending } = state;
      if (pending) {
        state.pending = { ...pending, line, specimen: specimenOf(specimen) };
        if (!names.isTest(clean(pending.field.text))) {
          state.specimen = specimenOf(specimen);
          state.told = { specimen: specimenOf(specimen)!, rows: rows.length };
        }
      } else if (near && previous.block) {
        rows[rows.length - 1] = { ...rows.at(-1)!, specimen: specimenOf(specimen) };
      } else {
        state.specimen = specimenOf(specimen);
        state.told = { specimen: specimenOf(specimen)!, rows: rows.length };
      }
      state.implied = false;
      found = true;
    }
  }
  if (found && near && !state.pending) state.last = line;
  return found;
}

/** Where the title of a panel ends and labels of what holds for it begin. */
const behindTitle =
  /\s{2,}|\s[–—|·-]\s|(?<=[\p{L})])\s(?=\(?(?:Specimen|Sample(?: Type)?|Materiale?|Muestra|Pr[eé]l[eè]vement|Echantillon|Campione|Amostra|Produto|Probe(?:nmaterial)?|M[ée]thod[eo]?|M[eé]todo)\s?:)/u;

/** "CHEMISTRY   Specimen: Plasma   Method: ISE", "Renal Profile – Specimen: Serum": a panel with what holds for all its rows. */
export function labelledHeading(line: Line, { state }: Place): boolean {
  const text = line.cells.map((cell) => cell.text).join('  ');
  const parts = text.split(behindTitle).map((part) => part.replace(/^\((.*)\)$/, '$1'));
  const [title, ...rest] = parts;
  const words = title?.replace(/\([^)]*\)/g, '') ?? '';
  if (!title || rest.length === 0 || /[:\d]/.test(words) || specimenLabel.test(fold(title))) return false;
  const said = rest.map((part) => ({ method: methodLabel.exec(part)?.[1], specimen: isSpecimenLabel(part) }));
  if (!said.every(({ method, specimen }) => method || (specimen && specimenOf(specimen)))) return false;
  state.panel = clean(title);
  state.pending = undefined;
  state.method = said.find(({ method }) => method)?.method;
  const specimen = said.find((one) => one.specimen)?.specimen;
  state.specimen = specimen ? specimenOf(specimen) : state.head;
  return true;
}

/** A method behind its label, or, alone right under a row, in brackets or in the words of methods. */
function methodIn(text: string, line: Line, near: boolean, names: Names): string | undefined {
  const plain = fold(text);
  const said = methodLabel.exec(plain)?.[1];
  if (said) return plain.length === text.length ? text.slice(plain.indexOf(said)).replace(/\)$/, '') : said;
  if (!near || line.cells.length !== 1) return undefined;
  const inner = bracketed.exec(text)?.[1];
  if (inner) return !names.isTest(inner) && (isMethod(inner) || !noMethod.test(inner)) ? inner : undefined;
  return !line.bold && isMethod(text, true) && !names.isTest(clean(text)) ? text.replace(/[.,;]$/, '') : undefined;
}

/** Whether what follows is no row: a line without digits, far below, or nothing. */
function endsPanel(line: Line, { lines, layout }: Region): boolean {
  const next = lines[lines.indexOf(line) + 1];
  return (
    !next || next.page !== line.page || next.box[1] - line.box[3] > layout.fontSize || !/\d/.test(joined(next.tokens))
  );
}

/** Whose method it is that was found on this line. */
function tellMethod(method: string, line: Line, near: boolean, { region, state, names, rows }: Place): void {
  const { pending } = state;
  if (pending) {
    state.pending = { ...pending, line, method };
    // A heading over several rows, rather than the name of one.
    if (!names.isTest(clean(pending.field.text))) state.method = method;
    return;
  }
  const first = rows.findLastIndex(({ panel }) => panel !== state.panel) + 1;
  const bare = rows.slice(first).every(({ method: own }) => own === undefined);
  const labelledAtEnd = line.tokens.some(({ text }) => text.endsWith(':')) && bare && endsPanel(line, region);
  if (near && !labelledAtEnd) {
    if (!rows.at(-1)!.method) rows[rows.length - 1] = { ...rows.at(-1)!, method };
  } else if (rows[first]?.page === line.page && bare) {
    for (let at = first; at < rows.length; at++) rows[at] = { ...rows[at]!, method };
  } else {
    state.method = method;
  }
}

/** What stands behind "Specimen:", "Type of sample:" and the like. */
function isSpecimenLabel(printed: string): string | undefined {
  const [, label, text] = /^([^:]{3,40}?)\s*:\s*(\S.*)$/.exec(printed) ?? [];
  return label && specimenLabel.test(fold(label)) ? text : undefined;
}

function heading({ line, roles }: RoledLine, { state, names, rows }: Place): void {
  const text = line.cells.map((cell) => cell.text).join(' ');
  const specimen = specimenOf(text);
  const before = { panel: state.panel, specimen: state.specimen };
  const loud = line.bold || /^[^a-zà-ÿ]{4,}$/.test(text);
  const isHeading = loud || roles.includes('heading') || /:$/.test(text) || specimen !== undefined;
  if (isHeading && !(names.isTest(clean(text)) && !specimen && !line.bold)) {
    state.panel = clean(text);
    // "SPECIMEN: SERUM" over "RENAL PROFILE" is of all panels that follow.
    if (loud && state.told && state.told.rows === rows.length) state.head = state.told.specimen;
    const continues = goesOn(text, state.specimen);
    // "Urinalysis" is a panel that implies its specimen: it ends with the panel, whatever the next heading looks like.
    const ends = (loud || state.implied) && !continues;
    state.specimen = specimen ?? (ends ? state.head : state.specimen);
    state.implied = specimen ? text.split(/\s+/).length > 1 || isPanelName(text) : state.implied && continues;
    if (!continues) state.method = undefined;
  }
  const named = line.tokens.filter((_, at) => roles[at] === 'name' || roles[at] === 'heading');
  state.pending = { field: fieldOf(named.length > 0 ? named : line.tokens), line, ...before };
}

const isPanelName = (text: string) => /^(?:urinaly|urinanal|uroan|urinstatus|ecbu|lipid)/i.test(fold(text));

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
