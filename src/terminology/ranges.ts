import { type CodedValue, codedValue } from './coded-values.ts';
import type { Interval } from './interval.ts';
import { type NumberLocale, parseNumber, tidy } from './number-locale.ts';
import { numberPattern } from './numbers.ts';
import {
  above,
  below,
  dash,
  female,
  from,
  groupStart,
  lead,
  male,
  olderThan,
  opening,
  orAbove,
  orBelow,
  upTo,
  years,
  youngerThan,
} from './range-words.ts';
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
  /** The limits are dilutions: `high: 80` of `< 1:80`. */
  readonly titre?: true;
  /** Printed in the range cell after the numbers. */
  readonly unit?: string;
  /** More than one interval with labels; `low` and `high` are then absent, choosing one needs sex, age or phase. */
  readonly strata?: readonly Stratum[];
  /** The normal word of a qualitative test, e.g. Negative. */
  readonly expected?: CodedValue;
}

const n = `(${numberPattern})`;
const between = new RegExp(`^${opening}${n} ?${dash} ?${n} ?(.*)$`, 'i');
const upper = new RegExp(`^(?:(${orBelow})|(${below})|(${upTo}))[: ]{0,2}${n} ?(.*)$`, 'i');
const lower = new RegExp(`^(?:(${orAbove})|(${above})|(${from}))[: ]{0,2}${n} ?(.*)$`, 'i');
const trailingUpper = new RegExp(
  `^${n} ?(?:or less|oder weniger|o menos|ou moins|ou menos|o meno|o inferiore|ou inferior)(.*)$`,
  'i',
);
const trailingLower = new RegExp(
  `^${n} ?(?:or (?:more|greater|higher)|and above|oder mehr|o más|ou plus|ou mais|o più|o superiore|ou superior|\\+)(?: (.*))?$`,
  'i',
);
const titre = new RegExp(`^(?:(${orBelow})|(${below})|(${upTo})) ?1 ?[:/] ?(\\d{1,7})(?!\\d) ?(.*)$`, 'i');

type Side = { readonly interval: Interval & { readonly titre?: true }; readonly rest: string };

/** One unlabelled interval at the start of the text, with what follows it. */
function takeInterval(text: string, locale: NumberLocale): Side | undefined {
  const dilution = titre.exec(text);
  if (dilution) {
    const interval = {
      high: Number(dilution[4]),
      lowOpen: false,
      highOpen: dilution[2] !== undefined,
      titre: true,
    } as const;
    return { interval, rest: dilution[5]! };
  }
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
  const both = new RegExp(`(\\d{1,3}) ?(?:-|to|bis|à|a|até|e|y|et|und|and) ?(\\d{1,3}) ?${years}`, 'iu').exec(label);
  if (both) {
    return { ageLow: Number(both[1]), ageHigh: Number(both[2]) };
  }
  const over = new RegExp(`(?:${olderThan}) ?(\\d{1,3}) ?${years}`, 'iu').exec(label);
  if (over) {
    return { ageLow: Number(over[1]) };
  }
  const under = new RegExp(`(?:${youngerThan}) ?(\\d{1,3}) ?${years}`, 'iu').exec(label);
  return under ? { ageHigh: Number(under[1]) } : {};
}

function sexOf(label: string): 'male' | 'female' | undefined {
  const word = label.replace(/[.,()]/g, '').trim();
  for (const part of [word, word.split(' ')[0]!]) {
    if (male.test(part)) {
      return 'male';
    }
    if (female.test(part)) {
      return 'female';
    }
  }
  return undefined;
}

const withMark = /^([^:=]*?[\p{L})>][^:=]*?) ?[:=] ?(.+)$/u;
const withoutMark =
  /^((?:\d{1,2}(?:st|nd|rd|th|er|[eè]me|[.º°ªe]) ?)?(?:\p{L}+\.?|\(\p{L}+\))(?: (?:\p{L}+\.?|\(\p{L}+\)))*) ((?:[<>≤≥]|\d).*)$/u;
const labelLast = /^([^()]*\d[^()]*?) ?\(([^()\d]+)\)$/;

function stratum(part: string, locale: NumberLocale): Stratum | undefined {
  const labelled = withMark.exec(part) ?? withoutMark.exec(part);
  let label = labelled?.[1]?.trim();
  let side = labelled && takeInterval(labelled[2]!.trim(), locale);
  const last = side ? null : labelLast.exec(part);
  if (last && sexOf(last[2]!)) {
    label = last[2]!.trim();
    side = takeInterval(last[1]!.trim(), locale);
  }
  if (!label || !side) {
    return undefined;
  }
  const sex = sexOf(label);
  return { label, ...side.interval, ...(sex ? { sex } : {}), ...ages(label) };
}

/** Digits of units, which are no second interval. */
const powers = /1[.,]73|10\s*[\^*]?\s*-?\d{1,2}|x?10e\d+|m2|24 ?h|\[[^\]]*\]/gi;

/** A unit may follow the numbers; prose may not be taken for one. */
function unitOf(rest: string): string | undefined {
  const trimmed = rest
    .replace(/^[,;]|[,;.]+$/g, '')
    .replace(/^\((.*)\)$/, '$1')
    .trim();
  const bare = trimmed.replace(/ ?\([^()]*\)$/, '');
  return [trimmed, bare].find((unit) => unit !== '' && toUcum(unit));
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
  body = body.replace(lead, '');
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
  const unit = whole && unitOf(whole.rest);
  if (whole && (unit || !/[:=]|\d/.test(whole.rest.replace(powers, '')))) {
    return { text, ...whole.interval, ...(unit ? { unit } : {}) };
  }
  const told = lead.exec(tidy(text))?.[0];
  const labels = told && /^\p{L}/u.test(tidy(text).slice(told.length)) ? text.trim().slice(told.length) : text;
  const parts = labels
    .split(/\s*(?:[;\n|]|,\s+(?=[\p{L}<>≤≥]|\d(?:st|nd|rd|th|[.º°ª]) ?\p{L})|(?<=\)),?\s+(?=\d)|\s\/\s(?=\p{L}))\s*/u)
    .flatMap((part) => part.split(groupStart))
    .flatMap((part) => part.split(/\s+(?=\p{Lu}[\p{L} ]{2,25}:\s*[<>≤≥\d])/u))
    .map(tidy)
    .filter((part) => part !== '');
  const strata = parts.map((part) => stratum(part, locale)).filter((part) => part !== undefined);
  return strata.length > 0 && strata.length === parts.length ? { text, strata } : { text };
}
