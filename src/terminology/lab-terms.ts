import { type LabTest, type LabVariant, labTests } from './lab-tests.ts';

/** A LOINC term of the dictionary with the test that it belongs to. */
export interface LabTerm {
  readonly entry: LabTest;
  readonly variant: LabVariant;
}

const terms: ReadonlyMap<string, LabTerm> = new Map(
  // A code that two tests share (urine albumin under both its names) belongs to the first of them.
  labTests
    .toReversed()
    .flatMap((entry) => entry.variants.map((variant) => [variant.loinc, { entry, variant }] as const)),
);

/** The dictionary's term of a LOINC code; undefined for codes that it does not hold. */
export function termOf(loinc: string): LabTerm | undefined {
  return terms.get(loinc);
}
