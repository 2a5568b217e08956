/**
 * What the queue costs and what workers bring: `node bench/queue.ts [patients] [reports each] [hooks a second] [seconds]
 * [hooks]`, 200, 10, 20 and 20 unless given; the last word leaves out all but the hooks.
 *   own cost   jobs that do nothing, through the queue in the process and through BullMQ on a real Redis
 *   rate       the jobs of bench/chaos.ts without faults, with one and with two `interval worker` processes
 *   hooks      patient-view with prefetch at a steady rate: while the workers are idle, and while they are saturated
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBullQueue } from '../src/queue/bullmq.ts';
import { createMemoryQueue } from '../src/queue/memory.ts';
import type { Job, Queue } from '../src/queue/queue.ts';
import { fill, invent } from '../test/support/invented-reports.ts';
import { startService } from '../test/support/service.ts';
import { steady } from './hook-peers/load.ts';
import { openAsking } from './queue/asking.ts';
import { check } from './queue/check.ts';
import { fhirOver, redisIn, worker } from './queue/neighbours.ts';

const [patients = 200, each = 10, hooksPerSecond = 20, seconds = 20] = process.argv.slice(2, 6).map(Number);
const all = process.argv[6] !== 'hooks';
const jobs = patients * each;
const limits = { concurrency: 2, limit: 1_000_000, attempts: 3, timeoutMs: 60_000 };
const print = (...cells: readonly (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell, at) => (at === 0 ? String(cell).padEnd(46) : String(cell).padStart(12))).join('')}\n`,
  );

/** Milliseconds a job, waiting and running apart. */
async function ownCost(queue: Queue, count: number) {
  const aJob = (at: number): Job => ({
    key: `${at}`.padStart(40, 'a'),
    analysis: 'lab-report',
    reader: 'embedded',
    patient: `Patient/invented-${at}`,
    subject: { reference: `DiagnosticReport/invented-${at}`, version: '1' },
    companions: [],
  });
  const begun = performance.now();
  for (let at = 0; at < count; at += 1) {
    await queue.enqueue(aJob(at), { priority: 'arrival' });
  }
  const asked = performance.now();
  const ended = Promise.withResolvers<void>();
  let ran = 0;
  queue.process(async () => {
    ran += 1;
    if (ran === count) {
      ended.resolve();
    }
  });
  await ended.promise;
  const until = performance.now();
  await queue.close(1000);
  return { ask: (asked - begun) / count, run: (until - asked) / count };
}

/** A store with all reports and a Redis in which all their jobs wait. */
async function prepared() {
  const directory = mkdtempSync(join(tmpdir(), 'interval-queue-'));
  const file = join(directory, 'fhir.sqlite');
  const [fhir, redis] = [await fhirOver(file), await redisIn(directory)];
  const resources = invent(patients, each);
  const subjects = resources.flatMap((one) => (one.resourceType === 'Patient' ? [] : [`DiagnosticReport/${one.id}`]));
  await fill(file, fhir.base, resources);
  await Promise.all([fhir.start(), redis.start()]);
  const asking = await openAsking(fhir.base, redis.url);
  const env = {
    INTERVAL_SOURCE_URL: fhir.base,
    INTERVAL_STORE_URL: fhir.base,
    INTERVAL_WRITE_BACK: 'full',
    QUEUE_URL: redis.url,
  };
  return {
    fhir,
    env,
    asking,
    async askAll() {
      for (let at = 0; at < patients; at += 1) {
        await asking.ask(`invented-${at}`);
      }
    },
    async untilEnded(): Promise<void> {
      while ((await asking.queue.stats()).waiting > 0) {
        await sleep(250);
      }
      await asking.queue.idle();
    },
    found: () => check(asking.store, subjects),
    async close() {
      await asking.close();
      await Promise.all([fhir.kill('SIGTERM'), redis.kill('SIGTERM')]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function rate(count: number): Promise<number> {
  const world = await prepared();
  await world.askAll();
  const workers = Array.from({ length: count }, () => worker(world.env));
  const begun = performance.now();
  await Promise.all(workers.map((one) => one.start()));
  const up = performance.now();
  await world.untilEnded();
  const ended = performance.now();
  await Promise.all(workers.map((one) => one.kill('SIGTERM')));
  const { sets, begunAgain } = await world.found();
  await world.close();
  const perSecond = (1000 * jobs) / (ended - up);
  print(
    `${count} worker${count === 1 ? '' : 's'}`,
    perSecond.toFixed(1),
    ((up - begun) / 1000).toFixed(1),
    sets,
    begunAgain,
  );
  return perSecond;
}

async function costAndRate(): Promise<void> {
  print('the queue itself, ms a job', 'asked', 'run');
  const directory = mkdtempSync(join(tmpdir(), 'interval-queue-'));
  const redis = await redisIn(directory);
  await redis.start();
  const inProcess = await ownCost(createMemoryQueue(limits), jobs);
  print('in the process', inProcess.ask.toFixed(3), inProcess.run.toFixed(3));
  const onRedis = await ownCost(createBullQueue({ ...limits, url: redis.url }), jobs);
  print('BullMQ on Redis', onRedis.ask.toFixed(3), onRedis.run.toFixed(3));
  await redis.kill('SIGTERM');
  rmSync(directory, { recursive: true, force: true });

  process.stdout.write('\n');
  print(`${jobs} jobs`, 'jobs/s', 'start, s', 'whole sets', 'begun again');
  const one = await rate(1);
  const two = await rate(2);
  const jobMs = 1000 / one;
  print('two workers to one', `${(two / one).toFixed(2)} ×`);
  print('the queue to a job, BullMQ', `${((100 * (onRedis.ask + onRedis.run)) / jobMs).toFixed(1)} %`);
  print('the queue to a job, in the process', `${((100 * (inProcess.ask + inProcess.run)) / jobMs).toFixed(2)} %`);
}

if (all) {
  await costAndRate();
}
process.stdout.write('\n');
const world = await prepared();
const service = await startService('listening', {
  ...world.env,
  INTERVAL_RUN_JOBS: 'elsewhere',
  INTERVAL_LOG_LEVEL: 'info',
});
const get = async (path: string) => (await fetch(`${world.fhir.base}/${path}`)).json();
const patientId = 'invented-0';
const target = {
  name: 'patient-view',
  url: `${service.base}/cds-services/lab-report-results`,
  body: JSON.stringify({
    hook: 'patient-view',
    hookInstance: crypto.randomUUID(),
    fhirServer: world.fhir.base,
    context: { userId: 'Practitioner/example', patientId },
    prefetch: {
      patient: await get(`Patient/${patientId}`),
      reports: await get(`DiagnosticReport?patient=${patientId}`),
      documents: await get(`DocumentReference?patient=${patientId}`),
    },
  }),
};
print(`hooks, ${hooksPerSecond}/s for ${seconds} s, ms`, 'p50', 'p99', 'max', 'failed');
const hooks = async (name: string) => {
  const { p50, p99, max, failed } = await steady(target, hooksPerSecond, seconds);
  print(name, p50.toFixed(1), p99.toFixed(1), max.toFixed(1), failed);
};
const workers = [0, 1].map(() => worker(world.env));
await Promise.all(workers.map((one) => one.start()));
await steady(target, hooksPerSecond, 5);
await world.untilEnded();
await hooks('workers idle');
await world.askAll();
await hooks('workers saturated');
const { waiting } = await world.asking.queue.stats();
print('jobs that waited when it ended', waiting);
await Promise.all([service.stop(), ...workers.map((one) => one.kill('SIGTERM'))]);
await world.close();
