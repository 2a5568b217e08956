import type { Patient } from '@medplum/fhirtypes';
import type { PrintedPatient } from './finding.ts';

/** How the patient printed on a document compares with the patient of the chart. */
export type Identity = 'same' | 'other' | 'unproven';

/**
 * Tolerant to order, case, accents, titles and initials of names; the birth date decides. A printed identifier can
 * confirm but never refute: an outside laboratory has its own numbers.
 */
export function comparePatient(printed: PrintedPatient, chart: Patient): Identity {
  const names = compareNames(printed.name, chart);
  const number = compact(printed.identifier ?? '');
  const identified = number.length >= shortestNumber && identifiersOf(chart).includes(number);
  if (
    isNewborn(printed.name) &&
    !identified &&
    names !== 'other' &&
    !chart.name?.some(({ given }) => isNewborn(given?.join(' ')))
  ) {
    // "Baby of Anna Weber" is not Anna Weber; it may be her child, who has a name of its own by now.
    return ofMother(printed, chart, names);
  }
  if (printed.birthDate && chart.birthDate) {
    switch (compareDates(printed.birthDate, chart.birthDate)) {
      case 'same':
        return names === 'other' && !identified ? 'other' : 'same';
      case 'exchanged':
        // Read the wrong way round, or another day: the whole name or the identifier must speak for it.
        return identified || names === 'same' ? 'same' : names === 'other' || printed.name ? 'other' : 'unproven';
      default:
        return 'other';
    }
  }
  if (names === 'other') {
    return identified ? 'unproven' : 'other';
  }
  return names === 'same' || identified ? 'same' : 'unproven';
}

/** Shorter numbers are lines, rooms and pages. */
const shortestNumber = 4;

function ofMother({ birthDate }: PrintedPatient, chart: Patient, names: Identity): Identity {
  if (birthDate && chart.birthDate) return compareDates(birthDate, chart.birthDate) === 'same' ? 'same' : 'other';
  return names === 'same' ? 'other' : 'unproven';
}

const newborn =
  /^\W*(?:baby|babe|newborn|infant|b\/o|bb|rn|nb|neugeborenes|saugling|kind von|recien nacido|nouveau-?ne|neonato|recem-?nascido)\b/i;

function isNewborn(name: string | undefined): boolean {
  return newborn.test((name ?? '').normalize('NFKD').replace(/\p{M}/gu, ''));
}

/**
 * Two printed or charted dates. `exchanged`: day and month may be the wrong way round. A chart may know the year or month
 * only; two-digit years may have been put into the wrong century; a scan may misread one digit.
 */
export function compareDates(a: string, b: string, scanned = false): 'same' | 'exchanged' | 'other' {
  const close = (one: string) => one.startsWith(b) || b.startsWith(one);
  const century = (one: string) => one.replace(/^(19|20)/, (century) => (century === '19' ? '20' : '19'));
  const exchanged = a.replace(/^(\d{4})-(\d{2})-(\d{2})$/, '$1-$3-$2');
  if (close(a) || (scanned && oneDigitApart(a, b))) return 'same';
  return close(exchanged) || close(century(a)) ? 'exchanged' : 'other';
}

function oneDigitApart(a: string, b: string): boolean {
  return a.length === b.length && [...a].filter((digit, index) => digit !== b[index]).length === 1;
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
    // A name of which only the text is known must be found by two of its words.
    const whole = family.length > 0 || text.filter((word) => words.some((one) => near(one, word))).length > 1;
    if (familyFound && whole && (givenFound || givenWords.length === 0)) return 'same';
    // One of the two alone: a changed family name, a nickname, or another member of the family.
    return familyFound || givenWords.some((word) => words.some((one) => word.length > 1 && near(one, word)))
      ? 'unproven'
      : 'other';
  });
  return results.includes('same') ? 'same' : results.includes('unproven') ? 'unproven' : 'other';
}

/** Two names as printed: all words of the shorter one stand in the longer, some do, or none does. */
export function compareWritten(a: string, b: string): Identity {
  const [short, long] = [wordsOf(a), wordsOf(b)].sort((one, other) => one.length - other.length) as [
    readonly string[],
    readonly string[],
  ];
  if (short.length === 0) return 'unproven';
  const found = short.filter((word) =>
    long.some((one) => near(one, word) || initialOf(word, one) || initialOf(one, word)),
  );
  return found.length === short.length ? 'same' : found.some((word) => word.length > 1) ? 'unproven' : 'other';
}

/** Letters that have no base letter under an accent. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  œ: 'oe',
  æ: 'ae',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Folded words without titles and, where others are left, without particles: "de la Cruz" and "de la Rosa" share none. */
function wordsOf(name: string): readonly string[] {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßøœæłđðþı]/g, (letter) => letters[letter] ?? letter)
    .replace(/(\p{L})['’`](?=\p{L})/gu, '$1')
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '' && !titles.has(word));
  const own = words.filter((word) => !particles.has(word));
  return own.length > 0 ? own : words;
}

const titles = new Set(
  'mr mrs ms miss master dr prof herr frau fr hr sr sra srta mme m mlle sig signor signora senhor senhora dott jr ii iii iv med phd md baby babe newborn infant boy girl of bb rn neugeborenes'.split(
    ' ',
  ),
);
const particles = new Set(
  'de del della di da das do dos du des la le el los las lo von vom zu zur van der den ter ten af av bin ibn bint al und'.split(
    ' ',
  ),
);

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

/** Letters and digits alone, in lower case. */
export function compact(identifier: string): string {
  return identifier.toLowerCase().replace(/[^a-z0-9]/g, '');
}
