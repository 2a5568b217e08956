import { afterEach, describe, expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import type { Job, JobAttempt, JobPriority, Queue } from '../../src/queue/queue.ts';
import type { Admit } from '../../src/queue/queue-options.ts';

export interface QueueLimits {
  readonly concurrency: number;
  readonly limit: number;
  readonly attempts: number;
  readonly timeoutMs: number;
  readonly admit?: Admit;
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

    test('takes what is more urgent first, and among equals what came first', async () => {
      const { queue } = await start({ concurrency: 1 });
      const seen: string[] = [];
      const asked: [string, JobPriority | undefined][] = [
        ['old-1', 'backfill'],
        ['come-1', 'arrival'],
        ['now-1', undefined],
        ['old-2', 'backfill'],
        ['come-2', 'arrival'],
        ['now-2', 'now'],
      ];
      for (const [key, priority] of asked) {
        await queue.enqueue(aJob(key), priority ? { priority } : {});
      }
      queue.process(async (job) => {
        seen.push(job.key);
      });
      await queue.idle();
      expect(seen).toEqual(['now-1', 'now-2', 'come-1', 'come-2', 'old-1', 'old-2']);
    });

    test('asked for again with more urgency, what waits becomes as urgent; with less it stays', async () => {
      const { queue } = await start({ concurrency: 1 });
      const seen: string[] = [];
      await queue.enqueue(aJob('old'), { priority: 'backfill' });
      await queue.enqueue(aJob('come'), { priority: 'arrival' });
      await queue.enqueue(aJob('now'));
      await queue.enqueue(aJob('opened'), { priority: 'backfill' });
      expect(await queue.enqueue(aJob('opened'), { priority: 'now' })).toBe('already');
      expect(await queue.enqueue(aJob('now'), { priority: 'backfill' })).toBe('already');
      queue.process(async (job) => {
        seen.push(job.key);
      });
      await queue.idle();
      expect(seen).toEqual(['now', 'opened', 'come', 'old']);
    });

    test('asked for from many sides at once, a key is queued once', async () => {
      const { queue } = await start();
      const answers = await Promise.all(Array.from({ length: 20 }, () => queue.enqueue(aJob('wanted'))));
      expect(answers.filter((answer) => answer === 'queued')).toEqual(['queued']);
      expect((await queue.stats()).waiting).toBe(1);
    });

    test('hands every attempt the instant and the trace of what asked for it', async () => {
      const { queue } = await start({ attempts: 2 });
      const attempts: JobAttempt[] = [];
      queue.process(async (job, _signal, attempt) => {
        attempts.push(attempt);
        if (job.key === 'traced' && attempt.number === 1) {
          throw new IntervalError('fhir-unavailable', 'No answer.');
        }
      });
      const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const requestedAt = '2026-01-02T03:04:05.000Z';
      const before = Date.now();
      await queue.enqueue(aJob('traced'), { trace, requestedAt });
      await queue.idle();
      await queue.enqueue(aJob('plain'));
      await queue.idle();
      expect(attempts.slice(0, 2)).toEqual([
        { number: 1, last: false, requestedAt, trace },
        { number: 2, last: true, requestedAt, trace },
      ]);
      expect(attempts[2]?.trace).toBeUndefined();
      expect(Date.parse(attempts[2]?.requestedAt ?? '')).toBeGreaterThanOrEqual(before);
    });

    test('counts what waits, runs and was given up, and tells how old the oldest is', async () => {
      const { queue } = await start({ concurrency: 1 });
      expect(await queue.stats()).toEqual({ waiting: 0, running: 0, delayed: 0, dead: 0, oldestSeconds: 0 });
      const hour = new Date(Date.now() - 3_600_000).toISOString();
      await queue.enqueue(aJob('young'));
      await queue.enqueue(aJob('old'), { requestedAt: hour, priority: 'backfill' });
      const { oldestSeconds, ...counts } = await queue.stats();
      expect(counts).toEqual({ waiting: 2, running: 0, delayed: 0, dead: 0 });
      expect(oldestSeconds).toBeGreaterThanOrEqual(3600);
      expect(oldestSeconds).toBeLessThan(3700);
      queue.process(async ({ key }) => {
        if (key === 'old') {
          throw new IntervalError('document-damaged', 'Cannot be read.');
        }
      });
      await queue.idle();
      expect(await queue.stats()).toEqual({ waiting: 0, running: 0, delayed: 0, dead: 1, oldestSeconds: 0 });
    });

    test('lists what was given up, newest first, until it is asked for anew', async () => {
      const { queue } = await start({ concurrency: 1, attempts: 2 });
      let broken = true;
      queue.process(async ({ key }) => {
        if (broken && key !== 'good') {
          throw new IntervalError(key === 'down' ? 'fhir-unavailable' : 'document-damaged', 'It failed.');
        }
      });
      for (const key of ['good', 'bad', 'down']) {
        await queue.enqueue(aJob(key));
        await queue.idle();
      }
      const dead = await queue.dead();
      expect(dead.map(({ job, code, attempts }) => [job.key, code, attempts])).toEqual([
        ['down', 'fhir-unavailable', 2],
        ['bad', 'document-damaged', 1],
      ]);
      expect(dead[0]?.job).toEqual(aJob('down'));
      expect(Math.abs(Date.parse(dead[0]?.at ?? '') - Date.now())).toBeLessThan(60_000);
      broken = false;
      expect(await queue.enqueue(aJob('bad'))).toBe('queued');
      await queue.idle();
      expect((await queue.dead()).map(({ job }) => job.key)).toEqual(['down']);
    });

    test('replays what was given up with all its attempts, all or those named', async () => {
      const { queue } = await start({ attempts: 2 });
      let broken = true;
      const attempts: string[] = [];
      queue.process(async ({ key }, _signal, { number, last }) => {
        attempts.push(`${key} ${number}${last ? ' last' : ''}`);
        if (broken) {
          throw new IntervalError('fhir-unavailable', 'No answer.');
        }
      });
      for (const key of ['a', 'b', 'c']) {
        await queue.enqueue(aJob(key));
      }
      await queue.idle();
      expect((await queue.stats()).dead).toBe(3);
      expect(await queue.replay(['unknown'])).toBe(0);
      attempts.length = 0;
      expect(await queue.replay(['a', 'unknown'])).toBe(1);
      await queue.idle();
      expect(attempts).toEqual(['a 1', 'a 2 last']);
      expect((await queue.stats()).dead).toBe(3);
      broken = false;
      attempts.length = 0;
      expect(await queue.replay()).toBe(3);
      await queue.idle();
      expect(attempts.sort()).toEqual(['a 1', 'b 1', 'c 1']);
      expect(await queue.dead()).toEqual([]);
      expect(await queue.replay()).toBe(0);
    });

    test('a Retry-After longer than the backoff is respected', async () => {
      const { queue } = await start({ attempts: 2 });
      const starts: number[] = [];
      queue.process(async () => {
        starts.push(performance.now());
        throw new IntervalError('fhir-throttled', 'Slow down.', { retryAfterMs: 120 });
      });
      await queue.enqueue(aJob('throttled'));
      await queue.idle();
      expect(starts.length).toBe(2);
      expect(starts[1]! - starts[0]!).toBeGreaterThanOrEqual(115);
    });

    test('a job that is not admitted waits without costing an attempt, and holds up nobody', async () => {
      let full = 3;
      let released = 0;
      const { queue } = await start({
        concurrency: 1,
        attempts: 2,
        admit: async ({ key }) => {
          if (key === 'large' && full > 0) {
            full -= 1;
            return { againMs: 30 };
          }
          return {
            async release() {
              released += 1;
            },
          };
        },
      });
      const seen: string[] = [];
      queue.process(async ({ key }, _signal, { number }) => {
        seen.push(`${key} ${number}`);
        if (key === 'large' && number === 1) {
          throw new IntervalError('model-unavailable', 'No answer.');
        }
      });
      await queue.enqueue(aJob('large'));
      await queue.enqueue(aJob('small'));
      await queue.idle();
      expect(seen).toEqual(['small 1', 'large 1', 'large 2']);
      expect([full, released]).toEqual([0, 3]);
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
