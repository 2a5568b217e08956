import type { Box } from '../../documents/page.ts';
import type { UnreadRow } from './finding.ts';
import { around, joined, type Line } from './layout.ts';
import type { Region } from './regions.ts';
import type { Names, Role, RuledRole } from './roles.ts';
import { specimenOf } from './specimens.ts';
import type { Token } from './tokens.ts';

/** A field of a row as printed. */
export interface Field {
  readonly text: string;
  readonly box: Box;
  readonly tokens: readonly Token[];
}

/** One result as printed, before anything is interpreted. */
export interface RawRow {
  readonly page: number;
  readonly name: Field;
  readonly value: Field;
  readonly unit?: Field;
  readonly range?: Field;
  readonly flag?: Field;
  /** Stands in the column for abnormal results. */
  readonly outOfRange: boolean;
  readonly specimen?: string;
  readonly panel?: string;
  readonly method?: string;
  /** Date of its column, when the column has one. */
  readonly collected?: string;
  /** Lowest confidence of the tokens that it is made of, and share of tokens on which rules and model agree. */
  readonly confidence: number;
  readonly line: Line;
}

/** A line with its final roles. */
export interface RoledLine {
  readonly line: Line;
  readonly roles: readonly Role[];
  readonly ruled: readonly RuledRole[];
  /** Probability or agreement that the roles rest on, 0 to 1, per token. */
  readonly sure: readonly number[];
}

export interface Assembled {
  readonly rows: readonly RawRow[];
  readonly unread: readonly UnreadRow[];
}

interface State {
  /** "Result:" and the like, whatever the word: what so many lines begin with is a label, no test. */
  readonly labels: ReadonlySet<string>;
  panel?: string;
  specimen?: string;
  /** A line that may be the first half of a name; with the panel that held before it was taken for a heading. */
  pending?: { field: Field; line: Line; panel?: string; specimen?: string };
}

/** Roles → rows. Panel and specimen hold until the next heading, over regions and pages. */
export function assemble(
  regions: readonly { readonly region: Region; readonly lines: readonly RoledLine[] }[],
  names: Names,
): Assembled {
  const rows: RawRow[] = [];
  const unread: UnreadRow[] = [];
  const state: State = { labels: labelsOf(regions.flatMap(({ lines }) => lines.map(({ line }) => line))) };
  for (const { region, lines } of regions) {
    if (region.title) {
      state.panel = clean(region.title);
      state.specimen = specimenOf(region.title);
    }
    for (const headerLine of region.headerLines) {
      // "HEMATOLOGY   Result   Unit": the name column of a header may be headed by the panel.
      const first = headerLine.cells[0];
      if (first && specimenOf(first.text)) state.specimen = specimenOf(first.text);
    }
    for (const roled of lines) {
      readLine(roled, region, state, names, rows, unread);
    }
    state.pending = undefined;
  }
  return { rows, unread };
}

