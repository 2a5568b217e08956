import type { CapabilityStatement, ResourceType } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { CallOptions, FhirClient } from './client.ts';

/** How a resource type may be written on a server: by conditional create, by search and create, or not at all. */
export type WriteCapability = 'conditional' | 'guarded' | 'none';

export type Capabilities = (type: ResourceType) => WriteCapability;

/** Reads /metadata. A server without it is taken at the smallest common level: search, then create. */
export async function readCapabilities(client: FhirClient, options: CallOptions = {}): Promise<Capabilities> {
  try {
    return capabilitiesOf(await client.capabilities(options));
  } catch (error) {
    if (error instanceof IntervalError && (error.code === 'fhir-not-found' || error.code === 'fhir-rejected')) {
      return () => 'guarded';
    }
    throw error;
  }
}

/** What each server can, asked once; a server that could not be asked is asked again. */
export function createCapabilityCache(): (client: FhirClient, call?: CallOptions) => Promise<Capabilities> {
  const known = new WeakMap<FhirClient, Promise<Capabilities>>();
  return (client, call = {}) => {
    const before = known.get(client);
    if (before !== undefined) {
      return before;
    }
    const asked = readCapabilities(client, call);
    known.set(client, asked);
    asked.catch(() => known.delete(client));
    return asked;
  };
}

export function capabilitiesOf(statement: CapabilityStatement): Capabilities {
  const types = statement.rest?.find((rest) => rest.mode === 'server')?.resource ?? [];
  return (type) => {
    const entry = types.find((resource) => resource.type === type);
    if (!entry?.interaction?.some((interaction) => interaction.code === 'create')) {
      return 'none';
    }
    return entry.conditionalCreate === true ? 'conditional' : 'guarded';
  };
}
