import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { PrefetchValue } from '../cds-hooks/service.ts';
import { hasShape as check } from '../fhir/shape.ts';

/** Each resource is checked once, though several ask; it is gone from here when the call is. */
const checked = new WeakMap<Resource, boolean>();

function hasShape(resource: Resource): boolean {
  const known = checked.get(resource);
  if (known !== undefined) {
    return known;
  }
  const sound = check(resource);
  checked.set(resource, sound);
  return sound;
}

/** Resources of one type out of a prefetch value: a resource, a searchset, or nothing. What has no shape is left out. */
export function resourcesOf<T extends Resource>(
  type: T['resourceType'],
  value: PrefetchValue | undefined,
): readonly T[] {
  return allOf(value).filter((resource): resource is T => resource.resourceType === type && hasShape(resource));
}

/** Says what `resourcesOf` leaves out. */
export function notesOnShape(prefetch: Readonly<Record<string, PrefetchValue>>): readonly string[] {
  const keys = Object.keys(prefetch).filter((key) => !allOf(prefetch[key]).every(hasShape));
  return keys.length === 0 ? [] : [`Left out in part, since it is not FHIR that can be read: ${keys.join(', ')}.`];
}

function allOf(value: PrefetchValue | undefined): readonly Resource[] {
  if (!value) {
    return [];
  }
  return value.resourceType === 'Bundle'
    ? ((value as Bundle).entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []))
    : [value];
}
