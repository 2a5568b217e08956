import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DiagnosticReport, Observation, Provenance, Resource, Task } from '@medplum/fhirtypes';
import { loadDefinitions } from '../src/fhir/definitions.ts';
import { validateForWrite } from '../src/fhir/validate.ts';
import { createSamples } from '../src/samples/create.ts';
import type { ExpectedComparison, ExpectedLabReading, ExpectedRefusal } from '../src/samples/sample.ts';
import { type Started, startService } from './support/service.ts';

/**
 * Every sample patient through the front door: the service started as a user starts it, hooks called over HTTP, results
 * read from the FHIR endpoint, all compared with the truth that the samples carry.
 */
const set = await createSamples({ now: new Date(), timeZone: 'UTC' });

interface Card {
  readonly summary: string;
  readonly detail?: string;
  readonly indicator: string;
  readonly source: { readonly topic: { readonly code: string } };
  readonly suggestions?: readonly { readonly actions: readonly { readonly type: string }[] }[];
}

/** jest refuses an empty table; a sample without cards or refusals is none the worse for it. */
function each<T>(rows: readonly (readonly [string, T])[]) {
  return (name: string, run: (label: string, row: T) => Promise<void>) => {
    for (const [label, row] of rows) {
      test(name.replace('%s', label), () => run(label, row));
    }
  };
}

