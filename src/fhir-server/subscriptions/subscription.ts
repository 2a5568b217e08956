import type { Subscription } from '@medplum/fhirtypes';
import type { Catalog } from '../catalog.ts';
import { parseQuery, type Query } from '../query.ts';
import { outcomeOfError, refuse } from '../refusal.ts';

/** A Subscription as it is carried out. */
export interface Active {
  readonly id: string;
  readonly type: string;
  /** Absent where every resource of the type is meant. */
  readonly query?: Query;
  readonly endpoint: URL;
  /** Whether the resource is sent, or only that there is something. */
  readonly payload: boolean;
  readonly headers: readonly (readonly [string, string])[];
  /** Key of the signature. */
  readonly secret?: string;
}

/** Medplum's extension: the key of the HMAC in X-Signature. */
const SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';

/** What a header line of a channel may not set: it belongs to the request itself. */
const own = /^(host|content-.*|transfer-encoding|connection|x-signature|x-medplum-.*)$/i;

/** Reads a Subscription. Throws what is wrong with it, as a refusal whose words may be shown. */
export function readSubscription(
  { id = '', criteria, channel, extension }: Subscription,
  { catalog, mayCall }: { readonly catalog: Catalog; readonly mayCall: (endpoint: URL) => boolean },
): Active {
  const [type = '', parameters = ''] = criteria.split(/\?(.*)/s);
  if (!catalog.types.includes(type as never)) {
    throw refuse('not-supported', 'The criteria begin with no resource type of this server.');
  }
  const query = parameters === '' ? undefined : parseQuery(catalog, type, new URLSearchParams(parameters));
  if (channel.type !== 'rest-hook') {
    throw refuse('not-supported', 'This server has no other channel than rest-hook.');
  }
  const endpoint = URL.parse(channel.endpoint ?? '');
  if (endpoint === null || !/^https?:$/.test(endpoint.protocol) || endpoint.username || endpoint.password) {
    throw refuse('invalid', 'The endpoint is no http or https URL.');
  }
  if (!mayCall(endpoint)) {
    throw refuse('not-supported', 'This server calls endpoints on its own machine and its own address only.');
  }
  if (channel.payload !== undefined && !/^application\/(fhir\+)?json\b/.test(channel.payload)) {
    throw refuse('not-supported', 'The payload is application/fhir+json, or none.');
  }
  const secret = extension?.find(({ url }) => url === SECRET)?.valueString;
  return {
    id,
    type,
    ...(query ? { query } : {}),
    endpoint,
    payload: channel.payload !== undefined,
    headers: (channel.header ?? []).map(headerOf),
    ...(secret ? { secret } : {}),
  };
}

function headerOf(line: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e][\x20-\x7e]*)$/.exec(line) ?? [];
  if (name === '' || own.test(name)) {
    throw refuse('invalid', 'A header of the channel is no header that may be set.');
  }
  return [name, value];
}

/** One sentence for `Subscription.error`. */
export function whyNot(error: unknown): string {
  return outcomeOfError(error).issue?.[0]?.details?.text ?? 'The Subscription cannot be carried out.';
}
