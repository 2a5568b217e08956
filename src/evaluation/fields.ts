import type { LabFinding, LabRow } from '../analyses/lab-report/finding.ts';
import { samePrint, sameSpecimen, sameTime, sameUnit } from './equality.ts';
import type { Matched } from './match.ts';
import type { Truth, TruthTest } from './truth.ts';

/** The fields that the MedGemma 1.5 report scores. */
export const fieldNames = ['name', 'result', 'unit', 'specimen', 'method', 'time'] as const;
export type FieldName = (typeof fieldNames)[number];

export interface FieldCount {
  /** Read and right. */
  right: number;
  /** Read, and wrong or not printed. */
  wrong: number;
  /** Printed, and not read or read wrong. */
  missed: number;
}

export type FieldCounts = Readonly<Record<FieldName, FieldCount>>;

type Fields = Readonly<Record<FieldName, string | undefined>>;

/** Field by field over matched rows; rows missed and spurious rows count with every field that they have. */
export function countFields(truth: Truth, finding: LabFinding | undefined, matched: Matched): FieldCounts {
  const counts = Object.fromEntries(
    fieldNames.map((name) => [name, { right: 0, wrong: 0, missed: 0 }]),
  ) as unknown as FieldCounts;
  const rows = finding?.rows ?? [];
  const ofTruth = (test: TruthTest): Fields => ({
    name: test.name,
    result: test.value,
    unit: test.unit,
    specimen: test.specimen,
    method: test.method,
    time: test.collected ?? truth.collected,
  });
  const ofRow = (row: LabRow): Fields => ({
    name: row.name,
    result: row.value.text,
    unit: row.unit,
    specimen: row.specimen,
    method: row.method,
    time: row.collected ?? finding?.document.collected,
  });
  const add = (printed: Fields | undefined, read: Fields | undefined, right: (field: FieldName) => boolean) => {
    for (const field of fieldNames) {
      const [there, said] = [printed?.[field] !== undefined, read?.[field] !== undefined];
      if (there && said && right(field)) counts[field].right++;
      else {
        if (said) counts[field].wrong++;
        if (there) counts[field].missed++;
      }
    }
  };
  for (const { truth: at, read: other } of matched.pairs) {
    const [test, row] = [truth.tests[at]!, rows[other]!];
    const [printed, read] = [ofTruth(test), ofRow(row)];
    add(printed, read, (field) => {
      if (field === 'unit') return sameUnit(row, test.unit, truth.route);
      if (field === 'specimen') return sameSpecimen(read.specimen, printed.specimen);
      return (field === 'time' ? sameTime : samePrint)(read[field], printed[field]);
    });
  }
  for (const at of matched.missed) add(ofTruth(truth.tests[at]!), undefined, () => false);
  for (const at of matched.spurious) add(undefined, ofRow(rows[at]!), () => false);
  return counts;
}
