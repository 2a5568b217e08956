import { randomUUID } from 'node:crypto';
import { asIntervalError } from '../errors.ts';
import { BURST_MS, createMemoryLimits, type Limits } from './limits.ts';
import { openRedis, type RedisOptions } from './redis.ts';

/** Time is Redis' own, in milliseconds: the clocks of workers need not agree. */
const NOW = `local t = redis.call('TIME'); local now = t[1] * 1000 + t[2] / 1000;`;

/** When the next request of a name is due, if all came at even distances: the wait until then, less the burst. */
const TAKE = `${NOW}
local at = math.max(now, tonumber(redis.call('GET', KEYS[1]) or '0'))
local due = at + 1000 / tonumber(ARGV[1])
redis.call('SET', KEYS[1], string.format('%.3f', due), 'PX', math.ceil(due - now) + 1000)
return tostring(math.max(0, at - tonumber(ARGV[2]) - now))`;

const PLACE = `${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[3]) * 2)
return 1`;

const RENEW = `${NOW}
local held = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or '0')
if held <= now then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[2]) * 2)
return 1`;

/**
 * Limits that all workers of a Redis keep together. While it is away each keeps to the whole rate by itself, and no
 * places are given.
 */
export function createRedisLimits(options: RedisOptions & { readonly prefix?: string }): Limits {
  const { prefix = 'interval' } = options;
  const { redis, ask, close } = openRedis(options);
  const alone = createMemoryLimits();
  const run = (script: string, key: string, ...values: readonly (string | number)[]) =>
    ask(() => redis.eval(script, 1, `${prefix}:limits:${key}`, ...values));

  async function unlessAway<T>(question: () => Promise<T>, away: () => T | Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      if (asIntervalError(error).code === 'queue-unavailable') {
        return away();
      }
      throw error;
    }
  }

  return {
    take: (name, perSecond) =>
      unlessAway(
        async () => Number(await run(TAKE, `rate:${name}`, perSecond, BURST_MS)),
        () => alone.take(name, perSecond),
      ),
    place: (name, most, leaseMs) =>
      unlessAway(
        async () => {
          const mine = randomUUID();
          const key = `places:${name}`;
          if ((await run(PLACE, key, mine, most, leaseMs)) !== 1) {
            return undefined;
          }
          return {
            renew: () =>
              unlessAway(
                async () => (await run(RENEW, key, mine, leaseMs)) === 1,
                () => false,
              ),
            release: () =>
              unlessAway(
                async () => void (await ask(() => redis.zrem(`${prefix}:limits:${key}`, mine))),
                () => undefined,
              ),
          };
        },
        () => undefined,
      ),
    close: async () => close(),
  };
}
