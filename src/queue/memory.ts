import { asIntervalError, IntervalError } from '../errors.ts';
import { defaultBackoffMs, delayBefore } from './backoff.ts';
import { createLanes, isMoreUrgent } from './lanes.ts';
import type { DeadLetter, Job, JobHandler, JobPriority, Queue, QueueStats } from './queue.ts';
import { type Admit, MAX_DEAD_LETTERS, type QueueOptions } from './queue-options.ts';

const admitAll: Admit = async () => ({ release: async () => undefined });

interface Entry {
  readonly job: Job;
  readonly attempt: number;
  priority: JobPriority;
  readonly requestedAt: string;
  readonly trace?: string;
}

/** Queue inside the process: bounded, most urgent first. What it holds is lost with it; the Tasks bring it back. */
export function createMemoryQueue(options: QueueOptions): Queue {
  const { concurrency, limit, attempts, timeoutMs, backoffMs = defaultBackoffMs, clock = () => new Date() } = options;
  const { admit = admitAll } = options;
  const waiting = createLanes<Entry>();
  const delayed = new Map<string, NodeJS.Timeout>();
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  /** Everything that waits, runs or is delayed. */
  const known = new Map<string, Entry>();
  const dead = new Map<string, { readonly letter: DeadLetter; readonly entry: Entry }>();
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

  const wait = (entry: Entry) => {
    known.set(entry.job.key, entry);
    waiting.push(entry.priority, entry.job.key, entry);
  };

  const bury = (entry: Entry, code: string) => {
    const { job, attempt } = entry;
    dead.set(job.key, { entry, letter: { job, code, attempts: attempt, at: clock().toISOString() } });
    if (dead.size > MAX_DEAD_LETTERS) {
      dead.delete(dead.keys().next().value as string);
    }
  };

  const end = (entry: Entry, error: IntervalError | undefined) => {
    known.delete(entry.job.key);
    // What was cut off by the end of the process was not given up: its Task brings it back.
    if (error && !closed) {
      bury(entry, error.code);
    }
    options.onEnd?.(entry.job, error, Math.max(0, clock().getTime() - Date.parse(entry.requestedAt)));
  };

  const again = (entry: Entry, error: IntervalError) => {
    options.onRetry?.(entry.job, error, entry.attempt);
    later(entry, entry.attempt + 1, delayBefore(backoffMs(entry.attempt), error.retryAfterMs));
  };

  const later = (entry: Entry, attempt: number, delayMs: number) => {
    const timer = setTimeout(() => {
      delayed.delete(entry.job.key);
      wait({ ...entry, attempt });
      pump();
    }, delayMs);
    delayed.set(entry.job.key, timer);
  };

  const runOne = async (entry: Entry, run: JobHandler, abort: AbortController) => {
    const admitted = await admit(entry.job);
    if ('againMs' in admitted) {
      if (!closed) {
        later(entry, entry.attempt, admitted.againMs);
      }
      return;
    }
    await attemptAt(entry, run, abort);
    await admitted.release();
  };

  const attemptAt = async (entry: Entry, run: JobHandler, abort: AbortController) => {
    const timer = setTimeout(
      () => abort.abort(new IntervalError('job-timeout', 'The job took longer than its time limit.')),
      timeoutMs,
    );
    const { job, attempt: number, requestedAt, trace } = entry;
    const last = number >= attempts;
    try {
      await run(job, abort.signal, { number, last, requestedAt, ...(trace === undefined ? {} : { trace }) });
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

  const enqueue: Queue['enqueue'] = async (job, asked = {}) => {
    const { priority = 'now', trace, requestedAt = clock().toISOString() } = asked;
    if (closed) {
      throw new IntervalError('queue-full', 'The queue is closing and takes no more jobs.');
    }
    const before = known.get(job.key);
    if (before) {
      if (isMoreUrgent(priority, before.priority)) {
        before.priority = priority;
        if (waiting.take(job.key)) {
          waiting.push(priority, job.key, before);
        }
      }
      return 'already';
    }
    if (waiting.size >= limit) {
      throw new IntervalError('queue-full', 'Too many jobs are waiting.');
    }
    dead.delete(job.key);
    wait({ job, attempt: 1, priority, requestedAt, ...(trace === undefined ? {} : { trace }) });
    pump();
    return 'queued';
  };

  return {
    enqueue,
    process(given) {
      handler = given;
      pump();
    },
    async stats(): Promise<QueueStats> {
      const oldest = Math.min(...[...known.values()].map(({ requestedAt }) => Date.parse(requestedAt)));
      return {
        waiting: waiting.size,
        running: running.size,
        delayed: delayed.size,
        dead: dead.size,
        oldestSeconds: known.size === 0 ? 0 : Math.max(0, (clock().getTime() - oldest) / 1000),
      };
    },
    idle: () => new Promise((resolve) => (known.size === 0 ? resolve() : idleWaiters.push(resolve))),
    dead: async () => [...dead.values()].map(({ letter }) => letter).reverse(),
    async replay(keys = [...dead.keys()]) {
      let replayed = 0;
      for (const key of keys) {
        const entry = dead.get(key)?.entry;
        if (entry) {
          await enqueue(entry.job, entry);
          replayed += 1;
        }
      }
      return replayed;
    },
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
      waiting.clear();
      delayed.clear();
      known.clear();
      settle();
    },
  };
}
