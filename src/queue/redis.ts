import { Redis } from 'ioredis';
import { IntervalError } from '../errors.ts';

/** A Redis that workers share, and the one way to ask it: within a time, and with a coded error when it does not answer. */
export interface SharedRedis {
  readonly redis: Redis;
  /** Throws `queue-unavailable`. What was asked may still be done by Redis later. */
  ask<T>(question: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface RedisOptions {
  /** redis:// or rediss://, with credentials where the server asks for them. */
  readonly url: string;
  /** Time for one question. */
  readonly askMs?: number;
  /** Told once when the connection is lost, and once when it is back; not at every attempt to mend it. */
  readonly onTrouble?: (trouble: boolean, error?: unknown) => void;
}

export function openRedis({ url, askMs = 3000, onTrouble = () => undefined }: RedisOptions): SharedRedis {
  let inTrouble = false;
  // BullMQ wants its commands repeated until they arrive; who cannot wait for that has `ask`.
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: 2 * askMs,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2000),
  });
  redis.on('error', (error) => {
    if (!inTrouble) {
      inTrouble = true;
      onTrouble(true, error);
    }
  });
  redis.on('ready', () => {
    if (inTrouble) {
      inTrouble = false;
      onTrouble(false);
    }
  });

  let ready: Promise<void> | undefined;
  const untilReady = () =>
    (ready ??= new Promise<void>((resolve) => {
      redis.once('ready', () => {
        ready = undefined;
        resolve();
      });
    }));

  const unavailable = (cause?: unknown) =>
    new IntervalError('queue-unavailable', 'The Redis of the queue does not answer.', { cause });

  return {
    redis,
    async ask(question) {
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => late.reject(unavailable()), askMs);
      try {
        if (redis.status !== 'ready') {
          // While it is away nothing is sent: commands would pile up in this process.
          await Promise.race([untilReady(), late.promise]);
        }
        return await Promise.race([question(), late.promise]);
      } catch (error) {
        throw error instanceof IntervalError ? error : unavailable(error);
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => redis.disconnect(),
  };
}
