import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { JSONWebKeySet } from 'jose';
import { IntervalError } from '../errors.ts';
import type { LinkStyle } from './card.ts';
import { checkKeySet } from './key-set.ts';
import { checkKeyUrl } from './key-url.ts';
import { clientsSchema } from './schemas/clients.ts';
import { compile } from './schemas/compile.ts';

/** An EHR that may call, as the site registered it. */
export interface Registration {
  /** Short name of our own, for logs and metrics. */
  readonly id: string;
  /** `iss` of its JWTs. */
  readonly issuer: string;
  /** Its public keys, exchanged out of band. */
  readonly jwks?: JSONWebKeySet;
  /** A file with its public keys, read again when an unknown `kid` comes. */
  readonly jwksFile?: string;
  /** The only URLs that its JWTs may name as `jku`, and the only ones that keys are fetched from. */
  readonly jku: readonly string[];
  readonly algorithms: readonly SigningAlgorithm[];
  /** The longest that `exp − iat` may be. */
  readonly maxTokenSeconds: number;
  /** The `tenant` claims that are taken; without a list the issuer is one organisation. */
  readonly tenants?: readonly string[];
  /** Base URLs that its calls may name as fhirServer: exact origin and path prefix. */
  readonly fhirServers: readonly string[];
  /** How results reach this EHR; the service's own mode where it says nothing. */
  readonly writeBack?: 'full' | 'suggest' | 'none';
  /** Its hosts stand on a private network: private addresses are reached, and loopback by plain http. */
  readonly privateNetwork: boolean;
  /** Whether disclosures to it, and writes on its behalf, are kept as AuditEvents; the service's own where it says nothing. */
  readonly audit?: 'store' | 'off';
  /** How it opens pages of this service. */
  readonly links?: LinkStyle;
  /** Calls in a minute before they are answered with 429; 0 for no limit. */
  readonly callsPerMinute?: number;
  /** Origins whose pages may call in its name from a browser; absent: those of the setting `corsOrigins`. */
  readonly origins?: readonly string[];
}

export type SigningAlgorithm = 'ES384' | 'RS384' | 'ES256' | 'RS256';

const check = compile(clientsSchema);

/** CDS Hooks 2.0.1, "Signature": ES384 and RS384 are recommended; others only where the site says so. */
const recommended: readonly SigningAlgorithm[] = ['ES384', 'RS384'];

/** The public sandbox signs with a key that everybody has. */
const worldReadable = { issuer: 'https://sandbox.cds-hooks.org', kid: '44823f3d-0b01-4a6c-a80e-b9d3e8a7226f' };

/** Reads and checks the file of clients. Throws `config-invalid`, naming the client and never a key. */
export function readClients(path: string): readonly Registration[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new IntervalError('config-invalid', 'Setting "clients": the file cannot be read as JSON.', { cause });
  }
  return parseClients(json, dirname(path));
}

/** `folder`: where relative names of key files begin. */
export function parseClients(json: unknown, folder: string): readonly Registration[] {
  const problem = check(json);
  refuseIf(problem !== undefined, `the file is not valid: ${problem}`);
  const given = (json as { clients: readonly Given[] }).clients;
  const registrations = given.map((one) => registrationOf(one, folder));
  for (const [at, one] of registrations.entries()) {
    checkRegistration(one);
    for (const other of registrations.slice(0, at)) {
      refuseIf(one.id === other.id, `the id ${one.id} is given twice`);
      const apart = one.tenants && other.tenants && !one.tenants.some((tenant) => other.tenants?.includes(tenant));
      refuseIf(
        one.issuer === other.issuer && !apart,
        `${other.id} and ${one.id} share an issuer but not distinct tenants`,
      );
    }
  }
  return registrations;
}

type Given = Pick<Registration, 'id' | 'issuer' | 'fhirServers'> & Partial<Registration>;

function registrationOf(given: Given, folder: string): Registration {
  const { jku = [], algorithms = recommended, maxTokenSeconds = 3600, privateNetwork = false, ...rest } = given;
  return {
    ...rest,
    jku,
    algorithms,
    maxTokenSeconds,
    privateNetwork,
    fhirServers: given.fhirServers.map((base) => base.replace(/\/+$/, '')),
    ...(given.jwksFile === undefined ? {} : { jwksFile: resolve(folder, given.jwksFile) }),
  };
}

function checkRegistration({ id, issuer, jwks, jwksFile, jku, fhirServers, privateNetwork }: Registration): void {
  refuseIf(jwks !== undefined && jwksFile !== undefined, `${id} has both jwks and jwksFile`);
  refuseIf(
    jwks === undefined && jwksFile === undefined && jku.length === 0,
    `${id} has no keys: jwks, jwksFile or jku`,
  );
  refuseIf(
    issuer === worldReadable.issuer || JSON.stringify(jwks ?? {}).includes(worldReadable.kid),
    `${id} is the public sandbox, whose private key is public`,
  );
  if (jwks !== undefined) {
    checkKeySet(jwks, `Setting "clients": the jwks of ${id}`);
  }
  for (const url of jku) {
    const why = checkKeyUrl(url, { privateNetwork });
    refuseIf(why !== undefined, `a jku of ${id} ${why}`);
  }
  for (const base of fhirServers) {
    refuseIf(!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol), `a FHIR server of ${id} is no URL`);
  }
}

function refuseIf(wrong: boolean, why: string): void {
  if (wrong) {
    throw new IntervalError('config-invalid', `Setting "clients": ${why}.`);
  }
}
