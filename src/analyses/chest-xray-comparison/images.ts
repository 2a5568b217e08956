import type { DocumentReference, Endpoint, ImagingStudy } from '@medplum/fhirtypes';
import { IntervalError } from '../../errors.ts';
import type { DicomWeb } from '../../imaging/dicomweb.ts';
import type { LoadWorld } from '../analysis.ts';
import { studyUid } from './study.ts';
import { isProjection } from './view.ts';

/** Images of one study that are looked at; a chest study has one to four. */
const MAX_INSTANCES = 8;
/** A 4k film of 16 bits, uncompressed, is 32 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

type ImageWorld = Omit<LoadWorld, 'timeZone'>;

/** Over DICOMweb when the study names an endpoint that the site lists, else from Binary, else from the site's own PACS. */
export async function fetchImages(study: ImagingStudy, world: ImageWorld): Promise<readonly Uint8Array[]> {
  const named = await namedPacs(study, world);
  if (named) {
    return fetchFromPacs(study, named, world.signal);
  }
  const stored = await fetchFromBinary(study, world);
  if (stored.length > 0) {
    return stored;
  }
  const own = world.dicomweb();
  if (own && (study.identifier ?? []).length > 0) {
    return fetchFromPacs(study, own, world.signal);
  }
  throw new IntervalError(
    'study-incomplete',
    'The images of a study are neither in the chart nor in a PACS that may be asked.',
  );
}

/** The first WADO-RS endpoint of the study or its series that may be asked. */
async function namedPacs(study: ImagingStudy, world: ImageWorld): Promise<DicomWeb | undefined> {
  const references = [...(study.endpoint ?? []), ...(study.series ?? []).flatMap((one) => one.endpoint ?? [])];
  for (const reference of new Set(references.flatMap((one) => one.reference ?? []))) {
    const id = /(?:^|\/)Endpoint\/([A-Za-z0-9.-]+)$/.exec(reference)?.[1];
    const endpoint = id && (await world.source.read<Endpoint>('Endpoint', id, { signal: world.signal }));
    const dicomweb =
      endpoint &&
      endpoint.status === 'active' &&
      endpoint.connectionType?.code === 'dicom-wado-rs' &&
      world.dicomweb(endpoint.address);
    if (dicomweb) {
      return dicomweb;
    }
  }
  return undefined;
}

async function fetchFromPacs(
  study: ImagingStudy,
  dicomweb: DicomWeb,
  signal: AbortSignal,
): Promise<readonly Uint8Array[]> {
  const uid = studyUid(study) ?? (await uidByAccession(study, dicomweb, signal));
  if (!uid) {
    throw new IntervalError('study-incomplete', 'The chart does not say under which number the PACS keeps a study.');
  }
  const listed = (study.series ?? []).map(({ uid, modality }) => ({ seriesUid: uid ?? '', modality: modality?.code }));
  const series = (listed.length > 0 ? listed : await dicomweb.searchSeries(uid, { signal })).filter(
    ({ modality, seriesUid }) => seriesUid && isProjection(modality),
  );
  if (series.length === 0) {
    throw new IntervalError('study-incomplete', 'A study has no series of radiographs.');
  }
  const images: Uint8Array[] = [];
  for (const { seriesUid } of series.slice(0, MAX_INSTANCES)) {
    images.push(...(await dicomweb.retrieveSeries(uid, seriesUid, { signal, maxInstances: MAX_INSTANCES })));
  }
  return images;
}

/** The only study that the PACS has under the chart's accession number; two are none. */
async function uidByAccession(
  study: ImagingStudy,
  dicomweb: DicomWeb,
  signal: AbortSignal,
): Promise<string | undefined> {
  const accessionNumber = study.identifier?.find(({ type }) =>
    type?.coding?.some(({ code }) => code === 'ACSN'),
  )?.value;
  // * and ? are wildcards of the search
  if (!accessionNumber || /[*?\\]/.test(accessionNumber)) {
    return undefined;
  }
  const found = await dicomweb.searchStudies({ accessionNumber }, { signal });
  return found.length === 1 ? found[0]!.studyUid : undefined;
}

/** Convention: a DocumentReference whose attachment is application/dicom and which is related to the study. */
async function fetchFromBinary(study: ImagingStudy, world: ImageWorld): Promise<readonly Uint8Array[]> {
  const documents = await world.source.search<DocumentReference>(
    'DocumentReference',
    {
      patient: study.subject?.reference?.split('/').at(-1) ?? '',
      related: `ImagingStudy/${study.id}`,
      _count: '20',
    },
    { signal: world.signal, maxResources: 20 },
  );
  const urls = documents
    .filter((one) => one.resourceType === 'DocumentReference' && one.status === 'current')
    .filter((one) => one.context?.related?.some(({ reference }) => reference?.endsWith(`ImagingStudy/${study.id}`)))
    .flatMap((one) => one.content ?? [])
    .filter(({ attachment }) => attachment?.contentType?.split(';')[0] === 'application/dicom')
    .flatMap(({ attachment }) => attachment?.url ?? []);
  const files = await Promise.all(
    urls.slice(0, MAX_INSTANCES).map((url) => world.source.binary(url, { signal: world.signal, maxBytes: MAX_BYTES })),
  );
  return files.map(({ bytes }) => bytes);
}