describe('front door', () => {
  let service: Started;
  const fhir = () => `${service.base}/fhir/R4`;
  const search = async <T extends Resource>(query: string): Promise<readonly T[]> => {
    const bundle = (await (await fetch(`${fhir()}/${query}`)).json()) as Bundle<T>;
    return (bundle.entry ?? []).map((entry) => entry.resource as T);
  };
  const taskOf = async (subject: string, analysis: string) =>
    (await search<Task>(`Task?focus=${subject}&_count=50`)).find((task) =>
      task.code?.coding?.some(({ code }) => code === analysis),
    );

  const call = async (id: string, patientId: string): Promise<readonly Card[]> => {
    const { services } = (await (await fetch(`${service.base}/cds-services`)).json()) as {
      services: readonly { id: string; hook: string }[];
    };
    const { hook } = services.find((one) => one.id === id)!;
    const orders = set.samples.find((sample) => sample.id === patientId)!.draftOrders;
    const context = {
      userId: 'Practitioner/example',
      patientId,
      ...(hook === 'patient-view'
        ? {}
        : {
            draftOrders: {
              resourceType: 'Bundle',
              type: 'collection',
              entry: orders.map((resource) => ({ resource })),
            },
          }),
      ...(hook === 'order-select' ? { selections: orders.map((order) => `ServiceRequest/${order.id}`) } : {}),
    };
    const response = await fetch(`${service.base}/cds-services/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ hook, hookInstance: crypto.randomUUID(), fhirServer: fhir(), context }),
    });
    expect(response.status).toBe(200);
    return ((await response.json()) as { cards: readonly Card[] }).cards;
  };

  beforeAll(async () => {
    loadDefinitions();
    service = await startService('sample patients read');
  }, 120_000);
  afterAll(() => service?.stop(), 30_000);

  describe.each(set.samples.map((sample) => [sample.title, sample] as const))('%s', (_title, sample) => {
    const labs = sample.expected.readings.filter(
      (one): one is ExpectedLabReading => one.outcome === 'finding' && one.analysis === 'lab-report',
    );
    const comparisons = sample.expected.readings.filter(
      (one): one is ExpectedComparison => one.outcome === 'finding' && one.analysis === 'chest-xray-comparison',
    );
    const refusals = sample.expected.readings.filter((one): one is ExpectedRefusal => one.outcome !== 'finding');

    each(labs.map((reading) => [reading.subject, reading] as const))(
      '%s is read into the right Observations',
      async (subject, reading) => {
        const task = await taskOf(subject, 'lab-report');
        expect(task?.status).toBe('completed');
        const observations = await observationsOf(task!);
        const read = observations
          .filter(({ hasMember }) => !hasMember)
          .map((one) => ({
            loinc: one.code?.coding?.find(({ system }) => system === 'http://loinc.org')?.code,
            value: one.valueQuantity?.value,
            ...(one.valueQuantity?.comparator ? { comparator: one.valueQuantity.comparator } : {}),
            unit: one.valueQuantity?.code,
            ...(one.referenceRange?.[0]?.low ? { low: one.referenceRange[0].low.value } : {}),
            ...(one.referenceRange?.[0]?.high ? { high: one.referenceRange[0].high.value } : {}),
            ...(one.interpretation?.[0]?.coding?.[0]?.code
              ? { interpretation: one.interpretation[0].coding[0].code }
              : {}),
          }));
        const expected = reading.results.map(({ loinc, value, comparator, unit, low, high, interpretation }) => ({
          loinc,
          value,
          ...(comparator ? { comparator } : {}),
          unit,
          ...(low === undefined ? {} : { low }),
          ...(high === undefined ? {} : { high }),
          ...(interpretation ? { interpretation } : {}),
        }));
        const byCode = (one: { loinc?: string }, other: { loinc?: string }) =>
          String(one.loinc).localeCompare(String(other.loinc));
        expect(read.sort(byCode)).toEqual(expected.sort(byCode));
        for (const one of observations) {
          expect(one.effectiveDateTime?.slice(0, 10)).toBe(reading.effective.slice(0, 10));
        }
      },
    );

    each(comparisons.map((reading) => [reading.subject, reading] as const))(
      '%s is compared with its prior',
      async (subject, reading) => {
        const task = await taskOf(subject, 'chest-xray-comparison');
        expect(task?.status).toBe('completed');
        const observations = await observationsOf(task!);
        for (const { finding, side, change } of reading.changes) {
          const about = observations.filter(
            (one) =>
              JSON.stringify([one.code, one.bodySite])
                .toLowerCase()
                .includes(finding.replace('-', ' ').split(' ').at(-1)!) &&
              JSON.stringify([one.bodySite, one.code]).toLowerCase().includes(side),
          );
          const codes = about.map((one) => one.valueCodeableConcept?.coding?.[0]?.code);
          expect({ finding, side, codes }).toEqual({ finding, side, codes: expect.arrayContaining([change]) });
        }
        const opposite = { improved: 'worsened', worsened: 'improved', stable: undefined } as const;
        const wrong = reading.changes.map(({ change }) => opposite[change]).filter(Boolean);
        expect(
          observations
            .map((one) => one.valueCodeableConcept?.coding?.[0]?.code)
            .filter((code) => wrong.includes(code as never)),
        ).toEqual([]);
      },
    );

    each(refusals.map((reading) => [reading.subject, reading] as const))(
      '%s is refused and nothing is written',
      async (subject, reading) => {
        const tasks = (await search<Task>(`Task?focus=${subject}&_count=50`)).filter((task) =>
          task.code?.coding?.some(({ code }) => code === reading.analysis),
        );
        for (const task of tasks) {
          expect(['rejected', 'cancelled']).toContain(task.status);
          expect(task.statusReason?.coding?.[0]?.code).toBeTruthy();
          expect(task.output?.filter((output) => output.valueReference) ?? []).toEqual([]);
        }
        if (reading.outcome === 'error') {
          expect(tasks.map((task) => task.statusReason?.coding?.[0]?.code)).toEqual([
            expect.stringMatching(new RegExp(`^(${reading.codes!.join('|')})$`)),
          ]);
        }
      },
    );

    each(
      sample.expected.cards.map(
        (card) => [`${card.service} ${card.indicator} ${card.mentions.join(' ')}`, card] as const,
      ),
    )('card: %s', async (_name, expected) => {
      const cards = await call(expected.service, sample.id);
      const said = (card: Card) => `${card.summary}\n${card.detail ?? ''}`.toLowerCase();
      const right = cards.filter(
        (card) =>
          card.indicator === expected.indicator &&
          card.source.topic.code === expected.topic &&
          expected.mentions.every((word) => said(card).includes(word.toLowerCase())),
      );
      expect({
        cards: cards.map(({ summary, indicator, source }) => `${indicator} ${source.topic.code}: ${summary}`),
        right: right.length,
      }).toEqual({ cards: expect.anything(), right: 1 });
      if (expected.suggests) {
        expect(right[0]!.suggestions?.flatMap(({ actions }) => actions.map(({ type }) => type))).toContain(
          expected.suggests,
        );
      }
    });
  });

  test('everything written is preliminary, labelled, traceable and valid', async () => {
    const [observations, reports, provenances, tasks] = await Promise.all([
      search<Observation>(
        'Observation?_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST&_count=500',
      ),
      search<DiagnosticReport>(
        'DiagnosticReport?_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST&_count=100',
      ),
      search<Provenance>('Provenance?_count=100'),
      search<Task>('Task?_count=100'),
    ]);
    expect(observations.length).toBeGreaterThan(20);
    expect(reports.length).toBe(tasks.filter(({ status }) => status === 'completed').length);
    const targets = new Set(provenances.flatMap(({ target }) => target.map(({ reference }) => reference)));
    for (const one of [...observations, ...reports]) {
      expect(one.status).toBe('preliminary');
      expect(targets.has(`${one.resourceType}/${one.id}`)).toBe(true);
    }
    for (const one of observations) {
      expect(one.device?.reference).toMatch(/^Device\//);
    }
    for (const one of [...observations, ...reports, ...provenances, ...tasks]) {
      expect(() => validateForWrite(one)).not.toThrow();
    }
  });

  test('the log holds no name of a patient', () => {
    const names = set.samples
      .flatMap(({ patient }) => patient.name?.flatMap(({ family, given }) => [family, ...(given ?? [])]) ?? [])
      .filter((name): name is string => (name?.length ?? 0) > 3);
    expect(names.length).toBeGreaterThan(5);
    const log = service.lines.join('\n');
    expect(names.filter((name) => log.includes(name))).toEqual([]);
  });

  async function observationsOf(task: Task): Promise<readonly Observation[]> {
    const references = (task.output ?? [])
      .map((output) => output.valueReference?.reference)
      .filter((reference) => reference?.startsWith('Observation/'));
    return Promise.all(
      references.map(async (reference) => (await (await fetch(`${fhir()}/${reference}`)).json()) as Observation),
    );
  }
});
