import type { Resource, ResourceType } from '@medplum/fhirtypes';
import type { CallOptions, FhirClient } from './client.ts';
import { unlessMissing } from './missing.ts';
import { parseReference } from './references.ts';
import { versionOf } from './version.ts';

/** Why what was read from a subject does not hold any more; codes of the abstention code system. */
export type StaleReason =
  /** Another version is there now. */
  | 'subject-changed'
  /** Its author says that it should not have been there: entered in error, or cancelled. */
  | 'subject-retracted'
  /** A document in whose place its author has put another one. */
  | 'subject-replaced'
  /** It is not there any more; nobody says why. */
  | 'subject-gone';

export const staleReasons: ReadonlySet<string> = new Set<StaleReason>([
  'subject-changed',
  'subject-retracted',
  'subject-replaced',
  'subject-gone',
]);

/** Reasons after which nothing takes the place of what was read from this subject. */
export type EndReason = Exclude<StaleReason, 'subject-changed'>;

/** What its author says by its status; undefined where it still stands. */
export function endOfSubject(resource: Resource): EndReason | undefined {
  const { status, docStatus } = resource as { status?: string; docStatus?: string };
  if (status === 'entered-in-error' || status === 'cancelled' || docStatus === 'entered-in-error') {
    return 'subject-retracted';
  }
  return resource.resourceType === 'DocumentReference' && status === 'superseded' ? 'subject-replaced' : undefined;
}

export interface Staleness {
  readonly reason: StaleReason;
  /** The version that is there now. */
  readonly now?: string;
}

/** Whether what a job is to read, or has read, still stands in the source; undefined when it does. */
export async function staleBy(
  source: FhirClient,
  { reference, version }: { readonly reference: string; readonly version: string },
  call: CallOptions = {},
): Promise<Staleness | undefined> {
  const { type, id } = parseReference(reference) ?? { type: '', id: '' };
  const resource = await unlessMissing(source.read<Resource>(type as ResourceType, id, call));
  if (resource === undefined) {
    return { reason: 'subject-gone' };
  }
  const now = versionOf(resource);
  const reason = endOfSubject(resource) ?? (now === version ? undefined : 'subject-changed');
  return reason && { reason, now };
}
