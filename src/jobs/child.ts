import { type ChildProcess, fork } from 'node:child_process';
import { type ErrorCode, errorTable, IntervalError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Job } from '../queue/queue.ts';
import type { JobEvent } from './events.ts';
import type { LedgerAttempt, LedgerHandler } from './ledger.ts';

/** From the service to the worker process. */
export type ToWorker<Settings> =
  | { readonly type: 'settings'; readonly settings: Settings }
  | { readonly type: 'run'; readonly job: Job; readonly attempt: LedgerAttempt }
  | { readonly type: 'cancel'; readonly key: string }
  | { readonly type: 'close' };

/** From the worker process to the service. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'event'; readonly event: JobEvent }
  | { readonly type: 'ended'; readonly key: string; readonly outcome: string }
  | {
      readonly type: 'failed';
      readonly key: string;
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryAfterMs?: number;
    };

export interface WorkerProcess {
  readonly handler: LedgerHandler;
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Pending {
  resolve(outcome: string): void;
  reject(error: IntervalError): void;
}

/**
 * Runs jobs in a process of their own: reading is heavy, native code may abort, and the loop that answers hooks must
 * never wait for either. A process that dies fails its jobs with `worker-lost`, which the queue runs again, and is
 * replaced on the next job.
 */
export function createWorkerProcess<Settings>(options: {
  readonly module: string;
  readonly settings: Settings;
  readonly log: Log;
  /** How long a cancelled job may take to let go before the process is killed. */
  readonly cancelGraceMs?: number;
  readonly onEnd?: (job: Job, outcome: string) => void;
  /** What happened inside of jobs. */
  readonly onEvent?: (event: JobEvent) => void;
}): WorkerProcess {
  const { module, settings, log, cancelGraceMs = 5000 } = options;
  const pending = new Map<string, Pending>();
  let current: { readonly child: ChildProcess; readonly ready: Promise<void> } | undefined;
  let closing = false;

  const start = () => {
    const child = fork(module, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const ready = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.on('message', (message: FromWorker) => {
        if (message.type === 'ready') {
          resolve();
          return;
        }
        if (message.type === 'event') {
          options.onEvent?.(message.event);
          return;
        }
        const waiter = pending.get(message.key);
        pending.delete(message.key);
        if (message.type === 'failed') {
          const code = Object.hasOwn(errorTable, message.code) ? message.code : 'internal';
          waiter?.reject(
            new IntervalError(
              code,
              message.message,
              message.retryAfterMs === undefined ? {} : { retryAfterMs: message.retryAfterMs },
            ),
          );
        } else {
          waiter?.resolve(message.outcome);
        }
      });
      child.once('exit', (status, signal) => {
        current = current?.child === child ? undefined : current;
        const lost = new IntervalError('worker-lost', 'The worker process ended while the job ran.');
        reject(lost);
        for (const waiter of pending.values()) {
          waiter.reject(lost);
        }
        pending.clear();
        if (!closing) {
          log.warn('worker process ended', { ...(status === null ? {} : { status }), ...(signal ? { signal } : {}) });
        }
      });
    });
    // Whoever waits gets the rejection; nobody waiting must not end the service.
    ready.catch(() => undefined);
    child.send({ type: 'settings', settings } satisfies ToWorker<Settings>);
    current = { child, ready };
    return current;
  };

  return {
    async ready() {
      await (current ?? start()).ready;
    },
    async handler(job, signal, attempt) {
      const { child, ready } = current ?? start();
      await ready;
      signal.throwIfAborted();
      let kill: NodeJS.Timeout | undefined;
      const cancel = () => {
        child.connected && child.send({ type: 'cancel', key: job.key } satisfies ToWorker<Settings>);
        kill = setTimeout(() => child.kill('SIGKILL'), cancelGraceMs);
      };
      try {
        const outcome = await new Promise<string>((resolve, reject) => {
          pending.set(job.key, { resolve, reject });
          signal.addEventListener('abort', cancel, { once: true });
          child.send({ type: 'run', job, attempt } satisfies ToWorker<Settings>, (error) => {
            if (error) {
              pending.delete(job.key);
              reject(new IntervalError('worker-lost', 'The worker process cannot be reached.', { cause: error }));
            }
          });
        });
        options.onEnd?.(job, outcome);
      } finally {
        clearTimeout(kill);
        signal.removeEventListener('abort', cancel);
      }
    },
    async close() {
      closing = true;
      const child = current?.child;
      if (!child || child.exitCode !== null) {
        return;
      }
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.connected && child.send({ type: 'close' } satisfies ToWorker<Settings>);
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
}
