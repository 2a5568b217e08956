import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startService } from '../test/support/service.ts';
import { evenly, type Latency, latencyOf } from './latency.ts';

/** Milliseconds from a request to the last byte of its answer. */
export interface HookTimes extends Latency {
  readonly requests: number;
  readonly failed: number;
}

export interface HookLoad {
  /** What is sent to each target's lab-report-results, and what comes back. */
  readonly body: string;
  readonly answer: { readonly cards: readonly object[] };
  readonly targets: readonly { readonly name: string; readonly base: string }[];
  /** Sends patient-view with prefetch at even distances, whether or not earlier ones were answered. */
  measure(base: string, perSecond: number, seconds: number): Promise<HookTimes>;
  close(): Promise<void>;
}

/** The service with its sample patients, all read, and a bare Express handler that sends the same answer. */
export async function openHookLoad(environment: Record<string, string> = {}): Promise<HookLoad> {
  const service = await startService('sample patients read', environment);
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
  const answer = (await (await call(service.base)).json()) as HookLoad['answer'];
  const bare = spawn(process.execPath, ['bench/bare-express.ts', JSON.stringify(answer)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [bareBase] = (await once(createInterface(bare.stdout), 'line')) as [string];

  return {
    body,
    answer,
    targets: [
      { name: 'Interval', base: service.base },
      { name: 'bare Express', base: bareBase },
    ],
    async measure(base, perSecond, seconds) {
      let failed = 0;
      const times = await evenly(perSecond, seconds, async () => {
        const begun = performance.now();
        try {
          const response = await call(base);
          await response.arrayBuffer();
          if (!response.ok) failed++;
        } catch {
          failed++;
        }
        return performance.now() - begun;
      });
      return { ...latencyOf(times), requests: times.length, failed };
    },
    async close() {
      bare.kill();
      await service.stop();
    },
  };
}
