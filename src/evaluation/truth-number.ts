import { parseFlag } from '../terminology/flags.ts';
import { critical, resolveTest } from '../terminology/lab-dictionary.ts';
import { toUcum } from '../terminology/units.ts';
import type { Truth, TruthTest } from './truth.ts';

export type DecimalSign = '.' | ',' | 'unknown';

/**
 * The decimal sign of a truth, from its own numbers alone: one or two, or more than three digits behind the sign, or a
 * zero before it. Deliberately not the reader's code, which it is there to check.
 */
export function decimalSignOf(truth: Truth): DecimalSign {
  const prints = truth.tests.flatMap(({ value, range, previous }) => [value, range ?? '', previous ?? '']);
  const has = (sign: string) =>
    prints.some((print) => new RegExp(`\\d${sign}\\d{1,2}(?!\\d)|\\d${sign}\\d{4}|(?<!\\d)0${sign}\\d`).test(print));
  const [dot, comma] = [has('\\.'), has(',')];
  return dot === comma ? 'unknown' : dot ? '.' : ',';
}

const comparatorPattern = /^\s*(<=|>=|≤|≥|<|>)\s*/;
const comparators: Readonly<Record<string, '<' | '<=' | '>=' | '>'>> = { '≤': '<=', '≥': '>=' };

export function comparatorOf(value: string): '<' | '<=' | '>=' | '>' | undefined {
  const sign = comparatorPattern.exec(value)?.[1];
  return sign === undefined ? undefined : (comparators[sign] ?? (sign as '<' | '<=' | '>=' | '>'));
}

/** The number of a plain printed value, comparator aside; undefined for words, titres, exponents and what is ambiguous. */
export function numberOf(value: string, sign: DecimalSign): number | undefined {
  const digits = value
    .replace(comparatorPattern, '')
    .replace(/[−–]/g, '-')
    .replace(/(?<=\d)[\s'’](?=\d{3})/g, '')
    .trim();
  if (/^-?\d+$/.test(digits)) return Number(digits);
  if (sign === 'unknown') return undefined;
  const grouped = sign === '.' ? digits.replace(/(?<=\d),(?=\d{2,3})/g, '') : digits.replace(/(?<=\d)\.(?=\d{3})/g, '');
  const plain = grouped.replace(sign, '.');
  return /^-?\d*\.?\d+$/.test(plain) ? Number(plain) : undefined;
}

/** Beyond a default critical limit of the dictionary, or printed with a flag that says so. */
export function isCritical(test: TruthTest, sign: DecimalSign): boolean {
  const flag = test.flag === undefined ? undefined : parseFlag(test.flag);
  if (flag === 'HH' || flag === 'LL' || flag === 'AA') return true;
  const number = numberOf(test.value, sign);
  const { name, unit, specimen, panel, method } = test;
  const found = unit === undefined ? undefined : resolveTest({ name, unit, specimen, panel, method });
  const code = found && toUcum(unit!, { test: found.entry.key })?.code;
  if (number === undefined || !found || !code) return false;
  const level = critical(found.entry, number, code, comparatorOf(test.value), found.variant?.system);
  return level === 'HH' || level === 'LL';
}
