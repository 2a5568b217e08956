import { flagWords, type Interpretation } from './flag-words.ts';
import type { Comparator } from './numbers.ts';
import { type PrintedRange, positionIn } from './ranges.ts';

export type { Interpretation } from './flag-words.ts';

const byWord: ReadonlyMap<string, Interpretation> = new Map(
  Object.entries(flagWords).flatMap(([code, list]) => list.map((word) => [word, code as Interpretation] as const)),
);

/**
 * A printed flag; undefined when the text is no flag. `H`, `(H)`, `[HH]`, `*H*`, `High`, arrows, signs and stars.
 * `+` and `++` are flags only in a flag column or after a number: as a result cell they are semi-quantitative.
 */
export function parseFlag(text: string): Interpretation | undefined {
  const folded = text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
  const exact = byWord.get(folded);
  if (exact) {
    return exact;
  }
  const inner = /^[([{<*]+ ?([^)\]}>*]+?) ?[)\]}>*]+$/.exec(folded)?.[1] ?? folded.replace(/[.:]$/, '');
  return byWord.get(inner);
}

/** A flag derived from the printed range: L, N, H, A; undefined when nothing can be derived. Never HH or LL. */
export function deriveFlag(
  range: PrintedRange,
  result: { readonly value: number; readonly comparator?: Comparator } | { readonly code: string },
): Interpretation | undefined {
  if ('code' in result) {
    return range.expected === undefined ? undefined : range.expected.code === result.code ? 'N' : 'A';
  }
  const position = positionIn(range, result.value, result.comparator);
  return position && ({ low: 'L', inside: 'N', high: 'H' } as const)[position];
}
