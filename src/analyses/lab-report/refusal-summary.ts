import type { Summary } from '../../summary.ts';
import type { Chart, StoredResult } from '../analysis.ts';
import { inWords } from './described.ts';
import { clip, common, titleOf } from './summary-document.ts';

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
export function ofRefusal(result: StoredResult, date: string | undefined, chart: Chart): readonly Summary[] {
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
