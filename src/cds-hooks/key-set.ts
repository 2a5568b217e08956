import { createLocalJWKSet, type JSONWebKeySet, type JWSHeaderParameters, errors as jose } from 'jose';
import { IntervalError } from '../errors.ts';

/** The public key that a JWT's header names. Rejects when there is none. */
export type FindKey = (header: JWSHeaderParameters) => Promise<CryptoKey>;

export interface KeySetOptions {
  /** Reads or fetches the set. */
  readonly load: () => Promise<unknown>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** An unknown `kid` makes the set be loaded again at most this often: callers cannot make us hammer the EHR's server. */
  readonly cooldownMs?: number;
  /** Age at which the set is loaded again. */
  readonly maxAgeMs?: number;
  /** Age beyond `maxAgeMs` up to which it is still used when loading fails. */
  readonly staleMs?: number;
}

/** The rotating key set of one client. Loads are shared by all who wait for one. */
export function createKeySet(options: KeySetOptions): FindKey {
  const { load, clock, cooldownMs = 30_000, maxAgeMs = 600_000, staleMs = 3_600_000 } = options;
  let set: ReturnType<typeof createLocalJWKSet> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let pending: Promise<void> | undefined;

  function refresh(): Promise<void> {
    pending ??= (async () => {
      triedAt = clock();
      const loaded = publicKeys(await load());
      set = createLocalJWKSet(loaded);
      loadedAt = clock();
    })().finally(() => {
      pending = undefined;
    });
    return pending;
  }
  const cooled = () => clock() - triedAt >= cooldownMs;

  return async (header) => {
    if (pending !== undefined || (clock() - loadedAt > maxAgeMs && cooled())) {
      // What was loaded before bridges a short failure of the EHR's server.
      await refresh().catch((error) => {
        if (set === undefined || clock() - loadedAt > maxAgeMs + staleMs) {
          throw error;
        }
      });
    }
    if (set === undefined || clock() - loadedAt > maxAgeMs + staleMs) {
      throw new Error('The key set cannot be loaded.');
    }
    try {
      return await set(header);
    } catch (error) {
      if (!(error instanceof jose.JWKSNoMatchingKey) || !cooled()) {
        throw error;
      }
      await refresh();
      return set(header);
    }
  };
}

/** Members of a JWK that are public, for the key types that may sign here. */
const publicMembers = ['kty', 'kid', 'use', 'key_ops', 'alg', 'crv', 'x', 'y', 'n', 'e'] as const;

/** The keys of a set that may verify: public, asymmetric, named. Throws when it is no key set. */
function publicKeys(json: unknown): JSONWebKeySet {
  const keys = (json as { keys?: unknown } | undefined)?.keys;
  if (!Array.isArray(keys)) {
    throw new Error('This is no key set.');
  }
  return {
    keys: keys
      .filter((key) => typeof key === 'object' && key !== null && (key.kty === 'EC' || key.kty === 'RSA'))
      .filter(({ kid }) => typeof kid === 'string' && kid !== '')
      .map(
        (key) => Object.fromEntries(publicMembers.flatMap((name) => (name in key ? [[name, key[name]]] : []))) as never,
      ),
  };
}

/** Start-up check of keys that stand in the configuration. A private key there is a mistake to be told, not to be used. */
export function checkKeySet(set: JSONWebKeySet, named: string): void {
  for (const key of set.keys) {
    if (key.kty !== 'EC' && key.kty !== 'RSA') {
      throw new IntervalError('config-invalid', `${named}: only EC and RSA keys can verify a JWT here.`);
    }
    if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'].some((member) => member in key)) {
      throw new IntervalError('config-invalid', `${named}: it holds a private key; give the public part.`);
    }
    if (typeof key.kid !== 'string' || key.kid === '') {
      throw new IntervalError('config-invalid', `${named}: every key needs a kid.`);
    }
  }
}
