import { fileURLToPath } from 'node:url';
import type { ActiveAnalysis } from './analyses/active.ts';
import { activate } from './analyses/active.ts';
import type { LoadWorld, ReaderId } from './analyses/analysis.ts';
import { type AnalysisTools, createCatalog } from './analyses/catalog.ts';
import type { Config } from './config.ts';
import { createDocuments } from './documents/documents.ts';
import { isInsideBase } from './fhir/base.ts';
import type { FhirClient } from './fhir/client.ts';
import { createClientCredentials } from './fhir/client-credentials.ts';
import type { CompleteContext } from './fhir/complete.ts';
import { createFhirClient } from './fhir/medplum-client.ts';
import { type ReferenceForm, referenceForm } from './fhir/references.ts';
import { createWriteBack, type WriteMode } from './fhir/write-back.ts';
import { createDecoder } from './imaging/decoder.ts';
import { createDicomWeb, type DicomWeb } from './imaging/dicomweb.ts';
import type { Models } from './inference/model.ts';
import { openTensorModel } from './inference/onnx/tensor.ts';
import { createRunner, type JobOutcome } from './jobs/run.ts';
import type { Job } from './queue/queue.ts';

/** What the service, its worker process, `interval worker` and the command line build alike. */

export const SERVICE_VERSION = '0.1.0';

/** Where the embedded FHIR server answers, and how to reach it without a socket when it lives in this process. */
export interface Embedded {
  readonly base: string;
  readonly fetch?: typeof fetch;
}

export interface Servers {
  readonly source: FhirClient;
  readonly store: FhirClient;
  readonly form: ReferenceForm;
  readonly mode: WriteMode;
}

export function usesEmbedded(config: Config): boolean {
  return config.sourceUrl === '' || config.storeUrl === '';
}

export function connect(config: Config, embedded: Embedded | undefined): Servers {
  const source = clientFor(config, 'source', embedded);
  const sameServer = config.storeUrl === config.sourceUrl;
  const store = sameServer ? source : clientFor(config, 'store', embedded);
  const mode = config.writeBack !== 'auto' ? config.writeBack : config.sourceUrl === '' ? 'full' : 'suggest';
  return { source, store, form: referenceForm({ source: source.base, store: store.base }), mode };
}

function clientFor(config: Config, role: 'source' | 'store', embedded: Embedded | undefined): FhirClient {
  const base = config[`${role}Url`];
  const allowedAttachmentOrigins = config.attachmentOrigins;
  if (base === '') {
    if (!embedded) {
      throw new Error(`The ${role} is the embedded server, and none was given.`);
    }
    return createFhirClient({
      base: embedded.base,
      allowedAttachmentOrigins,
      ...(embedded.fetch ? { fetch: embedded.fetch } : {}),
    });
  }
  const tokenUrl = config[`${role}TokenUrl`];
  const credentials = { tokenUrl, clientId: config[`${role}ClientId`], clientSecret: config[`${role}ClientSecret`] };
  return createFhirClient({
    base,
    allowedAttachmentOrigins,
    ...(tokenUrl === '' ? {} : { token: createClientCredentials(credentials) }),
  });
}

export function completion(config: Config): Omit<CompleteContext, 'now'> {
  return { organization: { display: config.organization }, serviceVersion: SERVICE_VERSION };
}

/** The shipped models; a model is read when it is first asked for and shared from then on. */
export function createModels(): Models {
  const open = new Map<string, ReturnType<typeof openTensorModel>>();
  return {
    tensor(name) {
      const known =
        open.get(name) ??
        openTensorModel(name, fileURLToPath(new URL(`../models/${name}/model.onnx`, import.meta.url)));
      open.set(name, known);
      return known;
    },
  };
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

/** Parsers and decoders; their threads start when first needed. */
export function createTools(): AnalysisTools & { close(): Promise<void> } {
  const documents = createDocuments();
  const decoder = createDecoder();
  return { documents, decoder, close: async () => void (await Promise.all([documents.close(), decoder.close()])) };
}

/**
 * DICOMweb by the address of an Endpoint: the longest configured base that it lies under. The PACS's credentials go to
 * the PACS alone.
 */
export function pacs(config: Config): LoadWorld['dicomweb'] {
  const { pacsUrl, pacsAuthorization: authorization, imagingEndpoints } = config;
  const clients = new Map<string, DicomWeb>();
  if (pacsUrl !== '') {
    clients.set(
      pacsUrl,
      createDicomWeb({ base: pacsUrl, ...(authorization === '' ? {} : { headers: () => ({ authorization }) }) }),
    );
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

/** Runs jobs in this process: what the worker process and `interval worker` do. */
export async function createJobRunner(
  config: Config,
  servers: Servers,
  tools: AnalysisTools,
): Promise<(job: Job, signal: AbortSignal) => Promise<JobOutcome>> {
  const writeBack = createWriteBack();
  return createRunner({
    ...servers,
    analyses: await activateAll(config, tools, createModels()),
    world: { timeZone: config.timeZone, dicomweb: pacs(config) },
    complete: completion(config),
    clock: () => new Date(),
    async write(result, signal) {
      const { store } = await writeBack(result, servers, { signal });
      return store;
    },
  });
}
