import { toUcum } from '../../terminology/units.ts';
import type { Column } from './columns.ts';
import type { Group } from './groups.ts';
import { joined } from './layout.ts';
import type { Role } from './role.ts';

/** Values of one name under units or under times of one day: each with the unit, limits and flag that are its own. */
export function partsOf(
  split: readonly Group[],
  values: readonly Group[],
  columns: readonly (Column | undefined)[],
): readonly (readonly Group[])[] {
  const of = (role: Role) => split.filter((group) => group.role === role);
  const shared = split.filter(({ role }) => !['value', 'unit', 'range', 'flag'].includes(role));
  const limits = of('range');
  return values.map((value, at) => {
    const headed = columns[at]?.unit;
    const own = limits.length === values.length ? [limits[at]!] : headed ? [] : limits;
    const behind = split[split.indexOf(value) + 1];
    return [
      ...shared,
      value,
      ...(headed ? [{ role: 'unit' as const, tokens: headed }] : of('unit')),
      ...own,
      ...(behind?.role === 'flag' ? [behind] : []),
    ];
  });
}

/**
 * "Neutrophils  58.0 %  4176 /mm³  1800 - 7500": a share and a count in one row, each with its unit behind it. What follows
 * belongs to the one that it stands behind.
 */
export function measuredTwice(
  split: readonly Group[],
  values: readonly Group[],
): readonly (readonly Group[])[] | undefined {
  const at = values.map((value) => split.indexOf(value));
  const units = at
    .map((index) => split[index + 1])
    .map((group) => (group?.role === 'unit' ? joined(group.tokens) : ''));
  const shares = units.filter((unit) => unit === '%').length;
  const counts = units.filter((unit) => unit !== '%' && toUcum(unit) !== undefined).length;
  if (shares !== 1 || counts !== 1) return undefined;
  const shared = split.slice(0, at[0]);
  return [
    [...shared, ...split.slice(at[0], at[1]).filter(({ role }) => role !== 'name')],
    [...shared, ...split.slice(at[1])],
  ];
}
