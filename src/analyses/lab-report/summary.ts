import type { DiagnosticReport, DocumentReference, Observation } from '@medplum/fhirtypes';
import { codeSystem } from '../../fhir/codes.ts';
import { jobOfTask } from '../../fhir/job-task.ts';
import { isOurs } from '../../fhir/result-key.ts';
import type { Summary, SummarySource } from '../../summary.ts';
import { type CriticalTable, defaultCriticalTable } from '../../terminology/critical-values.ts';
import type { Chart, StoredResult } from '../analysis.ts';
import { type Background, type Described, describe, inWords, momentInWords } from './described.ts';
import { type Charted, charted, inChart, indexed } from './in-chart.ts';

/** Results older than this against the newest one are not said again, in days. */
const defaultWindow = 30;
const topic = 'lab-report';

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

/** Ends of which nobody needs to know: all that the document says is in the chart. */
const silent: ReadonlySet<string> = new Set(['already-in-chart']);

const refusals: Readonly<Record<string, string>> = {
  'patient-mismatch': 'names another patient than this chart',
  'not-a-lab-report': 'is no laboratory report',
  'several-patients': 'names more than one patient',
  'rest-unreadable': 'holds lines that could not be read; the others are in the chart already',
  'no-result-rows': 'holds no result that could be read with certainty',
  'no-text': 'holds no text that could be read',
  'document-encrypted': 'is protected by a password',
  'document-damaged': 'is damaged',
  'document-unreadable': 'cannot be read',
  'document-empty': 'is empty',
  'document-unsupported': 'is of a kind that cannot be read',
  'document-too-large': 'is too large to be read',
  'document-too-many-pages': 'has too many pages to be read',
  'attachment-missing': 'has no attachment',
  'attachment-untrusted': 'lies at an address that may not be asked',
};

/** Nothing was written: say which document and why, so that nobody takes silence for a normal report. */
function ofRefusal(result: StoredResult, date: string | undefined, chart: Chart): readonly Summary[] {
  const { statusReason } = result.task;
  const code = statusReason?.coding?.[0]?.code ?? '';
  if (silent.has(code)) return [];
  const why = refusals[code] ?? 'could not be read';
  const title = titleOf(result, chart);
  const wrongPatient = code === 'patient-mismatch';
  const several = code === 'several-patients';
  const summary: Summary = {
    ...common(result, date, chart),
    indicator: wrongPatient || several ? 'warning' : 'info',
    headline: clip(
      `${title.charAt(0).toUpperCase()}${title.slice(1)}${date ? ` of ${inWords(date)}` : ''} ${wrongPatient || several ? why : `was not read: it ${why}`}`,
    ),
    lines: [
      wrongPatient
        ? 'No result was taken from it. It may be filed in the wrong chart.'
        : 'No result was taken from it.',
    ],
    caveats: statusReason?.text ? [statusReason.text] : [],
    links: [],
    basis: result.task.focus?.reference ? [result.task.focus.reference] : [],
  };
  return [summary];
}

function common(
  result: StoredResult,
  date: string | undefined,
  chart: Chart,
): Pick<Summary, 'topic' | 'sources' | 'suggestions' | 'overrideReasons'> {
  const reference = result.task.focus?.reference;
  const device = result.observations[0]?.device?.display ?? result.task.owner?.display;
  const label = documentOf(result, chart)?.title ?? 'Laboratory report';
  const source: SummarySource = {
    label,
    ...(date ? { date } : {}),
    reference: reference ?? '',
    ...(device ? { readBy: device } : {}),
  };
  return { topic, sources: reference ? [source] : [], suggestions: [], overrideReasons: [] };
}

function titleOf(result: StoredResult, chart: Chart): string {
  const document = documentOf(result, chart);
  return document?.outside ? 'outside laboratory report' : 'laboratory report';
}

/** Title of the document in the chart; a DocumentReference is a paper from elsewhere unless its text says otherwise. */
function documentOf(
  result: StoredResult,
  chart: Chart,
): { readonly title: string; readonly outside: boolean; readonly date?: string } | undefined {
  const id = result.task.focus?.reference?.split('/').at(-1);
  const document = chart.documents.find((one): one is DocumentReference => one.id === id);
  if (document) {
    const title = document.description ?? document.content?.[0]?.attachment?.title ?? 'Laboratory report';
    return { title, outside: true, date: document.date };
  }
  const report = chart.reports.find((one) => one.id === id);
  return (
    report && {
      title: report.code?.text ?? 'Laboratory report',
      outside: false,
      date: report.effectiveDateTime ?? report.issued,
    }
  );
}

function dateOf(result: StoredResult, chart: Chart): string | undefined {
  const collected =
    result.report?.effectiveDateTime ??
    result.observations.find(({ effectiveDateTime }) => effectiveDateTime)?.effectiveDateTime;
  return collected ?? documentOf(result, chart)?.date;
}

function clip(text: string): string {
  return text.length <= 139 ? text : `${text.slice(0, 138).replace(/\s+\S*$/, '')}…`;
}

/** Whether an Observation is of the laboratory. */
export function isLaboratory(observation: Observation): boolean {
  return (
    observation.category?.some(({ coding }) =>
      coding?.some(({ system, code }) => system === codeSystem.observationCategory && code === 'laboratory'),
    ) ?? false
  );
}
