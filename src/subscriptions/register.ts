import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Subscription } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { FhirClient } from '../fhir/client.ts';
import { CANONICAL } from '../fhir/codes.ts';
import { conditionalQuery, token } from '../fhir/result-key.ts';
import { headerValueOf } from './verify.ts';
import { criteriaOf, pathOf, type WatchedType } from './watched.ts';

/** What the server that is subscribed to does beyond R4. */
export interface Dialect {
  /** It signs what it sends with the secret of Medplum's extension. */
  readonly signs: boolean;
  /** Status of a Subscription that begins to work: R4 says `requested`, Medplum never turns that into `active`. */
  readonly begins: 'requested' | 'active';
  /** Extensions of the channel. */
  readonly channel: NonNullable<Subscription['channel']['extension']>;
}

export interface Wanted {
  /** Base URL of this service as the server reaches it, without trailing slash. */
  readonly publicUrl: string;
  /** Empty where nothing is proved, on one machine. */
  readonly secret: string;
  /** Header that carries the secret; empty where the server signs. */
  readonly header: string;
}

export interface Registered {
  readonly type: WatchedType;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'switched off' | 'absent';
  /** `Subscription/id`; absent where there is none, or would only be made. */
  readonly reference?: string;
  readonly status?: Subscription['status'];
  /** What the server says is wrong with it. */
  readonly error?: string;
}

const SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';
const SEND_DELETIONS = 'http://hapifhir.io/fhir/StructureDefinition/subscription-send-delete-messages';
const TAG = `${CANONICAL}/CodeSystem/subscription`;

/** Of the server, by the name that it gives itself. */
export async function dialectOf(source: FhirClient): Promise<Dialect> {
  const { software } = await source.capabilities();
  const name = software?.name ?? '';
  return {
    signs: /medplum|interval embedded/i.test(name),
    begins: /^medplum/i.test(name) ? 'active' : 'requested',
    channel: /hapi/i.test(name) ? [{ url: SEND_DELETIONS, valueBoolean: true }] : [],
  };
}

export function subscriptionOf(type: WatchedType, wanted: Wanted, dialect: Dialect): Subscription {
  const { publicUrl, secret, header } = wanted;
  const endpoint = `${publicUrl}${pathOf(type)}`;
  return {
    resourceType: 'Subscription',
    // R4's Subscription has no identifier: the tag makes a conditional create find it.
    meta: { tag: [{ system: TAG, code: createHash('sha256').update(endpoint).digest('hex').slice(0, 32) }] },
    ...(dialect.signs && secret !== '' ? { extension: [{ url: SECRET, valueString: secret }] } : {}),
    status: dialect.begins,
    reason: 'Interval reads what arrives.',
    criteria: criteriaOf(type),
    channel: {
      ...(dialect.channel.length > 0 ? { extension: dialect.channel } : {}),
      type: 'rest-hook',
      endpoint,
      payload: 'application/fhir+json',
      ...(header === '' || secret === '' ? {} : { header: [`${header}: ${headerValueOf(header, secret)}`] }),
    },
  };
}

/** Makes the Subscription for a type, or the one that is there what it should be. Writes nothing in a dry run. */
export async function register(
  source: FhirClient,
  type: WatchedType,
  { wanted, dialect, dryRun }: { readonly wanted: Wanted; readonly dialect: Dialect; readonly dryRun: boolean },
): Promise<Registered> {
  const subscription = subscriptionOf(type, wanted, dialect);
  const found = await find(source, subscription);
  if (found === undefined) {
    if (dryRun) {
      return { type, outcome: 'created' };
    }
    const [{ system = '', code = '' } = {}] = subscription.meta?.tag ?? [];
    const made = await source.createIfNoneExist(subscription, conditionalQuery([['_tag', token(system, code)]]));
    return shown(type, made.created ? 'created' : 'unchanged', made.resource);
  }
  if (isSame(found, subscription)) {
    return shown(type, 'unchanged', found);
  }
  return dryRun ? shown(type, 'updated', found) : shown(type, 'updated', await change(source, found, subscription));
}

/** Switches the Subscription for a type off. Nothing is deleted: who looks later sees that it was there. */
export async function unregister(
  source: FhirClient,
  type: WatchedType,
  { wanted, dialect, dryRun }: { readonly wanted: Wanted; readonly dialect: Dialect; readonly dryRun: boolean },
): Promise<Registered> {
  const found = await find(source, subscriptionOf(type, wanted, dialect));
  if (found === undefined || found.status === 'off') {
    return { type, outcome: 'absent' };
  }
  return shown(type, 'switched off', dryRun ? found : await change(source, found, { status: 'off' }));
}

/** Servers turn `requested` into `active` or `error` in their own time. */
export async function settled(source: FhirClient, one: Registered, pause: () => Promise<void>): Promise<Registered> {
  let { status, error } = one;
  for (let tries = 0; status === 'requested' && one.reference !== undefined && tries < 60; tries++) {
    await pause();
    const found = await source.read<Subscription>('Subscription', one.reference.split('/')[1] ?? '');
    ({ status, error } = found);
  }
  return { ...one, status, ...(error === undefined ? {} : { error }) };
}

/** The one with this endpoint and type, whoever made it; the newest where there are several. */
async function find(source: FhirClient, { criteria, channel }: Subscription): Promise<Subscription | undefined> {
  const [type] = criteria.split('?');
  const all = await source.search<Subscription>('Subscription', { url: channel.endpoint ?? '', _count: '50' });
  const same = all.filter((one) => one.channel?.endpoint === channel.endpoint && one.criteria?.split('?')[0] === type);
  return same.toSorted((a, b) => (b.meta?.lastUpdated ?? '').localeCompare(a.meta?.lastUpdated ?? ''))[0];
}

function isSame(found: Subscription, wanted: Subscription): boolean {
  const essence = ({ criteria, channel, extension }: Subscription) => ({
    criteria,
    endpoint: channel.endpoint,
    type: channel.type,
    payload: channel.payload,
    header: channel.header ?? [],
    secret: extension?.find(({ url }) => url === SECRET)?.valueString,
  });
  return (
    (found.status === 'active' || found.status === wanted.status) && isDeepStrictEqual(essence(found), essence(wanted))
  );
}

function change(source: FhirClient, found: Subscription, values: Partial<Subscription>): Promise<Subscription> {
  if (found.id === undefined) {
    throw new IntervalError('fhir-bad-answer', 'The FHIR server gave a Subscription without an id.');
  }
  const { error: _error, ...rest } = found;
  const ifMatch = found.meta?.versionId;
  const meta = { ...found.meta, ...values.meta };
  return source.update<Subscription>(
    { ...rest, ...values, meta, id: found.id },
    ifMatch === undefined ? {} : { ifMatch },
  );
}

function shown(type: WatchedType, outcome: Registered['outcome'], { id, status, error }: Subscription): Registered {
  return { type, outcome, reference: `Subscription/${id}`, status, ...(error === undefined ? {} : { error }) };
}
