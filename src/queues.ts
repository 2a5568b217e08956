import type { Log } from './log.ts';
import { beatMsOf } from './parts.ts';
import { createBullQueue } from './queue/bullmq.ts';
import { createMemoryQueue, type QueueOptions } from './queue/memory.ts';
import type { Queue } from './queue/queue.ts';
import type { Config } from './settings.ts';

/** The queue that the configuration names: in Redis, where other processes find it too, or in this process. */
export function openQueue(config: Config, log: Log, events: Pick<QueueOptions, 'onEnd' | 'onRetry'> = {}): Queue {
  const options = {
    concurrency: config.concurrency,
    limit: config.queueLimit,
    attempts: config.attempts,
    timeoutMs: config.jobTimeoutSeconds * 1000,
    ...events,
  };
  if (config.queueUrl === '') {
    return createMemoryQueue(options);
  }
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
