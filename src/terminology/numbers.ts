import { type AbsentReason, absentReason } from './absent-words.ts';
import { type CodedValue, codedValue } from './coded-values.ts';
import { type NumberLocale, parseNumber, tidy } from './number-locale.ts';
import { above, below, orAbove, orBelow } from './range-words.ts';

export { decideLocale, type NumberLocale, parseNumber } from './number-locale.ts';

/** FHIR quantity-comparator. */
export type Comparator = '<' | '<=' | '>=' | '>';

/** What a result cell says. `text` is always the whole cell as printed. */
export type ParsedValue =
  | {
      readonly kind: 'quantity';
      readonly text: string;
      readonly value: number;
      readonly decimals: number;
      readonly comparator?: Comparator;
      /** The other reading of a number such as 2.310; when present the value needs a second argument or a review. */
      readonly alternative?: number;
      /** What follows the number in the same cell: a unit, a flag, or both. */
      readonly rest?: string;
    }
  | {
      /** A titre such as 1:80. */
      readonly kind: 'ratio';
      readonly text: string;
      readonly numerator: number;
      readonly denominator: number;
      readonly comparator?: Comparator;
      readonly rest?: string;
    }
  | { readonly kind: 'coded'; readonly text: string; readonly value: CodedValue; readonly rest?: string }
  /** `range` when the result itself is an interval such as 5-10 per field; never a float. */
  | { readonly kind: 'text'; readonly text: string; readonly range?: readonly [number, number]; readonly rest?: string }
  /** `reason` is a code of http://terminology.hl7.org/CodeSystem/data-absent-reason. */
  | { readonly kind: 'absent'; readonly text: string; readonly reason: AbsentReason };

export type { AbsentReason } from './absent-words.ts';

const comparators: readonly (readonly [string, Comparator])[] = [
  [`<\\/=|${orBelow}`, '<='],
  [`>\\/=|${orAbove}`, '>='],
  [below, '<'],
  [above, '>'],
];
/** A sign stands by itself; a word says so only with a number behind it. */
const leadingComparators = comparators.map(
  ([words, comparator]) =>
    [new RegExp(`^(?:${words})(?:(?<=[<>=≤≥⩽⩾])|(?=[: ]*[+-]?[\\d.,]))[: ]*`, 'i'), comparator] as const,
);

/** Splits off a leading comparator, as a sign or in words. */
export function takeComparator(text: string): { readonly comparator?: Comparator; readonly rest: string } {
  for (const [pattern, comparator] of leadingComparators) {
    const match = pattern.exec(text);
    if (match) {
      return { comparator, rest: text.slice(match[0].length).trim() };
    }
  }
  return { rest: text };
}

const body = String.raw`[+-]?\d[\d.,]*(?:[ '](?=\d{3}(?!\d))\d{3})*(?:[.,]\d+)?`;
/** Source of a pattern that matches one printed number, exponent included. */
export const numberPattern = String.raw`(?:10 ?[\^*] ?-?\d{1,2}(?![\d ]*/)|[+-]?[.,]\d+|${body}(?: ?[x×*·] ?10 ?[\^*] ?-?\d{1,2}(?![\d ]*/)|[eE][+-]?\d{1,3}(?![\d ]*/))?)`;

const date =
  /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|^\d{1,2}:\d{2}\b|^\d{1,2}[- ](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]\d/i;
const interval = new RegExp(`^(${numberPattern}) ?(?:-|to|bis|à|a|até|÷) ?(${numberPattern})(?: ?(\\D.*))?$`, 'i');
const titre = /^(?:([a-zäöüéèñ][a-zäöüéèñ -]*?),? )?\(?(<=|>=|<|>)? ?1 ?[:/] ?(\d{1,7})\)?$/i;
const leading = new RegExp(`^(${numberPattern})(?![\\d.,])(.*)$`);

/** Parses one result cell. Pure; never moves or inserts a decimal sign. */
export function parseValue(printed: string, locale: NumberLocale): ParsedValue {
  const text = printed.trim();
  const tidied = tidy(text.replaceAll('&lt;', '<').replaceAll('&gt;', '>'));
  if (tidied === '') {
    return { kind: 'absent', text, reason: 'unknown' };
  }
  const coded = codedValue(tidied);
  if (coded) {
    return { kind: 'coded', text, value: coded };
  }
  const reason = absentReason(tidied);
  if (reason) {
    return { kind: 'absent', text, reason };
  }
  const spelled = takeComparator(tidied);
  const ratio = titre.exec(
    spelled.comparator && /^1 ?[:/]/.test(spelled.rest) ? `${spelled.comparator}${spelled.rest}` : tidied,
  );
  if (ratio) {
    const [, rest, sign, denominator] = ratio;
    return {
      kind: 'ratio',
      text,
      numerator: 1,
      denominator: Number(denominator),
      ...(sign ? { comparator: sign as Comparator } : {}),
      ...(rest ? { rest } : {}),
    };
  }
  if (date.test(tidied)) {
    return { kind: 'text', text };
  }
  const { comparator, rest } = spelled;
  const between = comparator ? null : interval.exec(rest);
  if (between) {
    const low = parseNumber(between[1]!, locale);
    const high = parseNumber(between[2]!.replace(/^-/, ''), locale);
    if (low && high && low.value <= high.value) {
      return { kind: 'text', text, range: [low.value, high.value], ...(between[3] ? { rest: between[3].trim() } : {}) };
    }
  }
  const grade = /^([1-4]\+|\+{1,4}|\+[1-4])(?: |$)(.*)$/.exec(rest);
  if (grade && !comparator) {
    const value = codedValue(grade[1]!);
    if (value) {
      return { kind: 'coded', text, value, ...(grade[2] ? { rest: grade[2].trim() } : {}) };
    }
  }
  const number = leading.exec(rest);
  const value = number ? parseNumber(number[1]!, locale) : undefined;
  const after = number?.[2]?.trim() ?? '';
  const unitWithPower = /^[x×*·]? ?10(?:[\^*]|[eE])/.test(after) || /^1000 ?\//.test(after);
  if (!value || /^(?:[:\d]|[-^*] ?-?\d)/.test(after) !== (unitWithPower && /^(?:\d|\*)/.test(after))) {
    return { kind: 'text', text };
  }
  return {
    kind: 'quantity',
    text,
    value: value.value,
    decimals: value.decimals,
    ...(comparator ? { comparator } : {}),
    ...(value.alternative === undefined ? {} : { alternative: value.alternative }),
    ...(after ? { rest: after } : {}),
  };
}
