import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import { startService } from '../test/support/service.ts';

/**
 * Time to answer a patient-view hook whose prefetch is sent along, at a steady rate, beside a bare Express handler that
 * parses the same request and sends the same answer, in the same run on the same machine.
 *
 *   node bench/hooks.ts [requests per second = 50] [seconds = 30]
 */
const rate = Number(process.argv[2] ?? 50);
const seconds = Number(process.argv[3] ?? 30);

const service = await startService('sample patients read');
const fhir = `${service.base}/fhir/R4`;
const get = async (path: string) => (await fetch(`${fhir}/${path}`)).json();
const patientId = 'sample-potassium';
const [patient, reports, documents] = await Promise.all([
  get(`Patient/${patientId}`),
  get(`DiagnosticReport?patient=${patientId}`),
  get(`DocumentReference?patient=${patientId}`),
]);
const body = JSON.stringify({
  hook: 'patient-view',
  hookInstance: crypto.randomUUID(),
  fhirServer: fhir,
  context: { userId: 'Practitioner/example', patientId },
  prefetch: { patient, reports, documents },
});
const call = (base: string) =>
  fetch(`${base}/cds-services/lab-report-results`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
const answer = await (await call(service.base)).json();

const bare = spawn(process.execPath, ['bench/bare-express.ts', JSON.stringify(answer)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [bareBase] = (await once(createInterface(bare.stdout), 'line')) as [string];

async function measure(name: string, base: string) {
  const result = await autocannon({
    url: `${base}/cds-services/lab-report-results`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 10,
    overallRate: rate,
    duration: seconds,
  });
  return {
    name,
    requests: result.requests.total,
    p50: result.latency.p50,
    p99: result.latency.p99,
    max: result.latency.max,
    failed: result.non2xx + result.errors,
  };
}

// Once around without counting, so that neither side pays for compiling.
await measure('warm-up', service.base);
const rows = [await measure('Interval', service.base), await measure('bare Express', bareBase)];
console.log(
  `patient-view with prefetch (${(body.length / 1024).toFixed(0)} KiB in, ${JSON.stringify(answer).length} bytes and ${answer.cards.length} cards out), ${rate}/s for ${seconds} s`,
);
console.table(rows.map((row) => ({ ...row, p50: `${row.p50} ms`, p99: `${row.p99} ms`, max: `${row.max} ms` })));
const [interval, express] = rows as [(typeof rows)[0], (typeof rows)[0]];
console.log(
  `ratio p50 ${(interval.p50 / Math.max(1, express.p50)).toFixed(1)}, p99 ${(interval.p99 / Math.max(1, express.p99)).toFixed(1)} (autocannon counts whole milliseconds)`,
);
bare.kill();
await service.stop();
