import { createHash } from 'node:crypto';
import type {
  Device,
  DiagnosticReport,
  Identifier,
  Media,
  Meta,
  Observation,
  Provenance,
  Reference,
} from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { aiAsserted, codeSystem, extension, identifierSystem, profile } from './codes.ts';
import { completeDevice } from './device.ts';
import { withFingerprint } from './fingerprint.ts';
import { completeProvenance } from './provenance.ts';
import { regionExtension } from './region.ts';
import type { MediaDraft, ObservationDraft, ResultDraft } from './result-draft.ts';
import { resultKey, resultSetKey } from './result-key.ts';

export interface CompleteContext {
  /** ISO instant of the writing. */
  readonly now: string;
  /** The organization that deploys Interval, on whose behalf it reads. */
  readonly organization: { readonly reference?: string; readonly display?: string };
  /** Version of this service, for Device. */
  readonly serviceVersion?: string;
}

/**
 * All that one job writes. References among these resources are logical (type and identifier), which is valid FHIR by
 * itself: the command line prints it, a card suggests it, and write-back adds the literal reference once a server has
 * given an id.
 */
export interface CompleteResult {
  readonly jobKey: string;
  readonly inputKey?: string;
  readonly set: Identifier;
  readonly device: Device;
  readonly observations: readonly Observation[];
  readonly media: readonly { readonly resource: Media; readonly bytes: Uint8Array }[];
  readonly report: DiagnosticReport;
  readonly provenance: Provenance;
}

/** Draft → complete resources: status, label, identifiers, profile, subject, device, regions. Pure. */
export function completeResult(draft: ResultDraft, context: CompleteContext): CompleteResult {
  const items = [...draft.observations, ...draft.media].map((one) => one.item);
  if (new Set(items).size !== items.length) {
    throw new IntervalError('result-invalid', 'Two results of one job have the same item.');
  }
  const device = completeDevice(draft.reader, context.serviceVersion);
  const author = logicalReference('Device', device.identifier?.[0], device.deviceName?.[0]?.name);
  const shared = { draft, context, author, subject: subjectOf(draft) };
  const observations = draft.observations.map((one) => completeObservation(one, shared));
  const media = draft.media.map((one) => ({ resource: completeMedia(one, shared), bytes: one.bytes }));
  const report = completeReport(
    observations,
    media.map((one) => one.resource),
    shared,
  );
  return {
    jobKey: draft.jobKey,
    ...(draft.inputKey === undefined ? {} : { inputKey: draft.inputKey }),
    set: setIdentifier(draft),
    device,
    observations,
    media,
    report,
    provenance: completeProvenance({
      draft,
      now: context.now,
      organization: context.organization,
      author,
      targets: [...observations, ...media.map((one) => one.resource), report].map((one) =>
        logicalReference(one.resourceType, one.identifier?.[0]),
      ),
    }),
  };
}

interface Shared {
  readonly draft: ResultDraft;
  readonly context: CompleteContext;
  readonly author: Reference<Device>;
  readonly subject: Reference<never>;
}

function completeObservation(draft: ObservationDraft, shared: Shared): Observation {
  const { resource, regions } = draft;
  return withFingerprint<Observation>({
    ...(resource as Observation),
    meta: metaOf(shared.draft, resource.meta?.profile ?? observationProfile(resource)),
    ...withExtensions(resource.extension, regions.map(regionExtension)),
    identifier: identifiersOf(shared.draft, draft.item),
    status: 'preliminary',
    subject: shared.subject,
    issued: shared.context.now,
    device: shared.author,
  });
}

function completeMedia(draft: MediaDraft, shared: Shared): Media {
  return withFingerprint<Media>({
    resourceType: 'Media',
    meta: metaOf(shared.draft, [profile.overlay]),
    identifier: identifiersOf(shared.draft, draft.item),
    status: 'completed',
    type: { coding: [{ system: codeSystem.mediaType, code: 'image', display: 'Image' }] },
    subject: shared.subject,
    createdDateTime: shared.context.now,
    device: shared.author,
    width: draft.width,
    height: draft.height,
    content: {
      contentType: draft.contentType,
      title: draft.title,
      size: draft.bytes.byteLength,
      // R4 defines this hash as SHA-1; it tells whether the picture changed and secures nothing.
      hash: createHash('sha1').update(draft.bytes).digest('base64'),
    },
  });
}

function completeReport(observations: readonly Observation[], media: readonly Media[], shared: Shared) {
  const { draft, context, subject } = shared;
  const extended: Reference | undefined =
    draft.subject !== undefined && /(^|\/)DiagnosticReport\//.test(draft.subject)
      ? { reference: draft.subject }
      : undefined;
  const report: DiagnosticReport = {
    ...(draft.report as DiagnosticReport),
    meta: metaOf(draft, [profile.report]),
    ...withExtensions(
      draft.report.extension,
      extended === undefined ? [] : [{ url: extension.reportExtends, valueReference: extended }],
    ),
    identifier: identifiersOf(draft, 'report'),
    status: 'preliminary',
    subject,
    issued: context.now,
  };
  if (observations.length > 0) {
    report.result = observations.map((one) => logicalReference('Observation', one.identifier?.[0], one.code?.text));
  }
  if (media.length > 0) {
    report.media = media.map((one) => ({
      comment: one.content?.title,
      link: logicalReference('Media', one.identifier?.[0]),
    }));
  }
  if (report.effectiveDateTime === undefined && report.effectivePeriod === undefined) {
    // US Core requires an effective time of a preliminary report; what is not printed is said to be unknown.
    const unknown = { extension: [{ url: extension.dataAbsentReason, valueCode: 'unknown' }] };
    Object.assign(report, { _effectiveDateTime: unknown });
  }
  return withFingerprint(report);
}

function subjectOf(draft: ResultDraft): Reference<never> {
  return draft.patient === undefined
    ? { display: 'Patient of the file that was read; not linked to a chart' }
    : { reference: draft.patient };
}

function observationProfile(resource: ObservationDraft['resource']): string[] {
  const codes = (resource.category ?? []).flatMap((category) => category.coding ?? []).map((coding) => coding.code);
  return codes.includes('laboratory') ? [profile.labResult] : [profile.chestFindingChange];
}

function metaOf(draft: ResultDraft, profiles: readonly string[]): Meta {
  return { profile: [...profiles], security: [aiAsserted], source: `urn:interval:job:${draft.jobKey}` };
}

function identifiersOf(draft: ResultDraft, item: string): Identifier[] {
  return [
    { system: identifierSystem.result, value: resultKey(draft.analysis, draft.sourceIdentity, item) },
    setIdentifier(draft),
    ...(draft.inputKey === undefined ? [] : [{ system: identifierSystem.input, value: draft.inputKey }]),
  ];
}

function setIdentifier(draft: ResultDraft): Identifier {
  return { system: identifierSystem.resultSet, value: resultSetKey(draft.analysis, draft.sourceIdentity) };
}

function withExtensions(own: Observation['extension'], more: NonNullable<Observation['extension']>) {
  const all = [...(own ?? []), ...more];
  return all.length === 0 ? {} : { extension: all };
}

function logicalReference(type: string, identifier: Identifier | undefined, display?: string): Reference<never> {
  return { type, identifier, ...(display === undefined ? {} : { display }) } as Reference<never>;
}