function readLine(
  roled: RoledLine,
  region: Region,
  state: State,
  names: Names,
  rows: RawRow[],
  unread: UnreadRow[],
): void {
  const { line } = roled;
  const groups = groupsOf(roled);
  const values = groups.filter(({ role }) => role === 'value');
  const nameGroups = groups.filter(({ role }) => role === 'name' || role === 'heading');
  if (values.length === 0) {
    withoutValue(roled, region, state, names, rows, unread, groups, nameGroups);
    return;
  }
  const taken = nameGroups.length > 0 || !state.pending ? nameGroups : [];
  const named = taken.filter(({ role }) => role === 'name');
  const all = named.length > 0 ? named : taken;
  const pending = state.pending;
  state.pending = undefined;
  const splits = splitsOf(groups, all, values);
  splits.forEach((split, index) => {
    const nameGroup = split.filter(
      ({ role }) => all.some((g) => g.role === role) && (role === 'name' || named.length === 0),
    );
    const ownNames = nameGroup.filter(({ role }) => role === 'name' || role === 'heading');
    const valueGroups = split.filter(({ role }) => role === 'value');
    if (valueGroups.length === 0) return;
    let name = ownNames.length > 0 ? fieldOf(ownNames.flatMap(({ tokens }) => tokens)) : undefined;
    if (index === 0 && pending && follows(pending.line, line, region)) {
      const label = name && /:$/.test(name.text) && (state.labels.has(name.text) || !names.isTest(clean(name.text)));
      if (!name || (label && (names.isTest(clean(pending.field.text)) || state.labels.has(name.text)))) {
        name = pending.field;
        state.panel = pending.panel;
        state.specimen = pending.specimen;
      } else if (!names.isTest(clean(name.text)) && names.isTest(clean(`${pending.field.text} ${name.text}`))) {
        name = merge(pending.field, name);
      }
    }
    const labelled = name !== undefined && state.labels.has(name.text);
    if (!name || labelled || !/\p{L}/u.test(name.text)) {
      unread.push({
        text: line.cells.map(({ text }) => text).join('  '),
        page: line.page,
        box: line.box,
        reason: 'no-name',
      });
      return;
    }
    const value = valueField(valueGroups);
    if (!value) {
      unread.push({
        text: line.cells.map(({ text }) => text).join('  '),
        page: line.page,
        box: line.box,
        reason: 'current-value-unclear',
      });
      return;
    }
    const first = line.tokens.indexOf(value.tokens[0]!);
    const ruled = roled.ruled[first];
    const optional = (role: Role) => {
      const tokens = split.filter((group) => group.role === role).flatMap((group) => group.tokens);
      return tokens.length > 0 ? fieldOf(tokens) : undefined;
    };
    const used = split.flatMap(({ tokens }) => tokens).map((token) => line.tokens.indexOf(token));
    const specimenText = optional('specimen')?.text;
    rows.push({
      page: line.page,
      name,
      value,
      unit: optional('unit'),
      range: optional('range'),
      flag: optional('flag'),
      outOfRange: ruled?.outOfRange ?? false,
      specimen: (specimenText && (specimenOf(specimenText) ?? specimenText)) || state.specimen,
      panel: state.panel,
      collected: ruled?.date && ruled.date !== '0000' ? ruled.date : undefined,
      confidence:
        Math.min(...used.map((at) => roled.sure[at] ?? 1)) *
        Math.min(
          ...value.tokens.map((token) => token.confidence),
          ...name.tokens.map((token) => Math.sqrt(token.confidence)),
        ),
      line,
    });
  });
}

/** A line without a value: heading, first or second half of a wrapped name, more of a range, or nothing. */
function withoutValue(
  roled: RoledLine,
  region: Region,
  state: State,
  names: Names,
  rows: RawRow[],
  unread: UnreadRow[],
  groups: readonly Group[],
  nameGroups: readonly Group[],
): void {
  const { line } = roled;
  const onlyNames = nameGroups.length > 0 && groups.every(({ role }) => role === 'name' || role === 'heading');
  const text = line.cells.map((cell) => cell.text).join(' ');
  const previous = rows.at(-1);
  const field = fieldOf(line.tokens);
  if (previous && line.cells.length === 1 && isBelow(previous, line, region)) {
    const whole = clean(`${previous.name.text} ${field.text}`);
    // "(ALT)" under "GPT" is a name too; "(Enzymatic)" is a method, and "Urine" under "Glucose" may be a heading.
    const inner = /^\((.*)\)$/.exec(field.text)?.[1];
    const first = clean(previous.name.text);
    const open = !names.isTest(first) || first.endsWith(',');
    const joins = inner ? names.isTest(inner) : open || !(names.isTest(clean(field.text)) || specimenOf(field.text));
    if (names.isTest(whole) && joins) {
      rows[rows.length - 1] = { ...previous, name: merge(previous.name, field) };
      return;
    }
  }
  if (onlyNames) {
    const specimen = specimenOf(text);
    const before = { panel: state.panel, specimen: state.specimen };
    const heading =
      line.bold ||
      /^[^a-zà-ÿ]{4,}$/.test(text) ||
      roled.roles.includes('heading') ||
      /:$/.test(text) ||
      specimen !== undefined;
    if (heading && !(names.isTest(clean(text)) && !specimen && !line.bold)) {
      state.panel = clean(text);
      state.specimen = specimen ?? (line.bold || /^[^a-zà-ÿ]{4,}$/.test(text) ? undefined : state.specimen);
    }
    state.pending = { field, line, ...before };
    return;
  }
  state.pending = undefined;
  const labelledSpecimen =
    /^(?:specimen|sample|material|probe|probenmaterial|muestra|échantillon|prélèvement)\b[^:]*:\s*(.+)$/i.exec(
      text,
    )?.[1];
  if (labelledSpecimen && specimenOf(labelledSpecimen)) {
    state.specimen = specimenOf(labelledSpecimen);
    return;
  }
  const ranges = groups.filter(({ role }) => role === 'range');
  if (previous && ranges.length === 1 && groups.length === 1 && follows(previous.line, line, region)) {
    const more = fieldOf(ranges[0]!.tokens);
    const under = previous.range && more.box[0] < previous.range.box[2] && more.box[2] > previous.range.box[0];
    if (!previous.range || under) {
      rows[rows.length - 1] = { ...previous, range: previous.range ? merge(previous.range, more) : more, line };
      return;
    }
  }
  // A known test with something printed beside it that is no current value: said, not silently dropped.
  if (
    nameGroups.length > 0 &&
    names.isTest(clean(nameGroups[0]!.tokens.length > 0 ? joined(nameGroups[0]!.tokens) : ''))
  ) {
    const reason = groups.some(({ role }) => role === 'previous') ? 'only-previous-value' : 'no-value';
    unread.push({ text: text.slice(0, 400), page: line.page, box: line.box, reason });
  }
}

