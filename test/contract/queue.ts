import { afterEach, describe, expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import type { Job, Queue } from '../../src/queue/queue.ts';

export interface QueueLimits {
  readonly concurrency: number;
  readonly limit: number;
  readonly attempts: number;
  readonly timeoutMs: number;
}

export interface QueueUnderTest {
  readonly queue: Queue;
  /** Jobs that ended for good, with the code of their last error. */
  readonly ended: { readonly key: string; readonly code: string | undefined }[];
}

export function aJob(key: string): Job {
  return {
    key,
    analysis: 'lab-report',
    reader: 'embedded',
    patient: 'Patient/1',
    subject: { reference: `DiagnosticReport/${key}`, version: '1' },
    companions: [],
  };
}

/** What every Queue does, whatever engine is behind it. */
export function queueContract(name: string, create: (limits: QueueLimits) => Promise<QueueUnderTest>): void {
  describe(`Queue contract: ${name}`, () => {
    let open: Queue | undefined;
    const start = async (limits: Partial<QueueLimits> = {}) => {
      const made = await create({ concurrency: 2, limit: 100, attempts: 3, timeoutMs: 2000, ...limits });
      open = made.queue;
      return made;
    };
    afterEach(async () => {
      await open?.close(50);
      open = undefined;
    });

    test('runs every job once, jobs enqueued before the handler included', async () => {
      const { queue, ended } = await start();
      const seen: string[] = [];
      await queue.enqueue(aJob('early'));
      queue.process(async (job) => {
        seen.push(job.key);
      });
      for (let i = 0; i < 20; i += 1) {
        await queue.enqueue(aJob(`job-${i}`));
      }
      await queue.idle();
      expect(seen.length).toBe(21);
      expect(new Set(seen).size).toBe(21);
      expect(ended.every(({ code }) => code === undefined)).toBe(true);
    });

    test('takes a key once while it waits or runs, and again after it ended', async () => {
      const { queue } = await start();
      let runs = 0;
      expect(await queue.enqueue(aJob('same'))).toBe('queued');
      expect(await queue.enqueue(aJob('same'))).toBe('already');
      queue.process(async () => {
        runs += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      });
      expect(await queue.enqueue(aJob('same'))).toBe('already');
      await queue.idle();
      expect(runs).toBe(1);
      expect(await queue.enqueue(aJob('same'))).toBe('queued');
      await queue.idle();
      expect(runs).toBe(2);
    });

    test('never runs more than its concurrency', async () => {
      const { queue } = await start({ concurrency: 3 });
      let now = 0;
      let most = 0;
      queue.process(async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
      });
      await Promise.all(Array.from({ length: 12 }, (_, i) => queue.enqueue(aJob(`c-${i}`))));
      await queue.idle();
      expect(most).toBe(3);
    });

    test('refuses beyond its limit with queue-full and keeps what it has', async () => {
      const { queue } = await start({ limit: 2 });
      await queue.enqueue(aJob('a'));
      await queue.enqueue(aJob('b'));
      await expect(queue.enqueue(aJob('c'))).rejects.toMatchObject({ code: 'queue-full' });
      expect((await queue.stats()).waiting).toBe(2);
    });

    test('runs a retryable error again, counting attempts, and tells which is the last', async () => {
      const { queue, ended } = await start({ attempts: 3 });
      const attempts: string[] = [];
      queue.process(async (_job, _signal, attempt) => {
        attempts.push(`${attempt.number}${attempt.last ? ' last' : ''}`);
        throw new IntervalError('fhir-unavailable', 'No answer.');
      });
      await queue.enqueue(aJob('down'));
      await queue.idle();
      expect(attempts).toEqual(['1', '2', '3 last']);
      expect(ended).toEqual([{ key: 'down', code: 'fhir-unavailable' }]);
    });

    test('gives up at once on an error that will not pass', async () => {
      const { queue, ended } = await start();
      let runs = 0;
      queue.process(async () => {
        runs += 1;
        throw new IntervalError('document-damaged', 'Cannot be read.');
      });
      await queue.enqueue(aJob('bad'));
      await queue.idle();
      expect(runs).toBe(1);
      expect(ended).toEqual([{ key: 'bad', code: 'document-damaged' }]);
    });

    test('aborts a job that outlasts its time and tries again', async () => {
      const { queue, ended } = await start({ timeoutMs: 30, attempts: 2 });
      let runs = 0;
      queue.process(async (_job, signal) => {
        runs += 1;
        if (runs === 1) {
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        }
      });
      await queue.enqueue(aJob('slow'));
      await queue.idle();
      expect(runs).toBe(2);
      expect(ended).toEqual([{ key: 'slow', code: undefined }]);
    });

    test('a failing job does not hold up the others', async () => {
      const { queue, ended } = await start({ concurrency: 1 });
      queue.process(async (job) => {
        if (job.key === 'bad') {
          throw new Error('not one of ours');
        }
      });
      await queue.enqueue(aJob('bad'));
      await queue.enqueue(aJob('good'));
      await queue.idle();
      expect(ended.map(({ key, code }) => `${key} ${code}`).sort()).toEqual(['bad internal', 'good undefined']);
    });

    test('close lets running jobs end within the grace period and aborts the rest', async () => {
      const { queue, ended } = await start();
      let aborted = false;
      queue.process(async (_job, signal) => {
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve();
          });
        });
      });
      await queue.enqueue(aJob('long'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await queue.close(20);
      expect(aborted).toBe(true);
      expect(ended.length).toBe(1);
      await expect(queue.enqueue(aJob('late'))).rejects.toMatchObject({ code: 'queue-full' });
    });
  });
}
