import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
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

const open = await startLoggingToFile();
const trusted = await startTrusted();

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
    const chart = await chartOf(`${open.base}/fhir/R4`, patientId);
    const prefetch = size === 'one chart' ? chart : fiftyfold(chart, patientId);
    const bodyFor = (base: string) =>
      JSON.stringify({
        hook: 'patient-view',
        hookInstance: crypto.randomUUID(),
        fhirServer: `${base}/fhir/R4`,
        context: { userId: 'Practitioner/example', patientId },
        prefetch,
      });
    const body = bodyFor(open.base);
    const answer = (await (
      await fetch(open.base + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    ).json()) as { cards: readonly object[] };
    const bare = spawn(process.execPath, ['bench/bare-express.ts', JSON.stringify(answer)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(bare);
    const [bareBase] = (await once(createInterface(bare.stdout), 'line')) as [string];
    const peer = await openHealthChain(await freePort(), answer.cards);

    const targets: readonly (Target & { readonly signer?: Signer })[] = [
      { name: 'bare Express', url: bareBase + path, body },
      { name: 'Interval', url: open.base + path, body },
      ...Object.values(signers).map((signer) => ({
        name: `Interval, JWT ${signer.alg}`,
        url: trusted.base + path,
        body: bodyFor(trusted.base),
        signer,
      })),
      ...(peer ? [{ name: peer.name, url: peer.url, body }] : []),
    ];
    if (peer) {
      children.push({ kill: peer.close });
    }
    const rows: Row[] = [];
    for (const target of targets) {
      const signed = async (count: number): Promise<Target> =>
        target.signer ? { ...target, tokens: await tokensFor(target.url, count, target.signer) } : target;
      // Once around without counting, so that nobody pays for compiling.
      await flatOut(await signed(2000), Math.min(2, seconds));
      const at = await steady(await signed(rate * seconds), rate, seconds);
      const out = await flatOut(await signed(most), seconds);
      // What was given is still being recorded; who comes next is not to share the machine with that.
      await Promise.all([atRest(open.base), atRest(trusted.base)]);
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
  await Promise.all([open.stop(), trusted.stop()]);
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

/** Resolves when a service uses no more than a twentieth of a processor. */
async function atRest(base: string): Promise<void> {
  const used = async () => {
    const text = await (await fetch(`${base}/metrics`)).text();
    return Number(/^interval_process_cpu_seconds_total (\S+)/m.exec(text)?.[1]);
  };
  for (let before = await used(), tries = 0; tries < 300; tries += 1) {
    await sleep(1000);
    const now = await used();
    if (now - before < 0.05) {
      return;
    }
    before = now;
  }
}

/** Production mode on its own sample patients. */
async function startTrusted(): Promise<Running> {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const client = {
    id: 'bench',
    issuer: EHR,
    jwks: { keys: Object.values(signers).map(({ publicJwk }) => publicJwk) },
    fhirServers: [`${base}/fhir/R4`],
    privateNetwork: true,
    callsPerMinute: 0,
  };
  return startLoggingToFile({
    INTERVAL_PORT: String(port),
    INTERVAL_PUBLIC_URL: base,
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
