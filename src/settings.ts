/** What a value may be; src/config.ts checks it. */
type Kind =
  | { readonly type: 'string' | 'boolean' | 'list' }
  | { readonly type: 'integer'; readonly min: number; readonly max: number }
  | { readonly type: 'url' }
  | { readonly type: 'choice'; readonly choices: readonly string[] };

export interface Setting<T> {
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
  subscriptionSecret: string(
    '',
    'Secret by which Subscriptions prove who sends them, 32 characters or more; without it only development mode takes them.',
    { secret: true },
  ),
  subscriptionHeader: string(
    '',
    'Header in which servers that do not sign send that secret, such as Authorization; empty takes signatures (X-Signature) alone.',
  ),
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
  queueUrl: string(
    '',
    'Redis (redis:// or rediss://) that holds the queue for the service and any number of workers; empty keeps it in this process.',
    { secret: true, alias: 'QUEUE_URL' },
  ),
  staleSeconds: integer(
    90,
    3,
    3600,
    'Time without a sign of life after which a job in progress is taken over by another worker; workers give one three times as often.',
  ),
  sourceRequestsPerSecond: integer(
    0,
    0,
    10000,
    'Requests that all workers together send to the source in a second, and to the store where it is the same server; 0 for no limit. Hooks are not counted.',
  ),
  storeRequestsPerSecond: integer(0, 0, 10000, 'The same for a store that is another server than the source.'),
  modelJobs: integer(
    0,
    0,
    1000,
    'Jobs of medgemma readers that all workers together run at the same time; 0 for no limit but their concurrency.',
  ),
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
  traceUrl: url(
    'OTLP/HTTP address to which traces are sent, such as http://127.0.0.1:4318/v1/traces; empty sends none.',
  ),
  logLevel: choice(['debug', 'info', 'warn', 'error', 'silent'], 'info', 'Least severe level that is logged.'),
} as const;

type Settings = typeof settings;
export type Config = { readonly [K in keyof Settings]: Settings[K]['default'] };
export type ConfigKey = keyof Config;

export function environmentName(key: string): string {
  return `INTERVAL_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
