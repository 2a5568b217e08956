import type { Observation } from '@medplum/fhirtypes';
import { abstain } from '../analysis.ts';
import { type Comparable, ofObservation, rowsAs, sameTest, sameTime, sameValue, timed } from './comparable.ts';
import type { KnownRow, LabRow } from './finding.ts';
import { doubted, type LabGuard } from './guard-tools.ts';

/** A chart's Observation beside what it says. */
export interface Charted {
  readonly observation: Observation;
  readonly says: Comparable;
}

/** Results of the chart that say something, newest first. */
export function charted(observations: readonly Observation[]): readonly Charted[] {
  return observations
    .filter(({ status }) => status !== 'entered-in-error' && status !== 'cancelled')
    .map((observation) => ({ observation, says: ofObservation(observation) }))
    .sort((a, b) => Date.parse(b.says.when ?? '') - Date.parse(a.says.when ?? '') || 0);
}

/** Results by their test, so that each is held against its own kind alone. */
export type ChartIndex = (result: Comparable) => readonly Charted[];

export function indexed(chart: readonly Charted[]): ChartIndex {
  const byTest = Map.groupBy(chart, ({ says }) => keyOf(says));
  return (result) => byTest.get(keyOf(result)) ?? [];
}

/** Equal for whatever `sameTest` may call the same. */
function keyOf({ test, loinc }: Comparable): string {
  return test?.entry.key ?? `loinc ${loinc ?? ''}`;
}

/**
 * The chart's result of the same test and time: `same` where it also says the same, `differs` where both times are known
 * equally well and it does not; a day may have two draws, so that a date beside a time leaves it open.
 */
export function inChart(
  result: Comparable,
  chart: ChartIndex,
): { readonly how: 'same' | 'differs'; readonly one: Charted } | undefined {
  const there = chart(result).filter(({ says }) => sameTest(result, says) && sameTime(result, says) === true);
  const same = there.find(({ says }) => sameValue(result, says) === true);
  if (same) return { how: 'same', one: same };
  const other = there.find(({ says }) => sameValue(result, says) === false && timed(says) === timed(result));
  return other && { how: 'differs', one: other };
}

/** What the chart holds already is not written again; where it says something else, the row is marked. */
export const notInChart: LabGuard = (finding, { chart = [], timeZone = '' }) => {
  const known: KnownRow[] = [];
  const rows: LabRow[] = [];
  if (chart.length === 0) return finding;
  const there = indexed(charted(chart));
  const as = rowsAs(finding, timeZone);
  for (const row of finding.rows) {
    const found = inChart(as(row), there);
    if (found?.how === 'same') {
      const { id } = found.one.observation;
      known.push({ name: row.name, page: row.page, box: row.boxes.value, reference: `Observation/${id ?? 'unknown'}` });
    } else {
      rows.push(found ? doubted(row, 'differs-from-chart', 0.7) : row);
    }
  }
  if (known.length === 0) return { ...finding, rows };
  if (rows.length > 0) return { ...finding, rows, known };
  const { length } = finding.unread;
  return length === 0
    ? abstain('already-in-chart', 'Every result of the document is in the chart already.')
    : abstain(
        'rest-unreadable',
        `What could be read is in the chart already; ${length} ${length === 1 ? 'line' : 'lines'} could not be read.`,
      );
};
