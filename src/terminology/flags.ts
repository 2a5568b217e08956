import type { Comparator } from './numbers.ts';
import { type PrintedRange, positionIn } from './ranges.ts';

/** Codes of http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation that are used. */
export type Interpretation = 'N' | 'L' | 'H' | 'LL' | 'HH' | 'A' | 'AA';

const words: Readonly<Record<Interpretation, readonly string[]>> = {
  N: ['n', 'normal', 'nl', 'wnl', 'within range', 'in range', 'within normal limits'],
  L: [
    'l',
    'lo',
    'low',
    'bl',
    'below',
    'below low normal',
    'below range',
    'tief',
    'niedrig',
    'erniedrigt',
    'bajo',
    'baja',
    'bas',
    'basse',
    '↓',
    '⇓',
    '▼',
    '🔽',
    '-',
    'l*',
    '*l',
    '↓*',
    '< low',
    'v',
  ],
  H: [
    'h',
    'hi',
    'high',
    'bh',
    'above',
    'above high normal',
    'above range',
    'hoch',
    'erhöht',
    'alto',
    'alta',
    'élevé',
    'élevée',
    'haut',
    '↑',
    '⇑',
    '▲',
    '🔼',
    '+',
    'h*',
    '*h',
    '↑*',
    '> high',
    '^',
  ],
  LL: [
    'll',
    'alert low',
    'critical low',
    'panic low',
    'low critical',
    'low panic',
    'cl',
    'lc',
    'lp',
    'critically low',
    'very low',
    'l!',
    'll*',
    '↓↓',
    '--',
    '⇊',
    'l**',
    'crit l',
    'crit low',
  ],
  HH: [
    'hh',
    'alert high',
    'critical high',
    'panic high',
    'high critical',
    'high panic',
    'ch',
    'hc',
    'hp',
    'critically high',
    'very high',
    'h!',
    'hh*',
    '↑↑',
    '++',
    '⇈',
    'h**',
    'crit h',
    'crit high',
  ],
  A: [
    'a',
    'abn',
    'abnormal',
    'ab',
    '*',
    'anormal',
    'auffällig',
    'pathologisch',
    'path',
    'abnl',
    '!',
    'out of range',
    'outside range',
  ],
  AA: [
    'aa',
    'critical',
    'crit',
    'panic',
    'alert',
    'critical abnormal',
    '**',
    '!!',
    'c',
    'kritisch',
    'crítico',
    'critique',
  ],
};

const byWord: ReadonlyMap<string, Interpretation> = new Map(
  Object.entries(words).flatMap(([code, list]) => list.map((word) => [word, code as Interpretation] as const)),
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
