import { dateKind } from './captioned-dates.ts';
import { type DayOrder, findDate } from './dates.ts';
import { type Label, labelOf } from './fact-labels.ts';
import type { Found } from './fact-times.ts';
import { fold } from './header-words.ts';
import type { Line } from './layout.ts';
import { fullName, introduction } from './patient-names.ts';

/** Facts of one line that stand behind their labels without a colon, in a sentence or a list. */
export interface InlineFacts {
  readonly facts: readonly Omit<Found, 'page' | 'y'>[];
  /** What stands before the first of them, as printed: often the patient's name. */
  readonly before: string;
  /** Whether nothing but facts holds digits: such a line has no result. */
  readonly only: boolean;
}

const dated: readonly Label[] = ['birthDate', 'collected', 'received', 'reported', 'printed'];

/** Labels too short or too common to be one without a colon, unless a date follows. */
const loose = /^(?:id|in|rg|ins|re|urn|registro|processo|historia|sns|cns)$/;

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
const phrases = (labels: readonly Label[]) =>
  [...labelOf]
    .filter(([phrase, label]) => labels.includes(label) && !loose.test(phrase))
    .map(([phrase]) => escaped(phrase))
    .sort((a, b) => b.length - a.length)
    .join('|');
const dateLabels = new RegExp(
  String.raw`(?<![\p{L}\d])(${phrases(dated)}|\*)\.?[:\s]{0,3}(?:(?:on|am|le|du|del|il|em|el)\s)?(?=\d|\p{L}{3,9}\.?\s\d)`,
  'gu',
);
const numberLabels = new RegExp(
  String.raw`(?<![\p{L}\d])(${phrases(['identifier'])}|id)\.?[:#\s]{1,3}(?=[a-z]{0,3}[-/]?\d)(\d{3} \d{3} \d{4}|[a-z0-9][a-z0-9\-/.]{3,}(?: \d{3,4}){0,3})`,
  'gu',
);
const earlier =
  /(?:previous|prior|last|former|vor(?:her)?ige\w*|letzte\w*|anterior\w*|precedent\w*|dernier\w*|ultim[oa])\s*(?:\S+\s)?$/;

/** Whose number it is, where it is not the patient's. */
const notAPatient =
  /(?:specimen|sample|order|lab|acct|account|visit|encounter|provider|accession|report|panel|test|site|device|request|npi)\s+$/;

/** Labels and what they label, wherever in the line they stand; a label counts only where a date or a number follows. */
export function inlineFacts(line: Line, order: DayOrder): InlineFacts | undefined {
  const text = line.cells.map((cell) => cell.text).join('  ');
  // Folding keeps the length of what is composed of one letter and its accent, which is all that is needed here.
  const folded = [...text]
    .map((letter) => (fold(letter) || letter).slice(0, 1))
    .join('')
    .toLowerCase();
  const facts: (Omit<Found, 'page' | 'y'> & { readonly from: number; readonly to: number })[] = [];
  for (const match of folded.matchAll(dateLabels)) {
    const phrase = match[1] === '*' ? 'geb.' : match[1]!;
    const label = labelOf.get(phrase);
    const from = match.index + match[0].length;
    const rest = text.slice(from);
    // The order is not known yet: whether a date stands there does not depend on it.
    const date = findDate(rest, order === 'undecided' ? 'day-first' : order) ?? findDate(rest, 'month-first');
    if (!label || !date || date.index > 1 || earlier.test(folded.slice(0, match.index))) continue;
    facts.push({
      label,
      phrase,
      text: rest.slice(0, date.index + date.length),
      from: match.index,
      to: from + date.index + date.length,
    });
  }
  for (const match of folded.matchAll(numberLabels)) {
    const value = text.slice(match.index + match[0].length - match[2]!.length, match.index + match[0].length);
    if (notAPatient.test(folded.slice(0, match.index))) continue;
    if ((value.match(/\d/g)?.length ?? 0) < 4 || findDate(value, 'day-first')) continue;
    facts.push({
      label: 'identifier',
      phrase: match[1]!,
      text: value.replace(/[.,]$/, ''),
      from: match.index,
      to: match.index + match[0].length,
    });
  }
  const born = facts.some(({ label }) => label === 'birthDate') ? undefined : dateBehindName(text, order);
  if (born && facts.some(({ text: said }) => (findDate(said, order)?.iso ?? '9') > born.iso)) {
    facts.push({
      label: 'birthDate',
      phrase: 'behind the name',
      text: born.text,
      from: born.index,
      to: born.index + born.text.length,
    });
  }
  if (facts.some(({ label }) => label === 'birthDate') && !facts.some(({ label }) => label === 'identifier')) {
    const number = /(?<=^|[,;–—]\s?|\s{2}|\d\s)(nr|n[.°º]{1,2}|no|number|cod|codice)\.?\s{0,2}(\d{4,})\b/u.exec(folded);
    if (number) {
      facts.push({
        label: 'identifier',
        phrase: number[1]!,
        text: number[2]!,
        from: number.index,
        to: number.index + number[0].length,
      });
    }
  }
  if (facts.length === 0) return undefined;
  const rest = facts.reduce((left, { from, to }) => left.slice(0, from) + ' '.repeat(to - from) + left.slice(to), text);
  return {
    facts: facts.map(({ label, phrase, text: said }) => ({ label, phrase, text: said })),
    before: text.slice(0, Math.min(...facts.map(({ from }) => from))),
    only: !/\d/.test(rest),
  };
}

/** "Erika Muster, 27.01.1970, …": the date right behind a name at the beginning of a line. */
function dateBehindName(text: string, order: DayOrder) {
  const date = findDate(text, order);
  if (!date || date.iso.includes('T') || date.index === 0 || dateKind(fold(text.slice(0, date.index))))
    return undefined;
  const name = fullName(text.slice(0, date.index).replace(introduction, ''));
  return name
    ? { iso: date.iso, index: date.index, text: text.slice(date.index, date.index + date.length) }
    : undefined;
}
