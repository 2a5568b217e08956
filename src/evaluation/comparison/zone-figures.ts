import { zones } from '../../analyses/chest-xray-comparison/finding.ts';
import type { Figure } from '../bootstrap.ts';
import { kendallTau } from './agreement.ts';
import { figuresByPatient } from './bootstrap.ts';
import type { PairResult } from './run-pairs.ts';

/** How the measured change of each zone ranks beside the experts' change of score there. */
export interface ZoneFigures {
  readonly zones: number;
  /** Kendall's tau-b over all zones of all pairs. */
  readonly tau: Figure;
  /** Share of zones whose change has the experts' sign, among those where theirs is two points or more. */
  readonly direction: Figure;
}

/** Undefined where no zone was scored. */
export function zoneFigures(results: readonly PairResult[], resamples: number): ZoneFigures | undefined {
  const items = results.flatMap(({ pair, outcome }) =>
    outcome.kind === 'finding' && pair.zoneScores
      ? zones.map((_, zone) => ({
          patient: pair.patient,
          measured: outcome.zoneChanges[zone]!,
          score: pair.zoneScores![zone]!,
        }))
      : [],
  );
  if (items.length === 0) {
    return undefined;
  }
  const { tau, direction } = figuresByPatient(
    items,
    {
      tau: (some) => kendallTau(some.map(({ measured, score }) => [measured, score] as const)),
      direction: (some) => {
        const clear = some.filter(({ score }) => Math.abs(score) >= 2);
        return clear.filter(({ measured, score }) => Math.sign(measured) === Math.sign(score)).length / clear.length;
      },
    },
    resamples,
  );
  return { zones: items.length, tau, direction };
}
