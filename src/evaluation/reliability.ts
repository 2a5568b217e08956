import type { Judged } from './score.ts';

export interface ReliabilityBin {
  /** From, inclusive, to, exclusive but for the last. */
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly meanConfidence: number;
  /** Share with name, value and unit right. */
  readonly right: number;
}

export interface Reliability {
  readonly rows: number;
  /** Mean squared difference of confidence and outcome. */
  readonly brier: number;
  /** Mean distance of confidence and share right over the bins, weighted by rows. */
  readonly expectedError: number;
  /** Bins that hold rows. */
  readonly bins: readonly ReliabilityBin[];
}

/** Confidence beside the share that is right; undefined without rows. */
export function reliabilityOf(judged: readonly Judged[], binCount = 10): Reliability | undefined {
  if (judged.length === 0) return undefined;
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const grouped = Map.groupBy(judged, ({ confidence }) => Math.min(binCount - 1, Math.floor(confidence * binCount)));
  const bins = [...grouped]
    .sort(([one], [other]) => one - other)
    .map(([at, rows]) => ({
      from: at / binCount,
      to: (at + 1) / binCount,
      rows: rows.length,
      meanConfidence: mean(rows.map(({ confidence }) => confidence)),
      right: mean(rows.map(({ right }) => Number(right))),
    }));
  return {
    rows: judged.length,
    brier: mean(judged.map(({ confidence, right }) => (confidence - Number(right)) ** 2)),
    expectedError: bins.reduce(
      (sum, { rows, meanConfidence, right }) => sum + (rows / judged.length) * Math.abs(meanConfidence - right),
      0,
    ),
    bins,
  };
}
