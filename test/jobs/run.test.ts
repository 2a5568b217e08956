import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Patient, Resource, Task } from '@medplum/fhirtypes';
import { abstain } from '../../src/analyses/analysis.ts';
import { IntervalError } from '../../src/errors.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import { requestForPatient } from '../../src/jobs/arrivals.ts';
import { aJobProcess } from '../support/job-process.ts';
import type { Behaviour } from '../support/small-analysis.ts';

const base = 'http://127.0.0.1:9/fhir/R4';
const report = (id: string): DiagnosticReport & { id: string } => ({
  resourceType: 'DiagnosticReport',
  id,
  status: 'final',
  code: { text: 'Outside report' },
  subject: { reference: 'Patient/p1' },
});
const person = (id: string): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Synthetic' }],
});

describe('a job', () => {
  let server: FhirServer;
  const all = async <T extends Resource>(query: string): Promise<readonly T[]> => {
    const bundle = (await (await server.fetch(`${base}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };

  const aProcess = (behaviour: Behaviour = {}, send: typeof fetch = server.fetch, attempts = 1) =>
    aJobProcess({ base, fetch: send, behaviour, attempts });

  const counts = async () => ({
    tasks: (await all<Task>('Task')).map((task) =>
      `${task.status} ${task.statusReason?.coding?.[0]?.code ?? ''}`.trim(),
    ),
    observations: (await all('Observation?_count=100')).length,
    reports: (await all('DiagnosticReport?status=preliminary')).length,
    media: (await all('Media')).length,
    provenances: (await all('Provenance')).length,
    devices: (await all('Device')).length,
  });
  const written = { tasks: ['completed'], observations: 2, reports: 1, media: 1, provenances: 1, devices: 1 };
  const nothing = { observations: 0, reports: 0, media: 0, provenances: 0, devices: 0 };

  beforeEach(async () => {
    server = createFhirServer({ base });
    const client = createFhirClient({ base, fetch: server.fetch });
    await client.update(person('p1'));
    await client.update(person('p2'));
    await client.update(report('r1'));
  });
  afterEach(() => server.close());

  test('writes its results once and completes its Task last', async () => {
    const { ask, queue } = await aProcess();
    expect(await ask()).toBe(1);
    await queue.idle();
    expect(await counts()).toEqual(written);
    expect(await ask()).toBe(0);
    await queue.idle();
    expect(await counts()).toEqual(written);
    const [task] = await all<Task>('Task');
    expect(task?.output?.map((output) => output.valueReference?.reference?.split('/')[0]).filter(Boolean)).toEqual(
      expect.arrayContaining(['DiagnosticReport', 'Observation']),
    );
    await queue.close();
  });

  test('run 20 times in parallel, in four processes, writes one set', async () => {
    const processes = await Promise.all([aProcess(), aProcess(), aProcess(), aProcess()]);
    const first = processes[0]!;
    await first.ask();
    const [task] = await all<Task>('Task');
    const { jobOfTask } = await import('../../src/fhir/job-task.ts');
    const job = jobOfTask(task!)!;
    const never = new AbortController().signal;
    const ends = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => processes[i % 4]!.run(job, never, { runner: `test/1/${i % 4}/${i}` })),
    );
    await first.queue.idle();
    expect(
      ends
        .map((end) => (end.status === 'rejected' ? (end.reason as IntervalError).code : end.value))
        .every((end) => end === 'completed' || end === 'already' || end === 'fhir-conflict'),
    ).toBe(true);
    expect(await counts()).toEqual(written);
  });

  test('killed before or after any single request, and run again, ends the same', async () => {
    // First count the requests of an undisturbed run.
    let requests = 0;
    const counting: typeof fetch = (input, init) => {
      requests += 1;
      return server.fetch(input, init);
    };
    const calm = await aProcess({}, counting);
    await calm.ask();
    await calm.queue.idle();
    const total = requests;
    expect(total).toBeGreaterThan(8);
    for (let kill = 1; kill <= total; kill += 1) {
      for (const when of ['before', 'after'] as const) {
        server.close();
        server = createFhirServer({ base });
        const client = createFhirClient({ base, fetch: server.fetch });
        await client.update(person('p1'));
        await client.update(report('r1'));
        let sent = 0;
        // From its nth request on the process is dead: the nth arrives or not, nothing after it does.
        const dying: typeof fetch = async (input, init) => {
          sent += 1;
          if (sent > kill || (sent === kill && when === 'before')) {
            throw new TypeError('killed');
          }
          return server.fetch(input, init);
        };
        const victim = await aProcess({}, dying);
        await victim.ask().catch(() => undefined);
        await victim.queue.idle();
        await victim.queue.close();
        // The next process recovers from the Tasks, and a hook asks again.
        const next = await aProcess();
        await next.sweep.afterRestart();
        await next.ask();
        await next.queue.idle();
        await next.queue.close();
        expect({ kill, when, ...(await counts()) }).toEqual({ kill, when, ...written });
      }
    }
  }, 120_000);

  test('an abstention of loading or of a guard rejects it with the reason and writes nothing', async () => {
    const one = await aProcess({ load: () => abstain('no-result-rows', 'No result was found on the page.') });
    await one.ask();
    await one.queue.idle();
    expect(await counts()).toEqual({ ...nothing, tasks: ['rejected no-result-rows'] });
    await createFhirClient({ base, fetch: server.fetch }).update(report('r2'));
    const two = await aProcess({ value: 68 });
    await two.ask();
    await two.queue.idle();
    expect((await counts()).tasks.sort()).toEqual(['rejected implausible', 'rejected no-result-rows']);
    expect((await counts()).observations).toBe(0);
  });

  test('input that cannot be read rejects it with the code of the error', async () => {
    const one = await aProcess({
      load: () => {
        throw new IntervalError('document-encrypted', 'The document is encrypted.');
      },
    });
    await one.ask();
    await one.queue.idle();
    expect(await counts()).toEqual({ ...nothing, tasks: ['rejected document-encrypted'] });
  });

  test('a finding against its schema fails it: nothing is written', async () => {
    const one = await aProcess({ value: Number.NaN });
    await one.ask();
    await one.queue.idle();
    expect(await counts()).toEqual({ ...nothing, tasks: ['failed finding-invalid'] });
  });

  test('what may pass is tried again; what does not pass in time fails', async () => {
    let calls = 0;
    const passing = await aProcess(
      {
        read: () => {
          calls += 1;
          if (calls === 1) {
            throw new IntervalError('fhir-unavailable', 'No answer.');
          }
        },
      },
      server.fetch,
      3,
    );
    await passing.ask();
    await passing.queue.idle();
    expect(await counts()).toEqual(written);
    await createFhirClient({ base, fetch: server.fetch }).update(report('r2'));
    const failing = await aProcess(
      {
        read: () => {
          throw new IntervalError('dicomweb-unavailable', 'No answer.');
        },
      },
      server.fetch,
      2,
    );
    await failing.ask();
    await failing.queue.idle();
    expect((await counts()).tasks.sort()).toEqual(['completed', 'failed dicomweb-unavailable']);
  });

  test('what failed for a reason that may pass is due again ten minutes later, what is our own fault is not', async () => {
    const later = (minutes: number) => () => new Date(Date.now() + minutes * 60_000);
    for (const [code, minutes, end] of [
      ['dicomweb-unavailable', 9, 'failed dicomweb-unavailable'],
      ['finding-invalid', 11, 'failed finding-invalid'],
      ['dicomweb-unavailable', 11, 'completed'],
    ] as const) {
      server.close();
      server = createFhirServer({ base });
      const client = createFhirClient({ base, fetch: server.fetch });
      await client.update(person('p1'));
      await client.update(report('r1'));
      let down = true;
      const one = await aProcess({
        read: () => {
          if (down) {
            throw new IntervalError(code, 'No answer.');
          }
        },
      });
      await one.ask();
      await one.queue.idle();
      down = false;
      const again = { source: one.store, analyses: one.analyses, ledger: { ...one.ledger, clock: later(minutes) } };
      await Promise.all([requestForPatient('p1', again), requestForPatient('p1', again)]);
      await one.queue.idle();
      expect((await counts()).tasks).toEqual([end]);
      await one.queue.close();
    }
  });

  test('a subject that is gone cancels it quietly', async () => {
    const one = await aProcess({ load: () => abstain('subject-gone', 'The report is gone.') });
    await one.ask();
    await one.queue.idle();
    expect(await counts()).toEqual({ ...nothing, tasks: ['cancelled subject-gone'] });
  });

  test('a result that a person has made final is not touched by a later job', async () => {
    const one = await aProcess();
    await one.ask();
    await one.queue.idle();
    const client = createFhirClient({ base, fetch: server.fetch });
    const [potassium] = await all<Resource & { id: string }>('Observation?code=2823-3');
    await client.update({ ...potassium!, status: 'final' } as never);
    await client.update({ ...report('r1'), conclusion: 'A new version' });
    const two = await aProcess({ value: 5.1 });
    expect(await two.ask()).toBe(1);
    await two.queue.idle();
    const [after] = await all<Resource & { status: string; valueQuantity: { value: number } }>(
      'Observation?code=2823-3',
    );
    expect([after?.status, after?.valueQuantity.value]).toEqual(['final', 6.8]);
  });
});
