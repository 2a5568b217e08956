import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Observation, Patient, Resource, Task } from '@medplum/fhirtypes';
import { IntervalError } from '../../src/errors.ts';
import { attemptsOf, runnerOf } from '../../src/fhir/job-task.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import type { Job, JobAttempt, Queue } from '../../src/queue/queue.ts';
import { aJobProcess, type JobProcessOptions } from '../support/job-process.ts';
import { eventually } from '../support/processes.ts';

const base = 'http://127.0.0.1:9/fhir/R4';
const STALE_MS = 90_000;
const never = new AbortController().signal;
const attempt: JobAttempt = { number: 1, last: false, requestedAt: '2026-01-02T03:04:05.000Z' };

/** Two processes over one store, one of them dead, cut off, late or with a wrong clock: one set of results, whatever happens. */
describe('a job that somebody else may have', () => {
  let server: FhirServer;
  let opened: { queue: Queue }[];

  beforeEach(async () => {
    opened = [];
    server = createFhirServer({ base });
    const client = createFhirClient({ base, fetch: server.fetch });
    await client.update<Patient & { id: string }>({
      resourceType: 'Patient',
      id: 'p1',
      name: [{ family: 'Synthetic' }],
    });
    await client.update<DiagnosticReport & { id: string }>({
      resourceType: 'DiagnosticReport',
      id: 'r1',
      status: 'final',
      code: { text: 'Outside report' },
      subject: { reference: 'Patient/p1' },
    });
  });
  afterEach(async () => {
    await Promise.all(opened.map(({ queue }) => queue.close(0)));
    server.close();
  });

  const all = async <T extends Resource>(query: string): Promise<readonly T[]> => {
    const bundle = (await (await server.fetch(`${base}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };
  const theTask = async () => {
    const tasks = await all<Task>('Task');
    expect(tasks.length).toBe(1);
    return tasks[0] as Task;
  };
  const written = async () => {
    const observations = await all<Observation>('Observation?_count=100');
    return {
      potassium: observations.filter(({ code }) => code.text === 'Potassium').map((one) => one.valueQuantity?.value),
      observations: observations.length,
      reports: (await all('DiagnosticReport?status=preliminary')).length,
      provenances: (await all('Provenance')).length,
    };
  };
  const nothing = { potassium: [], observations: 0, reports: 0, provenances: 0 };
  const oneSet = (potassium: number) => ({ potassium: [potassium], observations: 2, reports: 1, provenances: 1 });

  async function aProcess(options: Partial<JobProcessOptions> = {}) {
    const made = await aJobProcess({ base, fetch: server.fetch, staleMs: STALE_MS, beatMs: STALE_MS / 3, ...options });
    opened.push(made);
    return made;
  }

  /** A fetch that stops before its first request of this kind until it is told to go on. */
  function stopping(method: string, path: string, inner: typeof fetch = server.fetch) {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const writes: string[] = [];
    let going = false;
    const send: typeof fetch = async (input, init) => {
      const url = String(input);
      const how = init?.method ?? 'GET';
      if (how === method && url.startsWith(`${base}/${path}`) && !going) {
        reached.resolve();
        await go.promise;
      }
      if (going && how !== 'GET') {
        writes.push(`${how} ${url.slice(base.length + 1).split(/[/?]/)[0]}`);
      }
      return inner(input, init);
    };
    const resume = () => {
      going = true;
      go.resolve();
    };
    return { send, reached: reached.promise, resume, writes };
  }

  /** A clock of milliseconds that only the test moves. */
  function stopwatch() {
    let now = 0;
    return {
      elapsed: () => now,
      pass(milliseconds: number) {
        now += milliseconds;
      },
    };
  }

  test('killed between its Task and the queue, it is found in the store by whoever sweeps', async () => {
    const away: Queue = {
      ...(await aProcess()).queue,
      enqueue: async () => {
        throw new IntervalError('queue-unavailable', 'The Redis of the queue does not answer.');
      },
    };
    const asking = await aProcess({ queue: away });
    const deferred: string[] = [];
    const ledger = { ...asking.ledger, onDeferred: (_: Job, { code }: IntervalError) => void deferred.push(code) };
    const { requestForPatient } = await import('../../src/jobs/arrivals.ts');
    expect(await requestForPatient('p1', { source: asking.store, analyses: asking.analyses, ledger })).toBe(1);
    expect(deferred).toEqual(['queue-unavailable']);
    expect((await theTask()).status).toBe('requested');

    const other = await aProcess();
    expect(await other.sweep()).toEqual({ queued: 1, takenOver: 0 });
    await other.queue.idle();
    expect((await theTask()).status).toBe('completed');
    expect(await other.sweep()).toEqual({ queued: 0, takenOver: 0 });
    expect(await written()).toEqual(oneSet(6.8));
  });

  test('asked for while it waits, it becomes as urgent in the store too, for workers that find it there', async () => {
    const asking = await aProcess();
    const { queue: _, ...ledger } = asking.ledger;
    const { requestDue } = await import('../../src/jobs/request.ts');
    const { planFor } = await import('../../src/jobs/arrivals.ts');
    const [report] = await all<DiagnosticReport>('DiagnosticReport');
    const chart = { patientId: 'p1', reports: [report], documents: [], studies: [], observations: [] };
    const planned = planFor(asking.analyses[0]!, chart as never, 'Patient/p1', [], new Date());
    await requestDue(planned, ledger, { priority: 'backfill' });
    expect((await theTask()).priority).toBe('routine');
    const waiting = planned.map((one) => ({ ...one, state: 'waiting' as const }));
    await requestDue(waiting, ledger, { priority: 'now' });
    expect((await theTask()).priority).toBe('asap');
    await requestDue(waiting, ledger, { priority: 'arrival' });
    expect(await theTask()).toMatchObject({ priority: 'asap', meta: { versionId: '2' } });
  });

  test('while it gives signs of life nobody takes it, however wrong the clocks are', async () => {
    const hung = stopping('GET', 'DiagnosticReport/r1');
    const first = await aProcess({ fetch: hung.send, beatMs: 20, clock: () => new Date(Date.now() - 86_400_000) });
    const watch = stopwatch();
    const other = await aProcess({ clock: () => new Date(Date.now() + 86_400_000), elapsed: watch.elapsed });
    await first.ask();
    await hung.reached;
    for (let round = 0; round < 3; round += 1) {
      expect(await other.sweep()).toEqual({ queued: 0, takenOver: 0 });
      const before = (await theTask()).meta?.versionId;
      await eventually('a sign of life', async () => (await theTask()).meta?.versionId !== before);
      watch.pass(STALE_MS);
    }
    hung.resume();
    await first.queue.idle();
    const task = await theTask();
    expect([task.status, attemptsOf(task), runnerOf(task)?.startsWith(first.owner)]).toEqual(['completed', 1, true]);
    expect(await written()).toEqual(oneSet(6.8));
  });

  test('silent for too long it is taken over; the one who lost it writes nothing', async () => {
    const hung = stopping('GET', 'DiagnosticReport/r1');
    const watch = stopwatch();
    const first = await aProcess({ fetch: hung.send, behaviour: { value: 9.9 }, elapsed: watch.elapsed });
    const other = await aProcess({ elapsed: watch.elapsed });
    await first.ask();
    await hung.reached;
    expect(await other.sweep()).toEqual({ queued: 0, takenOver: 0 });
    watch.pass(STALE_MS - 1);
    expect(await other.sweep()).toEqual({ queued: 0, takenOver: 0 });
    watch.pass(1);
    expect(await other.sweep()).toEqual({ queued: 1, takenOver: 1 });
    await other.queue.idle();
    hung.resume();
    await first.queue.idle();
    const task = await theTask();
    expect([task.status, attemptsOf(task), runnerOf(task)?.startsWith(other.owner)]).toEqual(['completed', 2, true]);
    expect(hung.writes.filter((write) => write !== 'PUT Task')).toEqual([]);
    expect(await written()).toEqual(oneSet(6.8));
    expect(first.lost).toEqual([]);
  });

  test.each([
    ['POST', 'Observation'],
    ['POST', 'DiagnosticReport'],
    ['POST', 'Provenance'],
    ['PUT', 'Task'],
  ])('held up before its first %s %s and taken over meanwhile, it writes no more', async (method, path) => {
    const hung = stopping(method, path);
    const late = stopwatch();
    const behaviour = { value: 9.9 };
    const first = await aProcess({ fetch: hung.send, behaviour, elapsed: late.elapsed });
    const watch = stopwatch();
    const other = await aProcess({ elapsed: watch.elapsed });
    if (path === 'Task') {
      // Its first PUT of the Task is the start: held up there, it never had the job.
      await first.ask();
      await hung.reached;
      expect(await other.sweep()).toEqual({ queued: 1, takenOver: 0 });
    } else {
      await first.ask();
      await hung.reached;
      await other.sweep();
      watch.pass(STALE_MS);
      expect(await other.sweep()).toEqual({ queued: 1, takenOver: 1 });
    }
    await other.queue.idle();
    const after = await written();
    late.pass(STALE_MS);
    hung.resume();
    await first.queue.idle();
    // The one request that was under way arrives; nothing follows it but the question whose the job is.
    expect(hung.writes.slice(1).filter((write) => write !== 'PUT Task')).toEqual([]);
    expect(await written()).toEqual(after);
    expect(await written()).toEqual(oneSet(6.8));
    expect(runnerOf(await theTask())?.startsWith(other.owner)).toBe(true);
  });

  test('given to two workers at once, or given again while the first still runs it, it is run by one', async () => {
    const hung = stopping('GET', 'DiagnosticReport/r1');
    const first = await aProcess({ fetch: hung.send });
    const other = await aProcess();
    await first.ask();
    await hung.reached;
    const before = await theTask();
    const { jobOfTask } = await import('../../src/fhir/job-task.ts');
    await other.handler(jobOfTask(before) as Job, never, attempt);
    expect(await theTask()).toEqual(before);
    expect(await written()).toEqual(nothing);
    hung.resume();
    await first.queue.idle();
    expect(runnerOf(await theTask())?.startsWith(first.owner)).toBe(true);
    await other.handler(jobOfTask(before) as Job, never, attempt);
    expect(await written()).toEqual(oneSet(6.8));
  });

  test('an error of the one who lost it leaves the Task to the one who has it', async () => {
    const hung = stopping('GET', 'DiagnosticReport/r1');
    const failing: typeof fetch = async (input, init) => {
      const answer = await hung.send(input, init);
      return String(input).includes('DiagnosticReport/r1') ? new Response('', { status: 500 }) : answer;
    };
    const first = await aProcess({ fetch: failing });
    const second = stopping('GET', 'DiagnosticReport/r1');
    const other = await aProcess({ fetch: second.send });
    await first.ask();
    await hung.reached;
    await other.sweep.afterRestart();
    await second.reached;
    const before = await theTask();
    hung.resume();
    await first.queue.idle();
    expect(await theTask()).toEqual(before);
    second.resume();
    await other.queue.idle();
    expect([(await theTask()).status, await written()]).toEqual(['completed', oneSet(6.8)]);
  });

  test('the answer to a sign of life and to the last write may be lost: it is its own still', async () => {
    let lose = 0;
    let lastLost = false;
    const losing: typeof fetch = async (input, init) => {
      const answer = await server.fetch(input, init);
      if (init?.method === 'PUT' && String(input).includes('/Task/')) {
        lose += 1;
        // All arrive; the answers to two signs of life and to the last write are lost.
        const last = String(init.body).includes('"completed"') && !lastLost;
        lastLost ||= last;
        if (last || (lose <= 6 && lose % 3 === 0)) {
          throw new TypeError('connection reset');
        }
      }
      return answer;
    };
    const hung = stopping('GET', 'DiagnosticReport/r1', losing);
    const first = await aProcess({ attempts: 3, beatMs: 10, fetch: hung.send });
    await first.ask();
    await hung.reached;
    await eventually('signs of life', () => lose > 7);
    hung.resume();
    await first.queue.idle();
    const task = await theTask();
    expect([task.status, lastLost, runnerOf(task)?.startsWith(first.owner)]).toEqual(['completed', true, true]);
    expect(await written()).toEqual(oneSet(6.8));
  });

  test('cut off by the end of its process in its last attempt, it waits and has not failed', async () => {
    const hung = stopping('GET', 'DiagnosticReport/r1');
    const first = await aProcess({ fetch: hung.send, attempts: 1 });
    await first.ask();
    await hung.reached;
    const closing = first.queue.close(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    hung.resume();
    await closing;
    expect((await theTask()).status).toBe('requested');
  });

  test('begun ten times and never ended it fails as one whose worker is lost; nine times it is begun again', async () => {
    const watch = stopwatch();
    const other = await aProcess({ elapsed: watch.elapsed });
    await other.ask();
    await other.queue.idle();
    const client = createFhirClient({ base, fetch: server.fetch });
    const stale = async (attempts: number) => {
      const task = await theTask();
      const output = [
        {
          type: { coding: [{ system: 'https://interval.example.org/fhir/CodeSystem/job', code: 'attempts' }] },
          valuePositiveInt: attempts,
        },
      ];
      await client.update<Task & { id: string }>({ ...task, id: task.id as string, status: 'in-progress', output });
      return other.sweep.afterRestart();
    };
    expect(await stale(9)).toEqual({ queued: 1, takenOver: 1 });
    await other.queue.idle();
    expect((await theTask()).status).toBe('completed');
    expect(await stale(10)).toEqual({ queued: 0, takenOver: 1 });
    const task = await theTask();
    expect([task.status, task.statusReason?.coding?.[0]?.code]).toEqual(['failed', 'worker-lost']);
  });
});
