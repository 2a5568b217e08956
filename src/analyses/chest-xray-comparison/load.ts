import type { DocumentReference, Endpoint, ImagingStudy, Patient } from '@medplum/fhirtypes';
import { IntervalError } from '../../errors.ts';
import { versionOf } from '../../fhir/version.ts';
import type { Decoder } from '../../imaging/decoder.ts';
import type { DicomWeb } from '../../imaging/dicomweb.ts';
import type { DicomHeader, Radiograph } from '../../imaging/image.ts';
import { readRadiograph } from '../../imaging/radiograph.ts';
import { type Abstention, abstain, type Candidate, isAbstention, type LoadWorld } from '../analysis.ts';
import { refuse } from './guards.ts';
import { identityOf } from './identity.ts';
import type { ComparisonInput, Film } from './input.ts';
import { studyUid } from './study.ts';
import { projectionModalities, saysDerived, saysLateral, saysNoChest, saysProcessed, saysTurned } from './view.ts';

/** Images of one study that are looked at; a chest study has one to four. */
const MAX_INSTANCES = 8;
/** A 4k film of 16 bits, uncompressed, is 32 MB. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Reads both studies again, fetches their images and chooses the frontal film of each. */
export async function load(
  candidate: Candidate,
  patient: Patient,
  world: LoadWorld,
  decoder: Decoder,
): Promise<ComparisonInput | Abstention> {
  const prior = candidate.companions.find(({ role }) => role === 'prior');
  if (!prior) {
    throw new IntervalError('study-incomplete', 'The job names no prior study.');
  }
  const films: Film[] = [];
  for (const wanted of [prior, candidate.subject]) {
    const study = await readAgain(wanted.reference, wanted.version, world);
    if (isAbstention(study)) {
      return study;
    }
    if (!belongsTo(study, patient)) {
      return abstain('patient-mismatch', 'The chart assigns a study to another patient.');
    }
    films.push({
      radiograph: await frontalFilm(await fetchImages(study, world), decoder, world.signal),
      study: wanted.reference,
      ...(study.started ? { started: study.started } : {}),
    });
  }
  const input: ComparisonInput = { prior: films[0]!, current: films[1]!, patient: identityOf(patient) };
  return refuse(input) ?? turned(input) ?? input;
}

/** Input from the two files of the command line. */
export async function open(
  files: Readonly<Record<string, Uint8Array>>,
  decoder: Decoder,
  signal: AbortSignal,
): Promise<ComparisonInput | Abstention> {
  const film = async (name: string): Promise<Film> => {
    const bytes = files[name];
    if (!bytes) {
      throw new IntervalError('study-incomplete', `A ${name} film is needed.`);
    }
    return { radiograph: await readRadiograph(bytes, decoder, { signal }) };
  };
  const input: ComparisonInput = { prior: await film('prior'), current: await film('current') };
  return refuse(input) ?? turned(input) ?? input;
}

/** Sides are told by where they stand on the film: one that is stored otherwise is not read. */
function turned({ prior, current }: ComparisonInput): Abstention | undefined {
  return [prior, current].some(({ radiograph }) => saysTurned(radiograph.header))
    ? abstain('view-mirrored', 'The header of a film says that it is stored mirrored or turned.')
    : undefined;
}

async function readAgain(reference: string, version: string, world: LoadWorld): Promise<ImagingStudy | Abstention> {
  try {
    const study = await world.source.read<ImagingStudy>('ImagingStudy', reference.split('/').at(-1)!, {
      signal: world.signal,
    });
    return versionOf(study) === version
      ? study
      : abstain('subject-changed', 'The study has changed since it was found.');
  } catch (error) {
    if (error instanceof IntervalError && (error.code === 'fhir-not-found' || error.code === 'fhir-gone')) {
      return abstain('subject-gone', 'The study is no longer there.');
    }
    throw error;
  }
}

function belongsTo(study: ImagingStudy, patient: Patient): boolean {
  const reference = study.subject?.reference;
  return reference === undefined || reference.split('/').at(-1) === patient.id;
}

/** Over DICOMweb when the study names an endpoint that the site lists, else from Binary, else from the site's own PACS. */
export async function fetchImages(
  study: ImagingStudy,
  world: Omit<LoadWorld, 'timeZone'>,
): Promise<readonly Uint8Array[]> {
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
async function namedPacs(study: ImagingStudy, world: Omit<LoadWorld, 'timeZone'>): Promise<DicomWeb | undefined> {
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
    ({ modality, seriesUid }) => seriesUid && (!modality || projectionModalities.has(modality.toUpperCase())),
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
async function fetchFromBinary(
  study: ImagingStudy,
  world: Omit<LoadWorld, 'timeZone'>,
): Promise<readonly Uint8Array[]> {
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

/** Order in which images of a study are taken, by their headers. */
export function byPreference(one: DicomHeader, other: DicomHeader): number {
  return (
    penalty(one) - penalty(other) ||
    (one.acquired ?? '').localeCompare(other.acquired ?? '') ||
    other.rows * other.columns - one.rows * one.columns
  );
}

function penalty(header: DicomHeader): number {
  return (
    (saysProcessed(header) ? 16 : 0) +
    (saysNoChest(header) ? 8 : 0) +
    (saysLateral(header) ? 4 : 0) +
    (/^[LR]$/i.test(header.laterality ?? '') ? 2 : 0) +
    (saysDerived(header) ? 1 : 0)
  );
}

/**
 * The frontal film of a study: acquired rather than derived, frontal rather than lateral, of both sides, then the earliest,
 * then the largest. What a header says was made from a film (inverted, bones suppressed, enhanced) or is not meant for the
 * eye is never taken. When every image says lateral the first stays, and the guards say why it is not compared. An image
 * that cannot be read counts only when no other can.
 */
export async function frontalFilm(
  files: readonly Uint8Array[],
  decoder: Decoder,
  signal: AbortSignal,
): Promise<Radiograph> {
  const films: Radiograph[] = [];
  let failure: unknown;
  for (const bytes of files) {
    try {
      const film = await readRadiograph(bytes, decoder, { signal });
      if (saysProcessed(film.header)) {
        failure ??= new IntervalError('study-incomplete', 'A study holds only images made from a film, not the film.');
      } else {
        films.push(film);
      }
    } catch (error) {
      if (!(error instanceof IntervalError) || error.kind !== 'input') {
        throw error;
      }
      failure ??= error;
    }
  }
  const [best] = films.toSorted((one, other) => byPreference(one.header, other.header));
  if (!best) {
    throw failure ?? new IntervalError('study-incomplete', 'A study holds no images.');
  }
  return best;
}
