import { expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import { createMemoryQueue } from '../../src/queue/memory.ts';
import { aJob, queueContract } from '../contract/queue.ts';

queueContract('in the process', async (limits) => {
  const ended: { key: string; code: string | undefined }[] = [];
  return {
    ended,
    queue: createMemoryQueue({
      ...limits,
      backoffMs: () => 1,
      onEnd: (job, error) => ended.push({ key: job.key, code: error?.code }),
    }),
  };
});

test('a Retry-After longer than the backoff is respected', async () => {
  const starts: number[] = [];
  const queue = createMemoryQueue({ concurrency: 1, limit: 10, attempts: 2, timeoutMs: 1000, backoffMs: () => 1 });
  queue.process(async () => {
    starts.push(performance.now());
    throw new IntervalError('fhir-throttled', 'Slow down.', { retryAfterMs: 60 });
  });
  await queue.enqueue(aJob('throttled'));
  await queue.idle();
  expect(starts[1]! - starts[0]!).toBeGreaterThanOrEqual(58);
  await queue.close();
});
