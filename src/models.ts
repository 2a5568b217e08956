import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { usesMedgemma } from './config-rules.ts';
import { IntervalError } from './errors.ts';
import { folderToRun, type ModelsDirectory, openModelsDirectory } from './inference/artefacts/directory.ts';
import { defaultModelsDirectory } from './inference/artefacts/paths.ts';
import type { ChatModel, Models } from './inference/model.ts';
import { openTensorModel } from './inference/onnx/tensor.ts';
import type { Log } from './log.ts';
import type { Config } from './settings.ts';

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
