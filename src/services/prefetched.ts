import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { PrefetchValue } from '../cds-hooks/service.ts';

/** Resources of one type out of a prefetch value: a resource, a searchset, or nothing. */
export function resourcesOf<T extends Resource>(
  type: T['resourceType'],
  value: PrefetchValue | undefined,
): readonly T[] {
  if (!value) {
    return [];
  }
  const all =
    value.resourceType === 'Bundle' ? ((value as Bundle).entry ?? []).map((entry) => entry.resource) : [value];
  return all.filter((resource): resource is T => resource?.resourceType === type);
}
