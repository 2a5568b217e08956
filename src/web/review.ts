import type { Device, DiagnosticReport, Media, Observation, Patient, Provenance, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { extension, identifierSystem } from '../fhir/codes.ts';
import { unlessMissing } from '../fhir/missing.ts';
import { parseReference, type ReferenceForm, referenceForm } from '../fhir/references.ts';
import { isOurs } from '../fhir/result-key.ts';
import { isResult, type ObservationRow, rowOf } from './observation-row.ts';
import { type PatientLine, patientLine } from './patients.ts';

/** All that the review page shows of one of our reports. */
export interface Review {
  readonly id: string;
  readonly kind: 'document' | 'images';
  readonly title: string;
  readonly status: string;
  readonly issued?: string;
  readonly effective?: string;
  readonly conclusion?: string;
  readonly patient?: PatientLine;
  /** `version`: of the Observation, for a judgement to be about what was shown. */
  readonly rows: readonly (ObservationRow & { readonly version?: string })[];
  /** For a document: its reference in the source. */
  readonly document?: string;
  /** For images: current and prior first, then pictures that the reader made. */
  readonly images: readonly ReviewImage[];
  readonly reader?: {
    readonly name: string;
    readonly versions: readonly { readonly of: string; readonly version: string }[];
  };
  readonly recorded?: string;
  readonly inputs: readonly { readonly label: string; readonly reference?: string; readonly sha256?: string }[];
}

export interface ReviewImage {
  /** `current`, `prior`, `picture-0`, … */
  readonly role: string;
  readonly title: string;
  readonly date?: string;
  readonly study?: string;
  /** Lower-case hex SHA-256 of the file that was read. */
  readonly sha256?: string;
  readonly width?: number;
  readonly height?: number;
}

interface Servers {
  readonly store: FhirClient;
  readonly source: FhirClient;
}

/** Throws `not-found` for a report that is not there or that Interval did not write. */
export async function readReview(servers: Servers, reportId: string, signal: AbortSignal): Promise<Review> {
  const form = referenceForm({ store: servers.store.base, source: servers.source.base });
  const found = await servers.store.search<DiagnosticReport | Observation | Media>(
    'DiagnosticReport',
    { _id: reportId, _include: ['DiagnosticReport:result', 'DiagnosticReport:media'] },
    { signal },
  );
  const report = found.find((one): one is DiagnosticReport => one.resourceType === 'DiagnosticReport');
  if (!report || !isOurs(report)) {
    throw new IntervalError('not-found', 'There is no such report of Interval.');
  }
  const observations = inOrder<Observation>(report.result, found, 'Observation').filter(isResult);
  const media = inOrder<Media>(
    report.media?.map(({ link }) => link),
    found,
    'Media',
  );
  const [provenance, patient, device] = await Promise.all([
    servers.store.search<Provenance>(
      'Provenance',
      { target: `DiagnosticReport/${reportId}`, _count: '10' },
      { signal },
    ),
    readPatient(servers.source, form.toSource(report.subject?.reference ?? ''), signal),
    readDevice(servers.store, observations[0], signal),
  ]);
  const made =
    provenance.find((one) => one.activity?.coding?.some((coding) => coding.code === 'transform')) ?? provenance[0];
  const studies = await studyImages(servers.source, observations, report, inputsOf(made, form), form, signal);
  const document = studies.length > 0 ? undefined : documentOf(report, observations, made, form);
  return {
    id: reportId,
    kind: studies.length > 0 ? 'images' : 'document',
    title: report.code?.text ?? report.code?.coding?.[0]?.display ?? 'Result',
    status: report.status,
    rows: observations.map((one) => ({
      ...rowOf(one),
      ...(one.meta?.versionId ? { version: one.meta.versionId } : {}),
    })),
    images: [...studies, ...media.map(pictureOf)],
    inputs: inputsOf(made, form),
    ...(report.issued ? { issued: report.issued } : {}),
    ...(report.effectiveDateTime ? { effective: report.effectiveDateTime } : {}),
    ...(report.conclusion ? { conclusion: report.conclusion } : {}),
    ...(patient ? { patient: patientLine(patient) } : {}),
    ...(document ? { document } : {}),
    ...(device ? { reader: readerOf(device) } : {}),
    ...(made?.recorded ? { recorded: made.recorded } : {}),
  };
}

function inputsOf(made: Provenance | undefined, form: ReferenceForm): Review['inputs'] {
  return (made?.entity ?? []).map(({ what }) => ({
    label: what?.display ?? 'Input',
    ...(what?.reference ? { reference: form.toSource(what.reference) } : {}),
    ...(what?.identifier?.system === identifierSystem.sha256 ? { sha256: what.identifier.value } : {}),
  }));
}

/** The picture that a reader made, by its role. Throws `not-found`. */
export async function readPicture(servers: Servers, reportId: string, role: string, signal: AbortSignal) {
  const found = await servers.store.search<DiagnosticReport | Media>(
    'DiagnosticReport',
    { _id: reportId, _include: 'DiagnosticReport:media' },
    { signal },
  );
  const report = found.find((one): one is DiagnosticReport => one.resourceType === 'DiagnosticReport');
  const media = inOrder<Media>(
    report?.media?.map(({ link }) => link),
    found,
    'Media',
  )[Number(role.replace('picture-', ''))];
  const url = media?.content?.url;
  if (!url || !report || !isOurs(report)) {
    throw new IntervalError('not-found', 'There is no such picture.');
  }
  const { bytes, contentType } = await servers.store.binary(url, { signal });
  if (contentType.split(';')[0] !== 'image/png') {
    throw new IntervalError('not-found', 'The picture is no PNG.');
  }
  return bytes;
}

function inOrder<T extends Resource>(
  references: readonly { readonly reference?: string }[] | undefined,
  found: readonly Resource[],
  type: T['resourceType'],
): readonly T[] {
  const byId = new Map(found.filter((one) => one.resourceType === type).map((one) => [one.id, one as T]));
  return (references ?? [])
    .map(({ reference }) => byId.get(parseReference(reference)?.id ?? ''))
    .filter((one) => one !== undefined);
}

/** What was read, if it was a document: from the regions, else from the provenance, else what the report extends. */
function documentOf(
  report: DiagnosticReport,
  observations: readonly Observation[],
  made: Provenance | undefined,
  form: ReferenceForm,
): string | undefined {
  const candidates = [
    ...observations.flatMap((one) => rowOf(one).regions.map(({ source }) => source)),
    ...(made?.entity ?? []).map(({ what }) => what?.reference),
    report.extension?.find((one) => one.url === extension.reportExtends)?.valueReference?.reference,
  ];
  return candidates
    .map((one) => form.toSource(one ?? ''))
    .find((one) => /^(DiagnosticReport|DocumentReference)\//.test(one));
}

async function studyImages(
  source: FhirClient,
  observations: readonly Observation[],
  report: DiagnosticReport,
  inputs: Review['inputs'],
  form: ReferenceForm,
  signal: AbortSignal,
): Promise<readonly ReviewImage[]> {
  const roles = new Map<string, string>();
  for (const derived of observations.flatMap((one) => one.derivedFrom ?? [])) {
    const role = derived.extension?.find((one) => one.url === extension.comparisonRole)?.valueCode;
    if (role && derived.reference && !roles.has(role)) {
      roles.set(role, form.toSource(derived.reference));
    }
  }
  // a comparison that found nothing has no Observation: its report names the current study, then the prior one
  for (const [index, role] of ['current', 'prior'].entries()) {
    const reference = report.imagingStudy?.[index]?.reference;
    if (reference && !roles.has(role)) {
      roles.set(role, form.toSource(reference));
    }
  }
  const regions = observations.flatMap((one) => rowOf(one).regions);
  return Promise.all(
    [...roles].map(async ([role, study]) => {
      const parsed = parseReference(study);
      const resource =
        parsed?.type === 'ImagingStudy'
          ? await unlessMissing(source.read('ImagingStudy', parsed.id, { signal }))
          : undefined;
      const facts = resource?.resourceType === 'ImagingStudy' ? resource : undefined;
      const region = regions.find((one) => form.toSource(one.source ?? '') === study);
      const sha256 = inputs.find(({ reference }) => reference === study)?.sha256;
      return {
        role,
        study,
        title: facts?.description ?? 'Study',
        ...(facts?.started ? { date: facts.started } : {}),
        ...(sha256 ? { sha256 } : {}),
        ...(region?.width && region.height ? { width: region.width, height: region.height } : {}),
      };
    }),
  );
}

function pictureOf(media: Media, index: number): ReviewImage {
  return {
    role: `picture-${index}`,
    title: media.content?.title ?? 'Picture made by the reader',
    ...(media.width ? { width: media.width } : {}),
    ...(media.height ? { height: media.height } : {}),
  };
}

function readerOf(device: Device): NonNullable<Review['reader']> {
  return {
    name: device.deviceName?.[0]?.name ?? device.modelNumber ?? 'Reader',
    versions: (device.version ?? []).map((one) => ({ of: one.type?.text ?? 'version', version: one.value ?? '' })),
  };
}

async function readPatient(source: FhirClient, reference: string, signal: AbortSignal): Promise<Patient | undefined> {
  const parsed = parseReference(reference);
  return parsed?.type === 'Patient' ? unlessMissing(source.read<Patient>('Patient', parsed.id, { signal })) : undefined;
}

async function readDevice(
  store: FhirClient,
  of: Observation | undefined,
  signal: AbortSignal,
): Promise<Device | undefined> {
  const parsed = parseReference(of?.device?.reference);
  return parsed?.type === 'Device' ? unlessMissing(store.read<Device>('Device', parsed.id, { signal })) : undefined;
}
