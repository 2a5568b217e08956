import { readFileSync } from 'node:fs';
import { IntervalError } from './errors.ts';

type Kind =
  | { readonly type: 'string' | 'boolean' | 'list' }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'url' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

interface Setting<T> {
  readonly kind: Kind;
  readonly default: T;
  /** One sentence. */
  readonly about: string;
  /** Never printed. */
  readonly secret?: true;
  /** Other environment names that are understood beside INTERVAL_…. */
  readonly alias?: string;
}

const string = (fallback: string, about: string, more: { secret?: true; alias?: string } = {}): Setting<string> => ({
  kind: { type: 'string' },
  default: fallback,
  about,
  ...more,
});
const url = (about: string): Setting<string> => ({ kind: { type: 'url' }, default: '', about });
const list = (about: string): Setting<readonly string[]> => ({ kind: { type: 'list' }, default: [], about });
const integer = (fallback: number, min: number, max: number, about: string, alias?: string): Setting<number> => ({
  kind: { type: 'integer', min, max },
  default: fallback,
  about,
  ...(alias ? { alias } : {}),
});
const choice = <const C extends readonly string[]>(
  choices: C,
  fallback: C[number],
  about: string,
): Setting<C[number]> => ({ kind: { type: 'choice', choices }, default: fallback, about });

