import autocannon from 'autocannon';
import { type HookLoad, openHookLoad } from './hook-load.ts';

/**
 * Time to answer a patient-view hook whose prefetch is sent along, at a steady rate, beside a bare Express handler that
 * parses the same request and sends the same answer, in the same run on the same machine.
 *
 *   node bench/hooks.ts [requests per second = 50] [seconds = 30]
 */
const rate = Number(process.argv[2] ?? 50);
const seconds = Number(process.argv[3] ?? 30);

const load = await openHookLoad();
const { body, answer } = load;
const [service, bare] = load.targets as [HookLoad['targets'][0], HookLoad['targets'][0]];

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
const rows = [await measure('Interval', service.base), await measure('bare Express', bare.base)];
console.log(
  `patient-view with prefetch (${(body.length / 1024).toFixed(0)} KiB in, ${JSON.stringify(answer).length} bytes and ${answer.cards.length} cards out), ${rate}/s for ${seconds} s`,
);
console.table(rows.map((row) => ({ ...row, p50: `${row.p50} ms`, p99: `${row.p99} ms`, max: `${row.max} ms` })));
const [interval, express] = rows as [(typeof rows)[0], (typeof rows)[0]];
console.log(
  `ratio p50 ${(interval.p50 / Math.max(1, express.p50)).toFixed(1)}, p99 ${(interval.p99 / Math.max(1, express.p99)).toFixed(1)} (autocannon counts whole milliseconds)`,
);
await load.close();
