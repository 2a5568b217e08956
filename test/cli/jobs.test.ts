import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { main } from '../../src/cli.ts';
import { IntervalError } from '../../src/errors.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createTask, failTask, findTask } from '../../src/fhir/tasks.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { createBullQueue } from '../../src/queue/bullmq.ts';
import { aJob } from '../contract/queue.ts';
import { describeWith } from '../integration/neighbour.ts';
import { type RedisServer, redisNeighbour, startRedis } from '../support/redis.ts';

const base = 'http://127.0.0.1/fhir/R4';

async function interval(...given: readonly string[]) {
  const said = { out: '', err: '' };
  const code = await main(given, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

describe('interval jobs', () => {
  let data: string;
  let server: FhirServer;
  const store = () => createFhirClient({ base, fetch: server.fetch });
  const statusOf = async (key: string) => (await findTask(store(), key))?.status;

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'interval-jobs-'));
    server = createFhirServer({ base, file: join(data, 'interval.sqlite') });
    const now = '2026-03-02T11:00:00.000Z';
    await createTask(store(), aJob('waiting'), { now });
    for (const [key, code] of [
      ['down', 'fhir-unavailable'],
      ['broken', 'finding-invalid'],
    ] as const) {
      const { task } = await createTask(store(), aJob(key), { now });
      await failTask(store(), task, { now, system: 'error', code, text: 'It failed.' });
    }
  });
  afterEach(() => server.close());

  test('without a queue in Redis they are the Tasks of the store: counted, listed, asked for again', async () => {
    const stats = await interval('jobs', 'stats', '--data', data, '--json');
    expect(JSON.parse(stats.out)).toMatchObject({ waiting: 1, running: 0, delayed: 0, dead: 2 });
    expect(JSON.parse(stats.out).oldestSeconds).toBeGreaterThan(0);
    expect((await interval('jobs', 'stats', '--data', data)).out).toMatch(/waiting +1\n.*dead +2\n/s);
    const dead = await interval('jobs', 'dead', '--data', data);
    expect(dead.code).toBe(0);
    expect(dead.out).toMatch(/key +analysis +code/);
    expect(dead.out).toMatch(/down +lab-report +fhir-unavailable/);
    expect(dead.out).not.toContain('waiting');

    expect(await interval('jobs', 'replay', 'down', '--data', data)).toMatchObject({
      code: 0,
      out: '1 job is asked for again.\n',
    });
    expect([await statusOf('down'), await statusOf('broken')]).toEqual(['requested', 'failed']);
    expect((await interval('jobs', 'replay', '--data', data)).out).toBe('1 job is asked for again.\n');
    expect(await statusOf('broken')).toBe('requested');
    expect((await interval('jobs', 'dead', '--data', data)).out).toBe('No job was given up.\n');
  });

  test('a key that was not given up, and a store that is not there, are said', async () => {
    const unknown = await interval('jobs', 'replay', 'waiting', '--data', data);
    expect([unknown.code, unknown.err]).toEqual([1, 'not-found: Not among the jobs that were given up: waiting.\n']);
    expect(await statusOf('waiting')).toBe('requested');
    const nowhere = await interval('jobs', 'dead', '--data', join(data, 'nowhere'));
    expect([nowhere.code, nowhere.err.startsWith('config-invalid')]).toEqual([2, true]);
  });

  describeWith(redisNeighbour)('with a queue in Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
      process.env.QUEUE_URL = redis.url;
    });
    afterAll(async () => {
      delete process.env.QUEUE_URL;
      await redis.stop();
    });

    test('what was given up goes back into the queue, its Task first', async () => {
      const queue = createBullQueue({ url: redis.url, concurrency: 1, limit: 10, attempts: 1, timeoutMs: 5000 });
      let broken = true;
      const seen: string[] = [];
      queue.process(async ({ key }) => {
        seen.push(`${key} ${await statusOf(key)}`);
        if (broken) {
          throw new IntervalError('fhir-unavailable', 'No answer.');
        }
      });
      await queue.enqueue(aJob('down'));
      await queue.enqueue(aJob('only-in-redis'));
      await queue.idle();
      const stats = await interval('jobs', 'stats', '--data', data, '--json');
      expect(JSON.parse(stats.out)).toMatchObject({ waiting: 0, dead: 2 });
      expect((await interval('jobs', 'dead', '--data', data)).out).toMatch(/only-in-redis/);
      broken = false;
      seen.length = 0;
      expect((await interval('jobs', 'replay', 'down', 'only-in-redis', '--data', data)).out).toContain('2 jobs are');
      await queue.idle();
      expect(seen.sort()).toEqual(['down requested', 'only-in-redis undefined']);
      expect((await queue.stats()).dead).toBe(0);
      await queue.close();
    });
  });
});
