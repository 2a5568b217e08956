/**
 * Everything is killed while jobs run: `node bench/chaos.ts [patients] [reports each] [seconds between kills]`, 200, 10 and 4
 * unless given. Two `interval worker` processes over a real Redis and the embedded FHIR server in a process of its own; a
 * worker is killed with SIGKILL every few seconds and replaced, Redis and the FHIR server are killed and started again
 * once each. Prints what the store holds at the end; exit code 1 when anything was lost, doubled or half written.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fill, invent } from '../test/support/invented-reports.ts';
import { openAsking } from './queue/asking.ts';
import { check } from './queue/check.ts';
import { fhirOver, redisIn, worker } from './queue/neighbours.ts';

const [patients = 200, each = 10, killSeconds = 4] = process.argv.slice(2).map(Number);
const jobs = patients * each;
const directory = mkdtempSync(join(tmpdir(), 'interval-chaos-'));
const file = join(directory, 'fhir.sqlite');
const fhir = await fhirOver(file);
const redis = await redisIn(directory);
const resources = invent(patients, each);
const subjects = resources.flatMap((one) => (one.resourceType === 'Patient' ? [] : [`DiagnosticReport/${one.id}`]));
await fill(file, fhir.base, resources);
await Promise.all([fhir.start(), redis.start()]);

const env = {
  INTERVAL_SOURCE_URL: fhir.base,
  INTERVAL_STORE_URL: fhir.base,
  INTERVAL_WRITE_BACK: 'full',
  INTERVAL_STALE_SECONDS: '3',
  INTERVAL_LOG_LEVEL: 'info',
  QUEUE_URL: redis.url,
};
let takenOver = 0;
const workers = [0, 1].map(() =>
  worker(env, (line) => {
    takenOver += line.includes('"jobs taken over"') ? Number(/"count":(\d+)/.exec(line)?.[1]) : 0;
  }),
);
await Promise.all(workers.map((one) => one.start()));
const asking = await openAsking(fhir.base, redis.url);
const say = (text: string) => process.stderr.write(`${text}\n`);

const begun = performance.now();
const seconds = () => ((performance.now() - begun) / 1000).toFixed(0);
const asked = (async () => {
  let count = 0;
  for (let at = 0; at < patients; at += 1) {
    count += await asking.ask(`invented-${at}`);
  }
  say(`${seconds()} s: ${count} jobs asked for`);
})();

const count = async (query: string): Promise<number> => {
  const answer = await fetch(`${fhir.base}/Task?${query}&_summary=count`);
  return ((await answer.json()) as { total: number }).total;
};
/** Jobs that have ended; undefined while the FHIR server is down. */
const ended = () => count('status=completed,failed,rejected,cancelled').catch(() => undefined);

let kills = 0;
let done = false;
const killing = (async () => {
  while (!done) {
    await sleep(killSeconds * 1000);
    if (done) {
      return;
    }
    const victim = workers[kills % workers.length] as (typeof workers)[number];
    await victim.kill('SIGKILL');
    kills += 1;
    await victim.start().catch(() => undefined);
  }
})();

async function restart(name: string, one: { kill(signal?: NodeJS.Signals): Promise<void>; start(): Promise<void> }) {
  say(`${seconds()} s: ${name} killed`);
  await one.kill('SIGKILL');
  await sleep(1500);
  await one.start();
  say(`${seconds()} s: ${name} is back`);
}

let redisRestarts = 0;
let fhirRestarts = 0;
let quiet = 0;
let last = -1;
while (!done) {
  await sleep(1000);
  const now = await ended();
  if (now === undefined) {
    continue;
  }
  quiet = now === last ? quiet + 1 : 0;
  last = now;
  if (redisRestarts === 0 && now >= jobs / 3) {
    redisRestarts += 1;
    await restart('Redis', redis);
  } else if (fhirRestarts === 0 && now >= (jobs * 2) / 3) {
    fhirRestarts += 1;
    await restart('the FHIR server', fhir);
  }
  if (Number(seconds()) % 15 === 0) {
    say(`${seconds()} s: ${now} of ${jobs} ended, ${kills} workers killed`);
  }
  done = now >= jobs || quiet > 180;
}
const took = (performance.now() - begun) / 1000;
await Promise.all([asked, killing]);
// Whoever still holds a job that has ended lets go of it.
await sleep(3000);
const left = await asking.queue.stats();
await Promise.all(workers.map((one) => one.kill('SIGTERM')));
const found = await check(asking.store, subjects);
await asking.close();
await Promise.all([fhir.kill('SIGTERM'), redis.kill('SIGTERM')]);
rmSync(directory, { recursive: true, force: true });

const rows: readonly (readonly [string, string | number])[] = [
  ['jobs', jobs],
  ['seconds', took.toFixed(0)],
  ['workers killed', kills],
  ['Redis restarted', redisRestarts],
  ['FHIR server restarted', fhirRestarts],
  ['jobs begun more than once', found.begunAgain],
  ['jobs taken over', takenOver],
  ['completed', found.completed],
  ['one whole set each', found.sets],
  ['failed', found.failed],
  ['lost', found.lost],
  ['duplicated', found.duplicated],
  ['half written', found.halfWritten],
  [
    'left in the queue: waiting, running, delayed, dead',
    `${left.waiting}, ${left.running}, ${left.delayed}, ${left.dead}`,
  ],
];
for (const [name, value] of rows) {
  process.stdout.write(`${name.padEnd(52)}${String(value).padStart(8)}\n`);
}
const right =
  found.sets === jobs && found.tasks === jobs && found.lost + found.failed + found.duplicated + found.halfWritten === 0;
process.exitCode = right ? 0 : 1;
