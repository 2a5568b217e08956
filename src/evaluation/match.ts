import type { LabRow } from '../analyses/lab-report/finding.ts';
import { resolveTest } from '../terminology/lab-dictionary.ts';
import { normaliseName } from '../terminology/test-name.ts';
import { samePrint } from './equality.ts';
import type { TruthTest } from './truth.ts';

export interface Pair {
  /** Index into the truth. */
  readonly truth: number;
  /** Index into the rows read. */
  readonly read: number;
  readonly phase: Phase;
}

export type Phase = 'name' | 'normalised-name' | 'test' | 'overlap';

export interface Matched {
  readonly pairs: readonly Pair[];
  readonly missed: readonly number[];
  readonly spurious: readonly number[];
}

/** What a name stands for, computed once a row. */
interface Side {
  readonly name: string;
  readonly normal: string;
  readonly value: string;
  readonly unit?: string;
  readonly specimen?: string;
  readonly page?: number;
  /** Key of the dictionary's entry. */
  readonly test?: string;
  readonly loinc?: string;
}

type Fits = (truth: Side, read: Side) => boolean;

const sameValue: Fits = (truth, read) => samePrint(truth.value, read.value);
const sameName: Fits = (truth, read) => samePrint(truth.name, read.name);
const sameNormal: Fits = (truth, read) => truth.normal !== '' && truth.normal === read.normal;
const sameTest: Fits = (truth, read) =>
  truth.test !== undefined &&
  truth.test === read.test &&
  (truth.loinc === undefined || read.loinc === undefined || truth.loinc === read.loinc);
const both =
  (one: Fits, other: Fits): Fits =>
  (truth, read) =>
    one(truth, read) && other(truth, read);

/** Each phase takes what the phases before it have left; within one, rows pair in reading order. */
const phases: readonly (readonly [Phase, Fits])[] = [
  ['name', both(sameName, sameValue)],
  ['normalised-name', both(sameNormal, sameValue)],
  ['name', sameName],
  ['normalised-name', sameNormal],
  ['test', both(sameTest, sameValue)],
  ['test', sameTest],
];

/** Least similarity of names that pair by overlap, with the same value and without. */
const leastAlike = { sameValue: 0.5, otherValue: 0.6 } as const;

/**
 * Pairs the tests of a truth with the rows that were read, one to one: the printed name and value, the name without case,
 * accents and punctuation, the name alone, the same test of the dictionary, and last names that share words or letters,
 * the nearest first. Names that the dictionary knows for different tests never pair. What is left of the truth was
 * missed, what is left of the rows is spurious.
 */
export function matchRows(truth: readonly TruthTest[], read: readonly LabRow[]): Matched {
  const truths = truth.map(truthSide);
  const reads = read.map(readSide);
  const openTruths = new Set(truths.keys());
  const openReads = new Set(reads.keys());
  const pairs: Pair[] = [];
  const pair = (one: number, other: number, phase: Phase) => {
    openTruths.delete(one);
    openReads.delete(other);
    pairs.push({ truth: one, read: other, phase });
  };
  for (const [phase, fits] of phases) {
    for (const at of [...openTruths]) {
      const candidates = [...openReads].filter((other) => fits(truths[at]!, reads[other]!));
      const [best] = candidates.sort((a, b) => nearness(truths[at]!, reads[b]!) - nearness(truths[at]!, reads[a]!));
      if (best !== undefined) pair(at, best, phase);
    }
  }
  for (const { one, other } of alike(truths, reads, openTruths, openReads)) {
    if (openTruths.has(one) && openReads.has(other)) pair(one, other, 'overlap');
  }
  return {
    pairs: pairs.sort((a, b) => a.truth - b.truth),
    missed: [...openTruths],
    spurious: [...openReads],
  };
}

/** Which of several rows of one name: the one whose other fields agree. */
function nearness(truth: Side, read: Side): number {
  return (
    (sameValue(truth, read) ? 8 : 0) +
    (samePrint(truth.unit, read.unit) ? 4 : 0) +
    (truth.loinc !== undefined && truth.loinc === read.loinc ? 2 : 0) +
    (truth.page === undefined || truth.page === read.page ? 1 : 0)
  );
}

function alike(truths: readonly Side[], reads: readonly Side[], openTruths: Set<number>, openReads: Set<number>) {
  const pairs: { one: number; other: number; valueSame: boolean; likeness: number; apart: number }[] = [];
  for (const one of openTruths) {
    for (const other of openReads) {
      const [truth, read] = [truths[one]!, reads[other]!];
      if (truth.test !== undefined && read.test !== undefined && truth.test !== read.test) continue;
      const valueSame = sameValue(truth, read);
      const likeness = nameLikeness(truth.normal, read.normal);
      if (likeness < (valueSame ? leastAlike.sameValue : leastAlike.otherValue)) continue;
      pairs.push({ one, other, valueSame, likeness, apart: Math.abs(one - other) });
    }
  }
  return pairs.sort(
    (a, b) =>
      Number(b.valueSame) - Number(a.valueSame) || b.likeness - a.likeness || a.apart - b.apart || a.one - b.one,
  );
}

/** Share of common words or of common pairs of letters, whichever is larger (Dice). */
export function nameLikeness(one: string, other: string): number {
  const words = (text: string) => text.split(' ').filter((word) => word !== '');
  const letters = (text: string) => {
    const joined = text.replaceAll(' ', '');
    return Array.from({ length: Math.max(0, joined.length - 1) }, (_, at) => joined.slice(at, at + 2));
  };
  return Math.max(dice(words(one), words(other)), dice(letters(one), letters(other)));
}

function dice(one: readonly string[], other: readonly string[]): number {
  if (one.length + other.length === 0) return 0;
  const left = [...other];
  let common = 0;
  for (const part of one) {
    const at = left.indexOf(part);
    if (at < 0) continue;
    common++;
    left.splice(at, 1);
  }
  return (2 * common) / (one.length + other.length);
}

function truthSide({ name, value, unit, specimen, panel, method, page, loinc }: TruthTest): Side {
  const found = resolveTest({ name, unit, specimen, panel, method });
  return {
    name,
    normal: normaliseName(name),
    value,
    ...(unit === undefined ? {} : { unit }),
    ...(specimen === undefined ? {} : { specimen }),
    ...(page === undefined ? {} : { page }),
    ...(found ? { test: found.entry.key } : {}),
    ...((loinc ?? found?.loinc) ? { loinc: loinc ?? found?.loinc } : {}),
  };
}

function readSide({ name, value, unit, specimen, panel, method, page, loinc }: LabRow): Side {
  const found = resolveTest({ name, unit, specimen, panel, method });
  return {
    name,
    normal: normaliseName(name),
    value: value.text,
    ...(unit === undefined ? {} : { unit }),
    ...(specimen === undefined ? {} : { specimen }),
    page,
    ...(found ? { test: found.entry.key } : {}),
    ...(loinc === undefined ? {} : { loinc }),
  };
}