/** Every setting: its name in the configuration file; the environment variable is INTERVAL_ + the name in capitals. */
export const settings = {
  host: string('127.0.0.1', 'Address to listen on.', { alias: 'HOST' }),
  port: integer(3000, 0, 65535, 'Port to listen on; 0 takes a free one.', 'PORT'),
  publicUrl: url(
    'Base URL under which browsers reach this service, for links in cards; empty means the address it listens on.',
  ),
  mode: choice(
    ['auto', 'development', 'production'],
    'auto',
    'Whether calls need a JWT of a registered client (production) or none (development); auto is production as soon as clients is set.',
  ),
  clients: string(
    '',
    'JSON file of the EHRs that may call, with their keys, FHIR servers and options; docs/clients-file.md.',
  ),
  replayUrl: string(
    '',
    'Redis (redis:// or rediss://) in which replicas share which JWTs were used; empty keeps it in this process.',
    { secret: true },
  ),
  unauthenticated: choice(
    ['loopback-only', 'any-network'],
    'loopback-only',
    'Where development mode answers calls without a JWT; any-network is for a closed test network only.',
  ),
  data: string('', 'Directory for the embedded FHIR server; empty keeps everything in memory.'),
  samples: choice(
    ['auto', 'on', 'off'],
    'auto',
    'Whether synthetic sample patients are loaded at start; auto loads them into an empty embedded server.',
  ),
  sourceUrl: url('Base URL of the FHIR R4 server of the EHR; empty means the embedded server.'),
  sourceTokenUrl: url('OAuth 2.0 token endpoint for the service’s own access to the source.'),
  sourceClientId: string('', 'Client id at that token endpoint.'),
  sourceClientSecret: string('', 'Client secret at that token endpoint.', { secret: true }),
  sourceScope: string(
    '',
    'Scope asked for there; empty asks for system/*.rs, or system/*.cruds where results are written, with a private key.',
  ),
  storeUrl: url('Base URL of the FHIR R4 server that keeps Tasks and results; empty means the embedded server.'),
  storeTokenUrl: url('OAuth 2.0 token endpoint for access to the store.'),
  storeClientId: string('', 'Client id at that token endpoint.'),
  storeClientSecret: string('', 'Client secret at that token endpoint.', { secret: true }),
  storeScope: string('', 'Scope asked for there; empty asks for system/*.cruds with a private key.'),
  privateKeyFile: string(
    '',
    'File with the service’s own private keys (JWK, JWK set or PEM) for SMART Backend Services; the public ones are served at /.well-known/jwks.json.',
  ),
  trustedFhirServers: list('Base URLs that a hook may name as fhirServer, besides source and embedded server.'),
  attachmentOrigins: list('Other origins from which attachments may be fetched, without a token.'),
  corsOrigins: list('Origins whose pages may call the CDS Hooks endpoints from a browser, such as a sandbox EHR.'),
  writeBack: choice(
    ['auto', 'full', 'suggest', 'none'],
    'auto',
    'How results reach the source; auto is full on the embedded server and suggest elsewhere.',
  ),
  pacsUrl: url(
    'DICOMweb base URL of the PACS; ImagingStudy endpoints are followed only when they lie under it or under imagingEndpoints.',
  ),
  pacsAuthorization: string('', 'Authorization header for the PACS, Basic or Bearer.', { secret: true }),
  pacsTokenUrl: url('OAuth 2.0 token endpoint for access to the PACS, instead of that header.'),
  pacsClientId: string('', 'Client id at that token endpoint.'),
  pacsClientSecret: string('', 'Client secret at that token endpoint.', { secret: true }),
  imagingEndpoints: list('Further DICOMweb base URLs that an ImagingStudy may name.'),
  labReportReader: choice(['embedded', 'medgemma'], 'embedded', 'Reader for lab reports.'),
  chestXrayReader: choice(['embedded', 'medgemma'], 'embedded', 'Reader for chest X-ray comparison.'),
  chestPriorDays: integer(1096, 1, 36525, 'How far back the prior chest film may lie, in days.'),
  chestBedsidePriorDays: integer(
    365,
    1,
    36525,
    'The same where the current film was taken at the bedside (portable, supine, intensive care).',
  ),
  modelsDirectory: string(
    '',
    'Directory of downloaded and converted models; empty means interval/models in the user’s cache directory.',
  ),
  model: string('', 'Model that runs on this machine for medgemma readers: a converted model’s id or folder.'),
  modelUrl: url('Base URL of an OpenAI-compatible server for medgemma readers, such as http://127.0.0.1:8000/v1.'),
  modelName: string('', 'Name of the model at that server.'),
  modelKey: string('', 'Key for that server, sent as a bearer token.', { secret: true }),
  modelKeyFile: string('', 'File that holds that key, read before every request, for keys that expire.'),
  modelRevision: string(
    '',
    'What tells this deployment of the model from the next, for servers that do not say it themselves (Vertex).',
  ),
  modelDialect: choice(
    ['auto', 'openai', 'vllm', 'llama-server', 'ollama', 'vertex'],
    'auto',
    'What that server is, where it differs from others; auto finds out.',
  ),
  modelTimeoutSeconds: integer(600, 5, 7200, 'Time after which a reply of that server is given up.'),
  modelConcurrency: integer(4, 1, 256, 'Requests to that server at the same time.'),
  modelThreads: integer(0, 0, 1024, 'Threads for the model on this machine; 0 means one for each core.'),
  modelContext: integer(8192, 512, 131072, 'Tokens of prompt and reply together that the model on this machine takes.'),
  modelCache: choice(
    ['int8', 'float32'],
    'int8',
    'How the model on this machine keeps what it has read; float32 is exact and takes four times the memory.',
  ),
  modelMemoryMb: integer(0, 0, 1048576, 'Memory for the model on this machine in MiB; 0 means what is free.'),
  criticalValues: string(
    '',
    'JSON file with the institution’s own critical values; empty means the shipped table, means of a survey for adults.',
  ),
  organization: string('Interval demonstration site', 'Name of the organisation on whose behalf readers run.'),
  timeZone: string('', 'IANA time zone for times printed without one; empty writes such times as dates.'),
  runJobs: choice(
    ['here', 'elsewhere'],
    'here',
    'Whether this service reads what is due itself, or leaves it to `interval worker` processes on the same store.',
  ),
  concurrency: integer(2, 1, 64, 'Jobs that run at the same time.'),
  queueLimit: integer(10000, 1, 1000000, 'Jobs that may wait before new ones are refused.'),
  attempts: integer(3, 1, 20, 'Attempts per job, for errors that may pass.'),
  jobTimeoutSeconds: integer(
    180,
    5,
    7200,
    'Time after which an attempt is given up; 1800 unless it is set when a reader is medgemma.',
  ),
  hookDeadlineMs: integer(2000, 50, 30000, 'Time after which a hook answers with what it has.'),
  prefetchBudgetMs: integer(1200, 10, 30000, 'Time that fetching missing prefetch may take.'),
  maxCards: integer(5, 1, 50, 'Cards in one answer at most.'),
  breakerFailures: integer(
    10,
    0,
    1000,
    'Failures in a row after which a FHIR server is left alone for ten seconds; 0 never leaves it alone.',
  ),
  callsPerMinute: integer(
    6000,
    0,
    1000000,
    'Calls of one authenticated client in a minute before they are answered with 429; 0 for no limit.',
  ),
  audit: choice(['store', 'off'], 'store', 'Whether disclosures and writes are kept as AuditEvents in the store.'),
  bodyLimitKb: integer(4096, 16, 262144, 'Largest request body in KiB.'),
  logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'], 'info', 'Least severe level that is logged.'),
} as const;

