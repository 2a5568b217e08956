import { type LabTest, labTests, type Specimen } from './lab-tests.ts';
import { specimenOf, splitSpecimen } from './specimen-words.ts';
import { normaliseName, spelledOut, tells, tokenSet, tokensOf, withoutForm } from './test-name.ts';

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

/** Tests that a printed name may mean, and the specimen that it names. */
export interface NamedTests {
  readonly tests: readonly LabTest[];
  readonly specimen?: Specimen;
}

function lookUpWithSpecimen(normal: string): NamedTests | undefined {
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
const asked = new Map<string, NamedTests | null>();
const keptNames = 8192;

/** What a printed name may mean: exactly, in parts, or without its words of form. Undefined when no test is called so. */
export function testsNamed(name: string): NamedTests | undefined {
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
function findNamed(name: string): NamedTests | undefined {
  const whole = lookUpWithSpecimen(normaliseName(name));
  if (whole) {
    return whole;
  }
  const long = spelledOut(name);
  return (long ? findNamed(long) : undefined) ?? byParts(name) ?? withoutSuffix(name) ?? lookUpForm(name);
}

/** `SGPT (ALT)`, `SGPT/ALT`, `AST - SGOT`: known parts must agree. */
function byParts(name: string): NamedTests | undefined {
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
function withoutSuffix(name: string): NamedTests | undefined {
  const suffixed = /^(.*[A-Za-z)])\s?0[1-9]$/.exec(name.trim());
  return suffixed ? findNamed(suffixed[1]!) : undefined;
}

/** `Neutrophils (Absolute)`, `Calcium, Total`, `CRP - Turbidimetry`: what is left must be the words of a name. */
function lookUpForm(name: string): NamedTests | undefined {
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
