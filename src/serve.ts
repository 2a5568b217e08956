import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import definitions from '../cds-services.json' with { type: 'json' };
import type { PlannedJob } from './analyses/plan.ts';
import { createApp } from './app.ts';
import { describeConfig } from './config.ts';
import { asIntervalError, IntervalError } from './errors.ts';
import { readProfiles } from './fhir/profiles.ts';
import { createFhirServer } from './fhir-server/server.ts';
import { requestForPatient } from './jobs/arrivals.ts';
import { createWorkerProcess } from './jobs/child.ts';
import { createFollowUp } from './jobs/follow-up.ts';
import { keepLedger, type LedgerHandler } from './jobs/ledger.ts';
import { requestDue } from './jobs/request.ts';
import { createSweep } from './jobs/sweep.ts';
import { keepSweeping } from './jobs/sweeping.ts';
import { createLog, type Log } from './log.ts';
import { isLoopbackHost } from './loopback.ts';
import { createMetrics } from './metrics.ts';
import { createModels } from './models.ts';
import { activateAll, beatMsOf, createTools, processName } from './parts.ts';
import type { Job } from './queue/queue.ts';
import { openLimits, openQueue, type QueueEvents } from './queues.ts';
import { createSamples } from './samples/create.ts';
import { seed } from './samples/seed.ts';
import { connect, openServiceKeys, usesEmbedded } from './servers.ts';
import { analysesApi } from './services/analyses/router.ts';
import { createArrivals } from './services/arrivals.ts';
import { cdsHooks } from './services/cds-hooks.ts';
import { countEvent } from './services/job-metrics.ts';
import { createKeeping } from './services/keeping.ts';
import { openApiOf } from './services/openapi/document.ts';
import { page } from './services/page.ts';
import { createTrust } from './services/trust.ts';
import type { Config } from './settings.ts';
import { openTraces } from './traces.ts';
import { SERVICE_VERSION } from './version.ts';
import type { WorkerSettings } from './worker.ts';

export interface Service {
  /** Base URL that answers. */
  readonly address: string;
  /** Resolves when sample patients, where there are any, have been loaded and everything due for them has been read. */
  readonly settled: Promise<{ readonly patients: number; readonly milliseconds: number }>;
  /** Takes no more work, lets what runs end, closes everything. */
  stop(why: string): Promise<void>;
}

/** Builds the service from its configuration and listens. Nothing else builds things, besides parts.ts and the command line. */
export async function serve(config: Config): Promise<Service> {
  const begun = performance.now();
  const clock = () => new Date();
  const log = createLog({ level: config.logLevel });
  for (const { key, value } of describeConfig(config)) {
    log.info('setting', { key, value });
  }

  const server = createServer(TIMES);
  const app = Promise.withResolvers<Express>();
  // Connections are taken before everything is built: a call that comes early waits, it is not lost.
  server.on('request', (request, response) => app.promise.then((answer) => answer(request, response)));
  const address = await listen(server, config);
  try {
    return await build(config, { server, address, log, clock, begun, ready: app.resolve });
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }
}

/** Of a connection, in milliseconds: who sends slowly does not hold one for ever; a proxy may keep it for a minute. */
const TIMES = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 } as const;

interface Ground {
  readonly server: Server;
  readonly address: string;
  readonly log: Log;
  readonly clock: () => Date;
  /** `performance.now()` at the start. */
  readonly begun: number;
  ready(app: Express): void;
}

