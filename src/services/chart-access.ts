import type { Bundle, Resource } from '@medplum/fhirtypes';
import type { Client } from '../cds-hooks/authenticate.ts';
import type { CallWorld } from '../cds-hooks/call.ts';
import type { FetchQuery } from '../cds-hooks/prefetch.ts';
import type { FhirClient } from '../fhir/client.ts';
import { parseReference } from '../fhir/references.ts';
import type { TokenSource } from '../fhir/transport.ts';

export interface ChartAccessWorld {
  /** The client by which a trusted `fhirServer` is asked with the call's token; undefined when it is not trusted. */
  clientFor(fhirServer: string, token: TokenSource, caller: Client): FhirClient | undefined;
  readonly maxPages: number;
}

/**
 * What a call's fhirServer may be asked, and how. The call's token lives in the client made here and nowhere else; both
 * are gone when the call is answered.
 */
export function createChartAccess(world: ChartAccessWorld): CallWorld['chartAccess'] {
  return (request, caller) => {
    let token = request.fhirAuthorization?.access_token;
    const client =
      request.fhirServer === undefined ? undefined : world.clientFor(request.fhirServer, async () => token, caller);
    return client
      ? {
          trusted: true,
          fetchQuery: fetchQuery(client, world.maxPages),
          forget: () => {
            token = undefined;
          },
        }
      : { trusted: false };
  };
}

/**
 * `Type/id` is read; `Type?…`, or the `?…` of a next page, is searched, its pages followed by the client and joined as far
 * as the `_count` of the query: the newest so many are all that is wanted.
 */
function fetchQuery(client: FhirClient, maxPages: number): FetchQuery {
  return async (query, signal): Promise<Resource | Bundle> => {
    const [path = '', parameters] = query.split(/\?(.*)/s);
    if (parameters === undefined) {
      const { type, id } = parseReference(path) ?? { type: '', id: '' };
      return client.read(type as Resource['resourceType'], id, { signal });
    }
    const given = new URLSearchParams(parameters);
    const count = Number(given.get('_count'));
    const found = await client.search(path as Resource['resourceType'], grouped(given), {
      signal,
      maxPages,
      ...(count > 0 ? { maxResources: count } : {}),
    });
    return { resourceType: 'Bundle', type: 'searchset', entry: found.map((resource) => ({ resource })) };
  };
}

function grouped(parameters: URLSearchParams): Record<string, readonly string[]> {
  return Object.fromEntries([...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name)]));
}
