import { setPriority } from 'node:os';
import { asIntervalError, IntervalError } from './errors.ts';
import type { FromWorker, ToWorker } from './jobs/child.ts';
import type { LedgerAttempt } from './jobs/ledger.ts';
import { createLog } from './log.ts';
import { createModels, type OpenModels } from './models.ts';
import { createJobRunner, createTools, READING_PRIORITY } from './parts.ts';
import type { Limits } from './queue/limits.ts';
import type { Job } from './queue/queue.ts';
import { openLimits } from './queues.ts';
import { connect, type Embedded, openServiceKeys } from './servers.ts';
import type { Config } from './settings.ts';
import { noTraces, openTraces, type Traces } from './traces.ts';
import { SERVICE_VERSION } from './version.ts';

/** The process that reads. The service starts it through src/jobs/child.ts and speaks with it over IPC alone. */

/** What the service sends first: its checked configuration, and where its embedded FHIR server answers. */
export interface WorkerSettings {
  readonly config: Config;
  readonly embedded?: Embedded;
}

// The loop that answers hooks comes first.
setPriority(READING_PRIORITY);
const tools = createTools();
let log = createLog({ level: 'info' });
const running = new Map<string, AbortController>();
let models: OpenModels | undefined;
let traces: Traces = noTraces;
let limits: Limits | undefined;
let runner: ReturnType<typeof createJobRunner> | undefined;

function say(message: FromWorker): void {
  if (process.connected) {
    process.send?.(message);
  }
}

async function start({ config, embedded }: WorkerSettings) {
  models = await createModels(config, log);
  limits = await openLimits(config);
  const servers = connect(config, embedded, { keys: await openServiceKeys(config), limits });
  traces = await openTraces(config, { name: 'interval-worker', version: SERVICE_VERSION });
  return createJobRunner(config, servers, tools, models, { traces, onEvent: (event) => say({ type: 'event', event }) });
}

async function run(job: Job, attempt: LedgerAttempt): Promise<void> {
  const abort = new AbortController();
  running.set(job.key, abort);
  try {
    if (!runner) {
      throw new IntervalError('internal', 'The worker was given a job before its settings.');
    }
    say({ type: 'ended', key: job.key, outcome: await (await runner)(job, abort.signal, attempt) });
  } catch (thrown) {
    const error = asIntervalError(abort.signal.aborted ? abort.signal.reason : thrown);
    log.warn('attempt failed', { job: job.key, analysis: job.analysis }, thrown);
    say({
      type: 'failed',
      key: job.key,
      code: error.code,
      message: error.message,
      ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    });
  } finally {
    running.delete(job.key);
  }
}

process.on('message', async (message: ToWorker<WorkerSettings>) => {
  switch (message.type) {
    case 'settings':
      log = createLog({ level: message.settings.config.logLevel });
      runner = start(message.settings);
      await runner;
      return say({ type: 'ready' });
    case 'run':
      return run(message.job, message.attempt);
    case 'cancel':
      return running.get(message.key)?.abort(new IntervalError('cancelled', 'The job was cancelled.'));
    case 'close':
      await Promise.all([tools.close(), models?.close(), limits?.close(), traces.close()]);
      return process.exit(0);
  }
});

// The service is gone: so is the reason to read. Its Tasks bring the jobs back.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the service decides when its worker ends.
process.on('SIGINT', () => undefined);
