import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRedisReplayStore } from '../../src/cds-hooks/replay/redis.ts';
import { replayStoreContract } from '../contract/replay-store.ts';
import { clientsFile, type Ehr, openEhr } from '../support/ehr.ts';
import { type RedisServer, redisNeighbour, startRedis } from '../support/redis.ts';
import { type Started, startService } from '../support/service.ts';
import { describeWith } from './neighbour.ts';

const PASSWORD = 'a-password-of-the-test';

describeWith(redisNeighbour)('a real Redis', () => {
  let redis: RedisServer;
  const url = () => redis.url;

  beforeAll(async () => {
    redis = await startRedis({ password: PASSWORD });
  });
  afterAll(() => redis.stop());

  replayStoreContract('Redis', () => createRedisReplayStore({ url: url(), clock: Date.now, timeoutMs: 2000 }));

  test('two stores share what they know', async () => {
    const [one, other] = [1, 2].map(() => createRedisReplayStore({ url: url(), clock: Date.now, timeoutMs: 2000 }));
    const key = crypto.randomUUID();
    expect(await one!.firstUse(key, Date.now() + 60_000)).toBe(true);
    expect(await other!.firstUse(key, Date.now() + 60_000)).toBe(false);
    await Promise.all([one!.close(), other!.close()]);
  });

  test('J15: two replicas of the service: a JWT used on one is refused by the other; without Redis nobody is let in', async () => {
    const ehr: Ehr = await openEhr('replicated');
    // Both answer under one public URL, as behind a load balancer.
    const publicUrl = 'https://cds.example.org';
    const environment = {
      INTERVAL_PUBLIC_URL: publicUrl,
      INTERVAL_CLIENTS: clientsFile(ehr.registration()),
      INTERVAL_REPLAY_URL: url(),
      INTERVAL_SAMPLES: 'off',
    };
    const replicas: Started[] = [];
    for (let count = 0; count < 2; count += 1) {
      replicas.push(await startService('listening', environment));
    }
    const [first, second] = replicas as [Started, Started];
    const discover = async ({ base }: Started, token: string) =>
      (await fetch(`${base}/cds-services`, { headers: { authorization: `Bearer ${token}` } })).status;
    const fresh = () => ehr.token(`${publicUrl}/cds-services`);

    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const) {
      const token = await fresh();
      expect([await discover(one, token), await discover(other, token), await discover(one, token)]).toEqual([
        200, 401, 401,
      ]);
    }
    const raced = await fresh();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => discover(at % 2 ? first : second, raced)));
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 401)).toHaveLength(19);

    await redis.stop();
    expect([await discover(first, await fresh()), await discover(second, await fresh())]).toEqual([503, 503]);
    const notReady = (await (await fetch(`${first.base}/readyz`)).json()) as { waiting: string[] };
    expect(notReady.waiting).toContain('trust');
    await redis.start();
    let recovered = 0;
    for (let tries = 0; tries < 50 && recovered !== 200; tries += 1) {
      await sleep(200);
      recovered = await discover(first, await fresh());
    }
    expect(recovered).toBe(200);

    const log = replicas.flatMap(({ lines }) => lines).join('\n');
    expect(log.includes(PASSWORD)).toBe(false);
    expect(/eyJ/.test(log)).toBe(false);
    await Promise.all(replicas.map((one) => one.stop()));
    await ehr.close();
  }, 120_000);
});
