import type { DocumentReference } from '@medplum/fhirtypes';
import type { Summary, SummarySource } from '../../summary.ts';
import type { Chart, StoredResult } from '../analysis.ts';

const topic = 'lab-report';

/** What every summary of one document says alike. */
export function common(
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

/** What the document is called in a headline. */
export function titleOf(result: StoredResult, chart: Chart): string {
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

/** When the specimen was taken, else the date of the document; FHIR dateTime. */
export function dateOf(result: StoredResult, chart: Chart): string | undefined {
  const collected =
    result.report?.effectiveDateTime ??
    result.observations.find(({ effectiveDateTime }) => effectiveDateTime)?.effectiveDateTime;
  return collected ?? documentOf(result, chart)?.date;
}

/** CDS Hooks wants fewer than 140 characters. */
export function clip(text: string): string {
  return text.length <= 139 ? text : `${text.slice(0, 138).replace(/\s+\S*$/, '')}…`;
}
