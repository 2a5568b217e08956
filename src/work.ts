import { setPriority } from 'node:os';
import { IntervalError } from './errors.ts';
import { keepLedger } from './jobs/ledger.ts';
import { createSweep } from './jobs/sweep.ts';
import { keepSweeping } from './jobs/sweeping.ts';
import { createLog } from './log.ts';
import { createModels } from './models.ts';
import { beatMsOf, createJobRunner, createTools, processName, READING_PRIORITY } from './parts.ts';
import { openLimits, openQueue, type QueueEvents } from './queues.ts';
import { connect, openServiceKeys } from './servers.ts';
import type { Config } from './settings.ts';
import { openTraces } from './traces.ts';
import { SERVICE_VERSION } from './version.ts';

/** Without a queue in Redis: how often the store is asked for requested Tasks, and how many of a priority are taken at once. */
const POLL = { everyMs: 2000, most: 200 } as const;

/**
 * `interval worker`: runs jobs in this process, taken from the queue in Redis or, without one, from the store. Any number
 * may run beside a service with `runJobs: elsewhere`; a Task is taken by the first that changes it.
 */
export async function work(config: Config): Promise<void> {
  if (config.sourceUrl === '' || config.storeUrl === '') {
    throw new IntervalError(
      'config-invalid',
      'Settings "sourceUrl" and "storeUrl": a worker needs both, since embedded servers live inside the service.',
    );
  }
  // Whoever answers hooks on this machine comes first.
  setPriority(READING_PRIORITY);
  const log = createLog({ level: config.logLevel });
  const limits = await openLimits(config);
  const servers = connect(config, undefined, { keys: await openServiceKeys(config), limits });
  const tools = createTools(config);
  const models = await createModels(config, log);
  const traces = await openTraces(config, { name: 'interval-worker', version: SERVICE_VERSION });
  const run = await createJobRunner(config, servers, tools, models, { traces });
  const events: QueueEvents = {
    onRetry: (job, error, attempt) =>
      log.warn('job will be tried again', { job: job.key, analysis: job.analysis, code: error.code, attempt }),
    onEnd: (job, error, ms) =>
      log[error ? 'error' : 'info']('job ended', { job: job.key, analysis: job.analysis, ms: Math.round(ms) }, error),
  };
  const queue = await openQueue(config, log, events, limits);
  const ledger = { store: servers.store, form: servers.form, clock: () => new Date(), queue };
  queue.process(
    keepLedger(async (job, signal, attempt) => void (await run(job, signal, attempt)), ledger, {
      owner: processName(),
      onLost: (job, error) => log.error('the Task of a job could not be kept', { job: job.key }, error),
    }),
  );

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort());
  }
  log.info('worker started', { version: SERVICE_VERSION, pid: process.pid });
  const polls = config.queueUrl === '';
  const sweep = createSweep(ledger, { staleMs: config.staleSeconds * 1000, ...(polls ? { most: POLL.most } : {}) });
  await keepSweeping(sweep, {
    everyMs: polls ? Math.min(POLL.everyMs, beatMsOf(config)) : beatMsOf(config),
    signal: stop.signal,
    onSwept: ({ takenOver }) => takenOver > 0 && log.info('jobs taken over', { count: takenOver }),
    onError: (error) => log.warn('the store could not be asked for jobs', { code: error.code }, error),
  });
  await queue.close(10_000);
  await limits?.close();
  await tools.close();
  await models.close();
  await traces.close();
}
