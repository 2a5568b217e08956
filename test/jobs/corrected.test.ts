import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Observation, Provenance, Resource, Task } from '@medplum/fhirtypes';
import { abstain } from '../../src/analyses/analysis.ts';
import { IntervalError } from '../../src/errors.ts';
import { jobOfTask } from '../../src/fhir/job-task.ts';
import { judgeResults } from '../../src/fhir/judge.ts';
import { createFhirClient } from '../../src/fhir/medplum-client.ts';
import { readProfiles } from '../../src/fhir/profiles.ts';
import { createFhirServer, type FhirServer } from '../../src/fhir-server/server.ts';
import type { JobEvent } from '../../src/jobs/events.ts';
import { aJobProcess } from '../support/job-process.ts';
import type { Behaviour } from '../support/small-analysis.ts';

const bases = { source: 'http://ehr.test/r4', store: 'http://store.test/fhir' };

/** What stands on both servers: values by status, reports, and why they were withdrawn. */
interface State {
  readonly tasks: readonly string[];
  readonly store: readonly string[];
  readonly source: readonly string[];
}

describe('a subject that changes', () => {
  let source: FhirServer;
  let store: FhirServer;
  let behaviour: Behaviour;
  let events: JobEvent[];

  const ehr = () => createFhirClient({ base: bases.source, fetch: source.fetch });
  const kept = () => createFhirClient({ base: bases.store, fetch: store.fetch });
  const all = async <T extends Resource>(server: FhirServer, query: string): Promise<readonly T[]> => {
    const base = server === store ? bases.store : bases.source;
    const bundle = (await (await server.fetch(`${base}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };

  /** Writes the report as a laboratory system does: each write is a new version. */
  async function file(status: DiagnosticReport['status'], id = 'r1'): Promise<void> {
    await ehr().update<DiagnosticReport & { id: string }>({
      resourceType: 'DiagnosticReport',
      id,
      status,
      code: { text: 'Outside report' },
      subject: { reference: 'Patient/p1' },
    });
  }
  const remove = (path: string) => source.fetch(`${bases.source}/${path}`, { method: 'DELETE' });

  async function open() {
    source = createFhirServer({ base: bases.source });
    store = createFhirServer({ base: bases.store, profiles: [...readProfiles().values()] });
    await ehr().update({ resourceType: 'Patient', id: 'p1', name: [{ family: 'Synthetic' }] } as Resource & {
      id: string;
    });
    await file('final');
  }

  /** A process: its own clients, write-back and queue over the shared servers. `through` sees every request of it. */
  async function aProcess(through?: (send: () => Promise<Response>) => Promise<Response>) {
    const over = (server: FhirServer): typeof fetch => {
      return (input, init) => (through ? through(() => server.fetch(input, init)) : server.fetch(input, init));
    };
    return aJobProcess({
      base: bases.store,
      fetch: over(store),
      source: { base: bases.source, fetch: over(source) },
      behaviour,
      onEvent: (event) => events.push(event),
    });
  }

  /** Asks for what is due and reads it. */
  async function settle(): Promise<number> {
    const one = await aProcess();
    const asked = await one.ask();
    await one.queue.idle();
    await one.queue.close();
    return asked;
  }

  async function state(): Promise<State> {
    const line = (one: Resource) => {
      const { status, valueQuantity } = one as Observation;
      return `${one.resourceType === 'Observation' ? `${(one as Observation).code?.text} ${valueQuantity?.value}` : one.resourceType} ${status}`;
    };
    const on = async (server: FhirServer) =>
      [
        ...(await all(server, 'Observation?_count=100')),
        ...(await all<DiagnosticReport>(server, 'DiagnosticReport?_count=100')).filter(({ identifier }) => identifier),
        ...(await all(server, 'Media?_count=100')),
      ]
        .map(line)
        .sort();
    const tasks = (await all<Task>(store, 'Task?_count=100')).map((task) =>
      `${jobOfTask(task)?.subject.version} ${task.status} ${task.statusReason?.coding?.[0]?.code ?? ''}`.trim(),
    );
    return { tasks: tasks.sort(), store: await on(store), source: await on(source) };
  }

  const set = (potassium: number, status: string, media = status) => [
    `DiagnosticReport ${status}`,
    `Media ${media === 'preliminary' ? 'completed' : media}`,
    `Potassium ${potassium} ${status}`,
    `Sodium 140 ${status}`,
  ];
  const both = (lines: readonly string[]) => ({ store: [...lines].sort(), source: [...lines].sort() });
  const corrected = (bytes: string, value: number) => Object.assign(behaviour, { bytes, value });

  beforeEach(async () => {
    behaviour = { bytes: 'aa', value: 6.8 };
    events = [];
    await open();
    await settle();
    expect(await state()).toEqual({ tasks: ['1 completed'], ...both(set(6.8, 'preliminary')) });
  });
  afterEach(() => {
    source.close();
    store.close();
  });

  const supersededState = {
    tasks: ['1 completed', '2 completed'],
    ...both([...set(4.8, 'preliminary'), ...set(6.8, 'entered-in-error')]),
  };

  test('a corrected report: new results, the old ones entered-in-error, linked both ways', async () => {
    await file('corrected');
    corrected('bb', 4.8);
    expect(await settle()).toBe(1);
    expect(await state()).toEqual(supersededState);
    expect(events.filter(({ type }) => type === 'withdrawn')).toEqual([
      { type: 'withdrawn', analysis: 'lab-report', reason: 'subject-changed', count: 8, kept: 0 },
    ]);
    for (const server of [store, source]) {
      const provenances = await all<Provenance>(server, 'Provenance?_count=100');
      expect(provenances.map(({ activity }) => activity?.coding?.[0]?.code).sort()).toEqual([
        'NULLIFY',
        'UPDATE',
        'transform',
        'transform',
      ]);
      const reports = await all<DiagnosticReport>(server, 'DiagnosticReport?_count=100');
      const ours = (status: string) =>
        `DiagnosticReport/${reports.find((one) => one.identifier && one.status === status)?.id}`;
      const revision = provenances.find(({ activity }) => activity?.coding?.[0]?.code === 'UPDATE');
      expect(revision?.target.map(({ reference }) => reference)).toEqual([ours('preliminary')]);
      expect(revision?.entity?.map(({ role, what }) => [role, what.reference])).toEqual([
        ['revision', ours('entered-in-error')],
      ]);
      const nullified = provenances.find(({ activity }) => activity?.coding?.[0]?.code === 'NULLIFY');
      expect(nullified?.target).toHaveLength(4);
      expect(nullified?.reason?.[1]?.coding?.[0]?.code).toBe('subject-changed');
    }
    // Nothing is left to do.
    expect(await settle()).toBe(0);
  });

  test('a new version with the same bytes: the same results, once', async () => {
    await file('amended');
    await settle();
    expect(await state()).toEqual({ tasks: ['1 completed', '2 completed'], ...both(set(6.8, 'preliminary')) });
  });

  test('a correction that is taken back: what was withdrawn stands again', async () => {
    await file('corrected');
    corrected('bb', 4.8);
    await settle();
    await file('corrected');
    corrected('aa', 6.8);
    await settle();
    expect(await state()).toEqual({
      tasks: ['1 completed', '2 completed', '3 completed'],
      ...both([...set(6.8, 'preliminary'), ...set(4.8, 'entered-in-error')]),
    });
    const provenances = await all<Provenance>(store, 'Provenance?_count=100');
    expect(provenances.filter(({ activity }) => activity?.coding?.[0]?.code === 'transform')).toHaveLength(3);
    expect(provenances.filter(({ activity }) => activity?.coding?.[0]?.code === 'NULLIFY')).toHaveLength(2);
  });

  test.each([
    ['entered-in-error', 'subject-retracted'],
    ['cancelled', 'subject-retracted'],
    ['deleted', 'subject-gone'],
  ] as const)('%s: what was read from it is entered-in-error too', async (status, reason) => {
    await (status === 'deleted' ? remove('DiagnosticReport/r1') : file(status));
    expect(await settle()).toBe(1);
    const { tasks, ...rest } = await state();
    expect(rest).toEqual(both(set(6.8, 'entered-in-error')));
    expect(tasks).toEqual(expect.arrayContaining([expect.stringMatching(`cancelled ${reason}$`), '1 completed']));
    const nullified = (await all<Provenance>(source, 'Provenance?_count=100')).filter(
      ({ activity }) => activity?.coding?.[0]?.code === 'NULLIFY',
    );
    expect(nullified.map((one) => [one.target.length, one.reason?.[1]?.coding?.[0]?.code])).toEqual([[4, reason]]);
    expect(await settle()).toBe(0);
  });

  test('retracted, and put back: read again', async () => {
    await file('entered-in-error');
    await settle();
    await file('final');
    await settle();
    expect(await state()).toMatchObject(both(set(6.8, 'preliminary')));
  });

  test('a correction that is not read: the old results go all the same', async () => {
    await file('corrected');
    behaviour.load = () => abstain('no-result-rows', 'No result was found on the page.');
    await settle();
    expect(await state()).toEqual({
      tasks: ['1 completed', '2 rejected no-result-rows'],
      ...both(set(6.8, 'entered-in-error')),
    });
    behaviour.load = () => {
      throw new IntervalError('document-damaged', 'The document is damaged.');
    };
    await file('corrected');
    await settle();
    expect((await state()).tasks).toEqual(['1 completed', '2 rejected no-result-rows', '3 rejected document-damaged']);
  });

  test('a server that fails takes nothing away', async () => {
    await file('corrected');
    behaviour.load = () => {
      throw new IntervalError('fhir-forbidden', 'No.');
    };
    await settle();
    expect(await state()).toEqual({
      tasks: ['1 completed', '2 failed fhir-forbidden'],
      ...both(set(6.8, 'preliminary')),
    });
  });

  test.each(['read', 'drafted'] as const)(
    'corrected while it is being read (%s): the job ends cancelled, nothing of it stands',
    async (at) => {
      await file('corrected');
      corrected('bb', 4.8);
      const pending: Promise<void>[] = [];
      behaviour[at] = () => {
        behaviour[at] = () => undefined;
        pending.push(file('corrected'));
      };
      const one = await aProcess();
      await one.ask();
      await one.queue.idle();
      await Promise.all(pending);
      expect((await state()).tasks).toEqual(['1 completed', '2 cancelled subject-changed']);
      // What had been written of it, if anything, is taken back; the older results stand until others take their place.
      const standing = (lines: readonly string[]) => lines.filter((one) => !one.endsWith('entered-in-error'));
      const between = await state();
      expect([standing(between.store), standing(between.source)]).toEqual([
        set(6.8, 'preliminary').sort(),
        set(6.8, 'preliminary').sort(),
      ]);
      corrected('cc', 5.1);
      await one.ask();
      await one.queue.idle();
      await one.queue.close();
      const after = await state();
      expect(after.tasks).toEqual(['1 completed', '2 cancelled subject-changed', '3 completed']);
      expect([standing(after.store), standing(after.source)]).toEqual([
        set(5.1, 'preliminary').sort(),
        set(5.1, 'preliminary').sort(),
      ]);
    },
  );

  test('a slow job of the older version, let go at any request while the newer one runs, takes nothing from it', async () => {
    let requests = 0;
    const counted = await aProcess((send) => {
      requests += 1;
      return send();
    });
    await file('corrected');
    corrected('bb', 4.8);
    await counted.ask();
    await counted.queue.idle();
    const total = requests;
    for (let hold = 4; hold <= total; hold += 4) {
      source.close();
      store.close();
      await open();
      corrected('aa', 6.8);
      let sent = 0;
      // At its nth request the slow one waits until the newer version has been read by somebody else.
      const slow = await aProcess(async (send) => {
        sent += 1;
        if (sent === hold) {
          await file('corrected');
          corrected('bb', 4.8);
          await settle();
          corrected('aa', 6.8);
        }
        return send();
      });
      await slow.ask();
      await slow.queue.idle();
      await slow.queue.close();
      if (sent < hold) {
        break;
      }
      const { store: inStore, source: inSource, tasks } = await state();
      const standing = (lines: readonly string[]) => lines.filter((one) => !one.endsWith('entered-in-error'));
      expect({ hold, tasks: tasks.at(-1), store: standing(inStore), source: standing(inSource) }).toEqual({
        hold,
        tasks: '2 completed',
        ...both(set(4.8, 'preliminary')),
      });
    }
  }, 240_000);

  test('killed before or after any request of a correction or a retraction, and run again, ends the same', async () => {
    for (const [change, expected] of [
      [
        async () => {
          await file('corrected');
          corrected('bb', 4.8);
        },
        supersededState,
      ],
      [() => file('entered-in-error'), both(set(6.8, 'entered-in-error'))],
    ] as const) {
      let total = Number.POSITIVE_INFINITY;
      for (let kill = 1; kill <= total; kill += 3) {
        source.close();
        store.close();
        corrected('aa', 6.8);
        await open();
        await settle();
        await change();
        let sent = 0;
        // Every second kill strikes after the request has arrived.
        const victim = await aProcess(async (send) => {
          sent += 1;
          if (sent > kill || (sent === kill && kill % 2 === 0)) {
            throw new TypeError('killed');
          }
          const answer = await send();
          if (sent === kill) {
            throw new TypeError('killed');
          }
          return answer;
        });
        await victim.ask().catch(() => undefined);
        await victim.queue.idle();
        await victim.queue.close();
        if (sent < kill) {
          total = sent;
        }
        const next = await aProcess();
        await next.sweep.afterRestart();
        await next.queue.idle();
        await next.ask();
        await next.queue.idle();
        await next.queue.close();
        expect({ kill, ...(await state()) }).toMatchObject({ kill, ...expected });
        const provenances = await all<Provenance>(source, 'Provenance?_count=100');
        const nullified = provenances.filter(({ activity }) => activity?.coding?.[0]?.code === 'NULLIFY');
        expect(nullified.flatMap(({ target }) => target)).toHaveLength(4);
      }
    }
  }, 240_000);

  describe('accepted by a person', () => {
    async function accept(): Promise<void> {
      for (const [client, server] of [
        [kept(), store],
        [ehr(), source],
      ] as const) {
        const observations = (await all<Observation>(server, 'Observation?_count=100')).map(
          ({ id }) => `Observation/${id}`,
        );
        const now = new Date().toISOString();
        const judge = { how: 'Test', system: { id: 'ehr', display: 'EHR' }, organization: { display: 'Test site' } };
        await judgeResults(client, { verdict: 'accept', observations, judge, at: now, now });
      }
    }

    test('a correction leaves it final, and links the new report to it', async () => {
      await accept();
      await file('corrected');
      corrected('bb', 4.8);
      await settle();
      const old = ['DiagnosticReport final', 'Media entered-in-error', 'Potassium 6.8 final', 'Sodium 140 final'];
      expect(await state()).toMatchObject(both([...set(4.8, 'preliminary'), ...old]));
      const revision = (await all<Provenance>(source, 'Provenance?_count=100')).filter(({ entity }) =>
        entity?.some(({ role }) => role === 'revision'),
      );
      expect(revision).toHaveLength(1);
      expect(await settle()).toBe(0);
    });

    test('its author takes the report back: it goes too, with a Provenance that says why', async () => {
      await accept();
      await file('entered-in-error');
      await settle();
      expect(await state()).toMatchObject(both(set(6.8, 'entered-in-error')));
      const nullified = (await all<Provenance>(source, 'Provenance?_count=100')).filter(
        ({ activity }) => activity?.coding?.[0]?.code === 'NULLIFY',
      );
      expect(nullified.map(({ reason }) => reason?.[1]?.coding?.[0]?.code)).toEqual(['subject-retracted']);
    });

    test('a deletion says nothing of what is true: it stays', async () => {
      await accept();
      await remove('DiagnosticReport/r1');
      await settle();
      expect((await state()).source).toEqual(expect.arrayContaining(['Potassium 6.8 final', 'Sodium 140 final']));
      expect(await settle()).toBe(0);
    });

    test('what a person has changed stays as it is, whatever its author says', async () => {
      await accept();
      const [potassium] = await all<Observation & { id: string }>(source, 'Observation?code=2823-3');
      await ehr().update({
        ...potassium!,
        valueQuantity: { ...potassium!.valueQuantity, value: 6.1 },
        status: 'amended',
      });
      await file('entered-in-error');
      await settle();
      expect((await state()).source).toContain('Potassium 6.1 amended');
      expect(await settle()).toBe(0);
    });
  });

  test('jobs of other patients and other subjects are left alone', async () => {
    await file('final', 'r2');
    await settle();
    await file('entered-in-error');
    await settle();
    expect((await state()).source).toEqual([...set(6.8, 'entered-in-error'), ...set(6.8, 'preliminary')].sort());
  });
});
