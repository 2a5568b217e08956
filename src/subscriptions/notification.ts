import { IntervalError } from '../errors.ts';
import { isWatched, type WatchedType } from './watched.ts';

/** What a notification hints at. Nothing of it is believed: what it names is read from the source again. */
export interface Hint {
  /** `Type/id`. */
  readonly references: readonly string[];
  /** The notification did not say what; whatever of this type has changed of late is looked at. */
  readonly anyOf?: WatchedType;
}

export interface Sent {
  /** Type whose Subscription it is. */
  readonly type: WatchedType;
  /** `Type/id` of the path: HAPI FHIR adds it to the endpoint. */
  readonly named?: readonly [type: string, id: string];
  /** Medplum's header after a deletion, `Type/id`. */
  readonly deleted?: string;
  readonly body: Uint8Array;
}

/** Of one bundle: who sends more should send it in parts. */
const MAX_REFERENCES = 1000;

/**
 * R4 rest-hook as Medplum (POST with the resource, `{}` after a deletion), HAPI FHIR (PUT and DELETE with type and id in the
 * path) and the specification (POST without a body) have it, and Bundles of the R5 backport. Throws `request-malformed` and
 * `subject-unsupported`.
 */
export function readNotification({ type, named, deleted, body }: Sent): Hint {
  if (named !== undefined) {
    return { references: [referenceOf(...named)] };
  }
  if (deleted !== undefined) {
    const [deletedType, id, ...rest] = deleted.split('/');
    return {
      references: rest.length > 0 ? malformed('The deleted resource is not Type/id.') : [referenceOf(deletedType, id)],
    };
  }
  if (body.byteLength === 0) {
    return { references: [], anyOf: type };
  }
  const resource = parse(body);
  if (Object.keys(resource).length === 0) {
    return { references: [], anyOf: type };
  }
  if (resource.resourceType === 'Bundle') {
    return { references: referencesOf(resource) };
  }
  return { references: [referenceOf(resource.resourceType, resource.id)] };
}

function parse(body: Uint8Array): Readonly<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    malformed('The body is not JSON.');
  }
  return typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : malformed('The body is not a resource.');
}

/** `Type/id` of what the entries hold or name; a handshake and a heartbeat name nothing of interest. */
function referencesOf({ entry }: Readonly<Record<string, unknown>>): readonly string[] {
  const entries = Array.isArray(entry) ? entry : [];
  if (entries.length > MAX_REFERENCES) {
    throw new IntervalError('request-too-large', `A Bundle may hold ${MAX_REFERENCES} entries.`);
  }
  const found = entries.flatMap((one): readonly string[] => {
    const { resource, fullUrl, request } = (one ?? {}) as Record<string, unknown>;
    const { resourceType, id } = (resource ?? {}) as Record<string, unknown>;
    const urls = [fullUrl, (request as { url?: unknown } | undefined)?.url];
    return [
      `${resourceType}/${id}`,
      ...urls.map((url) =>
        String(url ?? '')
          .split('/')
          .slice(-2)
          .join('/'),
      ),
    ];
  });
  return [...new Set(found.filter(isReference))];
}

function isReference(text: string): boolean {
  const [type, id = ''] = text.split('/');
  return isWatched(type) && isId(id);
}

function referenceOf(type: unknown, id: unknown): string {
  if (typeof type !== 'string' || !/^[A-Z][A-Za-z]{1,63}$/.test(type)) {
    return malformed('The notification names no resource type.');
  }
  if (!isWatched(type)) {
    throw new IntervalError('subject-unsupported', 'Nothing is read from resources of this type.');
  }
  return typeof id === 'string' && isId(id) ? `${type}/${id}` : malformed('The notification has no usable id.');
}

/** Foreign servers have ids longer than FHIR's 64 characters. */
function isId(id: string): boolean {
  return /^[A-Za-z0-9.-]{1,256}$/.test(id) && !/^\.+$/.test(id);
}

function malformed(why: string): never {
  throw new IntervalError('request-malformed', why);
}
