import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { Express } from 'express';
import servicesFile from '../cds-services.json' with { type: 'json' };
import { createApp } from './app.ts';
import { readServices } from './cds-hooks/discovery.ts';
import { describeConfig } from './config.ts';
import { IntervalError } from './errors.ts';
import { readProfiles } from './fhir/profiles.ts';
import { startFhirServer } from './fhir-server/thread.ts';
import { requestForPatient } from './jobs/arrivals.ts';
import { listen, TIMES } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createModels } from './models.ts';
import { activateAll, createTools } from './parts.ts';
import { notReady } from './readiness.ts';
import { createSamples } from './samples/create.ts';
import { seed } from './samples/seed.ts';
import { connect, openServiceKeys, usesEmbedded } from './servers.ts';
import { openServiceJobs } from './service-jobs.ts';
import { analysesApi } from './services/analyses/router.ts';
import { createArrivals } from './services/arrivals.ts';
import { cdsHooks } from './services/cds-hooks.ts';
import { createFhirServers } from './services/fhir-servers.ts';
import { createKeeping } from './services/keeping.ts';
import { openApiOf } from './services/openapi/document.ts';
import { page } from './services/page.ts';
import { createTrust } from './services/trust.ts';
import type { Config } from './settings.ts';
import { openTraces } from './traces.ts';
import { SERVICE_VERSION } from './version.ts';

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
  // Its thread starts while everything else is built.
  const starting = usesEmbedded(config)
    ? startFhirServer({
        base: `${address}/fhir/R4`,
        profiles: [...readProfiles().values()],
        onError: (error) => log.error('embedded FHIR server failed', {}, error),
        subscriptionOrigins: config.publicUrl === '' ? [] : [new URL(config.publicUrl).origin],
        ...dataFile(config),
      })
    : undefined;
  // Whoever waits gets the rejection; where something else fails first, nobody does.
  starting?.catch(() => undefined);
  const definitions = readServices(servicesFile);
  const production = config.mode === 'production';
  const trust = await createTrust(config, log);
  const keys = await openServiceKeys(config);
  const tools = createTools(config);
  // For names and versions alone: what is read is read by the worker.
  const models = await createModels(config, log);
  const analyses = await activateAll(config, tools, models);
  const traces = await openTraces(config, { name: 'interval', version: SERVICE_VERSION });
  const embedded = await starting;
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
  const metrics = createMetrics(() => jobs.queue.stats());
  const jobs = await openServiceJobs({
    config,
    servers,
    analyses,
    embedded: embedded && { base: embedded.base, ...embeddedToken },
    metrics,
    traces,
    log,
    clock,
  });
  const { ledger, worker } = jobs;

  const publicUrl = config.publicUrl || address;
  const world = {
    config,
    address,
    publicUrl,
    definitions,
    trust,
    servers,
    fhirServers: createFhirServers({ config, address, publicUrl, servers, embedded }),
    embedded,
    analyses,
    tools,
    metrics,
    log,
    clock,
    ids: randomUUID,
    request: jobs.request,
    queue: jobs.queue,
    traces,
    notReady: () =>
      notReady({
        store: servers.store,
        worker,
        trust,
        queue: config.queueUrl === '' ? undefined : jobs.queue,
      }),
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
        services: definitions.map(({ id }) => id),
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
      await jobs.keepQueueFilled();
    }
    await arrivals.catchUp();
    for (const id of patients) {
      await requestForPatient(id, { source: servers.source, analyses, ledger });
    }
    if (worker) {
      await jobs.queue.idle();
    }
    const milliseconds = Math.round(performance.now() - begun);
    if (patients.length > 0 && !stopping) {
      log.info('sample patients read', { count: patients.length, ms: milliseconds });
    }
    return { patients: patients.length, milliseconds };
  }

  async function stop(why: string) {
    log.info('stopping', { reason: why });
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    await jobs.asked();
    await arrivals.close();
    await keeping.background.idle();
    await jobs.close();
    server.closeAllConnections();
    await closed;
    await tools.close();
    await models.close();
    await traces.close();
    await trust.close();
    await embedded?.close();
    log.info('stopped');
  }
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
