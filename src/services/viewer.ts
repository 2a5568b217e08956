import { Worker } from 'node:worker_threads';
import { type ErrorCode, IntervalError } from '../errors.ts';
import type { ViewFilm } from '../imaging/viewing.ts';
import type { ViewPair } from '../web/options.ts';

export type ViewerRequest =
  | { readonly id: number; readonly kind: 'film'; readonly bytes: Uint8Array }
  | { readonly id: number; readonly kind: 'pair'; readonly prior: Uint8Array; readonly current: Uint8Array };

export type ViewerReply =
  | { readonly id: number; readonly film: ViewFilm }
  | { readonly id: number; readonly pair: ViewPair }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };

export interface Viewer {
  /** @throws IntervalError `dicom-*`, `image-too-large`, and `job-timeout` when it takes too long. */
  film(bytes: Uint8Array): Promise<ViewFilm>;
  /** @throws IntervalError as above, `not-found` where no two lungs are found. */
  pair(prior: Uint8Array, current: Uint8Array): Promise<ViewPair>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(reply: ViewerReply): void;
  reject(error: IntervalError): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** A pair of the largest films takes a few seconds. */
const TIMEOUT_MS = 60_000;
/** Looking at a pair is a matter of minutes; then the thread and its model are given back. */
const IDLE_MS = 120_000;

type Asked<R = ViewerRequest> = R extends ViewerRequest ? Omit<R, 'id'> : never;

/**
 * What the review page needs of pixels, made in one thread beside the service, so that a hook never waits for somebody who
 * looks at films. The thread starts with the first film and ends when nobody has asked for a while.
 */
export function createViewer(): Viewer {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let count = 0;

  /** Everybody who waits is told. A thread is ended while it is idle; one that is at work ends itself with its next word. */
  const end = async (error: IntervalError): Promise<void> => {
    const ended = worker;
    const busy = waiting.size > 0;
    worker = undefined;
    clearTimeout(idle);
    for (const one of [...waiting.values()]) {
      one.reject(error);
    }
    ended?.removeAllListeners();
    if (busy) {
      ended?.once('message', () => void ended.terminate());
    } else {
      await ended?.terminate();
    }
  };

  const start = (): Worker => {
    const started = new Worker(new URL('./viewer-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdout: true,
      stderr: true,
    });
    started.on('message', (reply: ViewerReply) => waiting.get(reply.id)?.resolve(reply));
    const lost = (cause?: unknown) =>
      void end(new IntervalError('worker-lost', 'The films could not be read.', { cause }));
    started.on('error', lost);
    started.on('exit', () => lost());
    started.unref();
    return started;
  };

  const ask = (request: Asked): Promise<ViewerReply> =>
    new Promise((resolve, reject) => {
      clearTimeout(idle);
      worker ??= start();
      const id = ++count;
      const settle = () => {
        clearTimeout(waiting.get(id)?.timer);
        waiting.delete(id);
        if (waiting.size === 0) {
          idle = setTimeout(
            () => void end(new IntervalError('cancelled', 'The films were put away.')),
            IDLE_MS,
          ).unref();
        }
      };
      waiting.set(id, {
        resolve: (reply) => {
          settle();
          resolve(reply);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        timer: setTimeout(
          () => void end(new IntervalError('job-timeout', 'The films took too long to be read.')),
          TIMEOUT_MS,
        ).unref(),
      });
      worker.postMessage({ ...request, id });
    });

  const raised = (reply: ViewerReply): IntervalError =>
    'error' in reply
      ? new IntervalError(reply.error.code, reply.error.message)
      : new IntervalError('internal', 'The films were answered with something else.');

  return {
    async film(bytes) {
      const reply = await ask({ kind: 'film', bytes });
      if ('film' in reply) {
        return reply.film;
      }
      throw raised(reply);
    },
    async pair(prior, current) {
      const reply = await ask({ kind: 'pair', prior, current });
      if ('pair' in reply) {
        return reply.pair;
      }
      throw raised(reply);
    },
    close: () => end(new IntervalError('cancelled', 'The service is closing.')),
  };
}
