import { readdirSync, readFileSync } from 'node:fs';
import type { StructureDefinition } from '@medplum/fhirtypes';

export type Profiles = ReadonlyMap<string, StructureDefinition>;

/** Our profiles and extensions by canonical URL, as generated from fhir-profiles/input/fsh. */
export function readProfiles(folder = new URL('../../fhir-profiles/generated/', import.meta.url)): Profiles {
  const names = readdirSync(folder).filter((name) => name.startsWith('StructureDefinition-'));
  const read = (name: string): StructureDefinition => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  return new Map(names.map((name) => read(name)).map((profile) => [profile.url as string, profile]));
}
