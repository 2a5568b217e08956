import { type DayOrder, findDate } from './dates.ts';
import { fold } from './header-words.ts';
import { joined, type Line } from './layout.ts';
import { near } from './same-patient.ts';

/**
 * The form in which what a model says and what is printed are compared: no digit, letter or sign is given away, only
 * spaces around signs, the kinds of dashes and micro signs, and case.
 */
export function normal(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‐‑‒–—−]/g, '-')
    .replaceAll('≤', '<=')
    .replaceAll('≥', '>=')
    .replaceAll('µ', 'μ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([<>=/:()[\]^*-]) ?/g, '$1')
    .trim();
}

/** Share of the letters of a name that must stand in a row for the row to be named so. */
export const LEAST_NAME = 0.5;

/** Share of the letters of what was said, by words, that the print has too; a scan may have a letter wrong. */
export function nameScore(said: string, printed: string): number {
  const there = wordsOf(printed);
  const words = wordsOf(said);
  const letters = (list: readonly string[]) => list.reduce((sum, word) => sum + word.length, 0);
  const found = words.filter((word) => there.some((one) => near(one, word)));
  return words.length === 0 ? 0 : letters(found) / letters(words);
}

function wordsOf(text: string): readonly string[] {
  return fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** Where a text stands in a line, as [first token, one past the last]; whole tokens only, so that 6.8 is not in 16.8. */
export function runsOf(line: Line, text: string): readonly (readonly [number, number])[] {
  const wanted = normal(text);
  const runs: (readonly [number, number])[] = [];
  for (let from = 0; wanted !== '' && from < line.tokens.length; from++) {
    for (let to = from + 1; to <= Math.min(line.tokens.length, from + 8); to++) {
      if (normal(joined(line.tokens.slice(from, to))) === wanted) runs.push([from, to]);
    }
  }
  return runs;
}

/** Words by which reports say that a specimen was taken, without accents; more than the labels of facts.ts, in any phrase. */
const taken = /\b(?:collect|drawn?\b|taken\b|abgenommen|entnommen|prelev|preliev|extracci|toma\b)|abnahme|entnahme/;
/** What is said of another specimen than this report's. */
const earlier = /\b(?:last|prev|prior|earlier|next|letzte|vorher|vorige|anterior|ultim|preced|dernier)/;

/**
 * A time of collection as a model says it (DD-MM-YYYY HH:MM:SS) → FHIR date or dateTime without zone, when that day is
 * printed, in whatever form, behind words that say so of it alone; the time only where it is printed with it.
 */
export function collectionTime(said: string | null | undefined, text: string, order: DayOrder): string | undefined {
  const [, day, month, year, time] = /^(\d{2})-(\d{2})-(\d{4})(?:[ T](\d{2}:\d{2}))?/.exec(said?.trim() ?? '') ?? [];
  if (!day) return undefined;
  const date = `${year}-${month}-${day}`;
  const printed = text.split('\n').flatMap((line) => datesOfCollection(line, order));
  if (printed.length === 0 || printed.some((one) => !one.startsWith(date))) return undefined;
  return printed.find((one) => one === `${date}T${time}`) ?? date;
}

/** Dates of a line of cells, two blanks apart, that have such a word before them, in their own cell or in the one before. */
function datesOfCollection(line: string, order: DayOrder): readonly string[] {
  const found: string[] = [];
  let rest = line;
  for (let date = findDate(rest, order); date; date = findDate(rest, order)) {
    const label = rest
      .slice(0, date.index)
      .split(/ {2,}/)
      .findLast((cell) => cell.trim() !== '');
    if (label && taken.test(fold(label)) && !earlier.test(fold(label))) found.push(date.iso);
    rest = rest.slice(date.index + date.length);
  }
  return found;
}
