import { closes, withoutValue } from './attach.ts';
import { type Column, columnAt } from './columns.ts';
import type { UnreadRow } from './finding.ts';
import {
  clean,
  type Field,
  fieldOf,
  type Group,
  groupsOf,
  merge,
  optionalField,
  splitsOf,
  valueField,
} from './groups.ts';
import { labelledHeading, specimenAlone } from './labelled.ts';
import { joined, type Line } from './layout.ts';
import { isMethod } from './methods.ts';
import { follows, type Place, type State } from './place.ts';
import type { Region } from './regions.ts';
import type { Names, Role, RuledRole } from './role.ts';
import { measuredTwice, partsOf } from './several-values.ts';
import { specimenOf } from './specimens.ts';

/** One result as printed, before anything is interpreted. */
export interface RawRow {
  readonly page: number;
  readonly name: Field;
  readonly value: Field;
  readonly unit?: Field;
  readonly range?: Field;
  readonly flag?: Field;
  /** The one earlier number that is printed beside the value. */
  readonly previous?: Field;
  /** Stands in the column for abnormal results. */
  readonly outOfRange: boolean;
  readonly specimen?: string;
  readonly panel?: string;
  readonly method?: string;
  /** Date of its column, when the column has one, or the date printed in its own row. */
  readonly collected?: string;
  /** The name stands on a line of its own above: one block a test. */
  readonly block?: boolean;
  /** A line of an antibiogram. */
  readonly susceptibility?: boolean;
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

/**
 * Roles → rows. Panel and specimen hold until the next heading, over regions and pages. `when` reads a printed time of
 * collection; `specimen` is what the head of the document names.
 */
export function assemble(
  regions: readonly { readonly region: Region; readonly lines: readonly RoledLine[] }[],
  names: Names,
  when: (printed: string) => string | undefined,
  specimen?: string,
): Assembled {
  const rows: RawRow[] = [];
  const unread: UnreadRow[] = [];
  const state: State = {
    ...(specimen ? { specimen, head: specimen } : {}),
    labels: labelsOf(regions.flatMap(({ lines }) => lines.map(({ line }) => line))),
  };
  for (const { region, lines } of regions) {
    if (region.title) {
      state.panel = clean(region.title);
      state.specimen = specimenOf(region.title) ?? state.head;
    }
    for (const headerLine of region.headerLines) {
      // "HEMATOLOGY   Result   Unit": the name column of a header may be headed by the panel.
      const first = headerLine.cells[0];
      if (first && specimenOf(first.text)) state.specimen = specimenOf(first.text);
    }
    for (const roled of lines) {
      readLine(roled, { region, state, names, when, rows, unread });
    }
    state.pending = undefined;
  }
  return { rows, unread };
}

function readLine(roled: RoledLine, place: Place): void {
  if (labelledHeading(roled.line, place) || specimenAlone(roled.line, place)) return;
  const groups = groupsOf(roled);
  const values = groups.filter(({ role }) => role === 'value');
  // "Comp. Metabolic Panel (14)" counts its tests.
  const counted =
    values.length === 1 && /^\(\d{1,2}\)$/.test(joined(values[0]!.tokens)) && roled.line.cells.length === 1;
  if (values.length === 0 || counted) {
    withoutValue(roled, place, groups);
    return;
  }
  const { state } = place;
  const nameGroups = groups.filter(({ role }) => role === 'name' || role === 'heading');
  const named = nameGroups.filter(({ role }) => role === 'name');
  const all = named.length > 0 ? named : nameGroups;
  const pending = state.pending;
  state.pending = undefined;
  splitsOf(groups, all, values).forEach((split, index) => {
    const own = split.filter((group) => all.includes(group));
    readSplit(roled, place, split, own, index === 0 ? pending : undefined);
  });
}

/** One row out of the groups of a line, with the name that stood above where it has none of its own. */
function readSplit(
  { line, ruled, sure }: RoledLine,
  { region, state, names, when, rows, unread }: Place,
  split: readonly Group[],
  ownNames: readonly Group[],
  above: State['pending'],
): void {
  const values = split.filter(({ role }) => role === 'value');
  if (values.length === 0) return;
  const refuse = (reason: string) =>
    unread.push({ text: line.cells.map(({ text }) => text).join('  '), page: line.page, box: line.box, reason });
  let name = ownNames.length > 0 ? fieldOf(ownNames.flatMap(({ tokens }) => tokens)) : undefined;
  // A name alone on its line may stand further above its value, as on cards.
  const ems = above && names.isTest(clean(above.field.text)) ? 2 : 0.9;
  const pending = above && follows(above.line, line, region, ems) ? above : undefined;
  const isLabel = name && /:$/.test(name.text) && (state.labels.has(name.text) || !names.isTest(clean(name.text)));
  if (pending && (!name || (isLabel && (names.isTest(clean(pending.field.text)) || state.labels.has(name.text))))) {
    name = pending.field;
    state.panel = pending.panel;
    state.specimen = pending.specimen;
  } else if (pending && name) {
    const whole = clean(`${pending.field.text} ${name.text}`);
    if (!names.isTest(clean(name.text)) && names.isTest(whole)) name = merge(pending.field, name);
  }
  if (
    name &&
    isMethod(name.text, true) &&
    !names.isTest(clean(name.text)) &&
    state.last &&
    follows(state.last, line, region)
  ) {
    // The method under a name, in one line with the same result in another unit.
    const last = rows.at(-1);
    if (last && !last.method) rows[rows.length - 1] = { ...last, method: name.text };
    state.last = line;
    refuse('no-name');
    return;
  }
  if (!name || state.labels.has(name.text) || !/\p{L}/u.test(name.text)) {
    refuse('no-name');
    return;
  }
  const columns = values.map(
    ({ tokens }) => region.header && columnAt(region.header, tokens[0]!.box[0], tokens.at(-1)!.box[2], line),
  );
  if (values.length > 1 && columns.every((column) => column?.unit ?? column?.serial ?? column?.specimen)) {
    for (const part of partsOf(split, values, columns)) {
      readSplit({ line, ruled, roles: [], sure }, { region, state, names, when, rows, unread }, part, ownNames, above);
    }
    return;
  }
  const measured = values.length === 2 ? measuredTwice(split, values) : undefined;
  if (measured) {
    for (const part of measured) {
      readSplit({ line, ruled, roles: [], sure }, { region, state, names, when, rows, unread }, part, ownNames, above);
    }
    return;
  }
  const value = valueField(values);
  const last = rows.at(-1);
  if (last && value && state.last && follows(state.last, line, region) && isRest(last, name, value, names)) {
    // "HbA1c (Glycosylated   9.0 %" over "Haemoglobin)   4.0 - 5.6": two lines of one row.
    rows[rows.length - 1] = { ...last, name: merge(last.name, name), range: value };
    state.last = line;
    return;
  }
  if (!value) {
    refuse('current-value-unclear');
    return;
  }
  const block = name === pending?.field;
  const rule = ruled[line.tokens.indexOf(value.tokens[0]!)];
  const used = split
    .flatMap(({ tokens }) => tokens)
    .map((token) => line.tokens.indexOf(token))
    .filter((at) => at >= 0);
  const specimen = optionalField(split, 'specimen')?.text;
  const numbers = split
    .filter(({ role }) => role === 'previous')
    .flatMap(({ tokens }) => tokens.filter(({ text }) => /^[<>≤≥]?\d[\d.,]*$/.test(text)));
  const earlier = numbers.length === 1 ? fieldOf(numbers) : undefined;
  const drawn = columnText(line, ruled, 'sampled');
  const method = columnText(line, ruled, 'method') ?? (block ? pending?.method : undefined) ?? state.method;
  rows.push({
    page: line.page,
    name,
    value,
    unit: optionalField(split, 'unit') ?? unitOver(columns[0], region),
    range: optionalField(split, 'range') ?? (block ? pending?.range : undefined),
    flag: optionalField(split, 'flag'),
    ...(earlier ? { previous: earlier } : {}),
    outOfRange: rule?.outOfRange ?? false,
    specimen: (specimen && (specimenOf(specimen) ?? specimen)) || (columns[0]?.specimen ?? state.specimen),
    panel: columnText(line, ruled, 'panel') ?? state.panel,
    ...(method ? { method } : {}),
    ...(block ? { block } : {}),
    collected: rule?.date ?? (drawn && when(drawn)),
    confidence: confidenceOf(
      used.map((at) => sure[at] ?? 1),
      value,
      name,
    ),
    line,
  });
  state.last = line;
}

/** The unit that heads the column of a value, where its heading stands on this page. */
function unitOver(column: Column | undefined, region: Region): Field | undefined {
  return column?.unit && region.headerLines.length > 0 ? fieldOf(column.unit) : undefined;
}

/** The second half of a name with the limits of its row. */
function isRest(row: RawRow, name: Field, value: Field, names: Names): boolean {
  const limits = /\d\s?(?:-|–|to|bis|à|a)\s?\d|^[<>≤≥]/.test(value.text);
  const half =
    closes(row.name.text, name.text) ||
    (!names.isTest(clean(name.text)) && names.isTest(clean(`${row.name.text} ${name.text}`)));
  return limits && half && row.range === undefined;
}

function confidenceOf(sure: readonly number[], value: Field, name: Field): number {
  return (
    Math.min(...sure) *
    Math.min(
      ...value.tokens.map(({ confidence }) => confidence),
      ...name.tokens.map(({ confidence }) => Math.sqrt(confidence)),
    )
  );
}

/** What stands in the column for methods, for panels, or for times of collection. */
function columnText(line: Line, ruled: readonly RuledRole[], kind: 'method' | 'panel' | 'sampled'): string | undefined {
  const tokens = line.tokens.filter((_, index) => ruled[index]?.[kind]);
  return tokens.length > 0 ? joined(tokens) : undefined;
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
