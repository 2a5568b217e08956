import type { Patient } from '@medplum/fhirtypes';
import type { LabFinding } from './finding.ts';

/** How the patient printed on a document compares with the patient of the chart. */
export type Identity = 'same' | 'other' | 'unproven';

/**
 * Tolerant to order, case, accents, titles and initials of names; the birth date decides. A printed identifier can
 * confirm but never refute: an outside laboratory has its own numbers.
 */
export function comparePatient(printed: LabFinding['document']['patient'], chart: Patient): Identity {
  const names = compareNames(printed.name, chart);
  const identified = printed.identifier !== undefined && identifiersOf(chart).includes(compact(printed.identifier));
  if (printed.birthDate && chart.birthDate) {
    if (sameDate(printed.birthDate, chart.birthDate)) {
      return names === 'other' && !identified ? 'other' : 'same';
    }
    // Day and month may have been read the wrong way round; then the whole name or the identifier must speak for it.
    const swapped = printed.birthDate.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1-$3-$2');
    return sameDate(swapped, chart.birthDate) && (identified || names === 'same') ? 'same' : 'other';
  }
  if (names === 'other') {
    return identified ? 'unproven' : 'other';
  }
  return names === 'same' || identified ? 'same' : 'unproven';
}

/** A chart may know the year or month only. */
function sameDate(printed: string, chart: string): boolean {
  return printed.startsWith(chart) || chart.startsWith(printed);
}

function compareNames(printed: string | undefined, chart: Patient): Identity {
  const words = wordsOf(printed ?? '');
  const known = (chart.name ?? []).map((name) => ({
    family: wordsOf(name.family ?? ''),
    given: wordsOf((name.given ?? []).join(' ')),
    text: wordsOf(name.text ?? ''),
  }));
  if (
    words.length === 0 ||
    known.every(({ family, given, text }) => family.length + given.length + text.length === 0)
  ) {
    return 'unproven';
  }
  const results = known.map(({ family, given, text }): Identity => {
    const familyWords = family.length > 0 ? family : text;
    const givenWords = family.length > 0 ? given : text;
    const familyFound = familyWords.some((word) => word.length > 1 && words.some((one) => near(one, word)));
    const givenFound = givenWords.some((word) => words.some((one) => near(one, word) || initialOf(one, word)));
    if (familyFound && (givenFound || givenWords.length === 0)) return 'same';
    // One of the two alone: a changed family name, a nickname, or another member of the family.
    return familyFound || givenWords.some((word) => words.some((one) => word.length > 1 && near(one, word)))
      ? 'unproven'
      : 'other';
  });
  return results.includes('same') ? 'same' : results.includes('unproven') ? 'unproven' : 'other';
}

function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '' && !titles.has(word));
}

const titles = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'herr',
  'frau',
  'sr',
  'sra',
  'mme',
  'm',
  'mlle',
  'jr',
  'iii',
]);

/** Equal, or one letter apart in words long enough: what a scan does to a name. */
export function near(a: string, b: string): boolean {
  if (a === b) return true;
  const transcribed = (word: string) => word.replaceAll('ae', 'a').replaceAll('oe', 'o').replaceAll('ue', 'u');
  if (transcribed(a) === transcribed(b)) return true;
  if (Math.min(a.length, b.length) < 5 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  return (
    a.slice(start + 1) === b.slice(start + 1) ||
    a.slice(start) === b.slice(start + 1) ||
    a.slice(start + 1) === b.slice(start)
  );
}

function initialOf(letter: string, word: string): boolean {
  return letter.length === 1 && word.startsWith(letter);
}

function identifiersOf(chart: Patient): readonly string[] {
  return (chart.identifier ?? []).map(({ value }) => compact(value ?? '')).filter((value) => value !== '');
}

function compact(identifier: string): string {
  return identifier.toLowerCase().replace(/[^a-z0-9]/g, '');
}
