import { type DayOrder, findDate, findTime } from './dates.ts';
import type { Label } from './fact-labels.ts';

/** A labelled fact as printed. */
export interface Found {
  readonly label: Label;
  /** The label, folded. */
  readonly phrase: string;
  readonly text: string;
  readonly page: number;
  /** Upper edge of its line, in page units. */
  readonly y: number;
}

/** A printed time of collection and where it stands. */
export interface Draw {
  /** ISO day, or day and minute. */
  readonly at: string;
  readonly page: number;
  readonly y: number;
}

export interface Times {
  readonly reported?: string;
  readonly collected?: string;
  readonly received?: string;
  /** Two-digit years of birth above this belong to the last century. */
  readonly birthYears: number;
}

const day = 86_400_000;
/** Two-digit years above this are of the last century, where the document does not tell its own year. */
const currentYears = 40;

/** The first print of each time, in an order of day and month that may be undecided: such dates are then left out. */
export function readTimes(found: readonly Found[], order: DayOrder, filed?: string): Times {
  const collected = withTime(found, order);
  const [received, reported] = [first(found, 'received', order), first(found, 'reported', order)];
  const year = (collected ?? reported ?? received ?? filed)?.slice(2, 4);
  // What lies after the filing was not collected then: the label stands for something else, such as the next visit.
  const possible = !collected || !filed || Date.parse(collected.slice(0, 10)) <= Date.parse(filed.slice(0, 10)) + day;
  return {
    ...(collected && possible ? { collected } : {}),
    ...(received ? { received } : {}),
    ...((reported ?? first(found, 'printed', order)) ? { reported: reported ?? first(found, 'printed', order)! } : {}),
    birthYears: year === undefined ? 26 : Number(year),
  };
}

/**
 * The order of day and month. Where nothing else decides, the one order under which collected, received and reported
 * follow each other, after the birth and before the filing; of two such orders the one that takes days, not a month.
 */
export function orderOf(found: readonly Found[], decided: DayOrder, filed?: string): DayOrder {
  if (decided !== 'undecided') return decided;
  const [dayFirst, monthFirst] = [courseOf(found, 'day-first', filed), courseOf(found, 'month-first', filed)];
  if (dayFirst === undefined || monthFirst === undefined) {
    return dayFirst !== undefined ? 'day-first' : monthFirst !== undefined ? 'month-first' : 'undecided';
  }
  if (Math.min(dayFirst, monthFirst) > shortest || Math.max(dayFirst, monthFirst) < slow) return 'undecided';
  return dayFirst < monthFirst ? 'day-first' : 'month-first';
}

/** Days from collection to report: the longest that is taken for one report, what is common, and what is not. */
const [longest, shortest, slow] = [62, 7, 25];

/** Days that everything took under this order of day and month; undefined where it would be no course at all. */
function courseOf(found: readonly Found[], order: DayOrder, filed: string | undefined): number | undefined {
  const at = (['birthDate', 'collected', 'received', 'reported', 'printed'] as const).map((label) =>
    Date.parse(first(found, label, order)?.slice(0, 10) ?? ''),
  );
  const end = Date.parse(filed?.slice(0, 10) ?? '') + day;
  const known = [...at, end].filter((time) => !Number.isNaN(time));
  const report = at.slice(1).filter((time) => !Number.isNaN(time));
  const rises = known.every((time, index) => index === 0 || time >= known[index - 1]!);
  const days = (Math.max(...report) - Math.min(...report)) / day;
  return report.length > 0 && rises && days <= longest ? days : undefined;
}

function first(found: readonly Found[], label: Label, order: DayOrder): string | undefined {
  for (const fact of found) {
    const iso = fact.label === label ? isoOf(fact, order) : undefined;
    if (iso) return iso;
  }
  return undefined;
}

/** The first collection, with a time of day that is printed under a label of its own: "Date: 01/03/2025   Time: 08:30". */
function withTime(found: readonly Found[], order: DayOrder): string | undefined {
  const drawn = found.findIndex((one) => isDraw(one, order) && !measured.test(one.phrase));
  // A time of the draw that cannot be read is not the one at which it was measured.
  const unread = found.some(
    ({ label, phrase, text }) =>
      label === 'collected' && !measured.test(phrase) && (text.match(/\d/g)?.length ?? 0) >= 6,
  );
  const at = drawn < 0 && !unread ? found.findIndex((one) => isDraw(one, order)) : drawn;
  const date = at < 0 ? undefined : isoOf(found[at]!, order)!;
  if (!date || date.includes('T')) return date;
  const beside = found
    .slice(at + 1)
    .find(({ label, phrase, text }, index) =>
      label === 'time'
        ? index < 2 || /collect|entnahme|abnahme|extrac|prel|colheita|coleta|toma/.test(phrase)
        : label === 'collected' && findTime(text) !== undefined,
    );
  const time = beside && findTime(beside.text);
  if (time) return `${date}T${time}`;
  const again = found.slice(at + 1).find((one) => isDraw(one, order) && isoOf(one, order)!.startsWith(`${date}T`));
  return again ? isoOf(again, order) : date;
}

const isoOf = ({ text }: Found, order: DayOrder) => findDate(dotted(text), order, currentYears)?.iso;

/** "03/04/2025 07.37" behind a label: a time, not a result. */
function dotted(text: string): string {
  return text.replace(/((?:19|20)\d{2}|[-/.]\d{2})\s+([01]?\d|2[0-3])\.([0-5]\d)(?=\W*$|\s+\p{L}{3})/u, '$1 $2:$3');
}
const isDraw = (fact: Found, order: DayOrder) => fact.label === 'collected' && isoOf(fact, order) !== undefined;

const measured = /analy[sz]ed|\brun\b|performed|measured|messzeit|gemessen/;

/** Every collection that is printed, in reading order. */
export function drawsOf(found: readonly Found[], order: DayOrder): readonly Draw[] {
  const all = [...found].sort((a, b) => a.page - b.page || a.y - b.y);
  // When it was measured matters where nothing says when it was drawn.
  const drawn = all.filter(({ label, phrase }) => label !== 'collected' || !measured.test(phrase));
  const sorted = drawn.some((one) => isDraw(one, order)) ? drawn : all;
  return sorted.flatMap((fact, index): readonly Draw[] => {
    const at = isDraw(fact, order) ? withTime(sorted.slice(index, index + 3), order) : undefined;
    return at ? [{ at, page: fact.page, y: fact.y }] : [];
  });
}

/** The only day that a document prints, where nothing says what it is of: an analyser's slip prints when it measured. */
export function onlyDate(unsaid: readonly Found[], order: DayOrder, filed?: string): string | undefined {
  const printed = unsaid.flatMap((one) => isoOf(one, order) ?? []);
  const days = new Set(printed.map((iso) => iso.slice(0, 10)));
  const [only] = printed;
  const late = only && filed && Date.parse(only.slice(0, 10)) > Date.parse(filed.slice(0, 10)) + day;
  if (!only || days.size !== 1 || late) return undefined;
  return printed.find((iso) => iso.includes('T')) ?? only;
}
