import type { Bundle, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import type { HookService } from './options.ts';

export interface HookPrefetch {
  readonly service: { readonly id: string; readonly hook: string };
  readonly fhirServer: string;
  readonly userId: string;
  readonly prefetch: Readonly<Record<string, Resource | null>>;
}

const USER = 'Practitioner/sample-practitioner';

/** Resolves a service's prefetch templates for a patient, as an EHR does before it calls. */
export async function resolvePrefetch(
  service: HookService,
  patientId: string,
  source: FhirClient,
  signal: AbortSignal,
): Promise<HookPrefetch> {
  const entries = Object.entries(service.prefetch ?? {}).map(async ([key, template]) => {
    const query = template
      .replaceAll('{{context.patientId}}', encodeURIComponent(patientId))
      .replaceAll('{{context.userId}}', USER);
    return [key, await resolve(query, source, signal)] as const;
  });
  return {
    service: { id: service.id, hook: service.hook },
    fhirServer: source.base,
    userId: USER,
    prefetch: Object.fromEntries(await Promise.all(entries)),
  };
}

async function resolve(query: string, source: FhirClient, signal: AbortSignal): Promise<Resource | null> {
  const [path = '', search] = query.split('?');
  const [type, id] = path.split('/') as [Resource['resourceType'], string?];
  if (id) {
    try {
      return await source.read(type, decodeURIComponent(id), { signal });
    } catch (error) {
      if (error instanceof IntervalError && error.code === 'fhir-not-found') {
        return null;
      }
      throw error;
    }
  }
  const parameters: Record<string, string | string[]> = {};
  for (const name of new Set(new URLSearchParams(search).keys())) {
    const values = new URLSearchParams(search).getAll(name);
    parameters[name] = values.length > 1 ? values : values[0]!;
  }
  return searchset(await source.search(type, parameters, { signal }), type, source.base);
}

function searchset(resources: readonly Resource[], type: string, base: string): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    total: resources.filter((one) => one.resourceType === type).length,
    ...(resources.length > 0
      ? {
          entry: resources.map((resource) => ({
            fullUrl: `${base}/${resource.resourceType}/${resource.id}`,
            resource,
            search: { mode: resource.resourceType === type ? ('match' as const) : ('include' as const) },
          })),
        }
      : {}),
  };
}
