import { randomUUID } from 'node:crypto';
import { IntervalError } from '../errors.ts';
import { parseJson, retryAfter } from './failure.ts';
import type { ServiceKeys } from './service-keys.ts';
import type { Fetch, TokenSource } from './transport.ts';

export interface ClientCredentialsOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** By which the service proves itself: a secret, or keys of its own (SMART Backend Services). */
  readonly proof: { readonly secret: string } | { readonly keys: ServiceKeys };
  readonly scope?: string;
  readonly fetch?: Fetch;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
  readonly ids?: () => string;
  readonly timeoutMs?: number;
}

interface Grant {
  readonly token: string;
  /** Milliseconds since 1970 after which it is not used any more. */
  readonly until: number;
}

/** Seconds before its end at which a token is renewed, so that it does not end on the way. */
const margin = 30;

/**
 * The service's own access token (OAuth 2.0 client credentials, RFC 6749 section 4.4, by secret or by `private_key_jwt`), renewed before it ends and when a
 * server refused it; callers at the same moment share one request. Nothing is stored outside this closure.
 */
export function createClientCredentials(options: ClientCredentialsOptions): TokenSource {
  const clock = options.clock ?? Date.now;
  let grant: Grant | undefined;
  let pending: Promise<Grant> | undefined;

  return async (refused) => {
    if (grant !== undefined && (grant.token === refused || grant.until <= clock())) {
      grant = undefined;
    }
    if (grant === undefined) {
      pending ??= requestGrant(options, clock).finally(() => {
        pending = undefined;
      });
      grant = await pending;
    }
    return grant.token;
  };
}

async function requestGrant(options: ClientCredentialsOptions, clock: () => number): Promise<Grant> {
  const body = new URLSearchParams({ grant_type: 'client_credentials' });
  if (options.scope !== undefined) {
    body.set('scope', options.scope);
  }
  const headers = new Headers({ 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' });
  await prove(options, clock(), body, headers);
  const answer = await ask(options, {
    method: 'POST',
    headers,
    body: body.toString(),
    redirect: 'error',
    credentials: 'omit',
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
  });
  if (answer.status === 429 || answer.status >= 500) {
    const retryAfterMs = retryAfter(answer.headers.get('retry-after'), clock());
    throw new IntervalError('fhir-unavailable', `The token endpoint answered ${answer.status}.`, { retryAfterMs });
  }
  if (answer.status >= 400) {
    throw new IntervalError('fhir-unauthorized', `The token endpoint refused the service with ${answer.status}.`);
  }
  const granted = parseJson(answer.bytes) as { access_token?: unknown; expires_in?: unknown } | undefined;
  if (typeof granted?.access_token !== 'string' || granted.access_token === '') {
    throw new IntervalError('fhir-bad-answer', 'The token endpoint answered without an access token.');
  }
  const seconds = Number(granted.expires_in);
  const lifetime = Number.isFinite(seconds) && seconds > 0 ? seconds : 300;
  return { token: granted.access_token, until: clock() + Math.max(lifetime - margin, lifetime / 2) * 1000 };
}

async function prove(
  { proof, clientId, tokenUrl, ids = randomUUID }: ClientCredentialsOptions,
  now: number,
  body: URLSearchParams,
  headers: Headers,
): Promise<void> {
  if ('secret' in proof) {
    const credentials = [clientId, proof.secret].map(encodeURIComponent).join(':');
    headers.set('Authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
    return;
  }
  body.set('client_assertion_type', 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
  body.set('client_assertion', await proof.keys.assert({ clientId, tokenUrl, now, id: ids() }));
}

async function ask(options: ClientCredentialsOptions, init: RequestInit) {
  try {
    const response = await (options.fetch ?? globalThis.fetch)(options.tokenUrl, init);
    return {
      status: response.status,
      headers: response.headers,
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  } catch (error) {
    const code = (error as Error).name === 'TimeoutError' ? 'fhir-timeout' : 'fhir-unavailable';
    throw new IntervalError(code, 'The token endpoint could not be reached.', { cause: error });
  }
}
