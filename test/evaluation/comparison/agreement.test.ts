import { describe, expect, test } from '@jest/globals';
import type { Change, ComparisonFinding } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import {
  accuracyOf,
  confusionOf,
  kendallTau,
  macroAccuracyOf,
  weightedKappaOf,
} from '../../../src/evaluation/comparison/agreement.ts';
import { answerOf } from '../../../src/evaluation/comparison/answer.ts';
import { figuresByPatient } from '../../../src/evaluation/comparison/bootstrap.ts';
import { coverageCurve, surest } from '../../../src/evaluation/comparison/coverage.ts';
import { meanLungIntensity } from '../../../src/evaluation/comparison/intensity.ts';
import { macroOverFindings, type Scored } from '../../../src/evaluation/comparison/pair-figures.ts';

const short: Readonly<Record<string, Change>> = { i: 'improved', s: 'stable', w: 'worsened' };
/** `ws` was labelled worsened and said stable; `w-` was not answered. */
const judged = (...pairs: readonly string[]) =>
  pairs.map((pair) => ({ label: short[pair[0]!]!, ...(pair[1] === '-' ? {} : { said: short[pair[1]!]! }) }));

describe('agreement', () => {
  // worsened 3 of 4, stable 1 of 2, improved 0 of 1; one was not answered
  const some = judged('ww', 'ww', 'ww', 'ws', 'ss', 'sw', 'is', 'w-');

  test('accuracy, macro accuracy and the table leave out what was not answered', () => {
    expect(accuracyOf(some)).toBeCloseTo(4 / 7);
    expect(macroAccuracyOf(some)).toBeCloseTo((3 / 4 + 1 / 2 + 0) / 3);
    expect(confusionOf(some)).toEqual([
      [0, 1, 0],
      [0, 1, 1],
      [0, 1, 3],
    ]);
  });

  test('a class that nobody labelled counts for nothing, and no answer is no figure', () => {
    expect(macroAccuracyOf(judged('ww', 'ss'))).toBe(1);
    expect(accuracyOf(judged('w-'))).toBeNaN();
  });

  test('weighted kappa: 1 for equal, 0 for chance, and the opposite costs four times the neighbour', () => {
    expect(weightedKappaOf(judged('ww', 'ss', 'ii'))).toBe(1);
    expect(weightedKappaOf(judged('ww', 'wi', 'iw', 'ii'))).toBeCloseTo(0);
    // by hand: seen 1·1 + 1·4 = 5; expected by the margins
    const table = judged('ii', 'is', 'ss', 'ww', 'wi');
    const expected =
      (2 * 2 * 0 + 2 * 2 * 1 + 2 * 1 * 4 + 1 * 2 * 1 + 1 * 2 * 0 + 1 * 1 * 1 + 2 * 2 * 4 + 2 * 2 * 1) / 5;
    expect(weightedKappaOf(table)).toBeCloseTo(1 - 5 / expected);
  });

  test('tau-b counts ties of either side', () => {
    expect(kendallTau([[1, 1], [2, 2], [3, 3]])).toBe(1); // biome-ignore format: one line reads better
    expect(kendallTau([[1, 3], [2, 2], [3, 1]])).toBe(-1); // biome-ignore format: one line reads better
    // 5 concordant pairs, one tie in y: 5 / sqrt(6 · 5)
    expect(kendallTau([[1, 1], [2, 2], [3, 2], [4, 3]])).toBeCloseTo(5 / Math.sqrt(30)); // biome-ignore format: one line
    expect(kendallTau([[1, 1], [1, 2]])).toBeNaN(); // biome-ignore format: one line reads better
  });
});

describe('coverage', () => {
  const all = judged('ww', 'ss', 'ws', 'w-').map((one, n) => ({ ...one, confidence: [0.9, 0.8, 0.4, 0][n]! }));

  test('the surest answers come first; more than was answered cannot be had', () => {
    expect(surest(all, 0.5)!.map(({ confidence }) => confidence)).toEqual([0.9, 0.8]);
    expect(surest(all, 1)).toBeUndefined();
  });

  test('the curve falls as less sure answers come in, and ends where answers end', () => {
    const curve = coverageCurve(all);
    expect(curve.at(-1)!.coverage).toBe(0.85);
    expect(curve.find(({ coverage }) => coverage === 0.5)!.accuracy).toBe(1);
    expect(curve.at(-1)!.accuracy).toBeCloseTo(2 / 3);
  });
});

