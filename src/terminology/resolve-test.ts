import { type LabTest, type LabVariant, labTests, type Specimen } from './lab-tests.ts';
import { closeness } from './specimen-fit.ts';
import { normaliseName, specimenOf, splitSpecimen, tokenSet } from './test-name.ts';
import { sameDimension, toUcum } from './units.ts';

/** What is printed about one result. */
export interface TestQuery {
  readonly name: string;
  readonly specimen?: string;
  readonly unit?: string;
  readonly method?: string;
  /** Heading under which the row stands. */
  readonly panel?: string;
  /** What the result is; decides between terms where no unit is printed. `ratio` is a titre. */
  readonly valueKind?: 'quantity' | 'coded' | 'ratio';
}

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

type Index = ReadonlyMap<string, readonly LabTest[]>;

function indexBy(key: (normal: string) => string): Index {
  const index = new Map<string, LabTest[]>();
  for (const test of labTests) {
    for (const alias of Object.values(test.aliases).flat()) {
      const at = key(normaliseName(alias));
      const tests = index.get(at) ?? [];
      if (!tests.includes(test)) {
        index.set(at, [...tests, test]);
      }
    }
  }
  return index;
}

const compact = (normal: string) => normal.replaceAll(' ', '');
const byName = indexBy((normal) => normal);
const byCompactName = indexBy(compact);
const byTokens = indexBy(tokenSet);

/** Exact after normalisation, then without spaces, then as a set of words. Nothing fuzzier: see labs.md 6.4. */
function lookUp(normal: string): readonly LabTest[] {
  if (normal === '') {
    return [];
  }
  const tokens = tokenSet(normal);
  return (
    byName.get(normal) ?? byCompactName.get(compact(normal)) ?? (tokens === '' ? undefined : byTokens.get(tokens)) ?? []
  );
}

interface Named {
  readonly tests: readonly LabTest[];
  readonly specimen?: Specimen;
}

function lookUpWithSpecimen(normal: string): Named | undefined {
  const tests = lookUp(normal);
  if (tests.length > 0) {
    const specimen = specimenOf(normal);
    return specimen === undefined || specimen === 'blood' ? { tests } : { tests, specimen };
  }
  const split = splitSpecimen(normal);
  if (!split) {
    return undefined;
  }
  const rest = lookUp(split.name);
  return rest.length > 0 ? { tests: rest, specimen: split.specimen } : undefined;
}

/** Tests that a printed name may mean: the whole, then its parts where all known parts agree, then without a code suffix. */
function named(name: string): Named | undefined {
  const whole = lookUpWithSpecimen(normaliseName(name));
  if (whole) {
    return whole;
  }
  const parenthesis = /^(.*?)\s*[([]([^)\]]+)[)\]]\s*(.*)$/.exec(name);
  const parts = parenthesis
    ? [`${parenthesis[1]} ${parenthesis[3]}`, parenthesis[2]!]
    : name.split(/\s*(?:\/|=|\s[-–—]\s)\s*/);
  if (parts.length > 1) {
    const found = parts.map((part) => lookUpWithSpecimen(normaliseName(part)));
    // The part before a parenthesis may stand alone; otherwise every part must be known.
    const known = found.filter((part) => part !== undefined);
    if (known.length > 0 && (parenthesis ? found[0] !== undefined : known.length === parts.length)) {
      const tests = known[0]!.tests.filter((test) => known.every((part) => part.tests.includes(test)));
      const specimen =
        known.map((part) => part.specimen).find((value) => value !== undefined) ??
        (parenthesis ? specimenOf(parenthesis[2]) : undefined);
      return tests.length > 0 ? { tests, ...(specimen ? { specimen } : {}) } : undefined;
    }
  }
  // A raised method code glued to the name by the text layer: Urea02.
  const suffixed = /^(.*[A-Za-z)])\s?0[1-9]$/.exec(name.trim());
  return suffixed ? named(suffixed[1]!) : undefined;
}

