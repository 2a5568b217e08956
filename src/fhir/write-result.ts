import type { Device, DiagnosticReport, Media, Observation, Resource } from '@medplum/fhirtypes';
import type { Capabilities } from './capability.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { identifierSystem } from './codes.ts';
import type { CompleteResult } from './complete.ts';
import { withFingerprint } from './fingerprint.ts';
import { withdrawalProvenance } from './provenance.ts';
import { bindReferences } from './references.ts';
import { identifierOf, token } from './result-key.ts';
import { createOnce, ensure, isTakenBack, retract, type Target, type Written } from './write.ts';
import type { WriteOptions } from './write-options.ts';
import { ensureProvenance } from './write-provenance.ts';

/** What stands on one server now. References are relative to it. */
export interface ServerOutcome {
  readonly device?: string;
  readonly report?: string;
  readonly observations: readonly string[];
  readonly media: readonly string[];
  /** No longer preliminary, or changed by somebody else: left as they are. */
  readonly kept: readonly string[];
  /** Of an earlier job, not confirmed by this one: now entered-in-error. */
  readonly retracted: readonly string[];
  readonly created: number;
  readonly updated: number;
  /** What this run created or changed, for the audit. */
  readonly changes: readonly { readonly action: 'create' | 'update'; readonly reference: string }[];
}

/**
 * Writes one result to one server: Device, Observations, pictures, report, withdrawals, Provenance. What refers comes
 * after what it refers to, so that a run killed anywhere leaves no dangling reference and can be repeated.
 */
export async function writeResult(
  client: FhirClient,
  can: Capabilities,
  result: CompleteResult,
  { check, ...call }: WriteOptions,
): Promise<ServerOutcome> {
  const target = (type: Resource['resourceType']): Target => ({
    client,
    capability: can(type),
    call,
    ...(check ? { check } : {}),
  });
  const { reader, result: resultSystem } = identifierSystem;
  const written: Written[] = [];
  /** Identifier value → literal reference on this server. */
  const ids = new Map<string, string>();
  function note<T extends Resource>(one: Written<T>, system: string): Written<T> {
    written.push(one);
    ids.set(identifierOf(one.resource, system) ?? '', referenceTo(one.resource));
    return one;
  }

  if (can('Device') !== 'none') {
    note<Device>(await createOnce(target('Device'), result.device, reader), reader);
  }
  const old = await findSet(client, can, result, call);
  if (
    [...old.observations, ...old.media, ...old.reports].some(
      (one) => inputOf(one) !== result.inputKey || isTakenBack(one),
    )
  ) {
    await check?.();
  }

  const observations = await inOrder(result.observations, async (one) => {
    const before = sameKey(old.observations, one);
    return note(await ensure(target('Observation'), bindReferences(one, ids), resultSystem, before), resultSystem);
  });

  const pictures = can('Media') === 'none' || can('Binary') === 'none' ? [] : result.media;
  const media = await inOrder(pictures, async ({ resource, bytes }) => {
    // A run killed between the two writes leaves a Binary that nothing refers to: the one thing not cleaned up.
    const upload = async (wanted: Media): Promise<Media> => {
      const binary = await client.createBinary(bytes, wanted.content?.contentType as string, call);
      return { ...wanted, content: { ...wanted.content, url: binary.url } };
    };
    const bound = bindReferences(resource, ids);
    const before = sameKey(old.media, resource);
    return note(await ensure(target('Media'), bound, resultSystem, before, upload), resultSystem);
  });

  const reports: Written<DiagnosticReport>[] = [];
  if (can('DiagnosticReport') !== 'none') {
    const wanted = bindReferences(standing(result.report, [...observations, ...media]), ids);
    const before = sameKey(old.reports, wanted);
    reports.push(note(await ensure(target('DiagnosticReport'), wanted, resultSystem, before), resultSystem));
  }

  const keys = new Set([...result.observations, ...result.media.map((one) => one.resource)].map(keyOf));
  const unconfirmed = [...old.observations, ...old.media].filter((one) => !keys.has(keyOf(one)));
  const withdrawn = await inOrder(unconfirmed, (one) => retract(target(one.resourceType), one));

  if (can('Provenance') !== 'none') {
    const made = bindReferences(result.provenance, ids);
    const ours = [...observations, ...media, ...reports].filter((one) => one.action !== 'kept').map(toReference);
    await ensureProvenance(target('Provenance'), made, ours);
    const gone = withdrawn.filter((one) => one.action !== 'kept').map(({ resource }) => resource);
    for (const [input, resources] of Map.groupBy(gone, inputOf)) {
      await ensureProvenance(target('Provenance'), withdrawalProvenance(made, input), resources.map(referenceTo));
    }
  }

  const device = ids.get(identifierOf(result.device, reader) ?? '');
  const having = (action: Written['action']) => [...written, ...withdrawn].filter((one) => one.action === action);
  return {
    ...(device === undefined ? {} : { device }),
    ...(reports[0] === undefined ? {} : { report: toReference(reports[0]) }),
    observations: observations.map(toReference),
    media: media.map(toReference),
    kept: having('kept').map(toReference),
    retracted: having('retracted').map(toReference),
    created: having('created').length,
    updated: having('updated').length,
    changes: [
      ...having('created').map((one) => ({ action: 'create' as const, reference: toReference(one) })),
      ...[...having('updated'), ...having('retracted')].map((one) => ({
        action: 'update' as const,
        reference: toReference(one),
      })),
    ],
  };
}

async function findSet(client: FhirClient, can: Capabilities, result: CompleteResult, call: CallOptions) {
  const set = { identifier: token(identifierSystem.resultSet, result.set.value ?? ''), _count: '200' };
  const find = async <T extends Resource>(type: T['resourceType']) =>
    can(type) === 'none' ? [] : client.search<T>(type, set, call);
  const [observations, media, reports] = await Promise.all([
    find<Observation>('Observation'),
    find<Media>('Media'),
    find<DiagnosticReport>('DiagnosticReport'),
  ]);
  return { observations, media, reports };
}

/** The report without what a person has rejected. */
function standing(report: DiagnosticReport, written: readonly Written<Observation | Media>[]): DiagnosticReport {
  const rejected = new Set(
    written.filter((one) => one.resource.status === 'entered-in-error').map((one) => keyOf(one.resource)),
  );
  if (rejected.size === 0) {
    return report;
  }
  const { result, media, ...rest } = report;
  const results = result?.filter((one) => !rejected.has(one.identifier?.value));
  const pictures = media?.filter((one) => !rejected.has(one.link?.identifier?.value));
  return withFingerprint<DiagnosticReport>({
    ...rest,
    ...(results?.length ? { result: results } : {}),
    ...(pictures?.length ? { media: pictures } : {}),
  });
}

/** Key of what a result was read from last. */
export function inputOf(resource: Resource): string | undefined {
  return identifierOf(resource, identifierSystem.input);
}

function keyOf(resource: Resource): string | undefined {
  return identifierOf(resource, identifierSystem.result);
}

function sameKey<T extends Resource>(resources: readonly T[], wanted: T): T | undefined {
  return resources.find((one) => keyOf(one) === keyOf(wanted));
}

export function referenceTo(resource: Resource): string {
  return `${resource.resourceType}/${resource.id}`;
}

function toReference(one: Written): string {
  return referenceTo(one.resource);
}

/** One after the other: a server that is asked for forty writes at once answers with 429. */
export async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(await work(item));
  }
  return results;
}
