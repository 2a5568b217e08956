import { resolve } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createWorkerProcess, type WorkerProcess } from '../../src/jobs/child.ts';
import { createLog } from '../../src/log.ts';
import { aJob } from '../contract/queue.ts';

const attempt = { number: 1, last: false, requestedAt: '2026-01-02T03:04:05.000Z', runner: 'a/1/b/1' };
const never = new AbortController().signal;

describe('worker process', () => {
  let worker: WorkerProcess | undefined;
  const ended: string[] = [];
  const start = (cancelGraceMs = 5000) => {
    worker = createWorkerProcess({
      module: resolve('test/support/worker-fixture.ts'),
      settings: {},
      log: createLog({ level: 'silent' }),
      cancelGraceMs,
      onEnd: (job, outcome) => ended.push(`${job.key} ${outcome}`),
    });
    return worker;
  };
  afterEach(async () => {
    ended.length = 0;
    await worker?.close();
  });

  test('runs a job and tells how it ended', async () => {
    await start().handler({ ...aJob('one'), analysis: 'done' }, never, attempt);
    expect(ended).toEqual(['one completed']);
  });

  test('an error comes back with its code and its Retry-After', async () => {
    await expect(start().handler({ ...aJob('one'), analysis: 'fail' }, never, attempt)).rejects.toMatchObject({
      code: 'fhir-throttled',
      retry: true,
      retryAfterMs: 1234,
    });
  });

  test('a process that is killed fails its jobs with worker-lost and is replaced', async () => {
    const { handler } = start();
    await expect(handler({ ...aJob('one'), analysis: 'die' }, never, attempt)).rejects.toMatchObject({
      code: 'worker-lost',
      retry: true,
    });
    await handler({ ...aJob('two'), analysis: 'done' }, never, attempt);
    expect(ended).toEqual(['two completed']);
  });

  test('a job is cancelled through its signal', async () => {
    const abort = new AbortController();
    const worker = start();
    await worker.ready();
    const run = worker.handler({ ...aJob('one'), analysis: 'wait' }, abort.signal, attempt);
    setTimeout(() => abort.abort(), 300);
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a job that does not let go is ended with its process', async () => {
    const abort = new AbortController();
    const worker = start(20);
    // A job that is cancelled before its process is up never reaches it.
    await worker.ready();
    const run = worker.handler({ ...aJob('one'), analysis: 'ignore' }, abort.signal, attempt);
    setTimeout(() => abort.abort(), 300);
    await expect(run).rejects.toMatchObject({ code: 'worker-lost' });
  });
});
