import { type Change, changes } from '../../analyses/chest-xray-comparison/finding.ts';

/** What was labelled and what was said; undefined where the reader or a guard abstained. */
export interface Judgement {
  readonly label: Change;
  readonly said?: Change;
}

/** counts[label][said], both in the order improved, stable, worsened; what was not judged is in no cell. */
export function confusionOf(judged: readonly Judgement[]): readonly (readonly number[])[] {
  return changes.map((label) =>
    changes.map((said) => judged.filter((one) => one.label === label && one.said === said).length),
  );
}

/** Share right of those judged; NaN without any. */
export function accuracyOf(judged: readonly Judgement[]): number {
  const answered = judged.filter(({ said }) => said !== undefined);
  return answered.filter(({ label, said }) => label === said).length / answered.length;
}

/** Mean over the classes that occur of the share of each that is right: what the MedGemma report calls macro accuracy. */
export function macroAccuracyOf(judged: readonly Judgement[]): number {
  const answered = judged.filter(({ said }) => said !== undefined);
  const recalls = changes.flatMap((change) => {
    const own = answered.filter(({ label }) => label === change);
    return own.length === 0 ? [] : [own.filter(({ said }) => said === change).length / own.length];
  });
  return recalls.reduce((sum, one) => sum + one, 0) / recalls.length;
}

/** Cohen's kappa with weights that grow with the square of the distance: improved and worsened are two apart. */
export function weightedKappaOf(judged: readonly Judgement[]): number {
  const table = confusionOf(judged);
  const all = table.flat().reduce((sum, one) => sum + one, 0);
  const rows = table.map((row) => row.reduce((sum, one) => sum + one, 0));
  const columns = changes.map((_, column) => table.reduce((sum, row) => sum + row[column]!, 0));
  let [seen, expected] = [0, 0];
  for (let i = 0; i < changes.length; i++) {
    for (let j = 0; j < changes.length; j++) {
      const weight = (i - j) ** 2;
      seen += weight * table[i]![j]!;
      expected += (weight * rows[i]! * columns[j]!) / all;
    }
  }
  return 1 - seen / expected;
}

/** Kendall's tau-b of two lists of equal length, ties counted; NaN where one of them does not vary. */
export function kendallTau(pairs: readonly (readonly [number, number])[]): number {
  let [sum, freeX, freeY] = [0, 0, 0];
  for (let i = 0; i < pairs.length; i++) {
    for (let j = 0; j < i; j++) {
      const dx = Math.sign(pairs[i]![0] - pairs[j]![0]);
      const dy = Math.sign(pairs[i]![1] - pairs[j]![1]);
      sum += dx * dy;
      freeX += dx * dx;
      freeY += dy * dy;
    }
  }
  return sum / Math.sqrt(freeX * freeY);
}