test('intervals resample whole patients: films of one patient alone give none, and a seed gives the same twice', () => {
  const items = (patients: readonly string[]) => patients.map((patient, n) => ({ patient, value: n % 2 }));
  const mean = {
    mean: (some: readonly { readonly value: number }[]) => some.reduce((sum, one) => sum + one.value, 0) / some.length,
  };
  expect(figuresByPatient(items(['a', 'a', 'a', 'a']), mean, 200).mean).toEqual({ value: 0.5, low: null, high: null });
  const six = items(['a', 'b', 'c', 'd', 'e', 'f']);
  const figure = figuresByPatient(six, mean, 500).mean;
  expect(figure.low!).toBeLessThan(0.5);
  expect(figure.high!).toBeGreaterThan(0.5);
  expect(figuresByPatient(six, mean, 500).mean).toEqual(figure);
});

test('macro accuracy is averaged over findings, not pooled', () => {
  const one = (target: Scored['target'], pair: string): Scored => ({
    ...judged(pair)[0]!,
    target,
    pair: '1',
    patient: '1',
  });
  const scored = [one('pneumonia', 'ww'), one('pneumonia', 'ss'), one('pleural-effusion', 'ws')];
  expect(macroOverFindings(scored)).toBe(0.5);
});

test('mean grey of the lungs, or of the film where no lungs were found', () => {
  const image = { width: 4, height: 1, data: Float32Array.of(0, 0.5, 1, 0) };
  expect(meanLungIntensity(image)).toBeCloseTo(0.375);
  expect(meanLungIntensity(image, { right: [1, 0, 2, 1], left: [2, 0, 3, 1] })).toBeCloseTo(0.75);
});

describe('what a reader says of a label without a side', () => {
  const finding = (findings: readonly object[], notJudged: readonly object[] = []): ComparisonFinding =>
    ({
      overall: { change: 'worsened', difference: 0.2, confidence: 0.9 },
      findings,
      notJudged,
    }) as unknown as ComparisonFinding;
  const side = (name: string, change: string, prior: number, current: number) => ({
    finding: 'pleural-effusion', side: name, change, measure: { prior, current, threshold: 0.1 }, confidence: 0.8,
  }); // biome-ignore format: one line reads better

  test('one side that changed speaks for both; two that go apart are no change', () => {
    const worse = answerOf(
      finding([side('right', 'worsened', 0.1, 0.5), side('left', 'stable', 0.3, 0.3)]),
      'pleural-effusion',
    );
    expect(worse).toMatchObject({ change: 'worsened', confidence: 0.8 });
    expect(worse!.difference).toBeCloseTo(0.4);
    const apart = finding([side('right', 'worsened', 0.1, 0.5), side('left', 'improved', 0.5, 0.1)]);
    expect(answerOf(apart, 'pleural-effusion')!.change).toBe('stable');
  });

  test('on neither film is stable, not looked for is no answer', () => {
    expect(answerOf(finding([]), 'pleural-effusion')).toEqual({ change: 'stable' });
    expect(answerOf(finding([], [{ finding: 'pneumonia', reason: 'not-measured' }]), 'pneumonia')).toBeUndefined();
  });

  test('density answers for opacities alone, and only where asked', () => {
    const unjudged = finding([], [{ finding: 'pneumonia' }, { finding: 'pneumothorax' }]);
    expect(answerOf(unjudged, 'pneumonia', 'density')).toEqual({
      change: 'worsened',
      difference: 0.2,
      confidence: 0.9,
    });
    expect(answerOf(unjudged, 'pneumothorax', 'density')).toBeUndefined();
    expect(answerOf(unjudged, 'overall')!.change).toBe('worsened');
  });
});
