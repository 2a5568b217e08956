import { criticalIn, defaultCriticalTable } from './critical-values.ts';
import type { LabTest, Limits } from './lab-tests.ts';
import type { Comparator } from './numbers.ts';
import { convert } from './units.ts';

export { type LabTest, type LabVariant, type Limits, labTests, type Specimen } from './lab-tests.ts';
export { spellingsOf } from './named-tests.ts';
export { type ResolvedTest, resolveTest } from './resolve-test.ts';
export { specimenOf } from './specimen-words.ts';
export type { TestQuery } from './test-choices.ts';

/** Value in the first unit for which the table has limits; mass and amount are converted where the molar mass is known. */
function against(
  table: Readonly<Record<string, Limits>> | undefined,
  entry: LabTest,
  value: number,
  ucum: string,
): { readonly value: number; readonly limits: Limits } | undefined {
  const units = Object.entries(table ?? {});
  const same = units.find(([unit]) => unit === ucum);
  for (const [unit, limits] of same ? [same] : units) {
    const converted = convert(value, ucum, unit, entry.molarMass === undefined ? {} : { molarMass: entry.molarMass });
    if (converted !== undefined) {
      return { value: converted, limits };
    }
  }
  return undefined;
}

/** Whether a living patient can have this value in this unit; undefined when the dictionary does not know. */
export function plausible(entry: LabTest, value: number, ucum: string): boolean | undefined {
  const found = against(entry.plausible, entry, value, ucum);
  return found && (found.limits[0] ?? -Infinity) <= found.value && found.value <= (found.limits[1] ?? Infinity);
}

/**
 * `LL` or `HH` where the value lies beyond a critical limit of the shipped table, `none` where it does not; undefined
 * without a limit, or when a comparator leaves it open. `system` is that of the LOINC term: only blood has limits.
 */
export function critical(
  entry: LabTest,
  value: number,
  ucum: string,
  comparator?: Comparator,
  system?: string,
): 'LL' | 'HH' | 'none' | undefined {
  const found = criticalIn(defaultCriticalTable, entry, {
    value,
    ucum,
    ...(comparator ? { comparator } : {}),
    ...(system ? { system } : {}),
  });
  return typeof found === 'object' ? found.flag : found;
}

/** Mass ↔ amount of substance of one test, for display only; undefined when the units or the molar mass do not allow it. */
export function convertTest(
  entry: LabTest,
  value: number,
  from: string,
  to: string,
  significant?: number,
): number | undefined {
  return convert(value, from, to, {
    ...(entry.molarMass === undefined ? {} : { molarMass: entry.molarMass }),
    ...(significant === undefined ? {} : { significant }),
  });
}
