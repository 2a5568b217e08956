import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LinkStyle } from '../cds-hooks/card.ts';
import { IntervalError } from '../errors.ts';

/** What a site may set for one CDS client beside who it is. */
export interface ClientOptions {
  /** Whether disclosures to this client, and writes on its behalf, are kept as AuditEvents in the store. */
  readonly audit: 'store' | 'off';
  /** How the client opens pages of this service. */
  readonly links: LinkStyle;
  /** Calls in a minute before they are answered with 429; 0 for no limit. */
  readonly callsPerMinute: number;
  /** Origins whose pages may call in this client's name from a browser; absent: those of the setting `corsOrigins`. */
  readonly origins?: readonly string[];
}

/** Options of a client by its id; of one that the file does not name, and of none, the defaults. */
export type ClientOptionsOf = (client?: string) => ClientOptions;

const options = {
  type: 'object',
  properties: {
    audit: { enum: ['store', 'off'] },
    links: {
      oneOf: [
        {
          type: 'object',
          required: ['type'],
          properties: { type: { const: 'absolute' } },
          additionalProperties: false,
        },
        {
          type: 'object',
          required: ['type', 'launchUrl'],
          properties: { type: { const: 'smart' }, launchUrl: { type: 'string', pattern: '^https?://[^\\s]+$' } },
          additionalProperties: false,
        },
      ],
    },
    callsPerMinute: { type: 'integer', minimum: 0, maximum: 1_000_000 },
    origins: { type: 'array', items: { type: 'string', pattern: '^https?://[^\\s/]+$' } },
  },
  additionalProperties: false,
} as const;

const check = new Ajv2020({ strict: true, strictRequired: false }).compile({
  type: 'object',
  properties: { default: options, clients: { type: 'object', additionalProperties: options } },
  additionalProperties: false,
});

/**
 * Reads the file that the setting `clientOptions` names: `{"default": {…}, "clients": {"id": {…}}}`. What a client's entry
 * leaves out comes from `default`, then from the settings. Throws `config-invalid`.
 */
export function readClientOptions(config: {
  readonly clientOptions: string;
  readonly audit: ClientOptions['audit'];
  readonly callsPerMinute: number;
}): ClientOptionsOf & { readonly origins: readonly string[] } {
  const file = config.clientOptions === '' ? {} : parse(config.clientOptions);
  const base: ClientOptions = {
    audit: config.audit,
    links: { type: 'absolute' },
    callsPerMinute: config.callsPerMinute,
    ...file.default,
  };
  const clients = new Map(Object.entries(file.clients ?? {}).map(([id, own]) => [id, { ...base, ...own }]));
  // In development nobody but this machine calls; what the file says of it holds all the same.
  const unlimited = { ...base, callsPerMinute: file.default?.callsPerMinute ?? 0 };
  clients.set('development', clients.get('development') ?? unlimited);
  const origins = [base, ...clients.values()].flatMap((one) => one.origins ?? []);
  return Object.assign((client?: string) => (client === undefined ? base : (clients.get(client) ?? base)), {
    origins: [...new Set(origins)],
  });
}

interface OptionsFile {
  readonly default?: Partial<ClientOptions>;
  readonly clients?: Readonly<Record<string, Partial<ClientOptions>>>;
}

function parse(path: string): OptionsFile {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new IntervalError('config-invalid', 'Setting "clientOptions": the file cannot be read as JSON.', { cause });
  }
  if (!check(parsed)) {
    const { instancePath = '', message = '' } = check.errors?.[0] ?? {};
    throw new IntervalError(
      'config-invalid',
      `Setting "clientOptions": ${instancePath === '' ? 'the file' : instancePath.slice(1).replaceAll('/', '.')} ${message}.`,
    );
  }
  return parsed as OptionsFile;
}