async function build(config: Config, { server, address, log, clock, begun, ready }: Ground): Promise<Service> {
  const embedded = usesEmbedded(config)
    ? createFhirServer({
        base: `${address}/fhir/R4`,
        profiles: [...readProfiles().values()],
        onError: (error) => log.error('embedded FHIR server failed', {}, error),
        // Whoever may write a Subscription may not make us call other machines.
        subscriptions: { mayCall: ({ hostname, origin }) => isLoopbackHost(hostname) || origin === ownOrigin(config) },
        ...dataFile(config),
      })
    : undefined;
  const production = config.mode === 'production';
  const trust = await createTrust(config, log);
  const keys = await openServiceKeys(config);
  // The embedded server has no sign-in: in production only this service and its worker know what it asks for.
  const embeddedToken = production ? { token: randomBytes(32).toString('base64url') } : {};
  const servers = connect(config, embedded && { base: embedded.base, fetch: embedded.fetch }, {
    keys,
    // Before the metrics are made no server is asked.
    onBreaker(server, open) {
      metrics.breakerChanged({ server: new URL(server).host }, open);
      log[open ? 'warn' : 'info'](open ? 'FHIR server keeps failing and is left alone' : 'FHIR server answers again', {
        address: new URL(server).origin,
      });
    },
  });
  const tools = createTools(config);
  // For names and versions alone: what is read is read by the worker.
  const models = await createModels(config, log);
  const analyses = await activateAll(config, tools, models);

  const traces = await openTraces(config, { name: 'interval', version: SERVICE_VERSION });
  const settings: WorkerSettings = {
    config,
    ...(embedded ? { embedded: { base: embedded.base, ...embeddedToken } } : {}),
  };
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
  const queueEvents = {
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
  } satisfies QueueEvents;
  const queue = await openQueue(config, log, queueEvents, limits);
  const metrics = createMetrics(() => queue.stats());
  const ledger = {
    store: servers.store,
    form: servers.form,
    clock,
    ...(worker || config.queueUrl ? { queue } : {}),
    onDeferred: (job: Job, error: IntervalError) =>
      log.warn('a job waits in the store for room in the queue', { job: job.key, code: error.code }),
  };
  const sweep = createSweep({ ...ledger, queue }, { staleMs: config.staleSeconds * 1000 });
  const sweeping = new AbortController();
  const noting: (handler: LedgerHandler) => LedgerHandler = (handler) => (job, signal, attempt) => {
    attempts.set(job.key, attempt.number);
    return handler(job, signal, attempt);
  };
  let swept: Promise<void> | undefined;
  if (worker) {
    queue.process(
      keepLedger(noting(worker.handler), ledger, {
        owner: processName(),
        onLost: (job, error) =>
          log.error('the Task of a job could not be kept', { job: job.key, code: error.code }, error),
      }),
    );
    worker.ready().catch((error) => log.error('worker process did not start', {}, error));
  }

  const asking = new Set<Promise<unknown>>();
  const request = (planned: readonly PlannedJob[]) => {
    const asked: Promise<unknown> = traces
      .span('enqueue', {}, async (span) => {
        const trace = span.traceparent === undefined ? {} : { trace: span.traceparent };
        span.set({ 'interval.asked': await requestDue(planned, ledger, trace) });
      })
      .catch((error) => log.warn('what is due could not be asked for', {}, error))
      .finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const followUp = createFollowUp({
    again: (patient) =>
      requestForPatient(patient, { source: servers.source, analyses, ledger }, { priority: 'arrival' }),
    onError: (error) => log.warn('what has changed could not be asked for', {}, error),
  });

  const world = {
    config,
    address,
    trust,
    servers,
    embedded,
    analyses,
    tools,
    metrics,
    log,
    clock,
    ids: randomUUID,
    request,
    queue,
    traces,
    notReady: () => notReady(servers.store, worker, trust, config.queueUrl === '' ? undefined : queue),
  };
  const keeping = createKeeping(world);
  const arrivals = createArrivals(world, ledger);
  ready(
    createApp({
      routers: [
        { path: '/', router: cdsHooks(world, keeping) },
        { path: '/', router: analysesApi(world, keeping, ledger) },
        ...(arrivals.router ? [{ path: '/', router: arrivals.router }] : []),
        ...(embedded ? [{ path: '/fhir/R4', router: embedded.router, ...embeddedToken }] : []),
        { path: '/', router: page(world, keeping) },
      ],
      metrics,
      log,
      loopbackOnly: !production && config.unauthenticated === 'loopback-only',
      https: config.publicUrl.startsWith('https:'),
      openapi: openApiOf({
        version: SERVICE_VERSION,
        publicUrl: config.publicUrl,
        services: definitions.services.map(({ id }) => id),
        embedded: embedded !== undefined && !production,
        keys: keys !== undefined,
        subscriptions: arrivals.router !== undefined,
      }),
      ...(keys ? { publicKeys: keys.jwks } : {}),
      notReady: world.notReady,
    }),
  );
  log.info('listening', { address, version: SERVICE_VERSION, ms: Math.round(performance.now() - begun) });

  let stopping: Promise<void> | undefined;
  const settled = start();
  settled.catch((error) => log.error('start-up work failed', {}, error));
  return { address, settled, stop: (why) => (stopping ??= stop(why)) };

  async function start() {
    let patients: readonly string[] = [];
    if (config.samples === 'on' || (config.samples === 'auto' && config.sourceUrl === '' && !production)) {
      const samples = await createSamples({ now: clock(), timeZone: config.timeZone });
      const { created } = await seed(servers.source, samples);
      patients = samples.samples.map(({ id }) => id);
      log.info('sample patients loaded', {
        count: patients.length,
        total: created,
        ms: Math.round(performance.now() - begun),
      });
    }
    if (ledger.queue) {
      await keepQueueFilled();
    }
    await arrivals.catchUp();
    for (const id of patients) {
      await requestForPatient(id, { source: servers.source, analyses, ledger });
    }
    if (worker) {
      await queue.idle();
    }
    const milliseconds = Math.round(performance.now() - begun);
    if (patients.length > 0 && !stopping) {
      log.info('sample patients read', { count: patients.length, ms: milliseconds });
    }
    return { patients: patients.length, milliseconds };
  }

  /** Jobs of the store that are not in the queue: at once, and from now on. */
  async function keepQueueFilled() {
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
      signal: sweeping.signal,
      onSwept: ({ queued, takenOver }) =>
        queued + takenOver > 0 && log.info('jobs recovered', { count: queued, total: takenOver }),
      onError: (error) => log.warn('the store could not be asked for jobs', { code: error.code }, error),
    });
  }

  async function stop(why: string) {
    log.info('stopping', { reason: why });
    sweeping.abort();
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    await Promise.all(asking);
    await arrivals.close();
    await swept;
    await keeping.background.idle();
    followUp.close();
    await queue.close(10_000);
    await limits?.close();
    await worker?.close();
    server.closeAllConnections();
    await closed;
    await tools.close();
    await models.close();
    await traces.close();
    await trust.close();
    embedded?.close();
    log.info('stopped');
  }
}

