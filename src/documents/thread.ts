import { Worker } from 'node:worker_threads';
import { type ErrorCode, IntervalError } from '../errors.ts';
import { createNativeState, type NativeState, outsideNative } from './native.ts';
import type { Answer, Request } from './reading.ts';

/** Asks the reading thread; requests of one reading are answered in order. */
export type Ask = <R extends Request>(request: R) => Promise<Answer<R>>;

export interface ThreadLimits {
  readonly milliseconds: number;
  readonly megabytes: number;
}

interface Thread {
  readonly worker: Worker;
  readonly state: NativeState;
  ended: boolean;
}

type Reply =
  | { readonly value: never }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly cause?: string } };

export interface Threads {
  /** Runs one reading alone on a thread. When it fails by time, memory or abortion its thread is ended with it. */
  read<T>(limits: ThreadLimits, signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A few threads, started when needed, kept for the next reading. */
export function createThreads(count: number, heapMegabytes: number): Threads {
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let closed = false;

  function start(): Thread {
    const state = createNativeState();
    const worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: state,
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      // The thread needs nothing of the process's environment, secrets least of all.
      env: {},
      stdout: true,
      stderr: true,
    });
    const thread: Thread = { worker, state, ended: false };
    worker.on('error', () => {});
    worker.on('exit', () => {
      thread.ended = true;
      all.delete(thread);
    });
    worker.unref();
    all.add(thread);
    return thread;
  }

  async function enter(signal: AbortSignal): Promise<void> {
    while (running >= count) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        signal.addEventListener(
          'abort',
          () => {
            // Who has gone must not be the one that is woken.
            const at = waiting.indexOf(resolve);
            if (at >= 0) {
              waiting.splice(at, 1);
            }
            resolve();
          },
          { once: true },
        );
      });
      if (signal.aborted) {
        if (running < count) {
          waiting.shift()?.();
        }
        throw new IntervalError('cancelled', 'The reading was cancelled before it started.');
      }
    }
    running++;
  }

  async function read<T>(limits: ThreadLimits, signal: AbortSignal, work: (ask: Ask) => Promise<T>): Promise<T> {
    if (closed) {
      throw new IntervalError('internal', 'The document readers are closed.');
    }
    if (signal.aborted) {
      throw new IntervalError('cancelled', 'The reading was cancelled before it started.');
    }
    await enter(signal);
    let thread = idle.pop();
    while (thread?.ended) {
      thread = idle.pop();
    }
    const own = thread ?? start();
    try {
      const result = await watched(own, limits, signal, work);
      if (!own.ended && !closed) {
        idle.push(own);
      }
      return result;
    } finally {
      running--;
      waiting.shift()?.();
    }
  }

  return {
    read,
    async close() {
      closed = true;
      await Promise.all([...all].map(end));
    },
  };
}

/** Ends a thread once it is outside of native code. */
async function end({ worker, state }: Thread): Promise<void> {
  await outsideNative(state);
  await worker.terminate();
}

async function watched<T>(
  thread: Thread,
  limits: ThreadLimits,
  signal: AbortSignal,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const { worker } = thread;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  let answered: PromiseWithResolvers<never> | undefined;

  const stop = (error: IntervalError) => {
    failure.reject(error);
    thread.ended = true;
    void end(thread);
  };
  const onMessage = (reply: Reply) => {
    const pending = answered;
    answered = undefined;
    if ('error' in reply) {
      const { code, message, cause } = reply.error;
      pending?.reject(new IntervalError(code, message, cause === undefined ? {} : { cause: new Error(cause) }));
    } else {
      pending?.resolve(reply.value);
    }
  };
  const onError = (cause: Error & { code?: string }) => {
    const memory = cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
    stop(
      memory
        ? new IntervalError('document-unreadable', 'Reading the document needs more memory than it may have.', {
            cause,
          })
        : new IntervalError('worker-lost', 'The reading thread failed.', { cause }),
    );
  };
  const onExit = () => failure.reject(new IntervalError('worker-lost', 'The reading thread ended.'));
  const onAbort = () => stop(new IntervalError('cancelled', 'The reading was cancelled.'));
  const deadline = setTimeout(
    () =>
      stop(
        new IntervalError('document-unreadable', `The document could not be read within ${limits.milliseconds} ms.`),
      ),
    limits.milliseconds,
  );
  // resourceLimits cover the heap of the thread but not its buffers, which is where a decompression bomb grows.
  const memory = setInterval(() => {
    worker.getHeapStatistics().then(
      ({ external_memory, total_heap_size }) => {
        if (external_memory + total_heap_size > limits.megabytes * 1024 * 1024) {
          stop(new IntervalError('document-unreadable', 'Reading the document needs more memory than it may have.'));
        }
      },
      () => {},
    );
  }, 100);
  worker.on('message', onMessage);
  worker.on('error', onError);
  worker.on('exit', onExit);
  signal.addEventListener('abort', onAbort, { once: true });
  worker.ref();
  if (signal.aborted) {
    onAbort();
  }
  try {
    const ask: Ask = (request) => {
      answered = Promise.withResolvers<never>();
      worker.postMessage(request);
      return Promise.race([answered.promise, failure.promise]);
    };
    const result = await Promise.race([work(ask), failure.promise]);
    await ask({ kind: 'close' });
    return result;
  } catch (error) {
    if (!thread.ended) {
      // What failed may still hold the document or be half-way through a page: the next reading gets a fresh thread.
      thread.ended = true;
      void end(thread);
    }
    throw error;
  } finally {
    clearTimeout(deadline);
    clearInterval(memory);
    signal.removeEventListener('abort', onAbort);
    worker.off('message', onMessage);
    worker.off('error', onError);
    worker.off('exit', onExit);
    worker.unref();
  }
}
