import { afterAll, beforeAll } from '@jest/globals';
import { createBullQueue } from '../../src/queue/bullmq.ts';
import { queueContract } from '../contract/queue.ts';
import { describeWith } from '../integration/neighbour.ts';
import { type RedisServer, redisNeighbour, startRedis } from '../support/redis.ts';

describeWith(redisNeighbour)('on a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  queueContract('BullMQ on Redis', async (limits) => {
    const ended: { key: string; code: string | undefined }[] = [];
    return {
      ended,
      queue: createBullQueue({
        ...limits,
        url: server.url,
        prefix: crypto.randomUUID(),
        backoffMs: () => 1,
        onEnd: (job, error) => ended.push({ key: job.key, code: error?.code }),
      }),
    };
  });
});
