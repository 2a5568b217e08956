import type { LabTest, LabVariant, Specimen } from './lab-tests.ts';
import { testsNamed } from './named-tests.ts';
import { closeness, inSpecimen } from './specimen-fit.ts';
import { specimenOf } from './specimen-words.ts';
import { bestFit, byMethod, byUnit, onlyInUrine, type TestQuery } from './test-choices.ts';

export interface ResolvedTest {
  readonly entry: LabTest;
  readonly loinc?: string;
  readonly display?: string;
  readonly variant?: LabVariant;
  /** Specimen that was printed, or that of the chosen term. */
  readonly specimen?: Specimen;
  /** Set when the name is known but no single term follows: specimen, unit or name leave a choice. */
  readonly ambiguous?: 'name' | 'specimen' | 'unit' | 'method';
}

/**
 * Printed name, specimen, unit and method → one LOINC term. Undefined when the name is not in the dictionary. With
 * `ambiguous` set there is no code: the printed text is then kept and shown for review. `entry` carries the limits
 * that hold in the specimen that was found, see `inSpecimen`. A test without terms is known by name alone.
 */
export function resolveTest(query: TestQuery): ResolvedTest | undefined {
  const found = testsNamed(query.name);
  if (!found) {
    return undefined;
  }
  const specimen = found.specimen ?? specimenOf(query.specimen) ?? specimenOf(query.panel);
  const printed = specimen ? { specimen } : {};
  const all = found.tests.flatMap((test) =>
    test.variants.map((variant) => ({ test, variant, near: closeness(variant, test, specimen) })),
  );
  if (all.length === 0) {
    const entry = inSpecimen(found.tests[0]!, specimen);
    return found.tests.length > 1 ? { entry, ambiguous: 'name', ...printed } : { entry, ...printed };
  }
  // A name that also means a test without terms may mean that one.
  if (found.tests.some((test) => test.variants.length === 0)) {
    return { entry: inSpecimen(found.tests[0]!, specimen), ambiguous: 'name', ...printed };
  }
  const fitting = all.filter((choice) => choice.near > 0);
  if (fitting.length === 0) {
    return { entry: inSpecimen(found.tests[0]!, specimen), ambiguous: 'specimen', ...printed };
  }
  // The unit first, so that a term of the second-best specimen with the right property is still found.
  const here = byUnit(fitting, query);
  const measured = here.length > 0 || specimen ? here : onlyInUrine(all, query);
  if (measured.length === 0) {
    return { entry: inSpecimen(fitting[0]!.test, specimen), ambiguous: 'unit', ...printed };
  }
  const best = found.tests.length > 1 ? measured : bestFit(measured);
  const chosen = bestFit(byMethod(best, `${query.name} ${query.method ?? ''}`));
  const { test, variant } = chosen[0]!;
  if (chosen.length === 1) {
    return {
      entry: inSpecimen(test, variant.system === 'XXX' ? specimen : variant),
      loinc: variant.loinc,
      display: variant.display,
      variant,
      specimen: specimen ?? test.specimen,
    };
  }
  const tests = new Set(chosen.map((choice) => choice.test));
  const properties = new Set(chosen.map((choice) => choice.variant.property));
  const ambiguous = tests.size > 1 ? 'name' : properties.size > 1 ? 'unit' : 'method';
  return { entry: inSpecimen(test, specimen), ambiguous, ...printed };
}
