import { fieldNames } from './fields.ts';

/** What is counted of each document; every figure is made of sums of these. Meanings: docs/evaluation.md. */
export const countNames = [
  'documents',
  'truth',
  'read',
  'row3',
  'row5',
  'rowOfTest',
  'wrongName',
  'wrongValue',
  'wrongNumber',
  'wrongUnit',
  'wrongRange',
  'wrongFlag',
  'lostComparator',
  'previousAsCurrent',
  'spurious',
  'missed',
  'missedSaid',
  'missedRefused',
  'critical',
  'missedCritical',
  'missedCriticalUnsaid',
  'codable',
  'codableRead',
  'coded',
  'codeRight',
  'codeUnjudged',
  'ungrounded',
  'perfect',
  'perfectFields',
  'withRows',
  'documentF1',
  'toRefuse',
  'refusedRight',
  'refusedOther',
  'notRefused',
  'refusedWrong',
  'failed',
  'brier',
  ...fieldNames.flatMap((field) => [`${field}.right`, `${field}.wrong`, `${field}.missed`] as const),
] as const;

export type CountName = (typeof countNames)[number];
export type Counts = Record<CountName, number>;

export function noCounts(): Counts {
  return Object.fromEntries(countNames.map((name) => [name, 0])) as Counts;
}

export function sumCounts(all: readonly Counts[]): Counts {
  const sum = noCounts();
  for (const one of all) for (const name of countNames) sum[name] += one[name];
  return sum;
}
