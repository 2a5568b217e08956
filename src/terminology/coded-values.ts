import { bloodGroupWords, codedWords } from './coded-words.ts';

/** A word of the semi-quantitative scale, with its SNOMED CT concept where it is certain. */
export interface CodedValue {
  readonly code: string;
  readonly display: string;
  readonly snomed?: { readonly code: string; readonly display: string };
  /** Whether the word by itself says abnormal, normal or nothing. */
  readonly sense: 'absent' | 'present' | 'borderline' | 'neutral';
}

const negative = { code: '260385009', display: 'Negative' };
const positive = { code: '10828004', display: 'Positive' };
const detected = { code: '260373001', display: 'Detected' };
const notDetected = { code: '260415000', display: 'Not detected' };
const reactive = { code: '11214006', display: 'Reactive' };
const nonReactive = { code: '131194007', display: 'Non-reactive' };
const present = { code: '52101004', display: 'Present' };
const absent = { code: '2667000', display: 'Absent' };
const trace = { code: '260405006', display: 'Trace' };
const indeterminate = { code: '82334004', display: 'Indeterminate' };
const equivocal = { code: '42425007', display: 'Equivocal' };
const normal = { code: '17621005', display: 'Normal' };
const abnormal = { code: '263654008', display: 'Abnormal' };
const noGrowth = { code: '264868006', display: 'No growth' };
const onePlus = { code: '260347006', display: 'Present +' };
const twoPlus = { code: '260348001', display: 'Present ++' };
const threePlus = { code: '260349009', display: 'Present +++' };
const fourPlus = { code: '260350009', display: 'Present ++++' };

const scale: readonly CodedValue[] = [
  { code: 'negative', display: 'Negative', snomed: negative, sense: 'absent' },
  { code: 'positive', display: 'Positive', snomed: positive, sense: 'present' },
  { code: 'weakly-positive', display: 'Weakly positive', sense: 'present' },
  { code: 'strongly-positive', display: 'Strongly positive', sense: 'present' },
  { code: 'not-detected', display: 'Not detected', snomed: notDetected, sense: 'absent' },
  { code: 'detected', display: 'Detected', snomed: detected, sense: 'present' },
  { code: 'non-reactive', display: 'Non-reactive', snomed: nonReactive, sense: 'absent' },
  { code: 'reactive', display: 'Reactive', snomed: reactive, sense: 'present' },
  { code: 'absent', display: 'Absent', snomed: absent, sense: 'absent' },
  { code: 'present', display: 'Present', snomed: present, sense: 'present' },
  { code: 'trace', display: 'Trace', snomed: trace, sense: 'borderline' },
  { code: '1+', display: '1+', snomed: onePlus, sense: 'present' },
  { code: '2+', display: '2+', snomed: twoPlus, sense: 'present' },
  { code: '3+', display: '3+', snomed: threePlus, sense: 'present' },
  { code: '4+', display: '4+', snomed: fourPlus, sense: 'present' },
  { code: 'indeterminate', display: 'Indeterminate', snomed: indeterminate, sense: 'borderline' },
  { code: 'equivocal', display: 'Equivocal', snomed: equivocal, sense: 'borderline' },
  { code: 'normal', display: 'Normal', snomed: normal, sense: 'absent' },
  { code: 'abnormal', display: 'Abnormal', snomed: abnormal, sense: 'present' },
  { code: 'no-growth', display: 'No growth', snomed: noGrowth, sense: 'absent' },
  { code: 'growth', display: 'Growth', sense: 'present' },
  ...named(
    'few some moderate many clear slightly-cloudy cloudy bloody xanthochromic colourless straw pale-yellow yellow ' +
      'dark-yellow amber orange red brown green susceptible resistant intermediate soft formed liquid mucoid acidic ' +
      'alkaline neutral',
  ),
  { code: 'susceptible-increased-exposure', display: 'Susceptible, increased exposure', sense: 'neutral' },
];

/** Blood groups keep their printed words: the SNOMED CT concepts differ between result and finding, so none is given. */
const bloodGroups: readonly (CodedValue & { readonly words: readonly string[] })[] = ['a', 'b', 'ab', 'o'].flatMap(
  (group) => {
    const letter = group.toUpperCase();
    const factors = (['positive', 'negative'] as const).map((factor) => ({
      code: `${group}-${factor}`,
      display: `${letter} ${factor}`,
      sense: 'neutral' as const,
      words: bloodGroupWords(group, factor),
    }));
    return [
      { code: `group-${group}`, display: letter, sense: 'neutral' as const, words: wordsOf(`group-${group}`) },
      ...factors,
    ];
  },
);

function named(codes: string): CodedValue[] {
  return codes.split(' ').map((code) => {
    const words = code.replaceAll('-', ' ');
    return { code, display: `${words[0]!.toUpperCase()}${words.slice(1)}`, sense: 'neutral' };
  });
}

function wordsOf(code: string): string[] {
  return codedWords[code]!.split('|');
}

function fold(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/[.;:]$/, '')
    .trim();
}

const byWord: ReadonlyMap<string, CodedValue> = new Map([
  ...scale.flatMap((value) => wordsOf(value.code).map((word) => [fold(word), value] as const)),
  ...bloodGroups.flatMap(({ words, ...value }) => words.map((word) => [fold(word), value] as const)),
]);

/** The coded value of a printed word, exact after folding of case and spaces; undefined when it is not on the list. */
export function codedValue(text: string): CodedValue | undefined {
  return byWord.get(fold(text));
}
