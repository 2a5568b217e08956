import { boldMark } from './grid.ts';

/**
 * What a superscript adds to the text before it. An exponent of ten gets the sign that plain print has for it, since
 * 10⁹ written as 109 is another number; a square or cube of a length stays glued, as in m2; other digits mark a
 * footnote, and beside a value they would read as part of it: they are left out. Signs and letters stay.
 */
export function raised(before: string, mark: string): string {
  const digits = /^[-+−–]?\d{1,3}$/.exec(mark)?.[0];
  if (digits === undefined) {
    return mark;
  }
  const tail = before.slice(-24).replaceAll(boldMark, '').trimEnd();
  if (/(?:^|[^\d.,])10$/.test(tail)) {
    return `^${digits.replace(/[−–]/, '-')}`;
  }
  return /(?:^|[\s/\d.])[cdm]?m$/.test(tail) && /^[23]$/.test(digits) ? digits : '';
}
