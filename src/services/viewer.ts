import { Worker } from 'node:worker_threads';
import { type ErrorCode, IntervalError } from '../errors.ts';
import type { ViewFilm } from '../imaging/viewing.ts';
import type { ViewPair } from '../web/options.ts';

/** What may be asked, and what is made of it. */
interface Answers {
  readonly film: ViewFilm;
  readonly pair: ViewPair;
}

type Asked =
  | { readonly kind: 'film'; readonly bytes: Uint8Array }
  | { readonly kind: 'pair'; readonly prior: Uint8Array; readonly current: Uint8Array };

export type ViewerRequest = Asked & { readonly id: number };

export type ViewerReply =
  | { readonly id: number; readonly made: Answers[keyof Answers] }
  | { readonly id: number; readonly error: { readonly code: ErrorCode; readonly message: string } };

export interface Viewer {
  /** @throws IntervalError `dicom-*`, `image-too-large`, and `job-timeout` when it takes too long. */
  film(bytes: Uint8Array): Promise<ViewFilm>;
  /** @throws IntervalError as above, `not-found` where no two lungs are found. */
  pair(prior: Uint8Array, current: Uint8Array): Promise<ViewPair>;
  close(): Promise<void>;
}

interface Waiting {
  resolve(made: Answers[keyof Answers]): void;
  reject(error: IntervalError): void;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** A pair of the largest films takes a few seconds. */
const TIMEOUT_MS = 60_000;
/** Looking at a pair is a matter of minutes; then the thread and its model are given back. */
const IDLE_MS = 120_000;

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
    // what breaks from here on concerns nobody, and must not end the service
    ended?.on('error', () => undefined);
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
    started.on('message', (reply: ViewerReply) => {
      const asker = waiting.get(reply.id);
      if ('made' in reply) {
        asker?.resolve(reply.made);
      } else {
        asker?.reject(new IntervalError(reply.error.code, reply.error.message));
      }
    });
    const lost = (cause?: unknown) =>
      void end(new IntervalError('worker-lost', 'The films could not be read.', { cause }));
    started.on('error', lost);
    started.on('exit', () => lost());
    started.unref();
    return started;
  };

  const ask = <Kind extends keyof Answers>(request: Asked & { readonly kind: Kind }): Promise<Answers[Kind]> =>
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
        resolve: (made) => {
          settle();
          resolve(made as Answers[Kind]);
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

  return {
    film: (bytes) => ask({ kind: 'film', bytes }),
    pair: (prior, current) => ask({ kind: 'pair', prior, current }),
    close: () => end(new IntervalError('cancelled', 'The service is closing.')),
  };
}
