import type { NumberLocale } from '../../terminology/numbers.ts';

const decimalsOf = (text: string) => /[.,](\d+)/.exec(text)?.[1]?.length ?? 0;

/**
 * A number of a scan as it is printed, by what recognition is known to do to it: a decimal comma for the point of all other
 * numbers, and an arrow or another mark behind the number read as a digit. "5,48 1" beside "0,50 - 0,90" is 5,48 with a mark
 * that was not read. Undefined where the mark may have become a digit of the number itself ("8,51" beside "12,0 - 15,4"):
 * such a number is not to be believed, nor is one with fewer decimals than its limits have.
 */
export function scannedNumber(
  value: string,
  range: string | undefined,
  locale: NumberLocale,
): { readonly text: string; readonly marked?: boolean } | undefined {
  const [, number, mark] = /^([<>≤≥]?\s?\d+(?:[.,]\d+)?)(?:\s+([1tTlI|!fi]{1,2}))?$/.exec(value) ?? [];
  if (number === undefined) return { text: value };
  const decimals = decimalsOf(number);
  const limits = (range?.match(/\d+(?:[.,]\d+)?/g) ?? []).map(decimalsOf);
  const usual = limits.every((count) => count === limits[0]) && limits[0] ? limits[0] : undefined;
  if (mark !== undefined && decimals !== usual) return undefined;
  if (usual !== undefined && decimals === usual + 1 && /[17]$/.test(number)) return undefined;
  // Fewer decimals than both limits have: digits at the end were not read.
  // Groups of three may be thousands.
  if (usual !== undefined && usual !== 3 && decimals < usual && !/^[<>≤≥]/.test(number)) return undefined;
  // One document has one decimal sign; groups of three digits are something else.
  const sign = locale === 'point' && decimals !== 3 ? number.replace(',', '.') : number;
  const text = locale === 'comma' && decimals !== 3 ? number.replace('.', ',') : sign;
  return { text, ...(mark === undefined ? {} : { marked: true }) };
}
