import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { HttpRequest } from './http.ts';
import type { HttpAnswer } from './http-answer.ts';
import { localFetch } from './local-fetch.ts';
import { createRoutes } from './routes.ts';
import { DEFAULT_MAX_BODY_BYTES, type FhirServer, type FhirServerOptions } from './server.ts';
import { overCounts, type SharedCounts, type WriteCounts } from './write-counts.ts';

/** What the thread is built from. */
export interface ThreadOptions extends Pick<FhirServerOptions, 'base' | 'file' | 'maxBodyBytes' | 'profiles'> {
  /** Delivers Subscriptions to this machine and to these origins alone; without it they are only kept. */
  readonly subscriptionOrigins?: readonly string[];
}

export interface ThreadRequest extends Omit<HttpRequest, 'headers'> {
  readonly id: number;
  readonly headers: readonly (readonly [string, string])[];
}

export type ThreadReply =
  | { readonly ready: SharedCounts }
  | { readonly id: number; readonly answer: HttpAnswer }
  | { readonly failed: unknown };

/** The embedded server, in a thread beside the one that answers hooks. */
export type FhirServerThread = Omit<FhirServer, 'repository' | 'delivered' | 'close'> & { close(): Promise<void> };

/**
 * The embedded server in a thread of its own: a search over a long chart, a transaction, a job's results keep no hook waiting.
 * Requests are answered in the order in which they come. When the thread ends unasked, everything is refused from then on and
 * the service is no longer ready: what was kept in memory is gone, and must not be taken for an empty chart.
 */
export async function startFhirServer({
  onError = () => undefined,
  ...options
}: ThreadOptions & Pick<FhirServerOptions, 'onError'>): Promise<FhirServerThread> {
  const base = options.base.replace(/\/+$/, '');
  const worker = new Worker(new URL('./thread-worker.ts', import.meta.url), {
    workerData: { ...options, base } satisfies ThreadOptions,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const waiting = new Map<number, { resolve(answer: HttpAnswer): void; reject(error: Error): void }>();
  const ready = Promise.withResolvers<WriteCounts>();
  let count = 0;
  let ended: Error | undefined;

  function end(cause?: unknown): void {
    ended ??= new Error('The embedded FHIR server has ended.', { cause });
    ready.reject(ended);
    for (const { reject } of waiting.values()) {
      reject(ended);
    }
    waiting.clear();
  }
  worker.on('message', (reply: ThreadReply) => {
    if ('ready' in reply) {
      ready.resolve(overCounts(reply.ready));
    } else if ('failed' in reply) {
      onError(reply.failed);
    } else {
      waiting.get(reply.id)?.resolve(reply.answer);
      waiting.delete(reply.id);
    }
  });
  worker.on('error', (error) => {
    onError(error);
    end(error);
  });
  worker.on('exit', () => end());

  const handle = ({ headers, ...request }: HttpRequest): Promise<HttpAnswer> =>
    new Promise((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const id = ++count;
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...request, id, headers: [...headers] } satisfies ThreadRequest);
    });

  const counts = await ready.promise;
  // Who listens keeps the process alive, not the thread.
  worker.unref();
  return {
    base,
    router: createRoutes(handle, options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES),
    fetch: localFetch(base, handle),
    revision: counts.revision,
    async close() {
      if (ended) {
        return;
      }
      const exit = once(worker, 'exit');
      worker.ref();
      worker.postMessage('close');
      await exit;
    },
  };
}
