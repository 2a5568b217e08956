import { codedValue } from '../../terminology/coded-values.ts';
import { deriveFlag } from '../../terminology/flags.ts';
import { critical, type resolveTest } from '../../terminology/lab-dictionary.ts';
import { type NumberLocale, type ParsedValue, parseValue } from '../../terminology/numbers.ts';
import type { PrintedRange } from '../../terminology/ranges.ts';
import type { LabRow, LabValue } from './finding.ts';

type Entry = NonNullable<ReturnType<typeof resolveTest>>['entry'];

/** Cells and casts under the microscope are printed as "5-10". */
export function mayBeRange(entry: Entry | undefined, unit: string | undefined, specimen: string | undefined): boolean {
  return (
    /[hl]pf|field|feld|champ|campo/i.test(unit ?? '') ||
    /urin|csf|fluid|stool/i.test(specimen ?? '') ||
    (entry?.variants.some(({ property }) => /^(?:Naric|PrThr)$/.test(property)) ?? false)
  );
}

/** A row of an unknown test must look like a result beyond doubt: a unit, a range or a coded value beside its name. */
export function plausibleRow(value: LabValue, ucum: string | undefined, range: PrintedRange | undefined): boolean {
  if (value.kind === 'quantity' || value.kind === 'range')
    return ucum !== undefined || range?.low !== undefined || range?.high !== undefined;
  if (value.kind === 'ratio') return true;
  return codedValue(value.text) !== undefined;
}

export function toValue(parsed: ParsedValue, text: string): LabValue | undefined {
  switch (parsed.kind) {
    case 'quantity':
      return {
        kind: 'quantity',
        text: withoutRest(text, parsed.rest),
        number: parsed.value,
        ...(parsed.comparator ? { comparator: parsed.comparator } : {}),
      };
    case 'ratio':
      return {
        kind: 'ratio',
        text,
        numerator: parsed.numerator,
        denominator: parsed.denominator,
        ...(parsed.comparator ? { comparator: parsed.comparator } : {}),
      };
    case 'coded':
      return { kind: 'text', text };
    case 'absent':
      return { kind: 'absent', text, reason: parsed.reason };
    case 'text':
      if (parsed.range) return { kind: 'range', text, low: parsed.range[0], high: parsed.range[1] };
      if (severalWords(text) || /[[\]]/.test(text)) return undefined;
      return /\d[-/.]\d+[-/.]\d|^\W*$/.test(text) || text.length > 120 ? undefined : { kind: 'text', text };
  }
}

/** "Reactive Non-Reactive": a result and what is expected, or an earlier result; not one result of two words. */
function severalWords(text: string): boolean {
  const words = text.split(/\s+/);
  const known = (part: readonly string[]) => codedValue(part.join(' ')) !== undefined;
  return words.some((_, at) => at > 0 && known(words.slice(0, at)) && known(words.slice(at)));
}

function withoutRest(text: string, rest: string | undefined): string {
  if (!rest) return text;
  const at = text.lastIndexOf(rest);
  return at > 0 ? text.slice(0, at).trim() : text;
}

/** H, L, A or N from range and value; HH and LL where the value lies beyond a default critical limit. */
export function derive(
  range: PrintedRange | undefined,
  parsed: ParsedValue,
  entry: Entry | undefined,
  ucum: string | undefined,
  system: string | undefined,
): string | undefined {
  if (parsed.kind === 'quantity') {
    const limit = entry && ucum ? critical(entry, parsed.value, ucum, parsed.comparator, system) : undefined;
    if (limit && limit !== 'none') return limit;
    return range
      ? deriveFlag(range, { value: parsed.value, ...(parsed.comparator ? { comparator: parsed.comparator } : {}) })
      : undefined;
  }
  return parsed.kind === 'coded' && range ? deriveFlag(range, { code: parsed.value.code }) : undefined;
}

/** The earlier value that is printed beside the current one. */
export function earlierOf(text: string, locale: NumberLocale): NonNullable<LabRow['previous']> {
  const parsed = parseValue(text, locale);
  return { text: text.slice(0, 80), ...(parsed.kind === 'quantity' ? { number: parsed.value } : {}) };
}
