import { type CodedValue, codedValue } from './coded-values.ts';
import type { Interval } from './interval.ts';
import { type NumberLocale, parseNumber, tidy } from './number-locale.ts';
import { numberPattern } from './numbers.ts';
import { toUcum } from './units.ts';

export { type Interval, positionIn } from './interval.ts';

/** One line of a stratified range. */
export interface Stratum extends Interval {
  /** The label as printed, e.g. `Men`, `Follicular phase`, `> 60 years`. */
  readonly label: string;
  readonly sex?: 'male' | 'female';
  /** Years, where the label says them. */
  readonly ageLow?: number;
  readonly ageHigh?: number;
}

/** A printed reference range. Always keeps the full text. */
export interface PrintedRange extends Partial<Interval> {
  readonly text: string;
  /** Printed in the range cell after the numbers. */
  readonly unit?: string;
  /** More than one interval with labels; `low` and `high` are then absent, choosing one needs sex, age or phase. */
  readonly strata?: readonly Stratum[];
  /** The normal word of a qualitative test, e.g. Negative. */
  readonly expected?: CodedValue;
}

const n = `(${numberPattern})`;
const dash = '(?:-|–|—|to|bis|à|a|hasta|until|~|/)';
const between = new RegExp(`^(?:de |von |from |entre |between )?${n} ?${dash} ?${n} ?(.*)$`, 'i');
const upper = new RegExp(
  `^(?:(<=|=<|≤|< ?or ?= ?)|(<|less than|lower than|below|under|unter|kleiner(?: als)?|inf(?:\\.|érieur)? ?à|menor (?:de|que)|moins de|&lt;)|(up ?to|bis(?: zu)?|hasta|jusqu'à|max(?:\\.|imum)?|upto|máx\\.?))[: ]?${n} ?(.*)$`,
  'i',
);
const lower = new RegExp(
  `^(?:(>=|=>|≥|> ?or ?= ?)|(>|greater than|more than|above|over|über|größer(?: als)?|sup(?:\\.|érieur)? ?à|mayor (?:de|que)|plus de)|(ab|from|desde|à partir de|min(?:\\.|imum)?|mín\\.?))[: ]?${n} ?(.*)$`,
  'i',
);
const trailingUpper = new RegExp(`^${n} ?(?:or less|oder weniger|o menos|ou moins)(.*)$`, 'i');
const trailingLower = new RegExp(`^${n} ?(?:or (?:more|greater|higher)|oder mehr|o más|ou plus|\\+)(?: (.*))?$`, 'i');

const male =
  /^(?:m|male|males|man|men|adult male|männer|männlich|mann|hombres?|varones?|varón|masculino|hommes?|masculin)$/i;
const female =
  /^(?:f|female|females|woman|women|adult female|frauen|weiblich|frau|mujer(?:es)?|femenino|femmes?|féminin|w|h?embras?)$/i;

type Side = { readonly interval: Interval; readonly rest: string };

/** One unlabelled interval at the start of the text, with what follows it. */
function takeInterval(text: string, locale: NumberLocale): Side | undefined {
  const both = between.exec(text);
  if (both) {
    const low = parseNumber(both[1]!, locale);
    const high = parseNumber(both[2]!.replace(/^\+/, ''), locale);
    if (low && high && low.value <= high.value) {
      return { interval: { low: low.value, high: high.value, lowOpen: false, highOpen: false }, rest: both[3] ?? '' };
    }
    return undefined;
  }
  for (const [pattern, side] of [
    [upper, 'high'],
    [lower, 'low'],
  ] as const) {
    const match = pattern.exec(text);
    const limit = match && parseNumber(match[4]!, locale);
    if (match && limit) {
      const open = match[2] !== undefined;
      const interval =
        side === 'high'
          ? { high: limit.value, lowOpen: false, highOpen: open }
          : { low: limit.value, lowOpen: open, highOpen: false };
      return { interval, rest: match[5] ?? '' };
    }
  }
  const less = trailingUpper.exec(text);
  const most = less && parseNumber(less[1]!, locale);
  if (less && most) {
    return { interval: { high: most.value, lowOpen: false, highOpen: false }, rest: less[2] ?? '' };
  }
  const more = trailingLower.exec(text);
  const least = more && parseNumber(more[1]!, locale);
  if (more && least) {
    return { interval: { low: least.value, lowOpen: false, highOpen: false }, rest: more[2] ?? '' };
  }
  return undefined;
}

