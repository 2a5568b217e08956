import type { Binary, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { unlessMissing } from '../fhir/missing.ts';
import { conditionalQuery, token } from '../fhir/result-key.ts';
import type { SampleBinary, SampleSet } from './sample.ts';
import { SAMPLE_SYSTEM } from './synthetic.ts';

export interface Seeded {
  /** `Type/id` as the server knows it. */
  readonly references: readonly string[];
  readonly created: number;
  readonly existing: number;
}

/**
 * Writes the sample patients to a server. What is there already is left as it is, so that a second run changes nothing,
 * whatever the date. Servers that let no client choose ids get conditional creates, and references follow the new ids.
 */
export async function seed(client: FhirClient, set: SampleSet, signal?: AbortSignal): Promise<Seeded> {
  const renamed = new Map<string, string>();
  const count = { created: 0, existing: 0 };
  const place = async (resource: Resource & { id: string }) => {
    const outcome = await put(client, rename(resource, renamed), signal);
    count[outcome.created ? 'created' : 'existing']++;
    renamed.set(`${resource.resourceType}/${resource.id}`, outcome.reference);
  };
  for (const resource of set.shared) {
    await place(resource as Resource & { id: string });
  }
  await Promise.all(
    set.samples.map(async (sample) => {
      for (const resource of sample.resources) {
        const binary = sample.binaries.find(({ id }) => JSON.stringify(resource).includes(`"Binary/${id}"`));
        if (binary && !renamed.has(`Binary/${binary.id}`)) {
          const outcome = await putBinary(client, binary, resource as Resource & { id: string }, signal);
          renamed.set(`Binary/${binary.id}`, outcome.reference);
          count[outcome.created ? 'created' : 'existing']++;
        }
        await place(resource as Resource & { id: string });
      }
    }),
  );
  return { references: [...renamed.values()], ...count };
}

interface Placed {
  readonly reference: string;
  readonly created: boolean;
}

async function put(client: FhirClient, resource: Resource & { id: string }, signal?: AbortSignal): Promise<Placed> {
  const reference = `${resource.resourceType}/${resource.id}`;
  if (await exists(client, resource.resourceType, resource.id, signal)) {
    return { reference, created: false };
  }
  try {
    await client.update(resource, { signal });
    return { reference, created: true };
  } catch (error) {
    if (!refusesClientIds(error)) {
      throw error;
    }
  }
  const { id, ...rest } = resource;
  const stored = await client.createIfNoneExist(
    rest as Resource,
    conditionalQuery([['identifier', token(SAMPLE_SYSTEM, id)]]),
    { signal },
  );
  return { reference: `${resource.resourceType}/${stored.resource.id}`, created: stored.created };
}

/** Binary has no identifier: on a server that chooses ids itself, its owner's presence says whether it is there. */
async function putBinary(
  client: FhirClient,
  binary: SampleBinary,
  owner: Resource & { id: string },
  signal?: AbortSignal,
): Promise<Placed> {
  const reference = `Binary/${binary.id}`;
  const found = await client.search(owner.resourceType, { identifier: token(SAMPLE_SYSTEM, owner.id) }, { signal });
  const kept = found.length > 0 ? /"Binary\/([^"]+)"/.exec(JSON.stringify(found[0])) : null;
  if (kept) {
    return { reference: `Binary/${kept[1]}`, created: false };
  }
  const bytes = await binary.bytes();
  const resource: Binary & { id: string } = {
    resourceType: 'Binary',
    id: binary.id,
    contentType: binary.contentType,
    data: Buffer.from(bytes).toString('base64'),
  };
  try {
    await client.update<Binary>(resource, { signal });
    return { reference, created: true };
  } catch (error) {
    if (!refusesClientIds(error)) {
      throw error;
    }
  }
  const stored = await client.createBinary(bytes, binary.contentType, { signal });
  return { reference: `Binary/${stored.id}`, created: true };
}

async function exists(
  client: FhirClient,
  type: Resource['resourceType'],
  id: string,
  signal?: AbortSignal,
): Promise<boolean> {
  return (await unlessMissing(client.read(type, id, { signal }))) !== undefined;
}

/** 400, 404, 405 or 403 on PUT of an unknown id. */
function refusesClientIds(error: unknown): boolean {
  return (
    error instanceof IntervalError &&
    (error.code === 'fhir-rejected' || error.code === 'fhir-not-found' || error.code === 'fhir-forbidden')
  );
}

function rename<T extends Resource>(resource: T, renamed: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(resource), (key, value) =>
    (key === 'reference' || key === 'url') && typeof value === 'string' ? (renamed.get(value) ?? value) : value,
  );
}
