import { tryGetDataType } from '@medplum/core';
import type { Resource } from '@medplum/fhirtypes';
import type { Query } from './query.ts';
import type { Stored } from './store.ts';

const subsetted = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

/** The part of a resource that `_elements` or `_summary` asks for, marked as incomplete. */
export function subset(resource: Stored, { elements, summary }: Pick<Query, 'elements' | 'summary'>): Resource {
  if (elements === undefined && (summary === undefined || summary === 'count')) {
    return resource;
  }
  const schema = tryGetDataType(resource.resourceType);
  const choices = [...Object.keys(schema?.elements ?? {})].filter((name) => name.endsWith('[x]'));
  /** `value` of `valueQuantity`, `value` of `_value`. */
  const elementOf = (key: string): string => {
    const name = key.replace(/^_/, '');
    const choice = choices
      .map((path) => path.slice(0, -3))
      .find((root) => name.startsWith(root) && /^[A-Z]/.test(name.slice(root.length)));
    return choice ?? name;
  };
  const wanted = new Set<string>(['resourceType', 'id', 'meta', ...(schema?.mandatoryProperties ?? [])]);
  if (elements) {
    for (const element of elements) wanted.add(element);
  } else if (summary === 'text') {
    wanted.add('text');
  } else if (summary === 'true') {
    for (const element of schema?.summaryProperties ?? []) wanted.add(element);
  }
  const kept = Object.entries(resource).filter(([key]) =>
    summary === 'data' && elements === undefined ? key !== 'text' : wanted.has(elementOf(key)),
  );
  const meta = { ...resource.meta, tag: [...(resource.meta.tag ?? []), subsetted] };
  return { ...Object.fromEntries(kept), meta } as unknown as Resource;
}
