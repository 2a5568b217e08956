import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createRedisReplayStore } from '../../../src/cds-hooks/replay/redis.ts';

/** With a Redis that is not there; with one that is, test/integration/redis.test.ts. */
describe('a Redis that does not answer', () => {
  let server: Server | undefined;
  const sockets = new Set<Socket>();
  afterEach(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server?.close();
  });

  test.each(['refuses', 'is silent'])(
    '%s: nobody is let in, the call does not wait for long, the trouble is told once',
    async (kind) => {
      server = createServer((socket) => sockets.add(socket));
      await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      if (kind === 'refuses') {
        await new Promise((resolve) => server?.close(resolve));
      }
      let told = 0;
      const store = createRedisReplayStore({
        url: `redis://:secret@127.0.0.1:${port}`,
        clock: Date.now,
        timeoutMs: 150,
        onTrouble: () => {
          told += 1;
        },
      });
      const started = performance.now();
      await expect(store.firstUse('a', Date.now() + 1000)).rejects.toMatchObject({
        code: 'replay-store-unavailable',
        message: expect.not.stringContaining('secret'),
      });
      await expect(store.ready()).rejects.toMatchObject({ code: 'replay-store-unavailable' });
      expect(performance.now() - started).toBeLessThan(3000);
      expect(told).toBeLessThanOrEqual(1);
      await store.close();
    },
  );
});
