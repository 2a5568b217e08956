import type { Resource } from '@medplum/fhirtypes';
import { fingerprint } from './fingerprint.ts';

/**
 * Version of a resource as the names of jobs have it: what its server calls it, else the time of its last change, else a
 * hash of what it says, so that a change is noticed on servers that keep no versions too.
 */
export function versionOf(resource: Resource): string {
  return resource.meta?.versionId ?? resource.meta?.lastUpdated ?? `content-${fingerprint(resource)}`;
}
