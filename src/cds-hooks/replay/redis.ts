import { Redis } from 'ioredis';
import { IntervalError } from '../../errors.ts';
import type { ReplayStore } from './replay.ts';

/**
 * What was used, in a Redis that all replicas share: one `SET … NX` a token, which expires by itself. The server must not
 * evict keys before their time (`maxmemory-policy noeviction`, which is its default).
 */
export function createRedisReplayStore(options: {
  /** redis:// or rediss://, with credentials where the server asks for them. */
  readonly url: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Time for one question; a hook waits for it. */
  readonly timeoutMs?: number;
  /** Told once when the connection is lost, not at every attempt to mend it. */
  readonly onTrouble?: (error: unknown) => void;
}): ReplayStore {
  const { url, clock, timeoutMs = 500, onTrouble } = options;
  let inTrouble = false;
  const redis = new Redis(url, {
    keyPrefix: 'interval:jti:',
    connectTimeout: 2 * timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  redis.on('error', (error) => {
    if (!inTrouble) {
      onTrouble?.(error);
    }
    inTrouble = true;
  });
  redis.on('ready', () => {
    inTrouble = false;
  });

  async function ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (cause) {
      throw new IntervalError('replay-store-unavailable', 'The store of used tokens does not answer.', { cause });
    }
  }

  return {
    async firstUse(key, until) {
      const milliseconds = Math.max(1, Math.ceil(until - clock()));
      return (await ask(() => redis.set(key, '1', 'PX', milliseconds, 'NX'))) === 'OK';
    },
    async ready() {
      await ask(() => redis.ping());
    },
    async close() {
      redis.disconnect();
    },
  };
}
