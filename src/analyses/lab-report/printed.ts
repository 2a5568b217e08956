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

/** Whether the words stand one after the other in a line of the page. */
export function standsIn(lines: readonly Line[], text: string): boolean {
  const wanted = ` ${wordsOf(text).join(' ')} `;
  return wanted.trim() !== '' && lines.some(({ tokens }) => ` ${wordsOf(joined(tokens)).join(' ')} `.includes(wanted));
}

/**
 * A time of collection as a model says it (DD-MM-YYYY HH:MM:SS) → FHIR date or dateTime without zone, when that day is
 * printed, in whatever form; the time only where it is printed with it.
 */
export function printedTime(said: string, text: string, order: DayOrder): string | undefined {
  const [, day, month, year, time] = /^(\d{2})-(\d{2})-(\d{4})(?:[ T](\d{2}:\d{2}))?/.exec(said.trim()) ?? [];
  if (!day) return undefined;
  const date = `${year}-${month}-${day}`;
  const printed = datesIn(text, order).filter((one) => one.startsWith(date));
  return printed.find((one) => one === `${date}T${time}`) ?? (printed.length > 0 ? date : undefined);
}

function datesIn(text: string, order: DayOrder): readonly string[] {
  const found: string[] = [];
  for (const line of text.split('\n')) {
    let rest = line;
    for (let date = findDate(rest, order); date; date = findDate(rest, order)) {
      found.push(date.iso);
      rest = rest.slice(date.index + date.length);
    }
  }
  return found;
}
