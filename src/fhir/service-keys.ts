import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from 'jose';
import { IntervalError } from '../errors.ts';

/** The service's own keys: by them it proves itself to the token endpoints of FHIR servers (SMART Backend Services). */
export interface ServiceKeys {
  /** The public part of every key, as served at `/.well-known/jwks.json`. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /**
   * A `client_assertion` of five minutes (SMART App Launch 2.2, "Asymmetric authentication") with the first key.
   *
   * @param now milliseconds since 1970
   */
  assert(options: {
    readonly clientId: string;
    readonly tokenUrl: string;
    readonly now: number;
    readonly id: string;
  }): Promise<string>;
}

interface OneKey {
  readonly private: JWK;
  readonly public: JWK;
  readonly alg: 'ES384' | 'RS384';
}

/**
 * Reads a private JWK, a set of them, or a PEM file; EC P-384 and RSA of 2048 bits or more. The first signs, all are served:
 * a new key is put second until every server knows it, then first. Throws `config-invalid` without a word of the file.
 */
export async function readServiceKeys(path: string): Promise<ServiceKeys> {
  const keys = await Promise.all(privateKeys(path).map(withNames));
  const first = keys[0];
  if (first === undefined) {
    throw invalid('holds no key');
  }
  const signing = await importJWK(first.private, first.alg).catch(() => {
    throw invalid('holds a key that cannot sign');
  });
  return {
    jwks: { keys: keys.map((key) => key.public) },
    assert: ({ clientId, tokenUrl, now, id }) =>
      new SignJWT()
        .setProtectedHeader({ alg: first.alg, typ: 'JWT', kid: first.public.kid as string })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(tokenUrl)
        .setIssuedAt(Math.floor(now / 1000))
        .setExpirationTime(Math.floor(now / 1000) + 300)
        .setJti(id)
        .sign(signing),
  };
}

function privateKeys(path: string): readonly JWK[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw invalid('cannot be read', cause);
  }
  try {
    if (text.startsWith('-----')) {
      return [createPrivateKey(text).export({ format: 'jwk' }) as JWK];
    }
    const json = JSON.parse(text) as JWK | { keys: readonly JWK[] };
    return 'keys' in json && Array.isArray(json.keys) ? json.keys : [json as JWK];
  } catch {
    // The parsers' own messages quote what they were given.
    throw invalid('is neither JWK nor PEM');
  }
}

async function withNames(jwk: JWK): Promise<OneKey> {
  const alg = jwk.kty === 'EC' && jwk.crv === 'P-384' ? 'ES384' : jwk.kty === 'RSA' ? 'RS384' : undefined;
  if (alg === undefined || typeof jwk.d !== 'string') {
    throw invalid('holds something other than private EC P-384 or RSA keys');
  }
  const { kty, crv, x, y, n, e } = jwk;
  if (n !== undefined && Buffer.from(n, 'base64url').byteLength < 256) {
    throw invalid('holds an RSA key of fewer than 2048 bits');
  }
  const members = Object.fromEntries(
    Object.entries({ kty, crv, x, y, n, e }).filter(([, value]) => value !== undefined),
  );
  const kid = jwk.kid ?? (await calculateJwkThumbprint(members as JWK));
  return { private: jwk, public: { ...members, kid, alg, use: 'sig', key_ops: ['verify'] } as JWK, alg };
}

function invalid(why: string, cause?: unknown): IntervalError {
  return new IntervalError(
    'config-invalid',
    `Setting "privateKeyFile": the file ${why}.`,
    cause === undefined ? {} : { cause },
  );
}
