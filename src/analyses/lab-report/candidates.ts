import type { Attachment, DiagnosticReport, DocumentReference } from '@medplum/fhirtypes';
import { aiAsserted, codeSystem } from '../../fhir/codes.ts';
import { versionOf } from '../../fhir/version.ts';
import type { Candidate, Chart } from '../analysis.ts';

/** What attachments claim to be, in the order in which one is chosen; the bytes decide later what it is. */
const kinds: readonly RegExp[] = [
  /^application\/(?:x-)?pdf$/,
  /^image\/(?:png|jpe?g|(?:x-)?tiff?)$/,
  /^(?:text\/(?:plain|html|rtf|richtext)|application\/(?:xhtml\+xml|(?:x-)?rtf))$/,
  /^(?:x-)?(?:application|text)\/(?:x-|edi-)?(?:hl7(?:-?v2)?|hl7v2)(?:[.+-][\w.+-]+)?$/,
  /^(?:application|text)\/(?:(?:hl7-)?cda\+xml|x-hl7-text\+xml)$/,
  // May be anything: a FHIR resource too.
  /^(?:application|text)\/xml$/,
];

/** The claimed type of an attachment: lower case, without parameters. */
const typeOf = ({ contentType }: Attachment) => contentType?.split(';')[0]?.trim().toLowerCase() ?? '';

const laboratory = new Set(['11502-2', '26436-6']);

/** Reports and documents of the laboratory whose results are on paper only, newest first. One for each attachment. */
export function candidates(chart: Chart): readonly Candidate[] {
  const reports = chart.reports
    .filter(isUnread)
    .map((report) => ({ resource: report, attachment: attachmentOf(report) }));
  const documents = chart.documents
    .filter(isLaboratoryDocument)
    .map((document) => ({ resource: document, attachment: attachmentOf(document) }));
  const structured = new Set(
    chart.reports
      .filter((report) => (report.result?.length ?? 0) > 0)
      .flatMap((report) => (report.presentedForm ?? []).map(sameBytes)),
  );
  const seen = new Map<string, Candidate>();
  for (const { resource, attachment } of [...documents, ...reports]) {
    const key = attachment && sameBytes(attachment);
    if (!key || !resource.id || structured.has(key)) continue;
    const reference = `${resource.resourceType}/${resource.id}`;
    const known = seen.get(key);
    if (known) continue;
    const date =
      resource.resourceType === 'DiagnosticReport'
        ? (resource.effectiveDateTime ?? resource.issued)
        : (resource.date ?? attachment.creation);
    seen.set(key, {
      subject: { reference, version: versionOf(resource) },
      companions: [],
      ...(date ? { date } : {}),
    });
  }
  return [...seen.values()].sort((a, b) => instant(b.date) - instant(a.date));
}

/** The attachment that would be read: the first of a kind we can read, PDF before pictures before text before data. */
export function attachmentOf(resource: DiagnosticReport | DocumentReference): Attachment | undefined {
  const all =
    resource.resourceType === 'DiagnosticReport'
      ? (resource.presentedForm ?? [])
      : (resource.content ?? []).flatMap(({ attachment }) => (attachment ? [attachment] : []));
  const usable = all.filter(({ url, data }) => url || data);
  return kinds.flatMap((kind) => usable.find((attachment) => kind.test(typeOf(attachment))) ?? [])[0];
}

function isUnread(report: DiagnosticReport): boolean {
  const codings = [...(report.category ?? []).flatMap(({ coding }) => coding ?? []), ...(report.code?.coding ?? [])];
  const lab = codings.some(
    ({ code, system }) =>
      code === 'LAB' || (system === codeSystem.loinc && laboratory.has(code ?? '')) || code === 'laboratory',
  );
  const stopped = ['entered-in-error', 'cancelled', 'registered'].includes(report.status ?? '');
  return lab && !stopped && !report.result?.length && !isOurs(report) && attachmentOf(report) !== undefined;
}

function isLaboratoryDocument(document: DocumentReference): boolean {
  const codings = [
    ...(document.type?.coding ?? []),
    ...(document.category ?? []).flatMap(({ coding }) => coding ?? []),
  ];
  const lab = codings.some(
    ({ code, system }) =>
      (system === codeSystem.loinc && laboratory.has(code ?? '')) || code === 'LAB' || code === 'laboratory',
  );
  return lab && document.status === 'current' && !isOurs(document) && attachmentOf(document) !== undefined;
}

function isOurs({ meta }: DiagnosticReport | DocumentReference): boolean {
  return meta?.security?.some(({ system, code }) => system === aiAsserted.system && code === aiAsserted.code) ?? false;
}

/** What makes two attachments one: the bytes where they are inline or hashed, else the address without its signature. */
function sameBytes({ data, hash, url }: Attachment): string {
  if (hash) return `hash:${hash}`;
  if (data) return `data:${data}`;
  return `url:${url!.replace(/[?#].*$/, '').replace(/^.*?(Binary\/[A-Za-z0-9.-]+)$/, '$1')}`;
}

function instant(date: string | undefined): number {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? 0 : at;
}
