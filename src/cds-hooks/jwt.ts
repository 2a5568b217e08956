import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import { IntervalError } from '../errors.ts';
import type { Authenticate } from './authenticate.ts';
import type { Registration } from './clients.ts';
import { createKeySet, type FindKey } from './key-set.ts';
import { fetchKeys, type KeyUrlOptions } from './key-url.ts';
import type { ReplayStore } from './replay/replay.ts';

export interface JwtOptions {
  readonly registrations: readonly Registration[];
  readonly replay: ReplayStore;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** How far clocks may differ. */
  readonly skewSeconds?: number;
  readonly fetchKeys?: (url: string, options: KeyUrlOptions) => Promise<unknown>;
}

/** Why a call was refused: for our log, never for the caller (J19). Holds nothing of the token but what was verified. */
export class Refusal extends Error {
  readonly reason: RefusalReason;
  /** Id of the registration, once the issuer is known. */
  readonly client: string | undefined;

  constructor(reason: RefusalReason, client?: string) {
    super(reason);
    this.name = 'Refusal';
    this.reason = reason;
    this.client = client;
  }
}

export type RefusalReason =
  | 'no-token'
  | 'malformed'
  | 'issuer'
  | 'tenant'
  | 'audience'
  | 'algorithm'
  | 'type'
  | 'key-id'
  | 'key-url'
  | 'claims'
  | 'time'
  | 'signature'
  | 'replayed';

/**
 * CDS Hooks 2.0.1, "Trusting CDS Clients": one JWT for each call, in the order of the best practices: issuer, audience, times,
 * tenant, signature, then whether its jti was seen. Nothing is fetched that the client's registration does not list.
 */
export function jwtAuthentication(options: JwtOptions): Authenticate {
  const { registrations, replay, clock, skewSeconds = 30 } = options;
  const keys = new Map(registrations.map((one) => [one.id, keysOf(one, options)]));

  return async ({ authorization, endpoint }) => {
    const { token, header, payload } = read(authorization);
    const own = registrations.filter(({ issuer }) => issuer === payload.iss);
    refuseIf(own.length === 0, 'issuer');
    const registration = own.find(({ tenants }) => tenants === undefined || tenants.includes(payload.tenant as string));
    if (registration === undefined) {
      throw refused('tenant');
    }
    const { id, algorithms, maxTokenSeconds } = registration;
    refuseIf(![payload.aud].flat().includes(endpoint), 'audience', id);
    refuseIf(!(algorithms as readonly unknown[]).includes(header.alg), 'algorithm', id);
    refuseIf(String(header.typ).toUpperCase() !== 'JWT', 'type', id);
    refuseIf(typeof header.kid !== 'string' || header.kid === '', 'key-id', id);
    const { until } = checkClaims(payload, { now: clock() / 1000, skewSeconds, maxTokenSeconds, client: id });
    refuseIf(header.jku !== undefined && !registration.jku.includes(header.jku), 'key-url', id);
    const find = keys.get(id) as (jku: string | undefined) => FindKey | undefined;
    const findKey = find(header.jku);
    if (findKey === undefined) {
      throw refused('key-url', id);
    }
    await verify(token, findKey, { ...registration, endpoint, now: new Date(clock()), skewSeconds });
    // A refused token is not remembered: only what was signed can fill the store.
    const key = createHash('sha256').update(`${payload.iss}\n${payload.jti}`).digest('base64url');
    refuseIf(!(await replay.firstUse(key, until)), 'replayed', id);
    const tenant = typeof payload.tenant === 'string' ? { tenant: payload.tenant } : {};
    return { id, authenticated: true, ...tenant, registration };
  };
}

interface Read {
  readonly token: string;
  readonly header: ProtectedHeaderParameters;
  readonly payload: JWTPayload;
}

/** Header and claims as they stand there: nothing of it is true yet. */
function read(authorization: string | undefined): Read {
  const token = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) {
    throw refused(authorization === undefined ? 'no-token' : 'malformed');
  }
  try {
    return { token, header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    throw refused('malformed');
  }
}

/** Times in seconds since 1970. `until`: when the token ends for good, in milliseconds. */
function checkClaims(
  { exp, iat, nbf, jti }: JWTPayload,
  {
    now,
    skewSeconds,
    maxTokenSeconds,
    client,
  }: { now: number; skewSeconds: number; maxTokenSeconds: number; client: string },
): { readonly until: number } {
  const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  if (!isTime(exp) || !isTime(iat) || (nbf !== undefined && !isTime(nbf))) {
    throw refused('claims', client);
  }
  refuseIf(typeof jti !== 'string' || jti === '' || jti.length > 512, 'claims', client);
  const inTime = exp > now - skewSeconds && iat <= now + skewSeconds && (nbf ?? iat) <= now + skewSeconds;
  refuseIf(!inTime || exp - iat > maxTokenSeconds || exp <= iat, 'time', client);
  return { until: (exp + skewSeconds) * 1000 };
}

async function verify(
  token: string,
  findKey: FindKey,
  expected: Pick<Registration, 'id' | 'issuer' | 'algorithms'> & { endpoint: string; now: Date; skewSeconds: number },
): Promise<void> {
  try {
    await jwtVerify(token, findKey, {
      algorithms: [...expected.algorithms],
      issuer: expected.issuer,
      audience: expected.endpoint,
      typ: 'JWT',
      requiredClaims: ['exp', 'iat', 'jti'],
      clockTolerance: expected.skewSeconds,
      currentDate: expected.now,
    });
  } catch {
    throw refused('signature', expected.id);
  }
}

/**
 * Where a client's keys come from: from the configuration where they stand there, else from the `jku` that was named, or the
 * only one that is listed.
 */
function keysOf(
  { jwks, jwksFile, jku, privateNetwork }: Registration,
  { clock, fetchKeys: fetch = fetchKeys }: JwtOptions,
): (jku: string | undefined) => FindKey | undefined {
  if (jwks !== undefined || jwksFile !== undefined) {
    const load = async () => jwks ?? JSON.parse(await readFile(jwksFile as string, 'utf8'));
    const find = createKeySet({ load, clock });
    return () => find;
  }
  const sets = new Map(jku.map((url) => [url, createKeySet({ load: () => fetch(url, { privateNetwork }), clock })]));
  const only = jku.length === 1 ? jku[0] : undefined;
  return (named = only) => (named === undefined ? undefined : sets.get(named));
}

function refuseIf(wrong: boolean, reason: RefusalReason, client?: string): void {
  if (wrong) {
    throw refused(reason, client);
  }
}

function refused(reason: RefusalReason, client?: string): IntervalError {
  return new IntervalError('unauthenticated', 'Authentication is required.', { cause: new Refusal(reason, client) });
}
