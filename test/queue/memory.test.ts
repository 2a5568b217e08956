import { createMemoryQueue } from '../../src/queue/memory.ts';
import { queueContract } from '../contract/queue.ts';

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
