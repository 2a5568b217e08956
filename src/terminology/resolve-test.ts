import { type LabTest, type LabVariant, labTests, type Specimen } from './lab-tests.ts';
import { closeness, inSpecimen } from './specimen-fit.ts';
import { specimenOf, splitSpecimen } from './specimen-words.ts';
import { formOf, normaliseName, spelledOut, tells, tokenSet, tokensOf, withoutForm } from './test-name.ts';
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
      const tests = index.get(at);
      if (tests === undefined) {
        index.set(at, [test]);
      } else if (!tests.includes(test)) {
        tests.push(test);
      }
    }
  }
  return index;
}

const compact = (normal: string) => normal.replaceAll(' ', '');
const byName = indexBy((normal) => normal);

const spellings: ReadonlyMap<string, readonly string[]> = (() => {
  const map = new Map<string, string[]>();
  for (const alias of labTests.flatMap(({ aliases }) => Object.values(aliases).flat())) {
    const normal = normaliseName(alias);
    map.set(normal, [...(map.get(normal) ?? []), alias]);
  }
  return map;
})();

/** How the dictionary writes a name that is the same but for accents, capitals and signs. */
export function spellingsOf(name: string): readonly string[] {
  return spellings.get(normaliseName(name)) ?? [];
}

const byCompactName = indexBy(compact);
const byTokens = indexBy(tokenSet);

/** Every word of a name that can tell a test apart; a text with none of them is no test. */
const vocabulary: ReadonlySet<string> = new Set([...byName.keys()].flatMap((normal) => tokensOf(normal).filter(tells)));

/** Whether a text can be a test at all; the cheap question before the thorough one. */
function promising(name: string): boolean {
  const normal = normaliseName(name);
  return (
    byName.has(normal) ||
    byCompactName.has(compact(normal)) ||
    tokensOf(normaliseName(name.replaceAll('%', ' % ').replaceAll('#', ' # '))).some((token) =>
      vocabulary.has(token.replace(/0[1-9]$/, '')),
    )
  );
}

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

/** Names asked before; bounded, since a document asks for every candidate span and most are asked again. */
const asked = new Map<string, Named | null>();
const keptNames = 8192;

function named(name: string): Named | undefined {
  const known = asked.get(name);
  if (known !== undefined) {
    return known ?? undefined;
  }
  if (asked.size >= keptNames) {
    asked.clear();
  }
  const found = promising(name) ? findNamed(name) : undefined;
  asked.set(name, found ?? null);
  return found;
}

/** Tests that a printed name may mean: the whole, then spelled out, then its parts, then without words of form. */
function findNamed(name: string): Named | undefined {
  const whole = lookUpWithSpecimen(normaliseName(name));
  if (whole) {
    return whole;
  }
  const long = spelledOut(name);
  return (long ? findNamed(long) : undefined) ?? byParts(name) ?? withoutSuffix(name) ?? lookUpForm(name);
}

/** `SGPT (ALT)`, `SGPT/ALT`, `AST - SGOT`: known parts must agree. */
function byParts(name: string): Named | undefined {
  const parenthesis = /^(.*?)\s*[([]([^)\]]+)[)\]]\s*(.*)$/.exec(name);
  const parts = parenthesis
    ? [`${parenthesis[1]} ${parenthesis[3]}`, parenthesis[2]!]
    : name.split(/\s*(?:\/|=|\s[-–—]\s)\s*/);
  if (parts.length < 2) {
    return undefined;
  }
  const found = parts.map((part, index) =>
    parenthesis && index === 0 && part.trim() !== '' ? findNamed(part) : lookUpWithSpecimen(normaliseName(part)),
  );
  // The part before a parenthesis may stand alone; otherwise every part must be known.
  const known = found.filter((part) => part !== undefined);
  if (known.length === 0 || !(parenthesis ? found[0] !== undefined : known.length === parts.length)) {
    return undefined;
  }
  const tests = known[0]!.tests.filter((test) => known.every((part) => part.tests.includes(test)));
  const specimen =
    known.map((part) => part.specimen).find((value) => value !== undefined) ??
    (parenthesis ? specimenOf(parenthesis[2]) : undefined);
  return tests.length > 0 ? { tests, ...(specimen ? { specimen } : {}) } : undefined;
}

