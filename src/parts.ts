import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ActiveAnalysis } from './analyses/active.ts';
import { activate } from './analyses/active.ts';
import type { LoadWorld, ReaderId } from './analyses/analysis.ts';
import { type AnalysisTools, createCatalog } from './analyses/catalog.ts';
import { type Config, usesMedgemma } from './config.ts';
import { createDocuments } from './documents/documents.ts';
import { type ErrorCode, IntervalError } from './errors.ts';
import { isInsideBase } from './fhir/base.ts';
import { type Breakers, createBreakers, withBreaker } from './fhir/breaker.ts';
import type { FhirClient } from './fhir/client.ts';
import { createClientCredentials } from './fhir/client-credentials.ts';
import type { CompleteContext } from './fhir/complete.ts';
import { createFhirClient } from './fhir/medplum-client.ts';
import { type ReferenceForm, referenceForm } from './fhir/references.ts';
import type { ServiceKeys } from './fhir/service-keys.ts';
import type { TokenSource } from './fhir/transport.ts';
import { createWriteBack, type WriteMode } from './fhir/write-back.ts';
import { createDecoder } from './imaging/decoder.ts';
import { createDicomWeb, type DicomWeb } from './imaging/dicomweb.ts';
import type { DicomWebOptions } from './imaging/dicomweb-request.ts';
import { folderToRun, type ModelsDirectory, openModelsDirectory } from './inference/artefacts/directory.ts';
import { defaultModelsDirectory } from './inference/artefacts/paths.ts';
import type { ChatModel, Models } from './inference/model.ts';
import { openTensorModel } from './inference/onnx/tensor.ts';
import { createRunner, type JobOutcome } from './jobs/run.ts';
import type { Log } from './log.ts';
import type { Job } from './queue/queue.ts';
import { createJobAudit } from './services/job-audit.ts';
import { readCriticalTable } from './terminology/critical-values.ts';

/** What the service, its worker process, `interval worker` and the command line build alike. */

export const SERVICE_VERSION = '0.1.0';

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
}