interface Choice {
  readonly test: LabTest;
  readonly variant: LabVariant;
  readonly near: number;
}

function bestFit(choices: readonly Choice[]): readonly Choice[] {
  const best = Math.max(...choices.map((choice) => choice.near));
  return choices.filter((choice) => choice.near === best);
}

function byUnit(choices: readonly Choice[], query: TestQuery): readonly Choice[] {
  const unit = query.unit?.trim();
  if (unit) {
    const codes = choices.map((choice) => ({ choice, code: toUcum(unit, { test: choice.test.key })?.code }));
    const exact = codes.filter(({ choice, code }) => code !== undefined && choice.variant.units.includes(code));
    const near = codes.filter(
      ({ choice, code }) =>
        code !== undefined && choice.variant.units.some((expected) => sameDimension(expected, code)),
    );
    return (exact.length > 0 ? exact : near).map(({ choice }) => choice);
  }
  if (query.valueKind === 'coded') {
    const coded = choices.filter(({ variant }) => variant.units.length === 0);
    return coded.length > 0 ? coded : choices.filter(({ test }) => test.coded);
  }
  if (query.valueKind === 'ratio') {
    return choices.filter(({ variant }) => variant.property === 'Titr');
  }
  if (query.valueKind === 'quantity') {
    return choices.filter(({ variant }) => variant.units.length > 0 && variant.property !== 'Titr');
  }
  return choices;
}

function byMethod(choices: readonly Choice[], printed: string): readonly Choice[] {
  const text = ` ${normaliseName(printed)} `;
  const printedMethods = choices.filter(
    ({ variant }) =>
      variant.method !== undefined && variant.method !== 'none' && text.includes(` ${normaliseName(variant.method)}`),
  );
  if (printedMethods.length > 0) {
    const longest = Math.max(...printedMethods.map(({ variant }) => variant.method!.length));
    return printedMethods.filter(({ variant }) => variant.method!.length === longest);
  }
  const without = choices.filter(({ variant }) => variant.method === undefined || variant.method === 'none');
  return without.length > 0 ? without : choices;
}

/**
 * Printed name, specimen, unit and method → one LOINC term. Undefined when the name is not in the dictionary. With
 * `ambiguous` set there is no code: the printed text is then kept and shown for review.
 */
export function resolveTest(query: TestQuery): ResolvedTest | undefined {
  const found = named(query.name);
  if (!found) {
    return undefined;
  }
  const specimen = found.specimen ?? specimenOf(query.specimen) ?? specimenOf(query.panel);
  const first = found.tests[0]!;
  const all = found.tests.flatMap((test) =>
    test.variants.map((variant) => ({ test, variant, near: closeness(variant, test, specimen) })),
  );
  const fitting = all.filter((choice) => choice.near > 0);
  if (fitting.length === 0) {
    return { entry: first, ambiguous: 'specimen', ...(specimen ? { specimen } : {}) };
  }
  const entry = fitting[0]!.test;
  // The unit first, so that a term of the second-best specimen with the right property is still found.
  const measured = byUnit(fitting, query);
  if (measured.length === 0) {
    return { entry, ambiguous: 'unit', ...(specimen ? { specimen } : {}) };
  }
  const best = found.tests.length > 1 ? measured : bestFit(measured);
  const chosen = bestFit(byMethod(best, `${query.name} ${query.method ?? ''}`));
  if (chosen.length === 1) {
    const { test, variant } = chosen[0]!;
    return {
      entry: test,
      loinc: variant.loinc,
      display: variant.display,
      variant,
      specimen: specimen ?? test.specimen,
    };
  }
  const tests = new Set(chosen.map(({ test }) => test));
  const properties = new Set(chosen.map(({ variant }) => variant.property));
  const ambiguous = tests.size > 1 ? 'name' : properties.size > 1 ? 'unit' : 'method';
  return { entry: chosen[0]!.test, ambiguous, ...(specimen ? { specimen } : {}) };
}
