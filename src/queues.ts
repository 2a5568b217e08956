import type { Log } from './log.ts';
import { beatMsOf } from './parts.ts';
import { admitByReader } from './queue/admission.ts';
import { createMemoryLimits, type Limits } from './queue/limits.ts';
import { createMemoryQueue } from './queue/memory.ts';
import type { Queue } from './queue/queue.ts';
import type { QueueOptions } from './queue/queue-options.ts';
import type { Config } from './settings.ts';

/** What a process wants to be told of the jobs that it runs. */
export type QueueEvents = Pick<QueueOptions, 'onEnd' | 'onRetry'>;

/** The queue that the configuration names: in Redis, where other processes find it too, or in this process. */
export async function openQueue(config: Config, log: Log, events: QueueEvents = {}, limits?: Limits): Promise<Queue> {
  const options = {
    concurrency: config.concurrency,
    limit: config.queueLimit,
    attempts: config.attempts,
    timeoutMs: config.jobTimeoutSeconds * 1000,
    ...(limits && config.modelJobs > 0 ? { admit: admitByReader(limits, config.modelJobs, ['medgemma']) } : {}),
    ...events,
  };
  if (config.queueUrl === '') {
    return createMemoryQueue(options);
  }
  // Whoever has no Redis does not load what speaks with it.
  const { createBullQueue } = await import('./queue/bullmq.ts');
  return createBullQueue({
    ...options,
    url: config.queueUrl,
    // Redis gives a silent worker's job to another sooner than its Task is taken over: by then it must be free.
    lockMs: beatMsOf(config),
    onTrouble: (trouble, error) =>
      trouble ? log.warn('the queue cannot be reached', {}, error) : log.info('the queue is reached again'),
    onError: (error) => log.warn('the queue failed', {}, error),
  });
}

/** What all workers keep to together; undefined where the configuration limits nothing. */
export async function openLimits(config: Config): Promise<Limits | undefined> {
  const { queueUrl, sourceRequestsPerSecond, storeRequestsPerSecond, modelJobs } = config;
  if (sourceRequestsPerSecond + storeRequestsPerSecond + modelJobs === 0) {
    return undefined;
  }
  if (queueUrl === '') {
    return createMemoryLimits();
  }
  // The queue, in the same Redis, tells of its troubles.
  const { createRedisLimits } = await import('./queue/redis-limits.ts');
  return createRedisLimits({ url: queueUrl });
}
