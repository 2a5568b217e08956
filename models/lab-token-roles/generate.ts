import { type Family, layouts } from './layouts.ts';
import { createRandom, type Random } from './random.ts';
import type { Sheet } from './sheet.ts';
import { type Analyte, analytes, facts, type Language, laboratories, people } from './vocabulary.ts';

/** One result as it is printed: the truth that readings are scored against. */
export interface TruthRow {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly range?: string;
  readonly flag?: string;
  readonly previous?: string;
  /** Absent for invented tests. */
  readonly loinc?: string;
  readonly panel: string;
  readonly number?: number;
}

export interface Synthetic {
  readonly seed: number;
  readonly family: Family;
  readonly language: Language;
  readonly comma: boolean;
  readonly sheets: readonly Sheet[];
  readonly truth: readonly TruthRow[];
  readonly patient: { readonly name: string; readonly birthDate: string; readonly identifier: string };
  readonly collected: string;
}

export interface Content {
  readonly random: Random;
  readonly language: Language;
  readonly comma: boolean;
  /** Wordings and families that training never sees. */
  readonly heldOut: boolean;
  /** Headings in words that no reader knows. */
  readonly oddHeadings: boolean;
  readonly groups: readonly { readonly panel: Analyte['panel']; readonly rows: readonly TruthRow[] }[];
  readonly laboratory: string;
  readonly patient: Synthetic['patient'] & { readonly printedBirth: string };
  readonly dates: {
    readonly collected: string;
    readonly received: string;
    readonly reported: string;
    readonly previous: string;
    readonly iso: string;
  };
}

/** Families of layouts that training never sees; the rules were written with both in view. */
export const heldOutFamilies: readonly Family[] = ['blocks', 'dated-grid', 'pipes', 'no-header'];
const trained: readonly Family[] = [
  'table',
  'table',
  'table',
  'previous',
  'split',
  'glued',
  'leaders',
  'key-value',
  'side-by-side',
  'text',
  'no-header',
];

/** A synthetic laboratory report: the same seed and set give the same one. Nobody's data. */
export function generate(seed: number, set: 'train' | 'seen' | 'unseen'): Synthetic {
  const random = createRandom(seed * 7919 + { train: 1, seen: 2, unseen: 3 }[set]);
  const family = set === 'unseen' ? random.pick(heldOutFamilies) : random.pick(trained);
  const language = random.pick(['en', 'en', 'en', 'de', 'es', 'fr'] as const);
  const comma = language === 'en' ? false : random.chance(language === 'es' ? 0.5 : 0.8);
  const dates = makeDates(random, language);
  const content: Content = {
    random,
    language,
    comma,
    heldOut: set === 'unseen',
    oddHeadings: random.chance(0.18),
    groups: makeGroups(random, language, comma, set),
    laboratory: random.pick(laboratories[language]),
    patient: makePatient(random, language),
    dates,
  };
  const { sheets, truth } = layouts[family](content);
  return { seed, family, language, comma, sheets, truth, patient: content.patient, collected: dates.iso };
}

function makeGroups(random: Random, language: Language, comma: boolean, set: string): Content['groups'] {
  const names = random
    .shuffle(['chemistry', 'haematology', 'lipids', 'thyroid', 'coagulation', 'urine', 'serology', 'cardiac'] as const)
    .slice(0, 1 + random.below(4));
  return names.map((panel) => ({
    panel,
    rows: random
      .shuffle(analytes.filter((analyte) => analyte.panel === panel))
      .slice(0, 3 + random.below(10))
      .map((analyte) => makeRow(random, analyte, language, comma, set)),
  }));
}

