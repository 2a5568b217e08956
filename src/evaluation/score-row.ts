import type { LabRow } from '../analyses/lab-report/finding.ts';
import { normaliseName } from '../terminology/test-name.ts';
import { plain, sameBracketed, samePrint, sameUnit } from './equality.ts';
import type { TruthTest } from './truth.ts';
import { comparatorOf, type DecimalSign, numberOf } from './truth-number.ts';

/** One matched row, judged. */
export interface RowScore {
  readonly nameRight: boolean;
  /** Same print, and the number that is written is the number that is printed. */
  readonly valueRight: boolean;
  /** The print is right, the number made of it is not: 2.310 taken for 2.31. */
  readonly numberWrong: boolean;
  readonly unitRight: boolean;
  readonly rangeRight: boolean;
  readonly flagRight: boolean;
  readonly comparatorLost: boolean;
  readonly previousTaken: boolean;
  /** Against the truth's code; `unjudged` where the truth has none and the row has. */
  readonly code: 'right' | 'wrong' | 'absent' | 'unjudged' | 'none';
  /** Name, value and unit. */
  readonly row3: boolean;
  /** row3 with reference range and flag. */
  readonly row5: boolean;
  /** Value and unit, of a row whose code is that of the test, or whose name is but for case, accents and punctuation. */
  readonly rowOfTest: boolean;
}

export function scoreRow(test: TruthTest, row: LabRow, sign: DecimalSign, route: 'text' | 'scan'): RowScore {
  const number = numberOf(test.value, sign);
  const printRight = samePrint(row.value.text, test.value) || (route === 'scan' && sameButForSign(row, test, number));
  const numberWrong =
    printRight && number !== undefined && row.value.number !== undefined && !nearlySame(row.value.number, number);
  const valueRight = printRight && !numberWrong;
  const nameRight = samePrint(row.name, test.name);
  const unitRight = sameUnit(row, test.unit, route);
  const rangeRight = sameBracketed(row.range?.text, test.range);
  // A value printed in an "Out of range" column has no printed flag.
  const flagRight = sameBracketed(row.flag?.text === 'Out of range' ? undefined : row.flag?.text, test.flag);
  const row3 = nameRight && valueRight && unitRight;
  const sameTest =
    nameRight ||
    (test.loinc !== undefined && row.loinc === test.loinc) ||
    normaliseName(row.name) === normaliseName(test.name);
  return {
    nameRight,
    valueRight,
    numberWrong,
    unitRight,
    rangeRight,
    flagRight,
    comparatorLost: comparatorLost(test.value, row),
    previousTaken: !printRight && test.previous !== undefined && samePrint(row.value.text, test.previous),
    code: codeOf(test.loinc, row.loinc),
    row3,
    row5: row3 && rangeRight && flagRight,
    rowOfTest: valueRight && unitRight && sameTest,
  };
}

/** On a scan one decimal sign may be taken for the other, as long as the number is the printed one. */
function sameButForSign({ value }: LabRow, test: TruthTest, number: number | undefined): boolean {
  const oneSign = (text: string) => plain(text).replaceAll(',', '.');
  return (
    number !== undefined &&
    value.number !== undefined &&
    nearlySame(value.number, number) &&
    oneSign(value.text) === oneSign(test.value)
  );
}

function nearlySame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-9 * Math.max(1, Math.abs(one), Math.abs(other));
}

/** The sign is gone from the print, or stands in the print and not beside the number, or is another one. */
function comparatorLost(value: string, { value: read }: LabRow): boolean {
  const sign = comparatorOf(value);
  if (sign === undefined) return false;
  const bare = plain(value).replace(/^[<>≤≥]=?/, '');
  if (plain(read.text) === bare) return true;
  return samePrint(read.text, value) && read.kind === 'quantity' && read.comparator !== sign;
}

function codeOf(truth: string | undefined, read: string | undefined): RowScore['code'] {
  if (truth === undefined) return read === undefined ? 'none' : 'unjudged';
  if (read === undefined) return 'absent';
  return read === truth ? 'right' : 'wrong';
}
