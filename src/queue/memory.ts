import { asIntervalError, IntervalError } from '../errors.ts';
import type { Job, JobHandler, Queue, QueueStats } from './queue.ts';

export interface MemoryQueueOptions {
  readonly concurrency: number;
  /** Jobs that may wait; beyond it `enqueue` throws `queue-full`. */
  readonly limit: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  /** Delay before attempt n + 1; a Retry-After of the error is respected when it is longer. */
  readonly backoffMs?: (attempt: number) => number;
  /** A job that ended for good, with the error of its last attempt if it has one. */
  readonly onEnd?: (job: Job, error: IntervalError | undefined, milliseconds: number) => void;
  readonly onRetry?: (job: Job, error: IntervalError, attempt: number) => void;
}

interface Entry {
  readonly job: Job;
  readonly attempt: number;
  readonly since: number;
}

/** Queue inside the process: bounded, first in first out. What it holds is lost with it; the Tasks bring it back. */
export function createMemoryQueue(options: MemoryQueueOptions): Queue {
  const { concurrency, limit, attempts, timeoutMs, backoffMs = (attempt) => 500 * 2 ** (attempt - 1) } = options;
  const waiting: Entry[] = [];
  const delayed = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  const known = new Set<string>();
  let idleWaiters: (() => void)[] = [];
  let handler: JobHandler | undefined;
  let closed = false;

  const settle = () => {
    if (known.size === 0) {
      for (const resolve of idleWaiters) {
        resolve();
      }
      idleWaiters = [];
    }
  };

  const end = (entry: Entry, error: IntervalError | undefined) => {
    known.delete(entry.job.key);
    options.onEnd?.(entry.job, error, performance.now() - entry.since);
  };

  const again = (entry: Entry, error: IntervalError) => {
    options.onRetry?.(entry.job, error, entry.attempt);
    const delay = Math.max(backoffMs(entry.attempt), error.retryAfterMs ?? 0);
    const timer = setTimeout(() => {
      delayed.delete(entry.job.key);
      waiting.push({ ...entry, attempt: entry.attempt + 1 });
      pump();
    }, delay);
    delayed.set(entry.job.key, timer);
  };

  const runOne = async (entry: Entry, run: JobHandler, abort: AbortController) => {
    const timer = setTimeout(
      () => abort.abort(new IntervalError('job-timeout', 'The job took longer than its time limit.')),
      timeoutMs,
    );
    const last = entry.attempt >= attempts;
    try {
      await run(entry.job, abort.signal, { number: entry.attempt, last });
      end(entry, undefined);
    } catch (thrown) {
      const error = asIntervalError(abort.signal.aborted ? (abort.signal.reason ?? thrown) : thrown);
      if (error.retry && !last && !closed) {
        again(entry, error);
      } else {
        end(entry, error);
      }
    } finally {
      clearTimeout(timer);
    }
  };

  const pump = () => {
    while (!closed && handler && running.size < concurrency) {
      const entry = waiting.shift();
      if (!entry) {
        break;
      }
      const abort = new AbortController();
      const done = runOne(entry, handler, abort).finally(() => {
        running.delete(entry.job.key);
        pump();
        settle();
      });
      running.set(entry.job.key, { abort, done });
    }
  };

  return {
    async enqueue(job) {
      if (closed) {
        throw new IntervalError('queue-full', 'The queue is closing and takes no more jobs.');
      }
      if (known.has(job.key)) {
        return 'already';
      }
      if (waiting.length >= limit) {
        throw new IntervalError('queue-full', 'Too many jobs are waiting.');
      }
      known.add(job.key);
      waiting.push({ job, attempt: 1, since: performance.now() });
      pump();
      return 'queued';
    },
    process(given) {
      handler = given;
      pump();
    },
    async stats(): Promise<QueueStats> {
      return { waiting: waiting.length, running: running.size, delayed: delayed.size };
    },
    idle: () => new Promise((resolve) => (known.size === 0 ? resolve() : idleWaiters.push(resolve))),
    async close(graceMs = 10_000) {
      closed = true;
      for (const timer of delayed.values()) {
        clearTimeout(timer);
      }
      const all = [...running.values()];
      const timer = setTimeout(() => {
        for (const { abort } of all) {
          abort.abort(new IntervalError('cancelled', 'The service is shutting down.'));
        }
      }, graceMs);
      await Promise.all(all.map(({ done }) => done));
      clearTimeout(timer);
      waiting.length = 0;
      delayed.clear();
      known.clear();
      settle();
    },
  };
}
