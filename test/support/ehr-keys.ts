import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Registration, SigningAlgorithm } from '../../src/cds-hooks/clients.ts';

export const EHR = 'https://ehr.example.org';

export interface Signer {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** A key pair as an EHR has it. */
export async function createSigner(alg: SigningAlgorithm = 'ES384', kid: string = randomUUID()): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface TokenParts {
  readonly header?: Record<string, unknown>;
  /** A claim of undefined is left out. */
  readonly claims?: Record<string, unknown>;
  /** Seconds since 1970. */
  readonly now?: number;
}

/** A JWT for one endpoint, as the specification has it; `parts` spoils it. */
export async function tokenFor(endpoint: string, signer: Signer, parts: TokenParts = {}): Promise<string> {
  const now = parts.now ?? Math.floor(Date.now() / 1000);
  const claims = {
    iss: EHR,
    aud: endpoint,
    iat: now,
    exp: now + 300,
    jti: randomUUID(),
    ...parts.claims,
  };
  const given = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const header = { alg: signer.alg, kid: signer.kid, typ: 'JWT', ...parts.header };
  return new SignJWT(given)
    .setProtectedHeader(Object.fromEntries(Object.entries(header).filter(([, value]) => value !== undefined)) as never)
    .sign(signer.privateKey);
}

/** Header and claims encoded as they are, with whatever stands in for a signature. */
export function unsigned(header: object, claims: object, signature = ''): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}.${signature}`;
}

export function registration(over: Partial<Registration> = {}): Registration {
  return {
    id: 'ehr',
    issuer: EHR,
    jku: [],
    algorithms: ['ES384', 'RS384'],
    maxTokenSeconds: 3600,
    fhirServers: [`${EHR}/fhir/R4`],
    privateNetwork: false,
    ...over,
  };
}
