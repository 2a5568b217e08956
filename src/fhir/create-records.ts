import type { Resource } from '@medplum/fhirtypes';
import { asIntervalError } from '../errors.ts';
import type { CallOptions, FhirClient, NewEntry } from './client.ts';

/**
 * Creates resources that belong together: in one transaction, and where the server refuses that, one after the other in the
 * order given, each with the address that those before it were given.
 */
export async function createRecords(
  store: FhirClient,
  entries: readonly NewEntry[],
  options: CallOptions = {},
): Promise<void> {
  try {
    await store.createAll(entries, { ...options, checked: true });
  } catch (error) {
    if (asIntervalError(error).retry) {
      throw error;
    }
    await oneByOne(store, entries, options);
  }
}

async function oneByOne(store: FhirClient, entries: readonly NewEntry[], options: CallOptions): Promise<void> {
  const references = new Map<string, string>();
  for (const { fullUrl, resource } of entries) {
    const { id } = await store.create(withReferences(resource, references), options);
    references.set(fullUrl, `${resource.resourceType}/${id}`);
  }
}

function withReferences(resource: Resource, references: ReadonlyMap<string, string>): Resource {
  const text = JSON.stringify(resource, (_key, value) =>
    typeof value === 'string' ? (references.get(value) ?? value) : value,
  );
  return JSON.parse(text) as Resource;
}
