import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { indexSearchParameter, indexStructureDefinitionBundle, isProfileLoaded } from '@medplum/core';
import type { ResourceType, SearchParameter, StructureDefinition } from '@medplum/fhirtypes';

export interface Definitions {
  /** Resource types that Interval stores and validates. */
  readonly resourceTypes: readonly ResourceType[];
  /** Base R4 StructureDefinitions with snapshots, without descriptions. */
  readonly structures: readonly StructureDefinition[];
  /** R4 search parameters; each expression holds only the branches of stored types. */
  readonly parameters: readonly SearchParameter[];
}

/** Reads the R4 definitions that ship with Interval; made by tools/definitions.ts. */
export function readDefinitions(): Definitions {
  const bytes = readFileSync(new URL('./definitions/r4.json.gz', import.meta.url));
  return JSON.parse(gunzipSync(bytes).toString('utf8'));
}

/**
 * Makes @medplum/core know base R4, so that `validateResource` and its search functions work. Core keeps one schema per
 * process; calling this again changes nothing.
 */
export function loadDefinitions(): void {
  if (isProfileLoaded('http://hl7.org/fhir/StructureDefinition/Patient')) {
    return;
  }
  const { structures, parameters } = readDefinitions();
  indexStructureDefinitionBundle([...structures]);
  for (const parameter of parameters) {
    // core puts the common ones on every type by itself
    if (!isCommon(parameter)) {
      indexSearchParameter(parameter);
    }
  }
}

/** Whether a search parameter is one of those of every resource type, such as `_tag`. */
export function isCommon(parameter: SearchParameter): boolean {
  return (parameter.base as readonly string[]).includes('Resource');
}
