import type { Change } from '../../analyses/chest-xray-comparison/finding.ts';
import { byLabel, countOutcomes, outcomeName } from '../outcome.ts';
import { confusionOf } from './agreement.ts';
import type { AnswerRule } from './answer.ts';
import { type CoveragePoint, coverageCurve } from './coverage.ts';
import type { Target } from './labelled-pair.ts';
import type { PairDataset } from './pair-dataset.ts';
import { baselines, type PairFigures, pairFigures, readerAnswers, type Scored, scoredOf } from './pair-figures.ts';
import type { PairResult } from './run-pairs.ts';
import { type ZoneFigures, zoneFigures } from './zone-figures.ts';

export interface TargetReport {
  readonly labels: number;
  readonly figures: PairFigures;
  /** confusion[label][said], both improved, stable, worsened; abstentions are in no cell. */
  readonly confusion: readonly (readonly number[])[];
}

export interface ReportedPair {
  readonly pair: string;
  readonly outcome: string;
  readonly milliseconds: number;
  readonly answers: readonly {
    readonly target: Target;
    readonly label: Change;
    readonly said?: Change;
    readonly difference?: number;
    readonly confidence?: number;
  }[];
}

/** The whole result of an evaluation, as it is written to JSON. Names no file and no patient. */
export interface PairReport {
  readonly format: 'interval-comparison-evaluation';
  readonly version: 1;
  readonly reader: { readonly id: string; readonly version: string };
  readonly dataset: { readonly format: string; readonly pairs: number; readonly patients: number };
  readonly options: { readonly answers: AnswerRule; readonly resamples: number };
  readonly outcomes: Readonly<Record<string, number>>;
  readonly total: TargetReport;
  readonly targets: Readonly<Record<string, TargetReport>>;
  readonly groups: Readonly<Record<string, TargetReport>>;
  readonly baselines: Readonly<Record<string, PairFigures>>;
  readonly zones?: ZoneFigures;
  readonly curve: readonly CoveragePoint[];
  /** Pairs that must be refused: how many were, and for which reasons. */
  readonly toRefuse: { readonly pairs: number; readonly refused: number };
  readonly milliseconds: { readonly median: number; readonly longest: number };
  readonly pairs: readonly ReportedPair[];
}

export interface PairReportInput {
  readonly dataset: PairDataset;
  readonly results: readonly PairResult[];
  readonly reader: { readonly id: string; readonly version: string };
  readonly answers: AnswerRule;
  readonly resamples: number;
}

export function pairReportOf({ dataset, results, reader, answers, resamples }: PairReportInput): PairReport {
  const scored = scoredOf(results, readerAnswers(answers));
  const part = (some: readonly Scored[]): TargetReport => ({
    labels: some.length,
    figures: pairFigures(some, resamples),
    confusion: confusionOf(some),
  });
  const kept = results.filter(({ pair }) => pair.refuse);
  const zones = zoneFigures(results, resamples);
  const times = results.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
  return {
    format: 'interval-comparison-evaluation',
    version: 1,
    reader: { id: reader.id, version: reader.version },
    dataset: {
      format: dataset.format,
      pairs: results.length,
      patients: new Set(scored.map(({ patient }) => patient)).size,
    },
    options: { answers, resamples },
    outcomes: countOutcomes(results.map(({ outcome }) => outcome)),
    total: part(scored),
    targets: byLabel(scored, ({ target }) => target, part),
    groups: byLabel(scored, ({ group }) => group, part),
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, answerer]) => [name, pairFigures(scoredOf(results, answerer), resamples)]),
    ),
    ...(zones ? { zones } : {}),
    curve: scored.some(({ confidence }) => confidence !== undefined) ? coverageCurve(scored) : [],
    toRefuse: { pairs: kept.length, refused: kept.filter(({ outcome }) => outcome.kind !== 'finding').length },
    milliseconds: { median: times[times.length >> 1] ?? 0, longest: times.at(-1) ?? 0 },
    pairs: results.map((result) => ({
      pair: result.pair.id,
      outcome: outcomeName(result.outcome),
      milliseconds: result.milliseconds,
      answers: scored
        .filter(({ pair }) => pair === result.pair.id)
        .map(({ target, label, said, difference, confidence }) => ({
          target,
          label,
          ...(said === undefined ? {} : { said }),
          ...(difference === undefined ? {} : { difference }),
          ...(confidence === undefined ? {} : { confidence }),
        })),
    })),
  };
}