type Settings = typeof settings;
export type Config = { readonly [K in keyof Settings]: Settings[K]['default'] };
export type ConfigKey = keyof Config;

/**
 * Defaults < file < environment < given values. The file is JSON, named by INTERVAL_CONFIG or by `options.file`.
 * Throws `config-unknown-key` and `config-invalid`, each naming the key and never its value.
 */
export function loadConfig(options: {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file?: string;
  readonly given?: Readonly<Partial<Record<ConfigKey, unknown>>>;
}): Config {
  const { environment } = options;
  const path = options.file ?? environment.INTERVAL_CONFIG;
  const sources = [path ? readFile(path) : {}, fromEnvironment(environment), options.given ?? {}];
  const config: Record<string, unknown> = Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, setting.default]),
  );
  const set = new Set<string>();
  for (const source of sources) {
    for (const [key, value] of Object.entries(source)) {
      if (value === undefined) {
        continue;
      }
      if (!Object.hasOwn(settings, key)) {
        throw new IntervalError(
          'config-unknown-key',
          `Unknown setting "${key}". Known settings: ${Object.keys(settings).join(', ')}.`,
        );
      }
      config[key] = parse(key as ConfigKey, value);
      set.add(key);
    }
  }
  if (!set.has('jobTimeoutSeconds') && usesMedgemma(config as Config)) {
    config.jobTimeoutSeconds = MEDGEMMA_JOB_SECONDS;
  }
  if (config.mode === 'auto') {
    config.mode = config.clients === '' ? 'development' : 'production';
  }
  return check(config as Config);
}

/** Pages and images take tens of seconds each on a processor, and a job has several. */
const MEDGEMMA_JOB_SECONDS = 1800;

/** Whether any reader needs a language model. */
export function usesMedgemma(config: Pick<Config, 'labReportReader' | 'chestXrayReader'>): boolean {
  return config.labReportReader === 'medgemma' || config.chestXrayReader === 'medgemma';
}

/** Names and values for the start-up log; a secret shows only whether it is set. */
export function describeConfig(
  config: Config,
): readonly { readonly key: ConfigKey; readonly value: string | number | boolean }[] {
  return (Object.keys(settings) as ConfigKey[]).map((key) => {
    const value = config[key];
    const secret = (settings[key] as Setting<unknown>).secret;
    return {
      key,
      value: secret ? (value ? '(set)' : '(not set)') : typeof value === 'object' ? value.join(' ') : value,
    };
  });
}

