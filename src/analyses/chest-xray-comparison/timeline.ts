import type { Chart, StoredResult } from '../analysis.ts';
import { storedChange } from './stored.ts';
import { byWeight, changesInWords, dayOf } from './wording.ts';

/** Earlier comparisons that a card tells of. */
const MOST = 3;

/**
 * What earlier comparisons of the same patient said, newest first, one line each: the course before the newest pair. Of
 * several readings of one study the last stands; those of a study as new as the newest one are left out.
 */
export function earlier(newest: StoredResult, all: readonly StoredResult[], chart: Chart): readonly string[] {
  const before = all
    .filter((one) => one.task.status === 'completed' && one.report && studyTime(one, chart) < studyTime(newest, chart))
    .toSorted(
      (one, other) =>
        studyTime(other, chart).localeCompare(studyTime(one, chart)) ||
        (other.report?.issued ?? '').localeCompare(one.report?.issued ?? ''),
    );
  const seen = new Set<string>();
  return before
    .filter((one) => {
      const study = one.task.focus?.reference ?? '';
      const first = !seen.has(study);
      seen.add(study);
      return first;
    })
    .slice(0, MOST)
    .map((one) => {
      const changes = byWeight(one.observations.flatMap((observation) => storedChange(observation) ?? []));
      const prior = startedOf(one.report?.imagingStudy?.[1]?.reference, chart);
      const since = prior ? ` since ${dayOf(prior)}` : '';
      return `Before, on ${dayOf(studyTime(one, chart))}: ${changesInWords(changes).join(', ') || 'no measurable lung opacity'}${since}`;
    });
}

/** Time of the current study, for order; what the chart does not know comes last. */
export function studyTime({ report, task }: StoredResult, chart: Chart): string {
  return report?.effectiveDateTime ?? startedOf(task.focus?.reference, chart) ?? '';
}

/** References of the store may be absolute; ids of one source are not ambiguous. */
export function startedOf(reference: string | undefined, chart: Chart): string | undefined {
  const id = reference?.split('/').at(-1);
  return id === undefined ? undefined : chart.studies.find((study) => study.id === id)?.started;
}
