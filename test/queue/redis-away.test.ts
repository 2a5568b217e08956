import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { DiagnosticReport, Patient, Task } from '@medplum/fhirtypes';
import { Redis } from 'ioredis';
import { asIntervalError, IntervalError } from '../../src/errors.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { createBullQueue } from '../../src/queue/bullmq.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { aJob } from '../contract/queue.ts';
import { describeWith } from '../integration/neighbour.ts';
import { aJobProcess } from '../support/job-process.ts';
import { eventually } from '../support/processes.ts';
import { type RedisServer, redisNeighbour, startRedis } from '../support/redis.ts';

describeWith(redisNeighbour)('a Redis that holds the queue', () => {
  let redis: RedisServer;
  let open: Queue[];
  const openQueue = (more: Partial<Parameters<typeof createBullQueue>[0]> = {}) => {
    const limits = { concurrency: 2, limit: 100, attempts: 3, timeoutMs: 5000, backoffMs: () => 1 };
    const queue = createBullQueue({ ...limits, url: redis.url, askMs: 1000, ...more });
    open.push(queue);
    return queue;
  };
  beforeEach(async () => {
    open = [];
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(open.map((queue) => queue.close(0)));
    await redis.stop();
  });

  test('away, it is told so in time and by a code that may be tried again; back, it goes on', async () => {
    const troubles: boolean[] = [];
    const queue = openQueue({ onTrouble: (trouble) => troubles.push(trouble) });
    expect(await queue.enqueue(aJob('before'))).toBe('queued');
    await redis.stop('SIGKILL');
    for (const question of [queue.enqueue(aJob('away')), queue.stats(), queue.dead()]) {
      const error = await question.then(
        () => undefined,
        (thrown) => asIntervalError(thrown),
      );
      expect([error?.code, error?.retry]).toEqual(['queue-unavailable', true]);
    }
    await redis.start();
    await eventually('an answer', () => queue.enqueue(aJob('back')).catch(() => undefined));
    const seen: string[] = [];
    queue.process(async ({ key }) => void seen.push(key));
    await queue.idle();
    expect(seen).toContain('back');
    expect(troubles).toEqual([true, false]);
  });

  test('two workers share the jobs, each job runs once', async () => {
    const queues = [openQueue(), openQueue()];
    const seen: string[][] = [[], []];
    queues.forEach((queue, at) => {
      queue.process(async ({ key }) => {
        seen[at]?.push(key);
        await new Promise((resolve) => setTimeout(resolve, 10));
      });
    });
    await Promise.all(Array.from({ length: 40 }, (_, at) => queues[at % 2]?.enqueue(aJob(`shared-${at}`))));
    await queues[0]?.idle();
    expect(seen.flat().sort()).toEqual(Array.from({ length: 40 }, (_, at) => `shared-${at}`).sort());
    expect(seen.map((one) => one.length > 0)).toEqual([true, true]);
  });

  test('a worker that is told to end gives back what it was at, and another runs it as its first attempt', async () => {
    const first = openQueue();
    const begun = Promise.withResolvers<void>();
    first.process(async (_job, signal) => {
      begun.resolve();
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    await first.enqueue(aJob('long'));
    await begun.promise;
    await first.close(20);
    const attempts: number[] = [];
    const second = openQueue();
    second.process(async (_job, _signal, { number }) => void attempts.push(number));
    await second.idle();
    expect(attempts).toEqual([1]);
  });

  test('holds references and codes: nothing that an error said, and no stack', async () => {
    const queue = openQueue();
    queue.process(async ({ key }, _signal, { last }) => {
      const cause = new Error('Testperson, Ada: potassium 6.8');
      throw key === 'again' && !last
        ? new IntervalError('fhir-unavailable', 'Testperson did not answer.', { cause })
        : cause;
    });
    await queue.enqueue(aJob('bad'));
    await queue.enqueue(aJob('again'));
    await queue.idle();
    expect((await queue.dead()).map(({ code }) => code)).toEqual(['internal', 'internal']);
    const client = new Redis(redis.url);
    const held: unknown[] = [];
    for (const key of await client.keys('*')) {
      const type = await client.type(key);
      held.push(
        key,
        type === 'hash' ? await client.hgetall(key) : type === 'stream' ? await client.xrange(key, '-', '+') : '',
      );
    }
    client.disconnect();
    const text = JSON.stringify(held);
    expect(text).toContain('DiagnosticReport/bad');
    expect(text).not.toMatch(/Testperson|potassium|\.ts:\d/);
  });

  test('lost with all that it held, the Tasks bring the jobs back', async () => {
    const base = 'http://127.0.0.1:9/fhir/R4';
    const server: FhirServer = createFhirServer({ base });
    const client = createFhirClient({ base, fetch: server.fetch });
    await client.update<Patient & { id: string }>({
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'Synthetic' }],
    });
    for (let at = 0; at < 10; at += 1) {
      await client.update<DiagnosticReport & { id: string }>({
        resourceType: 'DiagnosticReport',
        id: `r${at}`,
        status: 'final',
        code: { text: 'Outside report' },
        subject: { reference: 'Patient/p1' },
      });
    }
    // A service that only asks: nobody runs the jobs yet.
    const asking = openQueue();
    const service = await aJobProcess({ base, fetch: server.fetch, queue: { ...asking, process: () => undefined } });
    expect(await service.ask()).toBe(10);
    expect((await asking.stats()).waiting).toBe(10);
    await redis.stop('SIGKILL');
    await redis.start();
    await eventually('Redis', () => asking.stats().catch(() => undefined));
    expect((await asking.stats()).waiting).toBe(0);

    const worker = await aJobProcess({ base, fetch: server.fetch, queue: openQueue() });
    expect(await worker.sweep()).toEqual({ queued: 10, takenOver: 0 });
    await worker.queue.idle();
    const tasks = await client.search<Task>('Task', {});
    expect(tasks.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'completed'));
    expect((await client.search('DiagnosticReport', { status: 'preliminary' })).length).toBe(10);
    server.close();
  });
});
