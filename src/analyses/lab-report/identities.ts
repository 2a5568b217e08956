import { convert } from '../../terminology/units.ts';
import type { LabRow } from './finding.ts';
import { type Part, type Rule, rules } from './identity-rules.ts';
import { decimalsOf, type KnownTest, testOf } from './row-test.ts';

/** One formula for which every number is on the page. */
export interface Check {
  readonly name: string;
  readonly holds: boolean;
  /** Items of the rows that take part. */
  readonly items: readonly string[];
}

interface Known {
  readonly row: LabRow;
  readonly test: KnownTest;
}

/** Every identity that these rows can be held against. Rows of different collection times are kept apart. */
export function checksOf(rows: readonly LabRow[]): readonly Check[] {
  const times = new Set(rows.map(({ collected }) => collected));
  return [...times].flatMap((time) => {
    const group = rows
      .filter(({ collected, value }) => collected === time && value.number !== undefined && !value.comparator)
      .map((row) => ({ row, test: testOf(row) }))
      .filter((one): one is Known => one.test !== undefined);
    return [...rules.flatMap((rule) => checkOf(rule, group) ?? []), ...differential(group)];
  });
}

/** Items of the rows whose numbers contradict each other. */
export function contradicted(rows: readonly LabRow[]): ReadonlySet<string> {
  return new Set(checksOf(rows).flatMap(({ holds, items }) => (holds ? [] : items)));
}

/**
 * The one row that explains why several identities fail: it takes part in more of them than any other, and in none that
 * holds. Undefined where no row stands out: which of three numbers is wrong is then not known.
 */
export function suspectOf(checks: readonly Check[]): string | undefined {
  const failed = checks.filter(({ holds }) => !holds);
  const cleared = new Set(checks.filter(({ holds }) => holds).flatMap(({ items }) => items));
  const counts = new Map<string, number>();
  for (const item of failed.flatMap(({ items }) => items)) {
    if (!cleared.has(item)) counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first && first[1] >= 2 && first[1] > (second?.[1] ?? 0) ? first[0] : undefined;
}

interface Taken {
  readonly item: string;
  readonly value: number;
  /** Half a unit of the last printed digit, in the unit of the formula. */
  readonly rounding: number;
}

function checkOf(rule: Rule, group: readonly Known[]): Check | undefined {
  const taken = rule.parts.map((part) => take(part, group));
  if (!taken.every((one) => one !== undefined)) return undefined;
  const values = taken.map(({ value }) => value);
  if (rule.applies && !rule.applies(values)) return undefined;
  const off = (given: readonly number[]) =>
    Math.min(...rule.expected(given).map((expected) => Math.abs(expected - given[0]!)));
  const difference = off(values);
  if (!Number.isFinite(difference)) return undefined;
  const rounding = taken.reduce((sum, { rounding: half }, index) => {
    const moved = values.map((value, at) => (at === index ? value + half : value));
    return sum + Math.abs(off(moved) - difference);
  }, 0);
  const allowed = Math.max(rule.least ?? 0, rule.relative * Math.abs(values[0]!)) + rounding;
  return { name: rule.name, holds: difference <= allowed, items: taken.map(({ item }) => item) };
}

/** The one number of this test, in the unit of the formula; undefined when none or more than one is printed. */
function take(part: Part, group: readonly Known[]): Taken | undefined {
  const found = group.flatMap(({ row, test }): readonly Taken[] => {
    const { ucum, value, item } = row;
    if (!ucum || !part.tests.includes(test.entry.key) || !fits(part, test.system)) return [];
    if (part.exact && ucum !== part.unit && !(part.unit === '[pH]' && ucum === '1')) return [];
    const molarMass = part.molarMass ?? test.entry.molarMass;
    const inUnit = (amount: number) =>
      part.exact ? amount : convert(amount, ucum, part.unit, molarMass === undefined ? {} : { molarMass });
    const [number, half] = [inUnit(value.number!), inUnit(0.5 * 10 ** -decimalsOf(value))];
    return number === undefined || half === undefined ? [] : [{ item, value: number, rounding: Math.abs(half) }];
  });
  const [first] = found;
  // One result in two units is one number.
  return first && found.every(({ value }) => Math.abs(value - first.value) <= 0.02 * Math.abs(first.value))
    ? first
    : undefined;
}

function fits({ from }: Part, system: string | undefined): boolean {
  if (from === 'urine') return system === 'Urine';
  if (from === 'whole-blood') return system?.startsWith('Bld') ?? false;
  return system === undefined || /^(?:Ser|Plas|PPP|Bld|RBC)/.test(system);
}

const five = ['neutrophils', 'lymphocytes', 'monocytes', 'eosinophils', 'basophils'];
const further = [
  'band-neutrophils',
  'immature-granulocytes',
  'metamyelocytes',
  'myelocytes',
  'blasts',
  'variant-lymphocytes',
];

/**
 * The differential adds up to 100 %, with the further classes or without: an analyser counts immature granulocytes among
 * the neutrophils, an eye beside them. With fewer than the five classes nothing can be said.
 */
function differential(group: readonly Known[]): readonly Check[] {
  const share = (test: string) => take({ tests: [test], unit: '%', exact: true }, group);
  const main = five.map(share);
  if (!main.every((one) => one !== undefined)) return [];
  const more = further.map(share).filter((one) => one !== undefined);
  const sum = (parts: readonly Taken[]) => parts.reduce((total, { value }) => total + value, 0);
  const rounding = [...main, ...more].reduce((total, one) => total + one.rounding, 0);
  const holds = sum(main) <= 102 + rounding && sum([...main, ...more]) >= 94 - rounding;
  return [{ name: 'differential = 100 %', holds, items: [...main, ...more].map(({ item }) => item) }];
}