function ownOrigin({ publicUrl }: Config): string | undefined {
  return publicUrl === '' ? undefined : new URL(publicUrl).origin;
}

async function listen(server: Server, config: Config): Promise<string> {
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (cause) {
    throw new IntervalError(
      'config-invalid',
      `Setting "port": ${config.host}:${config.port} cannot be listened on (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    );
  }
  const { port } = server.address() as AddressInfo;
  // What listens on every address is reached over loopback by its own worker.
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function dataFile(config: Config): { readonly file?: string } {
  if (config.data === '') {
    return {};
  }
  try {
    mkdirSync(config.data, { recursive: true });
  } catch (cause) {
    throw new IntervalError('config-invalid', 'Setting "data": the directory cannot be made.', { cause });
  }
  return { file: join(config.data, 'interval.sqlite') };
}

async function notReady(
  store: { capabilities(options: { timeoutMs: number }): Promise<unknown> },
  worker: { ready(): Promise<void> } | undefined,
  trust: { ready(): Promise<void> },
  queue: { stats(): Promise<unknown> } | undefined,
): Promise<readonly string[]> {
  const within = <T>(promise: Promise<T>) =>
    Promise.race([promise, new Promise<never>((_, reject) => setTimeout(reject, 2000).unref())]);
  const checks: readonly [string, Promise<unknown>][] = [
    ['store', store.capabilities({ timeoutMs: 2000 })],
    ['worker', worker?.ready() ?? Promise.resolve()],
    ['trust', trust.ready()],
    ['queue', queue?.stats() ?? Promise.resolve()],
  ];
  const results = await Promise.allSettled(checks.map(([, check]) => within(check)));
  return checks.filter((_, i) => results[i]?.status === 'rejected').map(([name]) => name);
}
