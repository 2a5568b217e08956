import { fileURLToPath } from 'node:url';
import type { ActiveAnalysis } from './analyses/active.ts';
import type { PlannedJob } from './analyses/plan.ts';
import { asIntervalError } from './errors.ts';
import { requestForPatient } from './jobs/arrivals.ts';
import { createWorkerProcess } from './jobs/child.ts';
import { createFollowUp } from './jobs/follow-up.ts';
import { keepLedger } from './jobs/ledger.ts';
import { type Ledger, requestDue } from './jobs/request.ts';
import { createSweep } from './jobs/sweep.ts';
import { keepSweeping } from './jobs/sweeping.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { beatMsOf, processName } from './parts.ts';
import type { Queue } from './queue/queue.ts';
import { openLimits, openQueue, type QueueEvents } from './queues.ts';
import type { Servers } from './servers.ts';
import { countEvent } from './services/job-metrics.ts';
import type { Config } from './settings.ts';
import type { Traces } from './traces.ts';
import type { WorkerSettings } from './worker.ts';

/** The side of the service on which jobs are asked for and, where it runs them itself, run. */
export interface ServiceJobs {
  readonly queue: Queue;
  readonly ledger: Ledger;
  /** The process that reads; absent where others do. */
  readonly worker: { ready(): Promise<void> } | undefined;
  /** Asks for what is due, behind the answer. */
  request(planned: readonly PlannedJob[]): void;
  /** Jobs of the store that are not in the queue: at once, and from now on. */
  keepQueueFilled(): Promise<void>;
  /** Resolves when everything that was asked for so far has been. */
  asked(): Promise<void>;
  /** Takes no more work and lets what runs end. */
  close(): Promise<void>;
}

export interface ServiceJobsParts {
  readonly config: Config;
  readonly servers: Servers;
  readonly analyses: readonly ActiveAnalysis[];
  readonly embedded: WorkerSettings['embedded'];
  readonly metrics: Metrics;
  readonly traces: Traces;
  readonly log: Log;
  readonly clock: () => Date;
}

export async function openServiceJobs(parts: ServiceJobsParts): Promise<ServiceJobs> {
  const { config, servers, analyses, embedded, metrics, traces, log, clock } = parts;
  const settings: WorkerSettings = { config, ...(embedded ? { embedded } : {}) };
  /** Of jobs that run or have just run here. */
  const outcomes = new Map<string, string>();
  const attempts = new Map<string, number>();
  const worker =
    config.runJobs === 'here'
      ? createWorkerProcess({
          module: fileURLToPath(new URL('./worker.ts', import.meta.url)),
          settings,
          log,
          onEnd: (job, outcome) => outcomes.set(job.key, outcome),
          onEvent: (event) => countEvent(event, metrics),
        })
      : undefined;
  const limits = worker ? await openLimits(config) : undefined;
  const events: QueueEvents = {
    onRetry(job, error, attempt) {
      metrics.jobRetried({ analysis: job.analysis, code: error.code });
      log.warn('job will be tried again', { job: job.key, analysis: job.analysis, code: error.code, attempt });
    },
    onEnd(job, error, milliseconds) {
      const outcome = error ? 'failed' : (outcomes.get(job.key) ?? 'rejected');
      outcomes.delete(job.key);
      if (outcome === 'cancelled') {
        followUp.cancelled(job);
      }
      metrics.jobEnded({ analysis: job.analysis, outcome, code: error?.code ?? '' }, milliseconds / 1000);
      metrics.attempted({ analysis: job.analysis, outcome }, attempts.get(job.key) ?? 1);
      attempts.delete(job.key);
      // The worker has logged where it was thrown.
      const code = error ? { code: error.code } : {};
      log[error ? 'error' : 'info']('job ended', {
        job: job.key,
        analysis: job.analysis,
        outcome,
        ms: Math.round(milliseconds),
        ...code,
      });
    },
  };
  const queue = await openQueue(config, log, events, limits);
  const ledger: Ledger = {
    store: servers.store,
    form: servers.form,
    clock,
    ...(worker || config.queueUrl ? { queue } : {}),
    onDeferred: (job, error) =>
      log.warn('a job waits in the store for room in the queue', { job: job.key, code: error.code }),
  };
  const sweep = createSweep({ ...ledger, queue }, { staleMs: config.staleSeconds * 1000 });
  const sweeping = new AbortController();
  let swept: Promise<void> | undefined;
  if (worker) {
    const handler = keepLedger(worker.handler, ledger, {
      owner: processName(),
      onLost: (job, error) =>
        log.error('the Task of a job could not be kept', { job: job.key, code: error.code }, error),
    });
    queue.process((job, signal, attempt) => {
      attempts.set(job.key, attempt.number);
      return handler(job, signal, attempt);
    });
    worker.ready().catch((error) => log.error('worker process did not start', {}, error));
  }

  const asking = new Set<Promise<unknown>>();
  const followUp = createFollowUp({
    again: (patient) =>
      requestForPatient(patient, { source: servers.source, analyses, ledger }, { priority: 'arrival' }),
    onError: (error) => log.warn('what has changed could not be asked for', {}, error),
  });

  return {
    queue,
    ledger,
    worker,
    request(planned) {
      const asked: Promise<unknown> = traces
        .span('enqueue', {}, async (span) => {
          const trace = span.traceparent === undefined ? {} : { trace: span.traceparent };
          span.set({ 'interval.asked': await requestDue(planned, ledger, trace) });
        })
        .catch((error) => log.warn('what is due could not be asked for', {}, error))
        .finally(() => asking.delete(asked));
      asking.add(asked);
    },
    async keepQueueFilled() {
      // Whoever worked on the embedded store ended with it; others may be at work on any other.
      const recover = config.storeUrl === '' ? sweep.afterRestart() : sweep();
      // A queue or store that cannot be asked yet is asked again soon.
      const { queued } = await recover.catch((error) => {
        log.warn('the store could not be asked for jobs', { code: asIntervalError(error).code }, error);
        return { queued: 0 };
      });
      log.info('unfinished jobs recovered', { count: queued });
      swept = keepSweeping(sweep, {
        everyMs: beatMsOf(config),
        begun: true,
        signal: sweeping.signal,
        onSwept: ({ queued, takenOver }) =>
          queued + takenOver > 0 && log.info('jobs recovered', { count: queued, total: takenOver }),
        onError: (error) => log.warn('the store could not be asked for jobs', { code: error.code }, error),
      });
    },
    async asked() {
      await Promise.all(asking);
    },
    async close() {
      sweeping.abort();
      await swept;
      followUp.close();
      await queue.close(10_000);
      await limits?.close();
      await worker?.close();
    },
  };
}
