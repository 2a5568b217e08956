import { type Breakers, createBreakers, withBreaker } from './fhir/breaker.ts';
import type { FhirClient } from './fhir/client.ts';
import { createClientCredentials } from './fhir/client-credentials.ts';
import { createFhirClient } from './fhir/medplum-client.ts';
import { type ReferenceForm, referenceForm } from './fhir/references.ts';
import type { ServiceKeys } from './fhir/service-keys.ts';
import type { TokenSource } from './fhir/transport.ts';
import type { WriteMode } from './fhir/write-back.ts';
import type { Limits } from './queue/limits.ts';
import { pacedFetch } from './queue/paced-fetch.ts';
import type { Config } from './settings.ts';

/** Where the embedded FHIR server answers, and how to reach it without a socket when it lives in this process. */
export interface Embedded {
  readonly base: string;
  readonly fetch?: typeof fetch;
  /** What it asks of a caller in production mode, where it is nobody's but ours. */
  readonly token?: string;
  /** Where it lives in this process: says something else after every write of these types. */
  readonly revision?: (types: readonly string[]) => string;
}

export interface Servers {
  readonly source: FhirClient;
  readonly store: FhirClient;
  readonly form: ReferenceForm;
  readonly mode: WriteMode;
  /** Of all FHIR servers but the embedded one, whoever asks them. */
  readonly breakers: Breakers;
}

export function usesEmbedded(config: Config): boolean {
  return config.sourceUrl === '' || config.storeUrl === '';
}

const BREAKER = { openMs: 10_000, slowMs: 500 } as const;

export interface ConnectOptions {
  /** The service's own keys, for servers that know it by them. */
  readonly keys?: ServiceKeys | undefined;
  /** Told when a server is left alone, and when it is asked again. */
  readonly onBreaker?: (server: string, open: boolean) => void;
  /** For jobs alone: hooks ask at once. */
  readonly limits?: Limits | undefined;
}

export function connect(
  config: Config,
  embedded: Embedded | undefined,
  { keys, limits, onBreaker = () => undefined }: ConnectOptions,
): Servers {
  const failures = config.breakerFailures === 0 ? Number.POSITIVE_INFINITY : config.breakerFailures;
  const breakers = createBreakers({ ...BREAKER, failures, clock: Date.now, onChange: onBreaker });
  const guarded = (role: 'source' | 'store') => {
    const client = clientFor(config, role, embedded, { keys, limits });
    return config[`${role}Url`] === '' ? client : withBreaker(client, breakers);
  };
  const source = guarded('source');
  const sameServer = config.storeUrl === config.sourceUrl;
  const store = sameServer ? source : guarded('store');
  const mode = config.writeBack !== 'auto' ? config.writeBack : config.sourceUrl === '' ? 'full' : 'suggest';
  return { source, store, form: referenceForm({ source: source.base, store: store.base }), mode, breakers };
}

/** The service's own keys, where it has some. Throws `config-invalid`. */
export async function openServiceKeys({
  privateKeyFile,
}: Pick<Config, 'privateKeyFile'>): Promise<ServiceKeys | undefined> {
  if (privateKeyFile === '') {
    return undefined;
  }
  const { readServiceKeys } = await import('./fhir/service-keys.ts');
  return readServiceKeys(privateKeyFile);
}

function clientFor(
  config: Config,
  role: 'source' | 'store',
  embedded: Embedded | undefined,
  { keys, limits }: Pick<ConnectOptions, 'keys' | 'limits'>,
): FhirClient {
  const base = config[`${role}Url`];
  const allowedAttachmentOrigins = config.attachmentOrigins;
  if (base === '') {
    if (!embedded) {
      throw new Error(`The ${role} is the embedded server, and none was given.`);
    }
    const { fetch, token } = embedded;
    return createFhirClient({
      base: embedded.base,
      allowedAttachmentOrigins,
      ...(fetch ? { fetch } : {}),
      ...(token === undefined ? {} : { token: async () => token }),
    });
  }
  const token = ownToken(config, role, keys);
  const perSecond = config[`${role}RequestsPerSecond`];
  const paced = limits && perSecond > 0 ? { fetch: pacedFetch(fetch, { limits, base, perSecond }) } : {};
  return createFhirClient({ base, allowedAttachmentOrigins, ...(token ? { token } : {}), ...paced });
}

/** The service's own access to a server: by a secret where one is set, else by its keys. */
function ownToken(config: Config, role: 'source' | 'store', keys: ServiceKeys | undefined): TokenSource | undefined {
  const [tokenUrl, clientId, secret] = [
    config[`${role}TokenUrl`],
    config[`${role}ClientId`],
    config[`${role}ClientSecret`],
  ];
  if (tokenUrl === '') {
    return undefined;
  }
  if (secret !== '' || keys === undefined) {
    const scope = config[`${role}Scope`] || undefined;
    return createClientCredentials({ tokenUrl, clientId, proof: { secret }, ...(scope ? { scope } : {}) });
  }
  // SMART Backend Services has no default scope.
  const writes = role === 'store' || config.writeBack === 'full' || config.storeUrl === config.sourceUrl;
  const scope = config[`${role}Scope`] || (writes ? 'system/*.cruds' : 'system/*.rs');
  return createClientCredentials({ tokenUrl, clientId, proof: { keys }, scope });
}