/** Right under the name of a row, in the same weight: it may be the second half of that name. */
function isBelow(row: RawRow, line: Line, region: Region): boolean {
  const indent = line.box[0] - row.name.box[0];
  return (
    follows(row.line, line, region) &&
    !line.bold === !row.name.tokens[0]!.bold &&
    indent > -1 &&
    indent < 3 * region.layout.charWidth
  );
}

function follows(above: Line, below: Line, region: Region): boolean {
  return (
    above.page === below.page &&
    below.box[1] - above.box[3] < 0.9 * region.layout.fontSize &&
    below.box[1] >= above.box[1]
  );
}

/** First cells that end in a colon and begin three lines or more. */
function labelsOf(lines: readonly Line[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { cells, tokens } of lines) {
    const end = tokens.findIndex(({ text }) => text.endsWith(':'));
    const label = end >= 0 && end < (cells[0]?.to ?? 0) ? joined(tokens.slice(0, end + 1)) : undefined;
    if (label) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= 3).map(([label]) => label));
}

interface Group {
  readonly role: Role;
  readonly tokens: readonly Token[];
}

/** Runs of tokens of one role; what has no part in a row is left out. */
function groupsOf({ line, roles }: RoledLine): readonly Group[] {
  const groups: { role: Role; tokens: Token[] }[] = [];
  line.tokens.forEach((token, index) => {
    const role = roles[index]!;
    const last = groups.at(-1);
    // What stands in two cells are two values, not one.
    const apart = role === 'value' && line.cells.some(({ from }) => from === index);
    if (last?.role === role && !apart) last.tokens.push(token);
    else groups.push({ role, tokens: [token] });
  });
  return groups.filter(({ role }) => role !== 'other' && role !== 'comment');
}

/** name value … name value … on one line are several rows; anything else is one. */
function splitsOf(
  groups: readonly Group[],
  names: readonly Group[],
  values: readonly Group[],
): readonly (readonly Group[])[] {
  if (names.length < 2 || values.length < 2) return [groups];
  const splits: Group[][] = [[]];
  let valued = false;
  for (const group of groups) {
    if (names.includes(group) && valued) {
      splits.push([]);
      valued = false;
    }
    if (group.role === 'value') valued = true;
    splits.at(-1)!.push(group);
  }
  return splits;
}

/** One value; of several nothing tells which one is current. */
function valueField(groups: readonly Group[]): Field | undefined {
  return groups.length === 1 ? fieldOf(groups[0]!.tokens) : undefined;
}

export function fieldOf(tokens: readonly Token[]): Field {
  return { text: joined(tokens), box: around(tokens.map(({ box }) => box)), tokens };
}

function merge(a: Field, b: Field): Field {
  return { text: `${a.text} ${b.text}`, box: around([a.box, b.box]), tokens: [...a.tokens, ...b.tokens] };
}

/** A printed name without leaders, colon, stars and footnote marks. */
export function clean(text: string): string {
  return text
    .replace(/^[*•·#>\-–\s]+/, '')
    .replace(/[\s:.*†‡#…·_-]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}
