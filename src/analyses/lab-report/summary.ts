import type { DiagnosticReport, Observation } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import { jobOfTask } from '../../fhir/job-task.ts';
import { isOurs } from '../../fhir/result-key.ts';
import type { Summary } from '../../summary.ts';
import { type CriticalTable, defaultCriticalTable } from '../../terminology/critical-values.ts';
import type { Chart, StoredResult } from '../analysis.ts';
import { type Background, type Described, describe, inWords, momentInWords } from './described.ts';
import { type Charted, charted, inChart, indexed } from './in-chart.ts';
import { ofRefusal } from './refusal-summary.ts';
import { clip, common, dateOf, titleOf } from './summary-document.ts';

/** Results older than this against the newest one are not said again, in days. */
const defaultWindow = 30;

export interface SummaryOptions {
  readonly windowDays?: number;
  /** The institution's own table, or the shipped one. */
  readonly criticalValues?: CriticalTable;
}

/**
 * What was read for this patient, one summary a document: critical first, then abnormal; all normal is said shortly. What
 * the chart has from elsewhere by now, or another document has said already, is not said again.
 */
export function summarize(
  results: readonly StoredResult[],
  chart: Chart,
  { windowDays = defaultWindow, criticalValues = defaultCriticalTable }: SummaryOptions = {},
): readonly Summary[] {
  const dated = results.map((result) => ({ result, date: dateOf(result, chart) }));
  const newest = Math.max(...dated.map(({ date }) => Date.parse(date ?? '')).filter((at) => !Number.isNaN(at)), 0);
  const { birthDate } = chart.patient;
  const background: Background = {
    chart: indexed(charted(chart.observations.filter((one) => !isOurs(one)))),
    criticalValues,
    ...(birthDate ? { birthDate } : {}),
  };
  const said: Charted[] = [];
  return dated
    .filter(
      ({ date }) =>
        date === undefined || Number.isNaN(Date.parse(date)) || newest - Date.parse(date) <= windowDays * 86_400_000,
    )
    .sort((a, b) => Date.parse(b.date ?? '') - Date.parse(a.date ?? '') || 0)
    .flatMap(({ result, date }): readonly Summary[] => {
      switch (result.task.status) {
        case 'completed': {
          // A panel says nothing of its own.
          const own = charted(result.observations.filter((one) => !one.hasMember?.length));
          const elsewhere = indexed(said);
          const fresh = own.filter(
            ({ says }) => inChart(says, background.chart)?.how !== 'same' && inChart(says, elsewhere)?.how !== 'same',
          );
          said.push(...own);
          return ofReading(
            result,
            // In the order of the document.
            result.observations.filter((one) => fresh.some(({ observation }) => observation === one)),
            { date, chart, background },
          );
        }
        case 'rejected':
        case 'failed':
          return ofRefusal(result, date, chart);
        default:
          return [];
      }
    });
}

interface Around {
  readonly date: string | undefined;
  readonly chart: Chart;
  readonly background: Background;
}

function ofReading(
  result: StoredResult,
  shown: readonly Observation[],
  { date, chart, background }: Around,
): readonly Summary[] {
  if (shown.length === 0) return [];
  const values = shown.map((observation) => describe(observation, background));
  const critical = values.filter(({ level }) => level === 'critical');
  const abnormal = values.filter(({ level }) => level === 'abnormal');
  const notable = [...critical, ...abnormal];
  const title = titleOf(result, chart);
  const on = `on ${title}${date ? ` of ${inWords(date)}` : ''}`;
  const reviewed = shown.filter(
    ({ status }) => status === 'final' || status === 'amended' || status === 'corrected',
  ).length;
  const unchecked = shown.flatMap(({ note }) => note ?? []).length;
  const differing = values.filter(({ differs }) => differs).length;
  const headline =
    critical.length > 0
      ? criticalHeadline(notable, title, date)
      : notable.length > 0
        ? `${headlineOf(notable)} ${on}`
        : `${shown.length === 1 ? 'One result' : `All ${shown.length} results`} within printed limits ${on}`;
  return [
    {
      ...common(result, date, chart),
      indicator: critical.length > 0 ? 'critical' : abnormal.length > 0 ? 'warning' : 'info',
      headline: clip(headline),
      lines:
        notable.length > 0 ? [...notable.map(({ line }) => line), ...restLine(values.length - notable.length)] : [],
      caveats: [
        ...(reviewed === shown.length
          ? ['A clinician has reviewed these results.']
          : reviewed > 0
            ? [`A clinician has reviewed ${reviewed} of ${shown.length} results.`]
            : []),
        ...(values.some(({ onlyForAdults }) => onlyForAdults)
          ? ['A value lies beyond the critical limits for adults; there are none for the age of this patient.']
          : []),
        ...(differing > 0
          ? [
              `${differing} ${differing === 1 ? 'value differs' : 'values differ'} from what the chart has for the same time.`,
            ]
          : []),
        ...(unchecked > 0
          ? [`${unchecked} ${unchecked === 1 ? 'result needs' : 'results need'} a look at the document: see the notes.`]
          : []),
        ...unreadCaveat(result.report),
        ...(jobOfTask(result.task)?.reader === 'medgemma' ? [medgemmaCaveat] : []),
      ],
      links: result.report?.id ? [{ label: 'Review with the document', url: `/review/${result.report.id}` }] : [],
      basis: [
        ...(result.report?.id ? [`DiagnosticReport/${result.report.id}`] : []),
        ...shown.flatMap(({ id }) => (id ? [`Observation/${id}`] : [])),
      ],
    },
  ];
}

/** Value, time and document of the first, whatever has to be cut off behind them. */
function criticalHeadline(notable: readonly Described[], title: string, date: string | undefined): string {
  const [first, second] = notable;
  const when = first!.when ?? date;
  const also = second?.level === 'critical' ? `; also ${second.headline}` : '';
  const more = notable.length - (also ? 2 : 1);
  return `${first!.headline}, ${when ? momentInWords(when) : 'no time printed'}, ${title}${also}${more > 0 ? `; ${more} more` : ''}`;
}

function headlineOf(notable: readonly Described[]): string {
  const first = notable[0]!.headline;
  const second = notable[1] && notable[1].level === notable[0]!.level ? `, ${notable[1].headline}` : '';
  const more = notable.length - (second ? 2 : 1);
  return `${first}${second}${more > 0 ? ` and ${more} more` : ''}`;
}

function restLine(count: number): readonly string[] {
  return count > 0
    ? [`${count} other ${count === 1 ? 'result is' : 'results are'} within the printed limits or have none.`]
    : [];
}

/** The report's conclusion says how many lines were not read. */
function unreadCaveat(report: DiagnosticReport | undefined): readonly string[] {
  const count = Number(/(\d+) lines? not read/.exec(report?.conclusion ?? '')?.[1] ?? 0);
  return count > 0
    ? [`${count} ${count === 1 ? 'line' : 'lines'} of the document could not be read: look at the original.`]
    : [];
}

/** Figures: technical report of MedGemma 1.5, Table 3 (reference page medgemma.md, section 2.1). */
const medgemmaCaveat =
  'Read by MedGemma; each value was found on its page. Its publisher states a macro F1 of 64 to 91 % by kind of report for MedGemma 1.5 4B; this project has not measured it.';

/** Whether an Observation is of the laboratory. */
export function isLaboratory(observation: Observation): boolean {
  return (
    observation.category?.some(({ coding }) =>
      coding?.some(({ system, code }) => system === codeSystem.observationCategory && code === 'laboratory'),
    ) ?? false
  );
}
