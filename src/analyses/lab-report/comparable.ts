import type { Observation } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import { siteDateTime } from '../../fhir/site-time.ts';
import { codedValue } from '../../terminology/coded-values.ts';
import { convert } from '../../terminology/units.ts';
import type { LabFinding, LabRow } from './finding.ts';
import { decimalsOf, type KnownTest, testOf } from './row-test.ts';
import { timeOf } from './times.ts';

/** A result by what it says, whether it is printed or stands in the chart. */
export interface Comparable {
  readonly test?: KnownTest;
  readonly loinc?: string;
  /** FHIR dateTime, with an offset where it has a time. */
  readonly when?: string;
  readonly number?: number;
  readonly comparator?: string;
  /** Digits behind the decimal sign. */
  readonly decimals: number;
  readonly ucum?: string;
  /** Result in words, or a titre as `1:80`. */
  readonly words?: string;
}

/** Rows of one finding as they would stand in a chart; `timeZone` is the site's, or empty. */
export function rowsAs(finding: LabFinding, timeZone: string): (row: LabRow) => Comparable {
  const zoned = new Map<string, string>();
  return (row) => {
    const when = timeOf(row, finding);
    if (when !== undefined && !zoned.has(when)) zoned.set(when, siteDateTime(when, timeZone));
    return ofRow(row, when === undefined ? undefined : zoned.get(when));
  };
}

function ofRow(row: LabRow, when: string | undefined): Comparable {
  const { value } = row;
  return {
    ...termOf(row),
    ...(when ? { when } : {}),
    ...(value.number === undefined ? {} : { number: value.number }),
    ...(value.comparator ? { comparator: value.comparator } : {}),
    decimals: decimalsOf(value),
    ...(row.ucum ? { ucum: row.ucum } : {}),
    ...(value.kind === 'ratio' || value.kind === 'text' ? { words: value.text } : {}),
  };
}

/** Of Observations that are held on to: the same chart is opened again and again. */
const known = new WeakMap<Observation, Comparable>();

export function ofObservation(observation: Observation): Comparable {
  const before = known.get(observation);
  if (before !== undefined) return before;
  const comparable = read(observation);
  known.set(observation, comparable);
  return comparable;
}

function read(observation: Observation): Comparable {
  const { valueQuantity: quantity, valueRatio: ratio } = observation;
  const coding = observation.code?.coding ?? [];
  const loinc = coding.find(({ system }) => system === codeSystem.loinc)?.code;
  const name = observation.code?.text ?? coding.find(({ display }) => display)?.display ?? '';
  const words =
    observation.valueString ??
    observation.valueCodeableConcept?.text ??
    observation.valueCodeableConcept?.coding?.[0]?.display ??
    (ratio ? `${ratio.numerator?.value}:${ratio.denominator?.value}` : undefined);
  const when = observation.effectiveDateTime ?? observation.effectivePeriod?.start ?? observation.effectiveInstant;
  const printed = String(quantity?.value ?? '');
  return {
    ...termOf({ name, specimen: observation.specimen?.display, unit: quantity?.unit, loinc }),
    ...(when ? { when } : {}),
    ...(quantity?.value === undefined ? {} : { number: quantity.value }),
    ...(quantity?.comparator ? { comparator: quantity.comparator } : {}),
    decimals: printed.includes('.') ? printed.length - printed.indexOf('.') - 1 : 0,
    ...(quantity?.code && quantity.system === codeSystem.ucum ? { ucum: quantity.code } : {}),
    ...(words ? { words } : {}),
  };
}

function termOf(printed: Parameters<typeof testOf>[0]): Pick<Comparable, 'test' | 'loinc'> {
  const test = testOf(printed);
  return { ...(test ? { test } : {}), ...(printed.loinc ? { loinc: printed.loinc } : {}) };
}

/** Terms that differ by mass and amount of the same substance alone. */
const interchangeable = /^[MS]Cnc$/;

/** Same LOINC term, or the same test of the dictionary in the same specimen and kind of quantity. */
export function sameTest(a: Comparable, b: Comparable): boolean {
  if (a.loinc !== undefined && a.loinc === b.loinc) return true;
  const [one, other] = [a.test, b.test];
  if (one?.entry.key === undefined || one.entry.key !== other?.entry.key || one.system !== other.system) return false;
  return (
    one.property === other.property ||
    (interchangeable.test(one.property ?? '') && interchangeable.test(other.property ?? ''))
  );
}

/** To the minute where both have a time, else the day. Undefined where one of them has no date. */
export function sameTime(a: Comparable, b: Comparable): boolean | undefined {
  if (!a.when || !b.when) return undefined;
  if (!(timed(a) && timed(b))) return a.when.slice(0, 10) === b.when.slice(0, 10);
  return Math.floor(Date.parse(a.when) / 60_000) === Math.floor(Date.parse(b.when) / 60_000);
}

export function timed({ when }: Comparable): boolean {
  return when?.includes('T') ?? false;
}

/** The number of `b` in the unit of `a`; undefined where they cannot be compared. */
export function inUnitOf(a: Comparable, b: Comparable): number | undefined {
  if (b.number === undefined || a.number === undefined) return undefined;
  if (a.ucum === b.ucum) return b.number;
  const molarMass = a.test?.entry.molarMass;
  return a.ucum && b.ucum ? convert(b.number, b.ucum, a.ucum, molarMass === undefined ? {} : { molarMass }) : undefined;
}

/**
 * Whether both say the same: numbers as far as the coarser print goes, after conversion; words by their meaning.
 * Undefined where they cannot be compared.
 */
export function sameValue(a: Comparable, b: Comparable): boolean | undefined {
  const converted = inUnitOf(a, b);
  if (a.number !== undefined && converted !== undefined) {
    if (a.comparator !== b.comparator) return false;
    const factor = b.number === 0 ? 1 : Math.abs(converted / b.number!);
    const half = Math.max(0.5 * 10 ** -a.decimals, 0.5 * 10 ** -b.decimals * factor);
    // In one unit 4.62 and 4.6 are one result; 4.7 and 4.6 are two.
    return Math.abs(a.number - converted) <= half * 1.0001;
  }
  if (a.words !== undefined && b.words !== undefined) {
    const meaning = (words: string) => codedValue(words)?.code ?? words.replace(/\s+/g, ' ').trim().toLowerCase();
    return meaning(a.words) === meaning(b.words);
  }
  return undefined;
}