/** A raised method code glued to the name by the text layer: Urea02. */
function withoutSuffix(name: string): Named | undefined {
  const suffixed = /^(.*[A-Za-z)])\s?0[1-9]$/.exec(name.trim());
  return suffixed ? findNamed(suffixed[1]!) : undefined;
}

/** `Neutrophils (Absolute)`, `Calcium, Total`, `CRP - Turbidimetry`: what is left must be the words of a name. */
function lookUpForm(name: string): Named | undefined {
  const normal = normaliseName(name.replaceAll('%', ' % ').replaceAll('#', ' # '));
  const bare = withoutForm(tokenSet(normal));
  const tests = bare === undefined ? [] : (byTokens.get(bare) ?? []);
  if (tests.length > 0) {
    const specimen = specimenOf(normal);
    return specimen === undefined || specimen === 'blood' ? { tests } : { tests, specimen };
  }
  const split = splitSpecimen(normal);
  const rest = split && withoutForm(tokenSet(split.name));
  const known = rest === undefined ? undefined : byTokens.get(rest);
  return known && { tests: known, specimen: split!.specimen };
}

interface Choice {
  readonly test: LabTest;
  readonly variant: LabVariant;
  readonly near: number;
}

/** The nearest terms of each test: nearness says nothing about which of two tests is meant. */
function bestFit(choices: readonly Choice[]): readonly Choice[] {
  const best = new Map<LabTest, number>();
  for (const { test, near } of choices) {
    best.set(test, Math.max(near, best.get(test) ?? 0));
  }
  return choices.filter(({ test, near }) => near === best.get(test));
}

/** Share or number, where the name says so and a term of that property exists. */
function byForm(choices: readonly Choice[], name: string): readonly Choice[] {
  const form = formOf(name);
  const property = form && (form === 'share' ? /^(?:NFr|MFr|VFr)$/ : /^NCnc$/);
  const fitting = property ? choices.filter(({ variant }) => property.test(variant.property)) : [];
  return fitting.length > 0 ? fitting : choices;
}

function byUnit(choices: readonly Choice[], query: TestQuery): readonly Choice[] {
  const unit = query.unit?.trim();
  if (unit) {
    const byTest = new Map<LabTest, string | undefined>();
    const codeFor = (test: LabTest) => {
      if (!byTest.has(test)) {
        byTest.set(test, toUcum(unit, { test: test.key })?.code);
      }
      return byTest.get(test);
    };
    const codes = choices.map((choice) => ({ choice, code: codeFor(choice.test) }));
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
  const likely = byForm(choices, query.name);
  if (query.valueKind === 'quantity') {
    return likely.filter(({ variant }) => variant.units.length > 0 && variant.property !== 'Titr');
  }
  return likely;
}

/** Counts per microscope field and amounts per day are of urine, also where nothing says so. */
function onlyInUrine(choices: readonly Choice[], query: TestQuery): readonly Choice[] {
  const ofUrine = choices.filter(
    ({ variant }) => variant.system === 'Urine' && variant.units.some((unit) => /PF\]|24\.h/.test(unit)),
  );
  return ofUrine.length > 0 ? byUnit(ofUrine, query).map((choice) => ({ ...choice, near: 1 })) : [];
}

function byMethod(choices: readonly Choice[], printed: string): readonly Choice[] {
  const normal = normaliseName(printed);
  const text = ` ${normal} `;
  const tokens = new Set(tokensOf(normal));
  const printedMethods = choices.filter(({ variant: { method } }) => {
    if (method === undefined || method === 'none') {
      return false;
    }
    const words = normaliseName(method);
    return text.includes(` ${words}`) || tokensOf(words).every((token) => tokens.has(token));
  });
  if (printedMethods.length > 0) {
    const longest = Math.max(...printedMethods.map(({ variant }) => variant.method!.length));
    return printedMethods.filter(({ variant }) => variant.method!.length === longest);
  }
  const without = choices.filter(({ variant }) => variant.method === undefined || variant.method === 'none');
  return without.length > 0 ? without : choices;
}

/**
 * Printed name, specimen, unit and method → one LOINC term. Undefined when the name is not in the dictionary. With
 * `ambiguous` set there is no code: the printed text is then kept and shown for review. `entry` carries the limits
 * that hold in the specimen that was found, see `inSpecimen`. A test without terms is known by name alone.
 */
export function resolveTest(query: TestQuery): ResolvedTest | undefined {
  const found = named(query.name);
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
