import { clientsFile, freePort } from '../test/support/ehr.ts';
import { createSigner, EHR, tokenFor } from '../test/support/ehr-keys.ts';
import { type Assault, assault } from '../test/support/hostile/assault.ts';
import { type Started, startService } from '../test/support/service.ts';

/**
 * Generated malformed and hostile requests: built by properties, mutated from real ones, and raw bytes; two thirds in development
 * mode, where all reach the services, one third in production mode with JWTs that are good, spoiled or missing. Exits with 1 when
 * anything was wrong.
 *
 *   node bench/hostile-requests.ts [requests = 20000] [seed = 1]
 */
const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
const limitMs = 2500;

const signer = await createSigner('ES384');
let failed = false;

await run('development mode', await startService('sample patients read'), Math.ceil((count * 2) / 3));
const { service, base } = await production();
await run('production mode', service, Math.floor(count / 3), async (path, at) => {
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
process.exit(failed ? 1 : 0);

async function run(
  name: string,
  started: Started,
  requests: number,
  authorize?: (path: string, at: number) => Promise<string | undefined>,
): Promise<void> {
  try {
    const begun = performance.now();
    const result = await assault(started, { count: requests, seed, limitMs, ...(authorize ? { authorize } : {}) });
    const alive = (await fetch(`${started.base}/healthz`)).ok;
    report(name, result, performance.now() - begun, alive);
    failed ||= result.failures.length > 0 || result.leaks.length > 0 || !alive;
  } finally {
    await started.stop();
  }
}

function report(
  name: string,
  { sent, byStatus, failures, slowestMs, resident, leaks }: Assault,
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
  console.log(`  resident MiB after each tenth: ${resident.map((size) => size.toFixed(0)).join(' ')}`);
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
  });
  return { service, base: publicUrl };
}