export function environmentName(key: string): string {
  return `INTERVAL_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readFile(path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new IntervalError('config-invalid', `The configuration file ${path} cannot be read as JSON.`, { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new IntervalError('config-invalid', `The configuration file ${path} must hold one JSON object.`);
  }
  return parsed as Record<string, unknown>;
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const names = new Map<string, string>(Object.keys(settings).map((key) => [environmentName(key), key]));
  const found: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    if (setting.alias && environment[setting.alias]) {
      found[key] = environment[setting.alias];
    }
  }
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('INTERVAL_') || name === 'INTERVAL_CONFIG' || value === undefined) {
      continue;
    }
    const key = names.get(name);
    if (!key) {
      throw new IntervalError(
        'config-unknown-key',
        `Unknown environment variable ${name}. Known: ${[...names.keys()].join(', ')}.`,
      );
    }
    found[key] = value;
  }
  return found;
}

function parse(key: ConfigKey, value: unknown): unknown {
  const { kind } = settings[key];
  const bad = (expected: string): never => {
    throw new IntervalError('config-invalid', `Setting "${key}" (${environmentName(key)}) must be ${expected}.`);
  };
  switch (kind.type) {
    case 'string':
      return typeof value === 'string' ? value : bad('a string');
    case 'boolean':
      return value === true || value === 'true'
        ? true
        : value === false || value === 'false'
          ? false
          : bad('true or false');
    case 'integer': {
      const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
      return typeof number === 'number' && Number.isInteger(number) && number >= kind.min && number <= kind.max
        ? number
        : bad(`an integer from ${kind.min} to ${kind.max}`);
    }
    case 'choice':
      return typeof value === 'string' && kind.choices.includes(value)
        ? value
        : bad(`one of ${kind.choices.join(', ')}`);
    case 'url':
      return value === ''
        ? ''
        : typeof value === 'string' && isHttpUrl(value)
          ? value.replace(/\/+$/, '')
          : bad('an http or https URL');
    case 'list': {
      const items = typeof value === 'string' ? value.split(/[\s,]+/).filter(Boolean) : value;
      return Array.isArray(items) && items.every((item) => typeof item === 'string' && isHttpUrl(item))
        ? items.map((item: string) => item.replace(/\/+$/, ''))
        : bad('a list of http or https URLs');
    }
  }
}

function isHttpUrl(value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value) : undefined;
  return (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') && !parsed.username && !parsed.password;
}

/** Rules between settings. */
function check(config: Config): Config {
  checkTrust(config);
  if (config.mode === 'development' && !isLoopback(config.host) && config.unauthenticated === 'loopback-only') {
    throw new IntervalError(
      'config-invalid',
      `Setting "host" (${environmentName('host')}) must be a loopback address while calls are answered without authentication; set "unauthenticated" (${environmentName('unauthenticated')}) to any-network only on a closed network.`,
    );
  }
  if (config.timeZone && !isTimeZone(config.timeZone)) {
    throw new IntervalError(
      'config-invalid',
      `Setting "timeZone" (${environmentName('timeZone')}) must be an IANA time zone.`,
    );
  }
  if (config.pacsAuthorization && config.pacsTokenUrl) {
    throw new IntervalError(
      'config-invalid',
      `Settings "pacsAuthorization" (${environmentName('pacsAuthorization')}) and "pacsTokenUrl" (${environmentName('pacsTokenUrl')}): set one of them.`,
    );
  }
  checkModel(config);
  return config;
}

/** Production without knowing who may call, or under which name, would be development with a better reputation. */
function checkTrust({ mode, clients, publicUrl, replayUrl, unauthenticated }: Config): void {
  const refuse = (key: ConfigKey, why: string): never => {
    throw new IntervalError('config-invalid', `Setting "${key}" (${environmentName(key)}) ${why}.`);
  };
  if (replayUrl !== '' && !/^rediss?:\/\/[^\s]+$/.test(replayUrl)) {
    refuse('replayUrl', 'must be a redis:// or rediss:// URL');
  }
  if (mode === 'development') {
    if (clients !== '') {
      refuse('clients', 'is set, but in development mode nobody is asked who they are; leave one of them out');
    }
    return;
  }
  if (clients === '') {
    refuse('clients', 'must name the file of the EHRs that may call: in production mode every call needs its JWT');
  }
  if (unauthenticated === 'any-network') {
    refuse('unauthenticated', 'is any-network, which production mode does not have; leave it out');
  }
  const url = URL.parse(publicUrl);
  if (url === null || (url.protocol !== 'https:' && !isLoopback(url.hostname))) {
    refuse('publicUrl', 'must be the https URL that EHRs call: a JWT is for exactly one URL');
  }
}

function checkModel(config: Config): void {
  const refuse = (message: string): never => {
    throw new IntervalError('config-invalid', message);
  };
  const named = (key: ConfigKey) => `"${key}" (${environmentName(key)})`;
  if (config.model && config.modelUrl) {
    refuse(`Settings ${named('model')} and ${named('modelUrl')}: one model at a time, set one of them.`);
  }
  if (usesMedgemma(config) && !config.model && !config.modelUrl) {
    const reader = config.labReportReader === 'medgemma' ? 'labReportReader' : 'chestXrayReader';
    refuse(
      `Setting ${named(reader)} is medgemma, which needs ${named('model')}, a model that runs here, or ${named('modelUrl')}, a server that runs one; docs/models.md tells how to get either.`,
    );
  }
  if (config.modelUrl && !config.modelName) {
    refuse(`Setting ${named('modelUrl')} needs ${named('modelName')}, the model’s name at that server.`);
  }
  if (config.modelKey && config.modelKeyFile) {
    refuse(`Settings ${named('modelKey')} and ${named('modelKeyFile')}: set one of them.`);
  }
  for (const key of ['modelKey', 'modelKeyFile', 'modelName', 'modelRevision'] as const) {
    if (config[key] && !config.modelUrl) {
      refuse(`Setting ${named(key)} is for the server at ${named('modelUrl')}, which is not set.`);
    }
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