function ages(label: string): Pick<Stratum, 'ageLow' | 'ageHigh'> {
  const years = '(?:y|yrs?|years?|j|jahre?n?|años?|ans?)';
  const both = new RegExp(`(\\d{1,3}) ?(?:-|to|bis|à|a) ?(\\d{1,3}) ?${years}\\b`, 'i').exec(label);
  if (both) {
    return { ageLow: Number(both[1]), ageHigh: Number(both[2]) };
  }
  const over = new RegExp(`(?:>=?|≥|over|above|über|ab|más de|plus de) ?(\\d{1,3}) ?${years}\\b`, 'i').exec(label);
  if (over) {
    return { ageLow: Number(over[1]) };
  }
  const under = new RegExp(`(?:<=?|≤|under|below|unter|bis|menos de|moins de) ?(\\d{1,3}) ?${years}\\b`, 'i').exec(
    label,
  );
  return under ? { ageHigh: Number(under[1]) } : {};
}

function stratum(part: string, locale: NumberLocale): Stratum | undefined {
  const labelled =
    /^([^:=]*?[a-zäöüéèñ)>][^:=]*?) ?[:=] ?(.+)$/i.exec(part) ??
    /^([a-zäöüéèñ]+(?: [a-zäöüéèñ]+)*) ((?:[<>≤≥]|\d).*)$/i.exec(part);
  const label = labelled?.[1]?.trim();
  const side = labelled && takeInterval(labelled[2]!.trim(), locale);
  if (!label || !side) {
    return undefined;
  }
  const word = label.replace(/[.,()]/g, '').trim();
  const sex = male.test(word) ? 'male' : female.test(word) ? 'female' : undefined;
  const first = word.split(' ')[0]!;
  const sexOfFirst = sex ?? (male.test(first) ? 'male' : female.test(first) ? 'female' : undefined);
  return { label, ...side.interval, ...(sexOfFirst ? { sex: sexOfFirst } : {}), ...ages(label) };
}

/** A unit may follow the numbers; prose may not be taken for one. */
function unitOf(rest: string): string | undefined {
  const trimmed = rest
    .replace(/^[,;]|[,;.]+$/g, '')
    .replace(/^\((.*)\)$/, '$1')
    .trim();
  return toUcum(trimmed) ? trimmed : undefined;
}

/**
 * Parses a printed reference range; undefined only for empty text. A range that is not understood is returned with
 * its text alone. Never swaps limits that are printed the wrong way round.
 */
export function parseRange(printed: string, locale: NumberLocale): PrintedRange | undefined {
  const text = printed.trim();
  if (text === '' || /^[-–—.*]+$/.test(text)) {
    return undefined;
  }
  let body = tidy(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>'));
  body = body.replace(
    /^(?:ref(?:erence)?\.?(?: range| interval| values?)?|normal(?: range)?|nv|vn|rr|ri|normwert|referenzbereich|v\.? ?r\.?|valores? de referencia|desirable|optimal)\s*[:=]?\s+(?=[\d<>≤≥[(])/i,
    '',
  );
  body = body.replace(/\(([+-]?\d[\d.,]*)\)/g, '$1');
  const wrapped = /^\[(.*)\]$|^\((.*)\)$/.exec(body);
  body = (wrapped?.[1] ?? wrapped?.[2] ?? body).trim();
  const bracketed = /^[[(] ?([^\])]+?) ?[\])] ?(.*)$/.exec(body);
  if (bracketed) {
    body = `${bracketed[1]} ${bracketed[2]}`.trim();
  }
  const expected = codedValue(body);
  if (expected) {
    return { text, expected };
  }
  const whole = takeInterval(body, locale);
  if (
    whole &&
    !/[:=]|\d/.test(whole.rest.replace(/1[.,]73|10\s*[\^*]?\s*-?\d{1,2}|x?10e\d+|m2|24 ?h|\[[^\]]*\]/gi, ''))
  ) {
    const unit = unitOf(whole.rest);
    return { text, ...whole.interval, ...(unit ? { unit } : {}) };
  }
  const parts = text
    .split(/\s*(?:[;\n|]|,\s+(?=[a-zäöüéèñ<>≤≥]))\s*/i)
    .flatMap((part) =>
      part.split(/\s+(?=(?:m|f|w|male|female|men|women|männer|frauen|hombres|mujeres|hommes|femmes)\s*[:=])/i),
    )
    .map(tidy)
    .filter((part) => part !== '');
  const strata = parts.map((part) => stratum(part, locale)).filter((part) => part !== undefined);
  return strata.length > 0 && strata.length === parts.length ? { text, strata } : { text };
}
