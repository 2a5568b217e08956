import { Agent, request } from 'node:http';
import { evenly, type Latency, latencyOf } from '../latency.ts';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly body: string;
  /** One a request, in order; as many as requests will be sent. */
  readonly tokens?: readonly string[];
}

export interface Times extends Latency {
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
  return {
    ...latencyOf(results.map(({ ms }) => ms)),
    perSecond: results.length / seconds,
    failed: results.filter(({ ok }) => !ok).length,
  };
}

/** At even distances, whether or not earlier requests were answered. */
export async function steady(target: Target, perSecond: number, seconds: number): Promise<Times> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const tokens = target.tokens?.[Symbol.iterator]();
  const results = await evenly(perSecond, seconds, () => send(target, agent, tokens?.next().value));
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
