import { accuracyOf, type Judgement, macroAccuracyOf } from './agreement.ts';

export interface Confident extends Judgement {
  readonly confidence?: number;
}

export interface CoveragePoint {
  /** Share of all labels that are answered. */
  readonly coverage: number;
  readonly judged: number;
  readonly accuracy: number;
  readonly macroAccuracy: number;
}

/**
 * The answers that the reader is surest of, as many as `coverage` asks of all labels; undefined where so many were not
 * answered. Equal confidence: the order given, which a bootstrap shuffles.
 */
export function surest<T extends Confident>(all: readonly T[], coverage: number): readonly T[] | undefined {
  const wanted = Math.round(coverage * all.length);
  const answered = all.filter(({ said }) => said !== undefined);
  return answered.length < wanted
    ? undefined
    : answered.toSorted((one, other) => (other.confidence ?? 0) - (one.confidence ?? 0)).slice(0, wanted);
}

/** Accuracy against coverage: what is right when only the surest tenth, fifth, … of all labels is answered. */
export function coverageCurve(all: readonly Confident[]): readonly CoveragePoint[] {
  return Array.from({ length: 20 }, (_, n) => (n + 1) / 20).flatMap((coverage) => {
    const kept = surest(all, coverage);
    return kept && kept.length > 0
      ? [{ coverage, judged: kept.length, accuracy: accuracyOf(kept), macroAccuracy: macroAccuracyOf(kept) }]
      : [];
  });
}