export function connect(
  config: Config,
  embedded: Embedded | undefined,
  { keys, onBreaker = () => undefined }: ConnectOptions,
): Servers {
  const failures = config.breakerFailures === 0 ? Number.POSITIVE_INFINITY : config.breakerFailures;
  const breakers = createBreakers({ ...BREAKER, failures, clock: Date.now, onChange: onBreaker });
  const guarded = (role: 'source' | 'store') => {
    const client = clientFor(config, role, embedded, keys);
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
  keys: ServiceKeys | undefined,
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
  return createFhirClient({ base, allowedAttachmentOrigins, ...(token ? { token } : {}) });
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

export function completion(config: Config): Omit<CompleteContext, 'now'> {
  return { organization: { display: config.organization }, serviceVersion: SERVICE_VERSION };
}

/** What readers may ask for, to be closed by whoever made it. */
export type OpenModels = Models & { close(): Promise<void> };

/**
 * The shipped models, each read when it is first asked for and shared from then on, and the language model where a
 * reader needs one. That is named here, not started: the service needs its version for the names of jobs.
 */
export async function createModels(config: Config, log?: Log): Promise<OpenModels> {
  const open = new Map<string, ReturnType<typeof openTensorModel>>();
  const chat = usesMedgemma(config) ? await openChat(config, log) : undefined;
  return {
    ...(chat ? { chat } : {}),
    tensor(name) {
      const known =
        open.get(name) ??
        openTensorModel(name, fileURLToPath(new URL(`../models/${name}/model.onnx`, import.meta.url)));
      open.set(name, known);
      return known;
    },
    async close() {
      await chat?.close();
    },
  };
}

/** Replies that are kept, so that a job tried again after its write failed costs no generation. */
const REPLY_CACHE = { maxEntries: 512, maxBytes: 16 * 1024 * 1024 } as const;

async function openChat(config: Config, log: Log | undefined): Promise<ChatModel> {
  const { withReplyCache } = await import('./inference/reply-cache.ts');
  const model = config.modelUrl ? await openServerModel(config) : await openOwnModel(config, log);
  // One process serves one source: whatever caches keep belongs to it.
  const tenant = config.sourceUrl || 'embedded';
  const cached = withReplyCache(model, REPLY_CACHE);
  return {
    ...cached,
    generate: (request, signal) => cached.generate({ ...request, tenant: request.tenant ?? tenant }, signal),
  };
}

/** Asks the server who it is: a service or worker whose model server does not answer ends with `model-unavailable`. */
async function openServerModel(config: Config): Promise<ChatModel> {
  const { openOpenAiModel } = await import('./inference/openai.ts');
  const { modelKey, modelKeyFile } = config;
  return openOpenAiModel({
    base: config.modelUrl,
    model: config.modelName,
    ...(modelKey ? { key: modelKey } : {}),
    ...(modelKeyFile ? { key: () => keyFrom(modelKeyFile) } : {}),
    ...(config.modelRevision ? { revision: config.modelRevision } : {}),
    dialect: config.modelDialect,
    timeoutMs: config.modelTimeoutSeconds * 1000,
    concurrency: config.modelConcurrency,
  });
}

async function keyFrom(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new IntervalError('model-unauthorized', 'The file of setting "modelKeyFile" cannot be read.', { cause });
  }
}

async function openOwnModel(config: Config, log: Log | undefined): Promise<ChatModel> {
  return openEngineOf(await folderToRun(config.model, modelsDirectory(config)), config, log);
}

/** The model of a folder, in a process of its own that starts with the first request. */
export async function openEngineOf(folder: string, config: Config, log?: Log): Promise<ChatModel> {
  const { openEngine } = await import('./inference/onnx/engine-client.ts');
  return openEngine({
    folder,
    cache: config.modelCache,
    contextLength: config.modelContext,
    ...(config.modelThreads ? { threads: config.modelThreads } : {}),
    ...(config.modelMemoryMb ? { memoryLimitMb: config.modelMemoryMb } : {}),
    ...(log ? { log } : {}),
  });
}

export function modelsDirectory(config: Config): ModelsDirectory {
  return openModelsDirectory(config.modelsDirectory || defaultModelsDirectory(process.env));
}

/** Every analysis with the reader that the configuration chose. Throws `reader-unavailable`. */
export function activateAll(config: Config, tools: AnalysisTools, models: Models): Promise<readonly ActiveAnalysis[]> {
  const chosen: Readonly<Record<string, ReaderId>> = {
    'lab-report': config.labReportReader,
    'chest-xray-comparison': config.chestXrayReader,
  };
  return Promise.all(
    createCatalog(tools).map((analysis) => activate(analysis, chosen[analysis.id] ?? 'embedded', models)),
  );
}

/** Parsers and decoders, whose threads start when first needed, and the critical values. Throws `critical-values-invalid`. */
export function createTools(
  config?: Pick<Config, 'criticalValues' | 'chestPriorDays' | 'chestBedsidePriorDays'>,
): AnalysisTools & { close(): Promise<void> } {
  const documents = createDocuments();
  const decoder = createDecoder();
  const criticalValues = config?.criticalValues ? readCriticalTable(config.criticalValues) : undefined;
  const closing = {
    documents,
    decoder,
    ...(criticalValues ? { criticalValues } : {}),
    ...(config
      ? { priorWindow: { windowDays: config.chestPriorDays, bedsideWindowDays: config.chestBedsidePriorDays } }
      : {}),
  };
  return { ...closing, close: async () => void (await Promise.all([documents.close(), decoder.close()])) };
}

/**
 * DICOMweb by the address of an Endpoint: the longest configured base that it lies under. The PACS's credentials go to
 * the PACS alone.
 */
export function pacs(config: Config): LoadWorld['dicomweb'] {
  const { pacsUrl, imagingEndpoints } = config;
  const clients = new Map<string, DicomWeb>();
  if (pacsUrl !== '') {
    const headers = pacsHeaders(config);
    clients.set(pacsUrl, createDicomWeb({ base: pacsUrl, ...(headers ? { headers } : {}) }));
  }
  for (const base of imagingEndpoints.filter((one) => !clients.has(one))) {
    clients.set(base, createDicomWeb({ base }));
  }
  const bases = [...clients.keys()].sort((one, other) => other.length - one.length);
  return (endpoint) => {
    const url = endpoint === undefined ? undefined : URL.parse(endpoint);
    const base = endpoint === undefined ? pacsUrl : bases.find((one) => url && isInsideBase(url, new URL(one)));
    return base === undefined ? undefined : clients.get(base);
  };
}

/** The PACS's header as it is set, or a bearer token that is got for it and renewed when it is refused. */
function pacsHeaders(config: Config): DicomWebOptions['headers'] | undefined {
  const { pacsAuthorization: authorization, pacsTokenUrl: tokenUrl } = config;
  if (tokenUrl === '') {
    return authorization === '' ? undefined : () => ({ authorization });
  }
  const { pacsClientId: clientId, pacsClientSecret: clientSecret } = config;
  const token = createClientCredentials({ tokenUrl, clientId, proof: { secret: clientSecret } });
  return async (refused) => {
    try {
      return { authorization: `Bearer ${await token(refused?.authorization?.replace(/^Bearer /, ''))}` };
    } catch (error) {
      throw error instanceof IntervalError
        ? new IntervalError(tokenFailures[error.code] ?? 'dicomweb-unavailable', error.message, {
            cause: error,
            ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
          })
        : error;
    }
  };
}

/** The token endpoint of the PACS belongs to the PACS: its failures are named after it. */
const tokenFailures: Readonly<Partial<Record<ErrorCode, ErrorCode>>> = {
  'fhir-unauthorized': 'dicomweb-unauthorized',
  'fhir-timeout': 'dicomweb-timeout',
  'fhir-bad-answer': 'dicomweb-bad-answer',
};

/** Runs jobs in this process: what the worker process and `interval worker` do. */
export async function createJobRunner(
  config: Config,
  servers: Servers,
  tools: AnalysisTools,
  models: Models,
): Promise<(job: Job, signal: AbortSignal) => Promise<JobOutcome>> {
  const writeBack = createWriteBack();
  const audit = createJobAudit({ config, servers, clock: () => new Date() });
  return createRunner({
    ...servers,
    analyses: await activateAll(config, tools, models),
    world: { timeZone: config.timeZone, dicomweb: pacs(config) },
    complete: completion(config),
    clock: () => new Date(),
    async write(result, signal) {
      const outcome = await writeBack(result, servers, { signal });
      await audit(outcome, result.report.subject?.reference, result.jobKey);
      return outcome.store;
    },
  });
}
