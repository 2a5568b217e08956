import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { clientsFile, freePort } from '../test/support/ehr.ts';
import { createSigner, EHR, type Signer, tokenFor } from '../test/support/ehr-keys.ts';
import { chartOf, fiftyfold } from './hook-peers/charts.ts';
import { openHealthChain } from './hook-peers/healthchain.ts';
import { flatOut, steady, type Target, type Times } from './hook-peers/load.ts';
import { type Running, startLoggingToFile } from './hook-peers/service.ts';

/**
 * A prefetched patient-view, with one patient's chart and with fifty times as much, JWT off and on, beside a bare Express
 * handler that parses the same request and sends the same answer, and beside HealthChain, an open CDS Hooks framework.
 *
 *   node bench/hook-peers.ts [requests per second = 100] [seconds = 10] [one | fifty; both]
 */
const rate = Number(process.argv[2] ?? 100);
const seconds = Number(process.argv[3] ?? 10);
const only = process.argv[4];
/** More than any of them answers in that time. */
const most = 1500 * seconds;

const path = '/cds-services/lab-report-results';
const patientId = 'sample-potassium';
const signers = { ES384: await createSigner('ES384'), RS384: await createSigner('RS384') };

const [openPort, trustedPort] = [await freePort(), await freePort()];
const open = `http://127.0.0.1:${openPort}`;
const trusted = `http://127.0.0.1:${trustedPort}`;

interface Row extends Times {
  readonly name: string;
  readonly throughput: number;
}

const children: { kill(): void }[] = [];
try {
  for (const size of ['one chart', 'fifty times as much'] as const) {
    if (only !== undefined && !size.startsWith(only)) {
      continue;
    }
    const first = await startOpen();
    const chart = await chartOf(`${open}/fhir/R4`, patientId);
    const prefetch = size === 'one chart' ? chart : fiftyfold(chart, patientId);
    const bodyFor = (base: string) =>
      JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${base}/fhir/R4`,
        context: { userId: 'Practitioner/example', patientId },
        prefetch,
      });
    const body = bodyFor(open);
    const answer = (await (
      await fetch(open + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    ).json()) as { cards: readonly object[] };
    await first.stop();
    const bare = spawn(process.execPath, ['bench/bare-express.ts', JSON.stringify(answer)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(bare);
    const [bareBase] = (await once(createInterface(bare.stdout), 'line')) as [string];
    const peer = await openHealthChain(await freePort(), answer.cards);

    const targets: readonly (Target & { readonly signer?: Signer; start?(): Promise<Running> })[] = [
      { name: 'bare Express', url: bareBase + path, body },
      { name: 'Interval', url: open + path, body, start: startOpen },
      ...Object.values(signers).map((signer) => ({
        name: `Interval, JWT ${signer.alg}`,
        url: trusted + path,
        body: bodyFor(trusted),
        signer,
        start: startTrusted,
      })),
      ...(peer ? [{ name: peer.name, url: peer.url, body }] : []),
    ];
    if (peer) {
      children.push({ kill: peer.close });
    }
    const rows: Row[] = [];
    for (const target of targets) {
      // Begun anew and ended for each: what it records of one run behind its answers is not to slow the next.
      const running = await target.start?.();
      children.push({ kill: () => void running?.stop() });
      const signed = async (count: number): Promise<Target> =>
        target.signer ? { ...target, tokens: await tokensFor(target.url, count, target.signer) } : target;
      // Once around without counting, so that nobody pays for compiling.
      await flatOut(await signed(2000), Math.min(2, seconds));
      const at = await steady(await signed(rate * seconds), rate, seconds);
      const out = await flatOut(await signed(most), seconds);
      await running?.stop();
      rows.push({ ...at, name: target.name, throughput: out.perSecond, failed: at.failed + out.failed });
    }
    report(size, body, answer, rows);
    bare.kill();
    peer?.close();
  }
} finally {
  for (const child of children) {
    child.kill();
  }
}

function report(size: string, body: string, answer: { cards: readonly object[] }, rows: readonly Row[]): void {
  const bare = rows[0]!;
  console.log(
    `\n${size}: ${(body.length / 1024).toFixed(0)} KiB in, ${JSON.stringify(answer).length} bytes and ${answer.cards.length} card(s) out; ${rate}/s for ${seconds} s, then ten connections flat out for ${seconds} s`,
  );
  console.table(
    rows.map(({ name, p50, p99, max, throughput, failed }) => ({
      name,
      'p50 ms': p50.toFixed(1),
      'p99 ms': p99.toFixed(1),
      'max ms': max.toFixed(0),
      'requests/s': throughput.toFixed(0),
      'of bare Express': `${((100 * throughput) / bare.throughput).toFixed(0)} %`,
      failed,
    })),
  );
}

function startOpen(): Promise<Running> {
  return startLoggingToFile({ INTERVAL_PORT: String(openPort) });
}

/** Production mode on its own sample patients. */
async function startTrusted(): Promise<Running> {
  const client = {
    id: 'bench',
    issuer: EHR,
    jwks: { keys: Object.values(signers).map(({ publicJwk }) => publicJwk) },
    fhirServers: [`${trusted}/fhir/R4`],
    privateNetwork: true,
    callsPerMinute: 0,
  };
  return startLoggingToFile({
    INTERVAL_PORT: String(trustedPort),
    INTERVAL_PUBLIC_URL: trusted,
    INTERVAL_CLIENTS: clientsFile(client),
    INTERVAL_SAMPLES: 'on',
  });
}

async function tokensFor(url: string, count: number, signer: Signer): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < count) {
    tokens.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(500, count - tokens.length) }, () =>
          tokenFor(url, signer, { claims: { exp: Math.floor(Date.now() / 1000) + 3000 } }),
        ),
      )),
    );
  }
  return tokens;
}
