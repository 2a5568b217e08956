import type { LabTest, LabVariant } from './lab-tests.ts';
import { formOf, normaliseName, tokensOf } from './test-name.ts';
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

/** One LOINC term that a result may be. */
export interface Choice {
  readonly test: LabTest;
  readonly variant: LabVariant;
  readonly near: number;
}

/** The nearest terms of each test: nearness says nothing about which of two tests is meant. */
export function bestFit(choices: readonly Choice[]): readonly Choice[] {
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

/** Terms that are measured in the printed unit; without one, those that fit the kind of the value and the name. */
export function byUnit(choices: readonly Choice[], query: TestQuery): readonly Choice[] {
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
export function onlyInUrine(choices: readonly Choice[], query: TestQuery): readonly Choice[] {
  const ofUrine = choices.filter(
    ({ variant }) => variant.system === 'Urine' && variant.units.some((unit) => /PF\]|24\.h/.test(unit)),
  );
  return ofUrine.length > 0 ? byUnit(ofUrine, query).map((choice) => ({ ...choice, near: 1 })) : [];
}

/** Terms of the printed method, the most particular; else those of none. */
export function byMethod(choices: readonly Choice[], printed: string): readonly Choice[] {
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