function makeRow(random: Random, analyte: Analyte, language: Language, comma: boolean, set: string): TruthRow {
  const invented = set === 'train' && random.chance(0.2);
  const name = invented ? inventName(random) : random.pick(analyte.names[language]);
  const base = { name, panel: analyte.panel, ...(invented ? {} : { loinc: analyte.loinc }) };
  if (analyte.words) {
    const words = analyte.words[language];
    const normal = random.chance(0.7);
    const value = normal ? words[0]! : random.pick(words.slice(1));
    return {
      ...base,
      value,
      range: random.chance(0.8) ? words[0]! : undefined,
      flag: normal ? undefined : random.pick(['A', '*', 'ABN']),
      previous: words[0]!,
    };
  }
  // With one limit only, values still stay where a living patient has them.
  const low = analyte.low ?? (analyte.high ?? 0) * 0.3;
  const high = analyte.high ?? low * 2.5;
  const width = high - low;
  const where = random.next();
  // Of a hundred values 68 are inside, 14 somewhat and 4 far above, 14 below.
  const raw =
    where < 0.68
      ? low + width * (0.1 + 0.8 * random.next())
      : where < 0.82
        ? high + width * (0.05 + 0.4 * random.next())
        : where < 0.86
          ? high + width * (0.9 + 0.5 * random.next())
          : Math.max(low * 0.75, low - width * (0.05 + 0.2 * random.next()));
  const print = (value: number) => {
    const text = value.toFixed(analyte.decimals);
    return comma ? text.replace('.', ',') : text;
  };
  const number = Number(raw.toFixed(analyte.decimals));
  const below = random.chance(0.04) && analyte.low === undefined;
  const dash = random.pick([
    ' - ',
    '-',
    ' – ',
    '–',
    language === 'fr' ? ' à ' : ' - ',
    language === 'en' ? ' to ' : '-',
  ]);
  const range =
    analyte.low === undefined
      ? random.pick([
          `<${print(high)}`,
          `< ${print(high)}`,
          language === 'en' ? `Up to ${print(high)}` : `<${print(high)}`,
        ])
      : analyte.high === undefined
        ? random.pick([`>${print(low)}`, `> ${print(low)}`])
        : `${print(low)}${dash}${print(high)}`;
  const isHigh = analyte.high !== undefined && number > high;
  const isLow = analyte.low !== undefined && number < low;
  const value = below ? `<${print(high * 0.2)}` : print(number);
  return {
    ...base,
    value,
    ...(below ? {} : { number }),
    unit: analyte.units.length > 0 ? random.pick(analyte.units) : undefined,
    range,
    flag:
      !below && isHigh
        ? random.pick(['H', 'H', 'High', 'HH', '↑', '*', '(H)', 'HI'])
        : !below && isLow
          ? random.pick(['L', 'L', 'Low', '↓', '*', '(L)', 'LO'])
          : undefined,
    previous: print(low + width * (0.2 + 0.6 * random.next())),
  };
}

const syllables = [
  'pro',
  'ta',
  'lin',
  'glu',
  'cor',
  'mi',
  'sta',
  'tin',
  'ery',
  'fos',
  'ka',
  'zol',
  'ber',
  'nin',
  'ox',
  'al',
  'du',
  'ren',
];
function inventName(random: Random): string {
  const word = () => Array.from({ length: 2 + random.below(3) }, () => random.pick(syllables)).join('');
  const upper = (text: string) => text[0]!.toUpperCase() + text.slice(1);
  const name = upper(word());
  const extra = random.next();
  if (extra < 0.2) return `${name} ${random.pick(['IgG', 'Ab', 'Total', 'Free', 'A1', 'B2', '19-9', 'Antigen'])}`;
  if (extra < 0.3) return `${name} ${upper(word())}`;
  if (extra < 0.4) return `${name} (${word().toUpperCase().slice(0, 4)})`;
  if (extra < 0.5) return name.toUpperCase().slice(0, 3 + random.below(2));
  return name;
}

function makePatient(random: Random, language: Language): Content['patient'] {
  const [family, given] = [random.pick(people.family), random.pick(people.given)];
  const year = 1930 + random.below(75);
  const [month, day] = [1 + random.below(12), 1 + random.below(28)];
  const birthDate = `${year}-${pad(month)}-${pad(day)}`;
  return {
    name: random.pick([`${family}, ${given}`, `${given} ${family}`, `${family.toUpperCase()}, ${given.toUpperCase()}`]),
    birthDate,
    printedBirth: printDate(language, year, month, day),
    identifier: `${random.pick(['', 'M', 'H-'])}${100000 + random.below(900000)}`,
  };
}

function makeDates(random: Random, language: Language): Content['dates'] {
  const day = 1 + random.below(24);
  const month = 1 + random.below(12);
  const year = 2024 + random.below(3);
  const time = `${pad(6 + random.below(10))}:${pad(random.below(60))}`;
  const timed = random.chance(0.6);
  const print = (d: number) => printDate(language, year, month, d);
  return {
    collected: timed ? `${print(day)} ${time}` : print(day),
    received: print(day),
    reported: print(day + 1),
    previous: printDate(language, year - 1, month, day),
    iso: `${year}-${pad(month)}-${pad(day)}${timed ? `T${time}` : ''}`,
  };
}

function printDate(language: Language, year: number, month: number, day: number): string {
  if (language === 'en') return `${pad(month)}/${pad(day)}/${year}`;
  return language === 'de' ? `${pad(day)}.${pad(month)}.${year}` : `${pad(day)}/${pad(month)}/${year}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

export { facts };
