/**
 * Searches of a hook on the embedded FHIR server, beside Medplum's MemoryRepository in the same run:
 *   node bench/fhir-server.ts [observations=10000] [--file PATH]
 * MemoryRepository is left out above 5,000 resources unless --memory is given: it scans everything.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseSearchRequest } from '@medplum/core';
import { MemoryRepository } from '@medplum/fhir-router';
import type { Observation, Resource } from '@medplum/fhirtypes';
import { createFhirServer } from '../src/fhir-server/server.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { file: { type: 'string' }, memory: { type: 'boolean', default: false } },
});
const total = Number(positionals[0] ?? 10_000);
const perPatient = 100;
const patients = Math.ceil(total / perPatient);
const codes = ['2823-3', '2951-2', '2160-0', '718-7', '6690-2', '777-3', '1742-6', '1920-8', '2345-7', '33914-3'];
const base = 'http://bench.test/R4';

function observation(i: number): Observation {
  const patient = i % patients;
  const day = new Date(Date.UTC(2020, 0, 1) + (i % 2000) * 86_400_000).toISOString().slice(0, 10);
  return {
    resourceType: 'Observation',
    status: i % 7 === 0 ? 'preliminary' : 'final',
    identifier: [{ system: 'urn:bench', value: `o-${i}` }],
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: codes[i % codes.length]! }], text: 'Analyte' },
    subject: { reference: `Patient/p${patient}` },
    effectiveDateTime: `${day}T08:00:00Z`,
    valueQuantity: { value: (i % 90) / 10, unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
  };
}

const searches = [
  'Patient?_id=p7',
  'Observation?patient=p7&category=laboratory&_sort=-date&_count=50',
  'Observation?patient=p7&code=http://loinc.org|2823-3&date=ge2021-01-01&_sort=-date',
  'Observation?patient=p7&status=preliminary',
  'Observation?identifier=urn:bench|o-77',
  'Observation?subject=Patient/p7&_count=20&_revinclude=Provenance:target',
  'Observation?patient.identifier=urn:bench|p7&code=http://loinc.org|2951-2',
  'Observation?code=http://loinc.org|2823-3&_count=20',
  'Observation?_sort=-_lastUpdated&_count=20',
];

if (values.file) rmSync(values.file, { force: true });
const server = createFhirServer({ base, file: values.file });
const startWrite = performance.now();
await server.repository.withTransaction(async (repository) => {
  for (let i = 0; i < patients; i++) {
    await repository.updateResource({
      resourceType: 'Patient',
      id: `p${i}`,
      identifier: [{ system: 'urn:bench', value: `p${i}` }],
    });
  }
  for (let i = 0; i < total; i++) await repository.createResource(observation(i));
});
const seconds = (performance.now() - startWrite) / 1000;
console.log(
  `${total} Observations of ${patients} patients: ${seconds.toFixed(1)} s, ${Math.round((total + patients) / seconds)} writes/s`,
);

const memory = values.memory || total <= 5000 ? new MemoryRepository() : undefined;
if (memory) {
  for (let i = 0; i < patients; i++) {
    await memory.updateResource({
      resourceType: 'Patient',
      id: `p${i}`,
      identifier: [{ system: 'urn:bench', value: `p${i}` }],
    });
  }
  for (let i = 0; i < total; i++) await memory.createResource(observation(i) as Resource);
}

async function time(work: () => Promise<unknown>, budgetMs: number): Promise<number> {
  await work();
  const samples: number[] = [];
  const until = performance.now() + budgetMs;
  while (performance.now() < until || samples.length < 3) {
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  }
  return samples.sort((a, b) => a - b)[Math.floor(samples.length / 2)]!;
}

console.log('median of one search, milliseconds (embedded: whole answer as JSON text through its fetch)');
for (const search of searches) {
  const url = `${base}/${search.replaceAll('|', '%7C')}`;
  const embedded = await time(async () => (await server.fetch(url)).text(), 400);
  let beside = '';
  if (memory && !search.includes('patient.identifier') && !search.includes('_revinclude')) {
    const request = search.replace('patient=p7', 'patient=Patient/p7');
    const ms = await time(() => memory.search(parseSearchRequest(request)), 400);
    beside = `   MemoryRepository ${ms.toFixed(1).padStart(8)}   ${(ms / embedded).toFixed(1)}×`;
  }
  console.log(`${embedded.toFixed(2).padStart(8)}${beside}   ${search}`);
}
console.log(`resident memory ${Math.round(process.memoryUsage().rss / 1024 / 1024)} MiB`);
server.close();
