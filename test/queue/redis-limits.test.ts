import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRedisLimits } from '../../src/queue/redis-limits.ts';
import { limitsContract } from '../contract/limits.ts';
import { describeWith } from '../integration/neighbour.ts';
import { type RedisServer, redisNeighbour, startRedis } from '../support/redis.ts';

describeWith(redisNeighbour)('on a real Redis', () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());

  const open = () => createRedisLimits({ url: server.url, askMs: 500 });
  limitsContract('Redis', () => [open(), open()]);

  test('while Redis is away each keeps to the rate by itself, and no places are given', async () => {
    const limits = open();
    const held = await limits.place('model', 1, 60_000);
    await server.stop('SIGKILL');
    for (let at = 0; at < 3; at += 1) {
      await limits.take('server', 1);
    }
    expect(await limits.take('server', 1)).toBeGreaterThan(500);
    expect(await limits.place('other', 1, 60_000)).toBeUndefined();
    expect(await held?.renew()).toBe(false);
    await held?.release();
    await limits.close();
    await server.start();
  });
});
