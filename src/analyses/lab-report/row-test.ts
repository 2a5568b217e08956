import { resolveTest } from '../../terminology/lab-dictionary.ts';
import { termOf } from '../../terminology/lab-terms.ts';
import type { LabTest } from '../../terminology/lab-tests.ts';
import type { LabRow, LabValue } from './finding.ts';

/** Which test a result is of, as far as the dictionary knows. */
export interface KnownTest {
  readonly entry: LabTest;
  /** LOINC system (`Ser/Plas`, `Bld`, `Urine` …); absent where specimen or unit leave a choice. */
  readonly system?: string;
  /** LOINC property (`MCnc`, `NFr` …). */
  readonly property?: string;
}

type Printed = Pick<LabRow, 'name' | 'specimen' | 'panel' | 'unit' | 'loinc'>;

/** By code, else by name, specimen and unit; undefined where the name is in no dictionary or may mean several tests. */
export function testOf({ name, specimen, panel, unit, loinc }: Printed): KnownTest | undefined {
  const term = loinc ? termOf(loinc) : undefined;
  if (term) return { entry: term.entry, system: term.variant.system, property: term.variant.property };
  const resolved = resolveTest({ name, specimen, panel, unit });
  if (!resolved || resolved.ambiguous === 'name') return undefined;
  const { entry, variant } = resolved;
  return { entry, ...(variant ? { system: variant.system, property: variant.property } : {}) };
}

/** Digits behind the decimal sign of a printed number: 2 for `1.20`, 0 for `7,800`. */
export function decimalsOf({ text, number }: Pick<LabValue, 'text' | 'number'>): number {
  const behind = /[.,](\d+)\D*$/.exec(text)?.[1]?.length ?? 0;
  const digits = Number(text.replace(/\D/g, ''));
  return number !== undefined && Math.round(Math.abs(number) * 10 ** behind) === digits ? behind : 0;
}
