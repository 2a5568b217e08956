import { codedValue } from '../../terminology/coded-values.ts';
import { resolveTest } from '../../terminology/lab-dictionary.ts';
import type { PrintedRange } from '../../terminology/ranges.ts';
import { toUcum } from '../../terminology/units.ts';
import { isMethod } from './methods.ts';
import type { RawRow } from './rows.ts';
import { isUnit } from './spans.ts';
import { specimenOf } from './specimens.ts';

/** "Glucose 01", "Urea02": the raised code of the place that did the test, where what remains is a known name. */
export function withoutCode(name: string): string {
  const bare = /^(?:(.*\S)\s|(.*[\p{L})%]))0[1-9]$/u
    .exec(name)
    ?.slice(1)
    .find((part) => part !== undefined);
  return bare && resolveTest({ name: bare }) ? bare : name;
}

/** "Haemoglobin (g/L)": where no other unit is printed, the one behind the name. */
export function withoutUnitInName(name: string, { unit }: RawRow): { readonly name: string; readonly unit?: string } {
  const [, bare, inner] =
    /^(.*\S)\s*[([]([^()[\]]+)[)\]]$/.exec(name) ?? /^(.*\S),\s*([^\s,]+\/[^\s,]+)$/.exec(name) ?? [];
  const takes = unit === undefined && bare !== undefined && inner !== undefined && /[\p{L}%]/u.test(inner);
  return takes && isUnit(inner) && resolveTest({ name: bare }) ? { name: bare, unit: inner } : { name };
}

/** "Glucose 09:05": a time in a column between names and values, which the row has as its own. */
export function withoutTime(name: string, { collected }: RawRow): string {
  const [, bare, hour, minute] = /^(.*\S)\s+(\d{1,2})[:.h](\d{2})$/.exec(name) ?? [];
  return bare && collected?.endsWith(`T${hour!.padStart(2, '0')}:${minute}`) ? bare : name;
}

/**
 * "Urea [Urease]", "TSH (ECLIA)": a method behind a name. Round brackets belong to names as well: there they hold one only
 * where the whole is no name.
 */
export function withoutMethod(name: string): { readonly name: string; readonly method?: string } {
  const [, bare, bracket, inner] = /^(.*\S)\s*([([])([^()[\]]+)[)\]]$/.exec(name) ?? [];
  if (!bare || !isMethod(inner!) || specimenOf(inner!) || resolveTest({ name: inner! }) || !resolveTest({ name: bare }))
    return { name };
  return bracket === '[' || !resolveTest({ name }) ? { name: bare, method: inner! } : { name };
}

const flagSigns = String.raw`(?:HH|LL|H|L|A|ABN|\*{1,2}|[↑↓⇑⇓]+|\((?:HH|LL|H|L|A)\))`;

/** "Trace *" → Trace and its flag; numbers are taken apart where they are parsed. */
export function splitFlag(text: string): { readonly text: string; readonly flag?: string } {
  const leading = new RegExp(`^(${flagSigns})\\s+([<>≤≥]?=?\\s?\\d.*)$`).exec(text);
  if (leading) return { text: leading[2]!, flag: leading[1]! };
  const match = new RegExp(`^(\\D*\\S) ?(${flagSigns})$`).exec(text);
  return match && codedValue(match[1]!.trim()) ? { text: match[1]!.trim(), flag: match[2]! } : { text };
}

/** "mmol/LHH", "H %", "H" in the place of a unit: the flag is taken out where a unit remains, or nothing else is there. */
export function splitUnit(text: string | undefined): { readonly unit?: string; readonly flag?: string } {
  if (!text || toUcum(text)) return text ? { unit: text } : {};
  if (new RegExp(`^${flagSigns}$`).test(text)) return { flag: text };
  const before = new RegExp(`^(${flagSigns}|[A-Z]{1,2}[!*]+)\\s+(.+)$`).exec(text);
  if (before && toUcum(before[2]!)) return { flag: before[1]!, unit: before[2]! };
  const after = new RegExp(`^(.+?)\\s?(${flagSigns})$`).exec(text);
  return after && toUcum(after[1]!) ? { unit: after[1]!, flag: after[2]! } : { unit: text };
}

/** The limits as printed, without a unit that the value has as well. */
export function withoutUnit({ text, unit }: PrintedRange, ucum: string | undefined): string {
  const same = unit !== undefined && ucum !== undefined && toUcum(unit)?.code === ucum && text.endsWith(unit);
  return same ? text.slice(0, -unit.length).trim() : text;
}

/** "(ref. 0.50 - 1.10)" → "0.50 - 1.10"; the label says nothing about the range. */
export function withoutLabel(printed: string): string {
  const text = printed.replace(/^(?::\s*)?(?:N:\s*)?/, '');
  const labelled =
    /^([[(]?)\s*(?:ref(?:erence|erenz(?:bereich)?)?|normal|norm|vn|nv|v\.?r|r[ai]nge|reference range|reference interval|normal range)\b[.:]*\s*:?\s*(.*?)([\])]?)$/i.exec(
      text.trim(),
    );
  if (!labelled || !/\d/.test(labelled[2]!)) return text;
  return labelled[1] && labelled[3] ? labelled[2]! : `${labelled[2]}${labelled[3]}`;
}
