import type { Figure } from '../bootstrap.ts';
import { accuracyOf, kendallTau, macroAccuracyOf, weightedKappaOf } from './agreement.ts';
import { type Answer, type AnswerRule, answerOf } from './answer.ts';
import { figuresByPatient } from './bootstrap.ts';
import { type Confident, surest } from './coverage.ts';
import type { Label, Target } from './labelled-pair.ts';
import type { PairResult } from './run-pairs.ts';

/** One label with what was said to it. */
export interface Scored extends Confident {
  readonly patient: string;
  readonly target: Target;
  readonly pair: string;
  readonly group?: string;
  /** Of the label, where it has one. */
  readonly score?: number;
  readonly difference?: number;
}

/** A way to answer: the reader, or a baseline beside it. */
export type Answerer = (result: PairResult, target: Target) => Answer | undefined;

export const readerAnswers =
  (rule: AnswerRule): Answerer =>
  ({ outcome }, target) =>
    outcome.kind === 'finding' ? answerOf(outcome.finding, target, rule) : undefined;

/** Difference of mean grey, of the full range, beyond which the naive baseline calls a change. */
const INTENSITY = 0.05;

/** What a reader must beat. */
export const baselines: Readonly<Record<string, Answerer>> = {
  'always stable': () => ({ change: 'stable' }),
  'always worsened': () => ({ change: 'worsened' }),
  'mean lung intensity, not registered': ({ intensity }) => ({
    change: intensity > INTENSITY ? 'worsened' : intensity < -INTENSITY ? 'improved' : 'stable',
    difference: intensity,
  }),
};

/** Every label of every pair that is to be scored. */
export function scoredOf(results: readonly PairResult[], answerer: Answerer): readonly Scored[] {
  return results
    .filter(({ pair }) => !pair.refuse)
    .flatMap((result) =>
      (Object.entries(result.pair.labels) as [Target, Label][]).map(([target, label]) => {
        const answer = answerer(result, target);
        return {
          pair: result.pair.id,
          patient: result.pair.patient,
          target,
          label: label.change,
          ...(result.pair.group ? { group: result.pair.group } : {}),
          ...(label.score === undefined ? {} : { score: label.score }),
          ...(answer
            ? {
                said: answer.change,
                ...(answer.difference === undefined ? {} : { difference: answer.difference }),
                ...(answer.confidence === undefined ? {} : { confidence: answer.confidence }),
              }
            : {}),
        };
      }),
    );
}

/** Mean over the findings that are judged at all of the macro accuracy of each: the figure of the MedGemma report. */
export function macroOverFindings(all: readonly Scored[]): number {
  const values = [...Map.groupBy(all, ({ target }) => target).values()]
    .map(macroAccuracyOf)
    .filter((value) => Number.isFinite(value));
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

const statistics = {
  macroAccuracy: macroOverFindings,
  accuracy: accuracyOf,
  weightedKappa: weightedKappaOf,
  tau: (all: readonly Scored[]) =>
    kendallTau(
      all.flatMap(({ difference, score }) =>
        difference === undefined || score === undefined ? [] : [[difference, score] as const],
      ),
    ),
  coverage: (all: readonly Scored[]) => all.filter(({ said }) => said !== undefined).length / all.length,
  opposite: (all: readonly Scored[]) => {
    const answered = all.filter(({ said }) => said !== undefined);
    const wrong = answered.filter(({ label, said }) => label !== said && label !== 'stable' && said !== 'stable');
    return wrong.length / answered.length;
  },
  accuracyAt80: (all: readonly Scored[]) => atCoverage(all, 0.8, accuracyOf),
  macroAccuracyAt80: (all: readonly Scored[]) => atCoverage(all, 0.8, macroOverFindings),
  accuracyAt50: (all: readonly Scored[]) => atCoverage(all, 0.5, accuracyOf),
  macroAccuracyAt50: (all: readonly Scored[]) => atCoverage(all, 0.5, macroOverFindings),
} as const;

export type PairFigureName = keyof typeof statistics;
export type PairFigures = Readonly<Record<PairFigureName, Figure>>;

function atCoverage(all: readonly Scored[], share: number, statistic: (some: readonly Scored[]) => number): number {
  // without any confidence there is no order in which to leave answers out
  const kept = all.some(({ confidence }) => confidence !== undefined) ? surest(all, share) : undefined;
  return kept ? statistic(kept) : Number.NaN;
}

export function pairFigures(scored: readonly Scored[], resamples: number): PairFigures {
  return figuresByPatient(scored, statistics, resamples);
}
