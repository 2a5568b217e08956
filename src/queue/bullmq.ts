import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue as BullQueue, DelayedError, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { asIntervalError, IntervalError } from '../errors.ts';
import { defaultBackoffMs, delayBefore } from './backoff.ts';
import { type Entry, type Held, idOf, isDead, letterOf, oldestOf } from './bull-entry.ts';
import { isMoreUrgent } from './lanes.ts';
import { type JobHandler, jobPriorities, type Queue } from './queue.ts';
import { MAX_DEAD_LETTERS, type QueueOptions } from './queue-options.ts';
import { openRedis, type RedisOptions } from './redis.ts';

export interface BullQueueOptions extends QueueOptions, RedisOptions {
  /** What the keys in Redis begin with; queues of the same prefix are one queue. */
  readonly prefix?: string;
  /** A job whose process has not been heard of for so long is given to another. */
  readonly lockMs?: number;
  /** What goes wrong between this process and Redis while it works; it goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

/** Given back so often by processes that died, a job is given up: it may be what kills them. */
const MAX_STALLED = 10;
const QUEUE = 'jobs';
const UNFINISHED = ['waiting', 'prioritized', 'active', 'delayed'] as const;

/** Queue on BullMQ and Redis: any number of processes ask for jobs and run them. Losing it loses nothing; the Tasks bring it back. */
export function createBullQueue(options: BullQueueOptions): Queue {
  const { concurrency, limit, attempts, timeoutMs, backoffMs = defaultBackoffMs, clock = () => new Date() } = options;
  const { prefix = 'interval', lockMs = 30_000, onError = () => undefined } = options;
  const { redis, ask, close } = openRedis(options);
  const queue = new BullQueue<Entry, void, string>(QUEUE, { connection: redis, prefix });
  // The connection tells of its own troubles once; here only what is wrong while it works.
  const report = (error: unknown) => redis.status === 'ready' && onError(error);
  queue.on('error', report);
  const running = new Map<string, AbortController>();
  let worker: Worker<Entry, void, string> | undefined;
  let closed = false;

  const find = async (key: string): Promise<Held | undefined> => (await queue.getJob(idOf(key))) ?? undefined;

  async function run(held: Held, token: string | undefined, handler: JobHandler): Promise<void> {
    const admitted = (await options.admit?.(held.data.job)) ?? { release: async () => undefined };
    if ('againMs' in admitted) {
      await held.moveToDelayed(Date.now() + admitted.againMs, token);
      throw new DelayedError();
    }
    try {
      await attemptAt(held, token, handler);
    } finally {
      await admitted.release();
    }
  }

  async function attemptAt(held: Held, token: string | undefined, handler: JobHandler): Promise<void> {
    const { job, requestedAt, trace } = held.data;
    const number = held.attemptsMade + 1;
    const last = number >= attempts;
    const abort = new AbortController();
    const timer = setTimeout(
      () => abort.abort(new IntervalError('job-timeout', 'The job took longer than its time limit.')),
      timeoutMs,
    );
    running.set(job.key, abort);
    const end = (error: IntervalError | undefined) =>
      options.onEnd?.(job, error, Math.max(0, clock().getTime() - Date.parse(requestedAt)));
    try {
      await handler(job, abort.signal, { number, last, requestedAt, ...(trace === undefined ? {} : { trace }) });
      end(undefined);
    } catch (thrown) {
      const error = asIntervalError(abort.signal.aborted ? (abort.signal.reason ?? thrown) : thrown);
      if (closed && error.code === 'cancelled') {
        // Cut off by the end of this process: no attempt, another process takes it.
        await held.moveToWait(token);
        throw new WaitingError();
      }
      // Redis keeps what an error says: the code alone.
      if (error.retry && !last) {
        options.onRetry?.(job, error, number);
        throw Object.assign(new Error(error.code), { retryAfterMs: error.retryAfterMs });
      }
      end(error);
      throw new UnrecoverableError(error.code);
    } finally {
      clearTimeout(timer);
      running.delete(job.key);
    }
  }

  return {
    async enqueue(job, asked = {}) {
      const { priority = 'now', trace, requestedAt = clock().toISOString() } = asked;
      if (closed) {
        throw new IntervalError('queue-full', 'The queue is closing and takes no more jobs.');
      }
      return ask(async () => {
        const mine = randomUUID();
        const entry: Entry = { job, requestedAt, asked: mine, ...(trace === undefined ? {} : { trace }) };
        const [before, waiting] = await Promise.all([
          find(job.key),
          queue.getJobCountByTypes('waiting', 'prioritized'),
        ]);
        if (before && isDead(before)) {
          // Another may have asked for it anew in this moment: then it is gone, or runs.
          await before.remove().catch(() => undefined);
        } else if (!before && waiting >= limit) {
          throw new IntervalError('queue-full', 'Too many jobs are waiting.');
        }
        // One of this id that is there stays as it is.
        await queue.add(job.analysis, entry, {
          jobId: idOf(job.key),
          priority: jobPriorities.indexOf(priority) + 1,
          attempts,
          backoff: { type: 'custom' },
          removeOnComplete: true,
          removeOnFail: { count: MAX_DEAD_LETTERS },
          stackTraceLimit: 0,
        });
        const held = await find(job.key);
        if (held === undefined || held.data.asked === mine) {
          return 'queued';
        }
        const lane = jobPriorities[held.priority - 1];
        if (lane && isMoreUrgent(priority, lane)) {
          await held.changePriority({ priority: jobPriorities.indexOf(priority) + 1 });
        }
        return 'already';
      });
    },
    process(handler) {
      worker = new Worker<Entry, void, string>(QUEUE, (held, token) => run(held, token, handler), {
        connection: redis,
        prefix,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: lockMs,
        maxStalledCount: MAX_STALLED,
        settings: {
          backoffStrategy: (attempt: number, _type?: string, error?: Error) =>
            delayBefore(backoffMs(attempt), (error as { retryAfterMs?: number } | undefined)?.retryAfterMs),
        },
      });
      worker.on('error', report);
    },
    stats: () =>
      ask(async () => {
        const [counts, since] = await Promise.all([queue.getJobCounts(...UNFINISHED, 'failed'), oldestOf(queue)]);
        return {
          waiting: (counts.waiting ?? 0) + (counts.prioritized ?? 0),
          running: counts.active ?? 0,
          delayed: counts.delayed ?? 0,
          dead: counts.failed ?? 0,
          oldestSeconds: since === undefined ? 0 : Math.max(0, (clock().getTime() - since) / 1000),
        };
      }),
    async idle() {
      while (!closed) {
        const left = await ask(() => queue.getJobCountByTypes(...UNFINISHED)).catch(() => 1);
        if (left === 0) {
          return;
        }
        await sleep(50);
      }
    },
    dead: () =>
      ask(async () => {
        const failed = (await queue.getJobs(['failed'], 0, MAX_DEAD_LETTERS - 1)) as readonly (Held | undefined)[];
        return failed
          .flatMap((held) => (held ? [letterOf(held)] : []))
          .sort((one, other) => other.at.localeCompare(one.at));
      }),
    async replay(keys) {
      const named = keys ?? (await this.dead()).map(({ job }) => job.key);
      let replayed = 0;
      for (const key of named) {
        const held = await ask(() => find(key));
        if (held && isDead(held)) {
          await ask(() => held.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true }));
          replayed += 1;
        }
      }
      return replayed;
    },
    async close(graceMs = 10_000) {
      closed = true;
      const timer = setTimeout(() => {
        for (const abort of running.values()) {
          abort.abort(new IntervalError('cancelled', 'The service is shutting down.'));
        }
      }, graceMs);
      // A Redis that is away must not keep the process: the lock of what ran here runs out, and another takes it.
      await Promise.race([worker?.close(), sleep(graceMs + 5000, undefined, { ref: false })]);
      clearTimeout(timer);
      await Promise.race([
        Promise.allSettled([worker?.close(true), queue.close()]),
        sleep(1000, undefined, { ref: false }),
      ]);
      close();
    },
  };
}
