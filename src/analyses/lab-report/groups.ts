import type { Box } from '../../documents/page.ts';
import { parseFlag } from '../../terminology/flags.ts';
import { toUcum } from '../../terminology/units.ts';
import { around, joined } from './layout.ts';
import type { Role } from './role.ts';
import type { RoledLine } from './rows.ts';
import type { Token } from './tokens.ts';

/** A field of a row as printed. */
export interface Field {
  readonly text: string;
  readonly box: Box;
  readonly tokens: readonly Token[];
}

/** Neighbours of one role. */
export interface Group {
  readonly role: Role;
  readonly tokens: readonly Token[];
}

/** Runs of tokens of one role; what has no part in a row is left out. */
export function groupsOf({ line, roles }: RoledLine): readonly Group[] {
  const groups: { role: Role; tokens: Token[] }[] = [];
  line.tokens.forEach((token, index) => {
    const role = roles[index]!;
    const last = groups.at(-1);
    // What stands in two cells are two values, or two limits, not one.
    const apart = (role === 'value' || role === 'range') && line.cells.some(({ from }) => from === index);
    if (last?.role === role && !apart) last.tokens.push(token);
    else groups.push({ role, tokens: [token] });
  });
  return groups.filter(({ role }) => role !== 'other' && role !== 'comment');
}

/** name value … name value … on one line are several rows; anything else is one. */
export function splitsOf(
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
export function valueField(groups: readonly Group[]): Field | undefined {
  return groups.length === 1 ? fieldOf(groups[0]!.tokens) : undefined;
}

/** The field of a role; "12.4 K/uL   4.0 - 11.0 K/uL", "L  Low": the same said twice is said once. */
export function optionalField(groups: readonly Group[], role: Role): Field | undefined {
  const own = groups.filter((group) => group.role === role);
  const said = own.length > 1 && own.every((group) => saysSame(role, group, own[0]!)) ? own.slice(0, 1) : own;
  const tokens = said.flatMap((group) => group.tokens);
  if (tokens.length === 0) return undefined;
  const whole = fieldOf(tokens);
  const field = role === 'range' ? whole : { ...whole, text: whole.text.replace(/[,;]$/, '') };
  // Lower and upper limit in columns of their own.
  const [low, high] = role === 'range' && tokens.length === 2 ? tokens : [];
  const limits = low && high && [low, high].every(({ text }) => /^\d[\d.,]*$/.test(text));
  return limits ? { ...field, text: `${low.text} - ${high.text}` } : field;
}

function saysSame(role: Role, a: Group, b: Group): boolean {
  const [first, second] = [joined(a.tokens), joined(b.tokens)];
  if (role === 'unit') return toUcum(first) !== undefined && toUcum(first)?.code === toUcum(second)?.code;
  return role === 'flag' && parseFlag(first) !== undefined && parseFlag(second) !== undefined;
}

export function fieldOf(tokens: readonly Token[]): Field {
  return { text: joined(tokens), box: around(tokens.map(({ box }) => box)), tokens };
}

export function merge(a: Field, b: Field): Field {
  return { text: `${a.text} ${b.text}`, box: around([a.box, b.box]), tokens: [...a.tokens, ...b.tokens] };
}

/** A printed name without leaders, colon, stars and footnote marks. */
export function clean(text: string): string {
  const bare = text
    .replace(/^[*•·#>\-–\s]+/, '')
    .replace(/[\s:=*†‡…·_-]+$/, '')
    .replace(/\s+/g, ' ')
    .trim();
  // The charge of an ion is part of its name.
  if (/\b(?:HCO3|Cl)\s?-\s*:?$/.test(text)) return `${bare}-`;
  // "V.G.M." ends in a stop of its own.
  return /(?:\p{L}\.){2}$/u.test(bare) ? bare : bare.replace(/[\s.:]+$/, '');
}
