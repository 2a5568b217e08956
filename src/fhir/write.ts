import type { Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { WriteCapability } from './capability.ts';
import type { CallOptions, FhirClient } from './client.ts';
import { fingerprint, isUntouched, withFingerprint } from './fingerprint.ts';
import { conditionalQuery, identifierOf, isAiAsserted, token } from './result-key.ts';

export type WriteAction = 'created' | 'updated' | 'unchanged' | 'kept' | 'retracted';

export interface Written<T extends Resource = Resource> {
  readonly resource: T;
  readonly action: WriteAction;
}

export interface Target {
  readonly client: FhirClient;
  readonly capability: WriteCapability;
  readonly call: CallOptions;
  /** Throws when what is written is no longer the newest: asked before what another job wrote is overwritten. */
  readonly check?: () => Promise<void>;
}

/**
 * Brings one resource into effect under its identifier: creates it, updates our own untouched preliminary one, brings
 * back what we took back, or leaves alone what a person has accepted, rejected or changed. Safe to repeat and to run in
 * parallel.
 * @param wanted the resource to write; asked for only when it is written (a picture is uploaded first)
 */
export async function ensure<T extends Resource>(
  target: Target,
  wanted: T,
  system: string,
  existing: T | undefined,
  prepare: (resource: T) => Promise<T> = async (resource) => resource,
): Promise<Written<T>> {
  let found = existing;
  for (let attempt = 1; ; attempt++) {
    if (found === undefined) {
      const made = await createOnce(target, wanted, system, prepare);
      if (made.action === 'created') {
        return made;
      }
      found = made.resource;
    }
    if (!isOurPreliminary(found) && !isTakenBack(found)) {
      return { resource: found, action: 'kept' };
    }
    if (fingerprint(found) === fingerprint(wanted)) {
      return { resource: found, action: 'unchanged' };
    }
    if (found !== existing) {
      // It was found after the caller's own check, and may be of a job that read a newer version.
      await target.check?.();
    }
    try {
      return { resource: await replace(target, found, await prepare(wanted)), action: 'updated' };
    } catch (error) {
      if (attempt >= 4 || !isConflict(error)) {
        throw error;
      }
      // Another writer was faster: look again at what stands there now.
      found = await target.client.read<T>(wanted.resourceType, found.id as string, target.call);
    }
  }
}

/**
 * Takes back what a later job did not confirm: entered-in-error, its values stay. What was taken back before is found
 * again as `unchanged`, by its fingerprint; what a person rejected is `kept`, and what a person accepted too, unless
 * `accepted` says that its author withdrew what it was read from.
 */
export async function retract<T extends Resource>(
  target: Target,
  existing: T,
  options: { readonly accepted?: boolean } = {},
): Promise<Written<T>> {
  if (isTakenBack(existing)) {
    return { resource: existing, action: 'unchanged' };
  }
  if (!isOurPreliminary(existing) && !(options.accepted && isOurAccepted(existing))) {
    return { resource: existing, action: 'kept' };
  }
  try {
    const wrong = withFingerprint({ ...existing, status: 'entered-in-error' } as T);
    return { resource: await replace(target, existing, wrong), action: 'retracted' };
  } catch (error) {
    if (isConflict(error)) {
      // Somebody has just changed it: it is theirs, or another run of ours has taken it back.
      return { resource: existing, action: 'kept' };
    }
    throw error;
  }
}

/** Ours to change: labelled as asserted by a machine, not yet judged by a person, and as we wrote it last. */
export function isOurPreliminary(resource: Resource): boolean {
  const status = (resource as { status?: string }).status;
  const open = resource.resourceType === 'Media' ? status === 'completed' : status === 'preliminary';
  return open && isAiAsserted(resource) && isUntouched(resource);
}

/** Taken back by us, and nobody has touched it since; a person's rejection leaves the fingerprint as it was. */
export function isTakenBack(resource: Resource): boolean {
  return (
    (resource as { status?: string }).status === 'entered-in-error' && isAiAsserted(resource) && isUntouched(resource)
  );
}

/** Accepted by a person as it was written: all but its status is ours. */
export function isOurAccepted(resource: Resource): boolean {
  const { status } = resource as { status?: string };
  return (
    status === 'final' && isAiAsserted(resource) && isUntouched({ ...resource, status: 'preliminary' } as Resource)
  );
}

/** One resource under an identifier, whoever creates it: the oldest where a server let two come into being. */
export async function createOnce<T extends Resource>(
  target: Target,
  wanted: T,
  system: string,
  prepare: (resource: T) => Promise<T> = async (resource) => resource,
): Promise<Written<T>> {
  const value = identifierOf(wanted, system) ?? '';
  const query = { identifier: token(system, value) };
  const find = async () => {
    const found = await target.client.search<T>(wanted.resourceType, { ...query, _count: '20' }, target.call);
    return [...found].sort(byAge)[0];
  };
  if (target.capability === 'conditional') {
    try {
      const made = await target.client.createIfNoneExist(
        await prepare(wanted),
        conditionalQuery(Object.entries(query)),
        target.call,
      );
      return { resource: made.resource, action: made.created ? 'created' : 'unchanged' };
    } catch (error) {
      // 412: the server holds several; 409: it was made at this moment.
      const found = isConflict(error) ? await find() : undefined;
      if (found === undefined) {
        throw error;
      }
      return { resource: found, action: 'unchanged' };
    }
  }
  const found = await find();
  return found === undefined
    ? { resource: await target.client.create(await prepare(wanted), target.call), action: 'created' }
    : { resource: found, action: 'unchanged' };
}

function replace<T extends Resource>(target: Target, existing: T, wanted: T): Promise<T> {
  const ifMatch = existing.meta?.versionId;
  return target.client.update<T>({ ...wanted, id: existing.id as string } as T & { id: string }, {
    ...target.call,
    ...(ifMatch === undefined ? {} : { ifMatch }),
  });
}

function byAge(one: Resource, other: Resource): number {
  const order = (one.meta?.lastUpdated ?? '').localeCompare(other.meta?.lastUpdated ?? '');
  return order === 0 ? (one.id ?? '').localeCompare(other.id ?? '') : order;
}

export function isConflict(error: unknown): boolean {
  return error instanceof IntervalError && error.code === 'fhir-conflict';
}
