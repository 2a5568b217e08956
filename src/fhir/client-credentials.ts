import { IntervalError } from '../errors.ts';
import { parseJson, retryAfter } from './failure.ts';
import type { Fetch, TokenSource } from './transport.ts';

export interface ClientCredentialsOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string;
  readonly fetch?: Fetch;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
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
 * The service's own access token (OAuth 2.0 client credentials, RFC 6749 section 4.4), renewed before it ends and when a
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
  const credentials = [options.clientId, options.clientSecret].map(encodeURIComponent).join(':');
  const answer = await ask(options, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Accept: 'application/json',
      Authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    },
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
