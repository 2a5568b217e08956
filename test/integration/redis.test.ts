import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRedisReplayStore } from '../../src/cds-hooks/replay/redis.ts';
import { replayStoreContract } from '../contract/replay-store.ts';
import { clientsFile, type Ehr, freePort, openEhr } from '../support/ehr.ts';
import { type Started, startService } from '../support/service.ts';
import { describeWith } from './neighbour.ts';

const here = (() => {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const PASSWORD = 'a-password-of-the-test';

describeWith({ name: 'Redis', here, install: 'Debian package redis-server' })('a real Redis', () => {
  let port: number;
  let redis: ChildProcess | undefined;
  const url = () => `redis://:${PASSWORD}@127.0.0.1:${port}`;

  async function start(): Promise<void> {
    const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--requirepass', PASSWORD];
    redis = spawn('redis-server', ['--port', String(port), ...settings], { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries += 1) {
      const socket = connect(port, '127.0.0.1');
      const up = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (up) {
        return;
      }
      await sleep(50);
    }
    throw new Error('redis-server did not start.');
  }
  async function stop(): Promise<void> {
    if (redis && redis.exitCode === null) {
      const ended = once(redis, 'exit');
      redis.kill('SIGTERM');
      await ended;
    }
  }

  beforeAll(async () => {
    port = await freePort();
    await start();
  });
  afterAll(() => stop());

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

    await stop();
    expect([await discover(first, await fresh()), await discover(second, await fresh())]).toEqual([503, 503]);
    const notReady = (await (await fetch(`${first.base}/readyz`)).json()) as { waiting: string[] };
    expect(notReady.waiting).toContain('trust');
    await start();
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
