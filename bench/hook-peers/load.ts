import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly body: string;
  /** One a request, in order; as many as requests will be sent. */
  readonly tokens?: readonly string[];
}

export interface Times {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly perSecond: number;
  readonly failed: number;
}

/** One request on a kept connection; milliseconds to the last byte. */
function send(target: Target, agent: Agent, token: string | undefined): Promise<{ ms: number; ok: boolean }> {
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (ok: boolean) => resolve({ ms: performance.now() - started, ok });
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(target.body),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const call = request(target.url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => end(response.statusCode === 200));
      response.on('error', () => end(false));
    });
    call.on('error', () => end(false));
    call.end(target.body);
  });
}

function times(results: readonly { ms: number; ok: boolean }[], seconds: number): Times {
  const sorted = results.map(({ ms }) => ms).sort((one, other) => one - other);
  const at = (part: number) => sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
  return {
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
    perSecond: results.length / seconds,
    failed: results.filter(({ ok }) => !ok).length,
  };
}

/** At even distances, whether or not earlier requests were answered. */
export async function steady(target: Target, perSecond: number, seconds: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const tokens = target.tokens?.[Symbol.iterator]();
  const sent: Promise<{ ms: number; ok: boolean }>[] = [];
  const begun = performance.now();
  for (let at = 0; at < perSecond * seconds; at += 1) {
    await sleep(Math.max(0, begun + (1000 * at) / perSecond - performance.now()));
    sent.push(send(target, agent, tokens?.next().value));
  }
  const results = await Promise.all(sent);
  agent.destroy();
  return times(results, seconds);
}

/** Ten connections, each sending its next request when the last was answered. */
export async function flatOut(target: Target, seconds: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 10 });
  const tokens = target.tokens?.[Symbol.iterator]();
  const results: { ms: number; ok: boolean }[] = [];
  const begun = performance.now();
  const until = begun + seconds * 1000;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      while (performance.now() < until) {
        const next = tokens?.next();
        if (next?.done) {
          return;
        }
        results.push(await send(target, agent, next?.value));
      }
    }),
  );
  agent.destroy();
  return times(results, (performance.now() - begun) / 1000);
}
