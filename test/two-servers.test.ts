import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, Observation, Resource } from '@medplum/fhirtypes';
import express from 'express';
import { createFhirClient } from '../src/fhir/medplum-client.ts';
import { createFhirServer, type FhirServer } from '../src/fhir-server/server.ts';
import { createSamples } from '../src/samples/create.ts';
import { seed } from '../src/samples/seed.ts';
import { type Started, startService } from './support/service.ts';

/** The EHR's FHIR server is another one than the store: what each write mode does, through the front door. */
describe('source and store apart', () => {
  let ehr: FhirServer;
  let http: Server;
  let service: Started | undefined;

  beforeEach(async () => {
    http = createServer();
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    ehr = createFhirServer({ base: `http://127.0.0.1:${(http.address() as AddressInfo).port}/r4` });
    http.on('request', express().use('/r4', ehr.router));
    const set = await createSamples({ now: new Date(), timeZone: 'UTC' });
    await seed(createFhirClient({ base: ehr.base, fetch: ehr.fetch }), {
      ...set,
      samples: set.samples.filter(({ id }) => id === 'sample-potassium'),
    });
  });
  afterEach(async () => {
    await service?.stop();
    service = undefined;
    http.close();
    http.closeAllConnections();
    ehr.close();
  });

  const search = async (base: string, query: string) => {
    const bundle = (await (await fetch(`${base}/${query}`)).json()) as Bundle<Resource>;
    return (bundle.entry ?? []).map((entry) => entry.resource as Observation);
  };
  const label = '_security=http://terminology.hl7.org/CodeSystem/v3-ObservationValue|AIAST&_count=100';

  interface Card {
    readonly indicator: string;
    readonly suggestions?: readonly {
      readonly actions: readonly { readonly type: string; readonly resource: Observation }[];
    }[];
  }

  /** Opens the chart until the results are there. */
  async function cardsIn(mode: string, settings: Record<string, string> = {}): Promise<readonly Card[]> {
    service = await startService('listening', {
      INTERVAL_SOURCE_URL: ehr.base,
      INTERVAL_WRITE_BACK: mode,
      ...settings,
    });
    for (let tries = 0; tries < 60; tries += 1) {
      const response = await fetch(`${service.base}/cds-services/lab-report-results`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          hook: 'patient-view',
          hookInstance: crypto.randomUUID(),
          fhirServer: ehr.base,
          context: { userId: 'Practitioner/1', patientId: 'sample-potassium' },
        }),
      });
      const { cards } = (await response.json()) as { cards: readonly Card[] };
      if (cards.some(({ indicator }) => indicator === 'critical')) {
        return cards.filter(({ indicator }) => indicator === 'critical');
      }
      await sleep(300);
    }
    throw new Error(
      `No card came:\n${service.lines
        .filter((line) => !line.includes('hook answered'))
        .slice(-8)
        .join('\n')}`,
    );
  }

  test('suggest: the store holds the results under absolute references, the card carries their creation, the EHR is not written to', async () => {
    const [card] = await cardsIn('suggest');
    const stored = await search(`${service!.base}/fhir/R4`, `Observation?${label}`);
    expect(stored.length).toBeGreaterThan(5);
    expect(stored.every(({ subject }) => subject?.reference === `${ehr.base}/Patient/sample-potassium`)).toBe(true);
    expect(await search(ehr.base, `Observation?${label}`)).toEqual([]);
    const actions = card!.suggestions!.flatMap((one) => one.actions);
    expect(actions.length).toBe(stored.length + 1);
    expect(
      actions.every(
        ({ type, resource }) =>
          type === 'create' && resource.subject?.reference === 'Patient/sample-potassium' && resource.id === undefined,
      ),
    ).toBe(true);
    // The EHR takes them as they are, in one transaction.
    const transaction = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: actions.map(({ resource }) => ({ resource, request: { method: 'POST', url: resource.resourceType } })),
    };
    const filed = await fetch(ehr.base, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json' },
      body: JSON.stringify(transaction),
    });
    expect(filed.status).toBe(200);
    expect((await search(ehr.base, `Observation?${label}`)).length).toBe(stored.length);
  }, 60_000);

  test('full: the EHR gets the same results under its own references', async () => {
    await cardsIn('full');
    const [stored, written] = await Promise.all([
      search(`${service!.base}/fhir/R4`, `Observation?${label}`),
      search(ehr.base, `Observation?${label}`),
    ]);
    expect(written.length).toBe(stored.length);
    expect(
      written.every(
        ({ subject, device }) =>
          subject?.reference === 'Patient/sample-potassium' && device?.reference?.startsWith('Device/'),
      ),
    ).toBe(true);
    expect(await search(ehr.base, 'Task')).toEqual([]);
  }, 60_000);

  test('none: a card and nothing else', async () => {
    const [card] = await cardsIn('none');
    expect(card!.suggestions).toBeUndefined();
    for (const type of ['Observation', 'DiagnosticReport', 'Device', 'Provenance', 'Task']) {
      expect(await search(ehr.base, `${type}?${type === 'Task' ? '' : label}`)).toEqual([]);
    }
  }, 60_000);

  test('a worker in a process of its own reads what the service asks for through Tasks', async () => {
    const settings = { INTERVAL_STORE_URL: ehr.base, INTERVAL_RUN_JOBS: 'elsewhere' };
    const worker = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', 'worker'], {
      env: { ...process.env, ...settings, INTERVAL_SOURCE_URL: ehr.base, INTERVAL_WRITE_BACK: 'full' },
      stdio: 'ignore',
    });
    const ended = once(worker, 'exit');
    try {
      expect((await cardsIn('full', settings)).length).toBe(1);
      expect(service!.lines.some((line) => line.includes('"job ended"'))).toBe(false);
      expect((await search(ehr.base, 'Task')).map(({ status }) => status as string)).toEqual(['completed']);
    } finally {
      worker.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  }, 60_000);
});
