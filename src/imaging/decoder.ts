import { Worker } from 'node:worker_threads';
import { type ErrorCode, IntervalError } from '../errors.ts';
import { defaultPixelLimits, type PixelLimits, type StoredFrame } from './pixel-format.ts';

export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly limits: PixelLimits;
}

export type DecodeReply =
  | { readonly frame: StoredFrame }
  | { readonly error: { readonly code: ErrorCode; readonly message: string } };

export interface Decoder {
  /**
   * One frame (0-based) of a DICOM file.
   *
   * @throws IntervalError `dicom-invalid`, `dicom-no-pixels`, `dicom-transfer-syntax`, `dicom-decode-failed` (also when
   * it takes too long or too much memory), `image-too-large`, `cancelled`.
   */
  decode(bytes: Uint8Array, frame: number, signal?: AbortSignal): Promise<StoredFrame>;
  /** Ends the threads; what still runs is rejected with `cancelled`. */
  close(): Promise<void>;
}

export interface DecoderOptions {
  /** Threads; each is started when first needed. Default 1. */
  readonly workers?: number;
  /** For one frame, from the moment a thread takes it. Default 30 s. */
  readonly timeoutMs?: number;
  /** JavaScript heap of each thread. WASM memory is bounded by the check of the stream's size instead. Default 512. */
  readonly memoryMb?: number;
  readonly limits?: PixelLimits;
}

interface Task {
  readonly request: DecodeRequest;
  readonly signal: AbortSignal | undefined;
  resolve(frame: StoredFrame): void;
  reject(error: IntervalError): void;
}

/**
 * Decodes in worker threads: a stream that hangs, runs out of memory or brings its codec down costs one thread, which
 * is replaced, and one refusal. Idle threads do not keep the process alive.
 */
export function createDecoder(options: DecoderOptions = {}): Decoder {
  const { workers = 1, timeoutMs = 30_000, memoryMb = 512, limits = defaultPixelLimits } = options;
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const running = new Map<Worker, (error: IntervalError) => void>();
  let closed = false;

  const start = () =>
    new Worker(new URL('./decode-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      // Flags of the parent (a test runner's, a debugger's) are not for this thread.
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdout: true,
      stderr: true,
    });

  const next = () => {
    while (waiting.length > 0 && (idle.length > 0 || running.size < workers)) {
      const task = waiting.shift()!;
      if (task.signal?.aborted) {
        task.reject(new IntervalError('cancelled', 'Decoding was cancelled.'));
      } else {
        perform(task, idle.pop() ?? start());
      }
    }
  };

  const perform = (task: Task, worker: Worker) => {
    const settle = (worked: boolean) => {
      clearTimeout(timer);
      task.signal?.removeEventListener('abort', cancel);
      worker.removeAllListeners();
      running.delete(worker);
      if (worked && !closed) {
        worker.unref();
        // An idle thread that dies is forgotten.
        worker.on('error', () => worker.terminate());
        worker.once('exit', () => idle.includes(worker) && idle.splice(idle.indexOf(worker), 1));
        idle.push(worker);
      } else {
        void worker.terminate();
      }
      next();
    };
    const fail = (error: IntervalError) => {
      settle(false);
      task.reject(error);
    };
    const failed = (why: string, cause?: unknown) => fail(new IntervalError('dicom-decode-failed', why, { cause }));
    const cancel = () => fail(new IntervalError('cancelled', 'Decoding was cancelled.'));
    const timer = setTimeout(() => failed(`Decoding took longer than ${timeoutMs} ms.`), timeoutMs);
    running.set(worker, fail);
    worker.ref();
    worker.removeAllListeners();
    worker.once('message', (reply: DecodeReply) => {
      settle(true);
      if ('frame' in reply) {
        task.resolve(reply.frame);
      } else {
        task.reject(new IntervalError(reply.error.code, reply.error.message));
      }
    });
    worker.once('error', (cause) => failed('The decoder broke down on this image.', cause));
    worker.once('exit', () => failed('The decoder ended on this image.'));
    task.signal?.addEventListener('abort', cancel, { once: true });
    worker.postMessage(task.request);
  };

  return {
    decode(bytes, frame, signal) {
      return new Promise((resolve, reject) => {
        if (closed) {
          reject(new IntervalError('cancelled', 'The decoder is closed.'));
          return;
        }
        waiting.push({ request: { bytes, frame, limits }, signal, resolve, reject });
        next();
      });
    },
    async close() {
      closed = true;
      const error = new IntervalError('cancelled', 'The decoder is closed.');
      for (const task of waiting.splice(0)) {
        task.reject(error);
      }
      for (const fail of [...running.values()]) {
        fail(error);
      }
      await Promise.all(idle.splice(0).map((worker) => worker.terminate()));
    },
  };
}
