import type { ChartItem, EhrChart } from '../ehr-chart.ts';
import type { WrittenResult } from '../written-results.ts';
import { h } from './dom.ts';
import { age, analysisName, dateText, dayText } from './format.ts';
import { flagView, rowsTable } from './row-view.ts';

export function patientBanner({ patient }: EhrChart): HTMLElement {
  const facts = [
    patient.birthDate && `born ${dayText(patient.birthDate)}`,
    age(patient.birthDate, new Date()),
    patient.gender,
    patient.mrn && `MRN ${patient.mrn}`,
  ];
  return h(
    'header',
    { class: 'banner' },
    h('h1', {}, patient.name),
    h('p', { class: 'quiet' }, facts.filter(Boolean).join(' · ')),
    patient.shows && h('p', { class: 'shows' }, patient.shows),
  );
}

/** What the EHR has: documents and films nobody has read into data, and the results that it knows. */
export function beforeView(chart: EhrChart, written: readonly WrittenResult[]): HTMLElement {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'before' },
    h('h2', { id: 'before' }, 'Before: the chart as the EHR has it'),
    h(
      'ul',
      { class: 'tiles' },
      [...chart.documents, ...chart.studies].map((item) =>
        tile(
          item,
          written.find(({ subject }) => subject === item.reference),
        ),
      ),
    ),
    chart.results.length > 0
      ? [
          h('h3', {}, 'Results that the chart knows as data'),
          rowsTable(chart.results, 'Results in the chart'),
          h('p', { class: 'quiet small' }, `Latest: ${dateText(chart.results[0]?.effective)}`),
        ]
      : h('p', { class: 'quiet' }, 'The chart holds no laboratory result as data.'),
  );
}

function tile(item: ChartItem, written: WrittenResult | undefined): HTMLElement {
  const isStudy = item.reference.startsWith('ImagingStudy/');
  const address = isStudy
    ? `/ehr/studies/${item.reference.split('/')[1]}/image.png`
    : `/ehr/documents/${item.reference}/pages/1.png`;
  const image = h('img', {
    src: address,
    class: isStudy ? 'square' : 'page',
    alt: isStudy ? `Film: ${item.title}` : `First page: ${item.title}`,
    loading: 'lazy',
    onerror: () => image.replaceWith(h('span', { class: 'broken' }, 'cannot be displayed')),
  });
  return h(
    'li',
    { class: isStudy ? 'tile film' : 'tile' },
    h('a', { href: address, target: '_blank', rel: 'noopener', class: 'thumb' }, image),
    h('span', { class: 'title' }, item.title),
    h('span', { class: 'quiet small' }, dateText(item.date)),
    h('span', { class: 'quiet small' }, kindText(item.kind)),
    written && h('span', { class: `state ${written.status}` }, stateText(written)),
  );
}

function kindText(kind: string): string {
  const names: Readonly<Record<string, string>> = {
    'application/pdf': 'PDF',
    'text/plain': 'plain text',
    'text/html': 'HTML',
    'text/rtf': 'RTF',
    'application/rtf': 'RTF',
    'application/hl7-v2': 'HL7 message',
    'x-application/hl7-v2+er7': 'HL7 message',
    'application/cda+xml': 'CDA document',
    'text/xml': 'XML',
    'application/xml': 'XML',
    'image/tiff': 'scan, TIFF',
    'image/jpeg': 'scan, JPEG',
    'image/png': 'scan, PNG',
    DX: 'digital radiograph',
  };
  return names[kind] ?? kind;
}

function stateText(written: WrittenResult): string {
  switch (written.status) {
    case 'requested':
      return 'waiting to be read';
    case 'in-progress':
      return 'being read …';
    case 'completed':
      return written.analysis === 'lab-report' ? `${written.rows.length} values read` : 'compared with the prior film';
    case 'rejected':
      return 'not read: nothing written';
    default:
      return written.status;
  }
}

/** What Interval wrote, or why it did not. */
export function afterView(chart: EhrChart, written: readonly WrittenResult[]): HTMLElement {
  const items = new Map([...chart.documents, ...chart.studies].map((item) => [item.reference, item]));
  return h(
    'section',
    { class: 'panel machine', 'aria-labelledby': 'after' },
    h('h2', { id: 'after' }, 'After: what Interval wrote', h('span', { class: 'badge' }, 'preliminary · machine-read')),
    written.length === 0 &&
      h('p', { class: 'quiet' }, 'Nothing yet. Reading is asked for when the chart is opened, and never waited for.'),
    written.map((result) => resultView(result, items.get(result.subject ?? ''))),
  );
}

function resultView(result: WrittenResult, item: ChartItem | undefined): HTMLElement {
  const seconds =
    result.began && result.ended
      ? `${Math.max(0.1, (Date.parse(result.ended) - Date.parse(result.began)) / 1000).toFixed(1)} s`
      : undefined;
  return h(
    'article',
    { class: `written ${result.status}` },
    h(
      'header',
      {},
      h('h3', {}, item?.title ?? result.subject ?? 'Document'),
      h(
        'span',
        { class: 'quiet small' },
        [analysisName(result.analysis), item && dayText(item.date), seconds && `read in ${seconds}`]
          .filter(Boolean)
          .join(' · '),
      ),
      result.report &&
        h('a', { class: 'button', href: `/review/${encodeURIComponent(result.report)}` }, 'Show the evidence'),
    ),
    body(result),
  );
}

function body(result: WrittenResult): HTMLElement | readonly HTMLElement[] {
  if (result.status === 'requested' || result.status === 'in-progress') {
    return h('p', { class: 'busy', role: 'status' }, stateText(result));
  }
  if (result.status !== 'completed') {
    return h(
      'p',
      { class: 'reason' },
      h('strong', {}, 'Nothing was written. '),
      result.reason?.text ?? '',
      ' ',
      result.reason && h('code', {}, result.reason.code),
    );
  }
  if (result.analysis === 'lab-report') {
    return rowsTable(result.rows, 'Results read from the document');
  }
  return h(
    'ul',
    { class: 'changes' },
    result.rows.map((row) => h('li', {}, flagView(row), ' ', row.name, row.bodySite && ` (${row.bodySite})`)),
    result.conclusion && h('li', { class: 'quiet' }, result.conclusion),
  );
}
