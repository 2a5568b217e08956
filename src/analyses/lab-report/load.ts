import type { DiagnosticReport, DocumentReference, Observation, Patient } from '@medplum/fhirtypes';
import type { Documents } from '../../documents/documents.ts';
import type { PagedDocument } from '../../documents/page.ts';
import { asIntervalError, IntervalError } from '../../errors.ts';
import type { FhirClient } from '../../fhir/client.ts';
import { unlessMissing } from '../../fhir/missing.ts';
import { isOurs } from '../../fhir/result-key.ts';
import { hasShape } from '../../fhir/shape.ts';
import { versionOf } from '../../fhir/version.ts';
import { type Abstention, abstain, type Candidate, type LoadWorld } from '../analysis.ts';
import { attachmentOf } from './candidates.ts';
import type { LabInput } from './input.ts';
import { pageScore } from './page-score.ts';
import { rereadWith } from './reread.ts';

/** Reads the subject again, fetches its attachment and opens it. */
export async function load(
  documents: Pick<Documents, 'open' | 'render'>,
  candidate: Candidate,
  patient: Patient,
  world: LoadWorld,
): Promise<LabInput | Abstention> {
  const { source, signal } = world;
  const [type, id] = candidate.subject.reference.split('/').slice(-2) as [
    'DiagnosticReport' | 'DocumentReference',
    string,
  ];
  const resource = await unlessMissing(source.read<DiagnosticReport | DocumentReference>(type, id, { signal }));
  if (resource === undefined) {
    return abstain('subject-gone', 'The document is no longer there.');
  }
  if (versionOf(resource) !== candidate.subject.version) {
    return abstain('subject-changed', 'The document has changed since its reading was asked for.');
  }
  if (!ofPatient(resource.subject?.reference, patient)) {
    return abstain('patient-mismatch', 'The document is filed under another patient.');
  }
  const { bytes, contentType } = await attachmentBytes(resource, world);
  const opened = await openInput(documents, bytes, contentType, signal);
  const title = attachmentOf(resource)?.title;
  const chart = await chartResults(source, patient, candidate.date, signal);
  return {
    ...opened,
    patient,
    ...(chart ? { chart } : {}),
    timeZone: world.timeZone,
    ...(type === 'DocumentReference' ? { documentReference: candidate.subject.reference } : {}),
    ...(title ? { title } : {}),
    ...(candidate.date ? { filed: candidate.date } : {}),
  };
}

/** Most results of the chart that a document is held against, and how far before its filing they may lie. */
const most = 500;
const yearsBefore = 3;

/**
 * The patient's laboratory results from before the document was filed and since, in one search. What Interval itself
 * wrote is left out: it is no second witness, and an attempt that was killed half-way must not find its own results.
 * Undefined where the server does not offer or show them.
 */
async function chartResults(
  source: FhirClient,
  { id }: Patient,
  filed: string | undefined,
  signal: AbortSignal,
): Promise<readonly Observation[] | undefined> {
  if (!id) return undefined;
  const year = Number(filed?.slice(0, 4));
  const query: Readonly<Record<string, string>> = {
    patient: id,
    category: 'laboratory',
    ...(year > yearsBefore ? { date: `ge${year - yearsBefore}${filed!.slice(4, 7)}` } : {}),
    _sort: '-date',
    _count: '200',
  };
  try {
    const found = await source.search<Observation>('Observation', query, { signal, maxResources: most, maxPages: 5 });
    return found.filter((one) => one.resourceType === 'Observation' && hasShape(one) && !isOurs(one));
  } catch (error) {
    if (['fhir-not-found', 'fhir-forbidden', 'fhir-rejected'].includes(asIntervalError(error).code)) {
      return undefined;
    }
    throw error;
  }
}

/**
 * The bytes that a reading of this subject is about, for reading and for showing them. Throws `attachment-missing` and
 * what the client throws.
 */
export async function attachmentBytes(
  subject: DiagnosticReport | DocumentReference,
  { source, signal }: Pick<LoadWorld, 'source' | 'signal'>,
): Promise<{ readonly bytes: Uint8Array; readonly contentType: string }> {
  const attachment = attachmentOf(subject);
  if (!attachment) {
    throw new IntervalError('attachment-missing', 'The document holds no attachment that can be read.');
  }
  if (attachment.data) {
    return { bytes: new Uint8Array(Buffer.from(attachment.data, 'base64')), contentType: attachment.contentType! };
  }
  return source.binary(attachment.url!, { signal });
}

/** The document with a way to draw its pages, and to read parts of scanned ones once more. */
export async function openInput(
  documents: Pick<Documents, 'open' | 'render'>,
  bytes: Uint8Array,
  contentType: string | undefined,
  signal: AbortSignal,
): Promise<Pick<LabInput, 'document' | 'draw' | 'reread'>> {
  const document = await openDocument(documents, bytes, contentType, signal);
  if (document.pages.every(({ unit }) => unit === 'character')) {
    return { document };
  }
  const draw: NonNullable<LabInput['draw']> = (page, dpi, stop) =>
    documents.render(bytes, { ...(contentType ? { contentType } : {}), page, dpi, signal: stop });
  const scanned = document.pages.some(({ source }) => source === 'ocr');
  return { document, draw, ...(scanned ? { reread: rereadWith(documents, document, draw) } : {}) };
}

/** Opens with the judge of scanned pages that knows what laboratory reports look like. */
export function openDocument(
  documents: Pick<Documents, 'open'>,
  bytes: Uint8Array,
  contentType: string | undefined,
  signal: AbortSignal,
): Promise<PagedDocument> {
  return documents.open(bytes, { ...(contentType ? { contentType } : {}), signal, ocr: { score: pageScore } });
}

function ofPatient(reference: string | undefined, patient: Patient): boolean {
  return reference === undefined || patient.id === undefined || reference.split('/').at(-1) === patient.id;
}
