import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChatReply, ChatRequest } from '../src/inference/model.ts';
import type { EngineSettings, FromEngine, ToEngine } from '../src/inference/onnx/engine-messages.ts';

export interface Ran {
  readonly ms: number;
  /** Absent where the request was cancelled. */
  readonly reply?: ChatReply;
  /** From the cancel message to the process's word that it is free. */
  readonly freeAfterMs?: number;
}

/** The engine's process without the client, which hides when a cancelled reply has really ended. */
export interface BareEngine {
  /** One at a time. @param cancelAfterMs Time after which the request is cancelled. */
  run(request: ChatRequest, cancelAfterMs?: number): Promise<Ran>;
  residentMiB(): number;
  close(): Promise<void>;
}

/** @param cacheMiB Of image features and of prompts that were read, together. */
export async function openBareEngine({
  cacheMiB,
  ...options
}: Pick<EngineSettings, 'folder' | 'threads'> & { readonly cacheMiB: number }): Promise<BareEngine> {
  const child = fork(fileURLToPath(new URL('../src/inference/onnx/engine-process.ts', import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
  });
  const gone = once(child, 'exit').then(() => {
    throw new Error('The process of the engine ended.');
  });
  gone.catch(() => undefined);
  const heard = async () => (await Promise.race([once(child, 'message'), gone]))[0] as FromEngine;
  const tell = (message: ToEngine) => child.send(message);
  tell({
    type: 'open',
    options: {
      ...options,
      contextLength: 8192,
      cache: 'int8',
      memoryLimitBytes: 0,
      featureCacheBytes: (cacheMiB / 3) * 2 ** 20,
      prefixCacheBytes: ((2 * cacheMiB) / 3) * 2 ** 20,
    },
  });
  const ready = await heard();
  if (ready.type === 'unready') throw new Error(ready.error.message);
  let ids = 0;

  return {
    async run(request, cancelAfterMs) {
      const id = ++ids;
      const begun = performance.now();
      let cancelled: number | undefined;
      tell({ type: 'generate', id, request });
      const timer =
        cancelAfterMs === undefined
          ? undefined
          : setTimeout(() => {
              cancelled = performance.now();
              tell({ type: 'cancel', id });
            }, cancelAfterMs);
      const message = await heard();
      const now = performance.now();
      clearTimeout(timer);
      if (message.type === 'reply') return { ms: now - begun, reply: message.reply };
      if (message.type === 'failed' && message.error.code === 'cancelled' && cancelled !== undefined) {
        return { ms: now - begun, freeAfterMs: now - cancelled };
      }
      throw new Error(message.type === 'failed' ? message.error.message : message.type);
    },
    residentMiB: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)], { encoding: 'utf8' })) / 1024,
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
