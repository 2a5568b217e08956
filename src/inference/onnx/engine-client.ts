import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { IntervalError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { ChatModel, ChatReply, ChatRequest } from '../model.ts';
import type { EngineFailure, EngineSettings, FromEngine, ToEngine } from './engine-messages.ts';
import { readModelFolder } from './folder.ts';

export interface EngineClientOptions {
  readonly folder: string;
  /** Default: every core. */
  readonly threads?: number;
  /** Tokens of prompt and reply together. Default 8192. */
  readonly contextLength?: number;
  /** Default int8, a quarter of float32. */
  readonly cache?: EngineSettings['cache'];
  /** Resident memory that the engine may reach, in MB; 0, the default, is what the machine has free. */
  readonly memoryLimitMb?: number;
  readonly featureCacheMb?: number;
  readonly prefixCacheMb?: number;
  /** Time in which a cancelled reply must have ended; then the process is ended. Default 60 s: one step of a slow machine. */
  readonly cancelMs?: number;
  readonly log?: Log;
}

interface Waiting {
  readonly id: number;
  readonly request: ChatRequest;
  readonly resolve: (reply: ChatReply) => void;
  readonly reject: (error: IntervalError) => void;
}

const program = fileURLToPath(new URL('./engine-process.ts', import.meta.url));

/**
 * A model in a process of its own, as a ChatModel: a native abort ends that process and not the service, and no HTTP answer
 * waits for a run. The process starts with the first request and again after it was lost; requests go to it one at a time, in
 * their order. Throws `model-invalid` where the folder holds no model.
 */
export function openEngine(options: EngineClientOptions): ChatModel {
  const model = readModelFolder(options.folder);
  const cache = options.cache ?? 'int8';
  const settings: EngineSettings = {
    folder: options.folder,
    threads: options.threads || availableParallelism(),
    contextLength: options.contextLength ?? 8192,
    cache,
    memoryLimitBytes: (options.memoryLimitMb ?? 0) * 2 ** 20,
    featureCacheBytes: (options.featureCacheMb ?? 128) * 2 ** 20,
    prefixCacheBytes: (options.prefixCacheMb ?? 256) * 2 ** 20,
  };
  let child: ChildProcess | undefined;
  let current: Waiting | undefined;
  let closed = false;
  let ids = 0;
  const waiting: Waiting[] = [];

  const tell = (message: ToEngine) => {
    // A process that is gone is told by its exit.
    child?.send(message, () => undefined);
  };

  function start(): ChildProcess {
    const started = fork(program, [], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.on('message', (message: FromEngine) => started === child && hear(message));
    started.once('error', () => started === child && lose());
    started.once('exit', () => started === child && lose());
    child = started;
    tell({ type: 'open', options: settings });
    return started;
  }

  function lose(): void {
    child = undefined;
    options.log?.warn('the process of the model ended', { model: model.id });
    settle(new IntervalError('engine-lost', 'The process of the model ended before its reply.'));
  }

  function hear(message: FromEngine): void {
    if (message.type === 'ready') {
      if (!message.seesImagesWhole) {
        options.log?.warn('this export lets no token of an image see those behind it: readings of images are worse', {
          model: model.id,
        });
      }
    } else if (message.type === 'unready') {
      child?.kill();
      child = undefined;
      settle(toError(message.error));
    } else if (message.id === current?.id) {
      settle(message.type === 'reply' ? message.reply : toError(message.error));
    }
  }

  function settle(outcome: ChatReply | IntervalError): void {
    const done = current;
    current = undefined;
    if (outcome instanceof IntervalError) done?.reject(outcome);
    else done?.resolve(outcome);
    next();
  }

  function next(): void {
    if (current) return;
    current = waiting.shift();
    if (!current) return;
    if (!child) start();
    const { id, request } = current;
    tell({ type: 'generate', id, request });
  }

  function cancel(id: number): void {
    const index = waiting.findIndex((one) => one.id === id);
    if (index >= 0) {
      waiting.splice(index, 1)[0]!.reject(cancelled());
      return;
    }
    if (current?.id !== id) return;
    tell({ type: 'cancel', id });
    // The caller need not wait for the end of a step; the next request does.
    current.reject(cancelled());
    const late = setTimeout(() => current?.id === id && child?.kill('SIGKILL'), options.cancelMs ?? 60_000);
    late.unref();
  }

  return {
    kind: 'chat',
    id: model.id,
    version: cache === 'int8' && model.decoder.int8 ? model.version : `${model.version}-float32-cache`,
    generate(request, signal) {
      return new Promise<ChatReply>((resolve, reject) => {
        if (closed) return reject(new IntervalError('model-unavailable', 'The model was closed.'));
        if (signal?.aborted) return reject(cancelled());
        const id = ++ids;
        const stop = () => cancel(id);
        signal?.addEventListener('abort', stop, { once: true });
        const free = () => signal?.removeEventListener('abort', stop);
        waiting.push({
          id,
          request,
          resolve: (reply) => {
            free();
            resolve(reply);
          },
          reject: (error) => {
            free();
            reject(error);
          },
        });
        next();
      });
    },
    async close() {
      closed = true;
      for (const one of waiting.splice(0)) one.reject(cancelled());
      const ending = child;
      if (!ending) return;
      const exited = new Promise((resolve) => ending.once('exit', resolve));
      child = undefined;
      current?.reject(cancelled());
      current = undefined;
      // It holds nothing that could be lost, and in the middle of a step it would not hear a word.
      ending.kill('SIGKILL');
      await exited;
    },
  };
}

function cancelled(): IntervalError {
  return new IntervalError('cancelled', 'The reading was cancelled.');
}

function toError({ code, message, kind }: EngineFailure): IntervalError {
  return new IntervalError(code, message, kind === undefined ? {} : { cause: new Error(kind) });
}
