import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientsFile, freePort } from '../test/support/ehr.ts';
import { createSigner, EHR, tokenFor } from '../test/support/ehr-keys.ts';
import { type Assault, assault } from '../test/support/hostile/assault.ts';
import { probed } from '../test/support/memory.ts';
import { type Started, startService } from '../test/support/service.ts';
import { type Quarter, quarterOf, verdictOn } from './hostile-memory.ts';

/**
 * Generated malformed and hostile requests: built by properties, mutated from real ones, and raw bytes; two thirds in development
 * mode, where all reach the services, one third in production mode with JWTs that are good, spoiled or missing. Exits with 1 when
 * anything was wrong or memory grew. The store is on disk: in memory its records would count as the service's.
 *
 *   node bench/hostile-requests.ts [requests = 20000] [seed = 1]
 */
const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
const limitMs = 2500;

const signer = await createSigner('ES384');
let failed = false;

const data = mkdtempSync(join(tmpdir(), 'interval-hostile-'));
const dataOf = (name: string) => ({ ...probed, INTERVAL_DATA: join(data, name) });
await run('development', await startService('sample patients read', dataOf('development')), Math.ceil((count * 2) / 3));
const { service, base } = await production();
await run('production', service, Math.floor(count / 3), async (path, at) => {
  if (at % 4 === 3) {
    return undefined;
  }
  const token = await tokenFor(base + path, signer);
  if (at % 4 === 2) {
    const place = at % (token.length - 1);
    return `Bearer ${token.slice(0, place)}${token[place] === 'A' ? 'B' : 'A'}${token.slice(place + 1)}`;
  }
  return `Bearer ${token}`;
});
rmSync(data, { recursive: true });
process.exit(failed ? 1 : 0);

async function run(
  name: 'development' | 'production',
  started: Started,
  requests: number,
  authorize?: (path: string, at: number) => Promise<string | undefined>,
): Promise<void> {
  try {
    const begun = performance.now();
    const quarters: Quarter[] = [];
    const result = await assault(started, {
      count: requests,
      seed,
      limitMs,
      parts: 4,
      afterPart: async (sent) => void quarters.push(await quarterOf(started, join(data, name), sent)),
      ...(authorize ? { authorize } : {}),
    });
    const alive = (await fetch(`${started.base}/healthz`)).ok;
    report(`${name} mode`, result, performance.now() - begun, alive);
    const { flat, words } = verdictOn(quarters);
    console.table(
      quarters.map(({ sent, records, threads: _threads, ...mib }) => ({
        sent,
        records,
        ...Object.fromEntries(Object.entries(mib).map(([what, size]) => [`${what} MiB`, size.toFixed(1)])),
      })),
    );
    console.log(`  memory ${words}`);
    failed ||= result.failures.length > 0 || result.leaks.length > 0 || !alive || !flat;
  } finally {
    await started.stop();
  }
}

function report(
  name: string,
  { sent, byStatus, failures, slowestMs, leaks }: Assault,
  ms: number,
  alive: boolean,
): void {
  console.log(
    `\n${name}: ${sent} requests in ${(ms / 1000).toFixed(0)} s (seed ${seed}), ${alive ? 'alive afterwards' : 'DEAD afterwards'}`,
  );
  console.log(
    `  answers ${Object.entries(byStatus)
      .map(([status, times]) => `${status}: ${times}`)
      .join(', ')}`,
  );
  console.log(
    `  slowest ${slowestMs.toFixed(0)} ms; failures ${failures.length}; log lines with a token or a name ${leaks.length}`,
  );
  for (const { why, request } of failures.slice(0, 5)) {
    console.log(`  ${why}: ${request.kind} ${request.method} ${request.path} ${String(request.body).slice(0, 300)}`);
  }
}

async function production(): Promise<{ service: Started; base: string }> {
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const client = {
    id: 'hostile',
    issuer: EHR,
    jwks: { keys: [signer.publicJwk] },
    fhirServers: [`${publicUrl}/fhir/R4`],
    privateNetwork: true,
  };
  const service = await startService('sample patients read', {
    INTERVAL_PORT: String(port),
    INTERVAL_PUBLIC_URL: publicUrl,
    INTERVAL_CLIENTS: clientsFile(client),
    INTERVAL_SAMPLES: 'on',
    ...dataOf('production'),
  });
  return { service, base: publicUrl };
}
