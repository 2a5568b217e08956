import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { asIntervalError, IntervalError } from './errors.ts';
import { keepLedger } from './jobs/ledger.ts';
import { recover } from './jobs/request.ts';
import { createLog } from './log.ts';
import { createModels } from './models.ts';
import { createJobRunner, createTools } from './parts.ts';
import { createMemoryQueue } from './queue/memory.ts';
import { connect, openServiceKeys } from './servers.ts';
import type { Config } from './settings.ts';
import { SERVICE_VERSION } from './version.ts';

/** How often the store is asked for requested Tasks. */
const POLL_MS = 2000;

/**
 * `interval worker`: takes what is requested in the store and reads it in this process. Any number may run beside a
 * service with `runJobs: elsewhere`; a Task is taken by the first that changes it.
 */
export async function work(config: Config): Promise<void> {
  if (config.sourceUrl === '' || config.storeUrl === '') {
    throw new IntervalError(
      'config-invalid',
      'Settings "sourceUrl" and "storeUrl": a worker needs both, since embedded servers live inside the service.',
    );
  }
  const log = createLog({ level: config.logLevel });
  const servers = connect(config, undefined, { keys: await openServiceKeys(config) });
  const tools = createTools(config);
  const models = await createModels(config, log);
  const run = await createJobRunner(config, servers, tools, models);
  const clock = () => new Date();
  const timeoutMs = config.jobTimeoutSeconds * 1000;
  const queue = createMemoryQueue({
    concurrency: config.concurrency,
    limit: config.queueLimit,
    attempts: config.attempts,
    timeoutMs,
    onEnd: (job, error, ms) =>
      log[error ? 'error' : 'info']('job ended', { job: job.key, analysis: job.analysis, ms: Math.round(ms) }, error),
  });
  const ledger = { store: servers.store, form: servers.form, clock, queue };
  const onLost = (job: { readonly key: string }, error: IntervalError) =>
    log.error('the Task of a job could not be kept', { job: job.key }, error);
  queue.process(
    keepLedger(
      async (job, signal) => {
        await run(job, signal);
      },
      ledger,
      onLost,
    ),
  );

  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => stop.abort());
  }
  log.info('worker started', { version: SERVICE_VERSION, pid: process.pid });
  const stopped = once(stop.signal, 'abort');
  while (!stop.signal.aborted) {
    // A Task that has been in progress for two time limits belongs to a worker that is gone.
    const inProgressBefore = new Date(clock().getTime() - 2 * timeoutMs);
    await recover(ledger, { inProgressBefore }).catch((error) =>
      log.warn('the store could not be asked', { code: asIntervalError(error).code }, error),
    );
    await Promise.race([sleep(POLL_MS), stopped]);
  }
  await queue.close(10_000);
  await tools.close();
  await models.close();
}
