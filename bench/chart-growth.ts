import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { createFhirServer } from '../src/fhir-server/server.ts';
import { criteriaOf, pathOf } from '../src/subscriptions/watched.ts';
import { freePort } from '../test/support/ehr.ts';
import { startService } from '../test/support/service.ts';
import { evenly, type Latency, latencyOf, quantile } from './latency.ts';

/**
 * How hooks and arrivals slow down as charts grow: one patient with 10, one with 1,000, one with 100,000 Observations, among
 * 10,000 patients in the embedded server on disk. Hooks send no prefetch, so that all of it is fetched; a report arrives by POST,
 * a Subscription tells the service of it, and the worker reads it. The slope is the exponent of a power law through first and last: 0 is no
 * growth, 1 is growth with the chart.
 *
 *   node bench/chart-growth.ts [patients = 10000] [most Observations = 100000] [seconds = 10]
 */
const patients = Number(process.argv[2] ?? 10_000);
const most = Number(process.argv[3] ?? 100_000);
const seconds = Number(process.argv[4] ?? 10);
const perSecond = 10;
const arrivals = 8;
const sizes = [10, 1000, 100_000].map((size) => Math.min(size, most));

const data = mkdtempSync(join(tmpdir(), 'interval-growth-'));
const port = await freePort();
const base = `http://127.0.0.1:${port}/fhir/R4`;

const person = (id: string): Resource & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family: 'Synthetic', given: [id] }],
  birthDate: '1960-05-17',
});
const codes = ['2823-3', '2951-2', '2160-0', '718-7', '6690-2', '777-3', '1742-6', '1920-8', '2345-7', '33914-3'];
const observation = (patient: string, at: number): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: codes[at % codes.length]! }], text: 'Analyte' },
  subject: { reference: `Patient/${patient}` },
  effectiveDateTime: new Date(Date.UTC(2015, 0, 1) + at * 3_300_000).toISOString(),
  valueQuantity: { value: (at % 90) / 10, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
});

async function fill(): Promise<number> {
  const server = createFhirServer({ base, file: join(data, 'interval.sqlite') });
  const begun = performance.now();
  await server.repository.unchecked().withTransaction(async (repository) => {
    for (let at = 0; at < patients; at += 1) {
      await repository.updateResource(person(`p${at}`));
      await repository.createResource(observation(`p${at}`, at));
    }
    for (const size of sizes) {
      await repository.updateResource(person(`long-${size}`));
      for (let at = 0; at < size; at += 1) {
        await repository.createResource(observation(`long-${size}`, at));
      }
    }
  });
  server.close();
  return (performance.now() - begun) / 1000;
}

const call = async (service: string, hook: string, patientId: string, more: object = {}): Promise<number> => {
  const begun = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/cds-services/${service}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      hook,
      hookInstance: crypto.randomUUID(),
      fhirServer: base,
      context: { userId: 'Practitioner/example', patientId, ...more },
    }),
  });
  const text = await response.text();
  if (!response.ok || /could not be read/.test(text)) {
    failed += 1;
  }
  return performance.now() - begun;
};
let failed = 0;

const order = {
  draftOrders: {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'ServiceRequest',
          id: 'draft',
          status: 'draft',
          intent: 'order',
          code: { coding: [{ system: 'http://loinc.org', code: '2823-3', display: 'Potassium' }] },
        },
      },
    ],
  },
};

/** The service is told of reports as `interval subscribe` asks for it. */
async function subscribe(): Promise<void> {
  const answer = await fetch(`${base}/Subscription`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'Subscription',
      status: 'requested',
      reason: 'Growing charts',
      criteria: criteriaOf('DiagnosticReport'),
      channel: {
        type: 'rest-hook',
        endpoint: `http://127.0.0.1:${port}${pathOf('DiagnosticReport')}`,
        payload: 'application/fhir+json',
      },
    }),
  });
  if (!answer.ok) {
    throw new Error(await answer.text());
  }
}

/** Milliseconds from the POST of a report until its results are stored and its Task is completed. */
async function arrival(patientId: string, at: number): Promise<number> {
  const day = new Date(Date.UTC(2026, 9, 1 + at)).toISOString().slice(0, 10);
  const text = `SYNTHETIC SAMPLE\nPATIENT: SYNTHETIC, ${patientId}   DOB: 1960-05-17\nCOLLECTED: ${day} 07:40\n\nCHEMISTRY (SERUM)\nPOTASSIUM ${(4 + at / 10).toFixed(1)} mmol/L (3.5-5.1)\nSODIUM 14${at} mmol/L (136-145)\n`;
  const begun = performance.now();
  const completed = async () => {
    const answer = await fetch(`${base}/Task?subject=Patient/${patientId}&status=completed,rejected,failed&_count=100`);
    return ((await answer.json()) as { entry?: unknown[] }).entry?.length ?? 0;
  };
  const before = await completed();
  await fetch(`${base}/DiagnosticReport`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json' },
    body: JSON.stringify({
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0074', code: 'LAB' }] }],
      code: { text: 'Outside report' },
      subject: { reference: `Patient/${patientId}` },
      effectiveDateTime: `${day}T07:40:00Z`,
      presentedForm: [{ contentType: 'text/plain', data: Buffer.from(text).toString('base64'), title: 'Report' }],
    }),
  });
  while ((await completed()) === before) {
    await sleep(10);
    if (performance.now() - begun > 60_000) {
      failed += 1;
      break;
    }
  }
  return performance.now() - begun;
}

console.log(
  `filled ${patients + sizes.length} patients and ${patients + sizes.reduce((sum, size) => sum + size, 0)} Observations in ${(await fill()).toFixed(0)} s`,
);
const service = await startService('listening', {
  INTERVAL_PORT: String(port),
  INTERVAL_DATA: data,
  INTERVAL_SAMPLES: 'off',
});
try {
  await subscribe();
  const rows: { size: number; view: Latency; sign: Latency; arrival: number }[] = [];
  for (const size of sizes) {
    const patientId = `long-${size}`;
    // Once without counting: the worker starts, code is compiled.
    await arrival(patientId, 9);
    const stored: number[] = [];
    for (let at = 0; at < arrivals; at += 1) {
      stored.push(await arrival(patientId, at));
    }
    const view = await evenly(perSecond, seconds, () => call('lab-report-results', 'patient-view', patientId));
    const sign = await evenly(perSecond, seconds, () => call('order-sign-advice', 'order-sign', patientId, order));
    rows.push({ size, view: latencyOf(view), sign: latencyOf(sign), arrival: quantile(stored, 0.5) });
  }
  const ms = (value: number) => value.toFixed(0);
  console.table(
    rows.map(({ size, view, sign, arrival }) => ({
      Observations: size,
      'patient-view p50 ms': ms(view.p50),
      'p99 ms': ms(view.p99),
      'order-sign p50 ms': ms(sign.p50),
      'p99 ms ': ms(sign.p99),
      'arrival ms': ms(arrival),
    })),
  );
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const slope = (of: (row: (typeof rows)[0]) => number) =>
    (Math.log(of(last) / of(first)) / Math.log(last.size / first.size)).toFixed(2);
  console.log(
    `slope, first to last: patient-view p50 ${slope(({ view }) => view.p50)}, p99 ${slope(({ view }) => view.p99)}; order-sign p50 ${slope(({ sign }) => sign.p50)}, p99 ${slope(({ sign }) => sign.p99)}; arrival ${slope((row) => row.arrival)}; failed ${failed}`,
  );
} finally {
  await service.stop();
  rmSync(data, { recursive: true });
}
process.exit(failed === 0 ? 0 : 1);
