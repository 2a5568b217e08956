import { IntervalError } from '../errors.ts';
import { type Get, NotOffered } from './dicomweb-request.ts';

/** DICOM JSON (PS3.18 F): `{ tag: { vr, Value } }`. */
export interface JsonDataset {
  readonly [tag: string]:
    | { readonly vr?: string; readonly Value?: readonly unknown[]; readonly BulkDataURI?: unknown }
    | undefined;
}

const pageSize = 200;
const maxPages = 20;

export interface StudyFilter {
  readonly patientId?: string;
  readonly accessionNumber?: string;
}

export interface StudyRecord {
  readonly studyUid: string;
  /** YYYYMMDD */
  readonly studyDate?: string;
  /** HHMMSS.FFFFFF */
  readonly studyTime?: string;
  readonly description?: string;
  readonly modalities: readonly string[];
}

export interface SeriesRecord {
  readonly seriesUid: string;
  readonly modality?: string;
}

export async function searchStudies(get: Get, filter: StudyFilter, signal?: AbortSignal): Promise<StudyRecord[]> {
  const keys = { PatientID: filter.patientId, AccessionNumber: filter.accessionNumber };
  const given = Object.entries(keys).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = [...given, ['includefield', '00081030'], ['includefield', '00080061']] as const;
  const found = await search(get, '/studies', query, '0020000D', signal);
  return found.map((dataset) => ({
    studyUid: text(dataset, '0020000D') ?? '',
    studyDate: text(dataset, '00080020'),
    studyTime: text(dataset, '00080030'),
    description: text(dataset, '00081030'),
    modalities: all(dataset, '00080061'),
  }));
}

export async function searchSeries(get: Get, studyUid: string, signal?: AbortSignal): Promise<SeriesRecord[]> {
  const found = await search(get, `/studies/${studyUid}/series`, [], '0020000E', signal);
  const records = found.map((dataset) => ({
    seriesUid: text(dataset, '0020000E') ?? '',
    modality: text(dataset, '00080060'),
    number: numeric(dataset, '00200011'),
  }));
  return records.sort(byNumber((record) => record.seriesUid));
}

export async function searchInstances(get: Get, path: string, signal?: AbortSignal) {
  const found = await search(get, `${path}/instances`, [], '00080018', signal);
  const records = found.map((dataset) => ({
    instanceUid: text(dataset, '00080018') ?? '',
    number: numeric(dataset, '00200013'),
  }));
  return records.sort(byNumber((record) => record.instanceUid));
}

/** Servers promise no order. */
function byNumber<T extends { readonly number?: number }>(uid: (record: T) => string) {
  return (one: T, other: T) =>
    (one.number ?? Number.MAX_SAFE_INTEGER) - (other.number ?? Number.MAX_SAFE_INTEGER) ||
    uid(one).localeCompare(uid(other));
}

async function search(
  get: Get,
  path: string,
  query: readonly (readonly [string, string])[],
  key: string,
  signal?: AbortSignal,
): Promise<readonly JsonDataset[]> {
  const found = new Map<string, JsonDataset>();
  for (let page = 0; page < maxPages; page++) {
    const paging = [
      ['limit', `${pageSize}`],
      ['offset', `${page * pageSize}`],
    ] as const;
    const parameters = new URLSearchParams([...query, ...paging].map(([name, value]) => [name, value]));
    const datasets = await getJson(get, `${path}?${parameters}`, signal);
    const before = found.size;
    for (const dataset of datasets) {
      const uid = text(dataset, key);
      if (uid) {
        found.set(uid, dataset);
      }
    }
    // A server that ignores `offset` sends the same again.
    if (datasets.length < pageSize || found.size === before) {
      break;
    }
  }
  return [...found.values()];
}

/** DICOM JSON; nothing found is `[]` or 204. */
export async function getJson(get: Get, path: string, signal?: AbortSignal): Promise<readonly JsonDataset[]> {
  const answer = await get(path, 'application/dicom+json', signal).catch((thrown: unknown) => {
    throw thrown instanceof NotOffered
      ? new IntervalError('dicomweb-unavailable', `The imaging server could not search (${thrown.status}).`)
      : thrown;
  });
  if (answer.status === 204 || answer.body.length === 0) {
    return [];
  }
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    if (Array.isArray(parsed) && parsed.every((entry) => typeof entry === 'object' && entry !== null)) {
      return parsed;
    }
  } catch {
    // Falls through to the same refusal as JSON of another shape.
  }
  throw new IntervalError('dicomweb-bad-answer', 'The imaging server did not answer with DICOM JSON.');
}

function all(dataset: JsonDataset, tag: string): readonly string[] {
  return (dataset[tag]?.Value ?? [])
    .filter((value) => typeof value === 'string' || typeof value === 'number')
    .map(String);
}

function text(dataset: JsonDataset, tag: string): string | undefined {
  return all(dataset, tag)[0];
}

function numeric(dataset: JsonDataset, tag: string): number | undefined {
  const value = Number(text(dataset, tag));
  return Number.isFinite(value) ? value : undefined;
}
