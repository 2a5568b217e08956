import { Agent, request } from 'node:http';
import { brokenRules } from '../conformance.ts';
import type { Started } from '../service.ts';
import { canary, type HostileRequest, hostileRequests } from './requests.ts';

export interface AssaultOptions {
  readonly count: number;
  readonly seed: number;
  /** The Authorization header of a request, or none. */
  readonly authorize?: (path: string, at: number) => Promise<string | undefined>;
  /** Milliseconds beyond which an answer counts as a hang. */
  readonly limitMs: number;
  /** Called after each part of the requests, as many parts as are asked for (default 10). */
  readonly parts?: number;
  readonly afterPart?: (sent: number) => Promise<void>;
}

export interface Assault {
  readonly sent: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** What should not have happened, each with the request that made it happen. */
  readonly failures: readonly { readonly why: string; readonly request: HostileRequest }[];
  readonly slowestMs: number;
  /** Lines of the log that hold a token or a name. */
  readonly leaks: readonly string[];
}

const agents = 8;

/** Sends generated requests to a running service, eight at a time, and looks at every answer. */
export async function assault(service: Started, options: AssaultOptions): Promise<Assault> {
  const { count, seed, authorize, limitMs, parts = 10, afterPart } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: agents });
  const byStatus: Record<string, number> = {};
  const failures: { why: string; request: HostileRequest }[] = [];
  let slowestMs = 0;
  let at = 0;
  const step = Math.max(1, Math.ceil(count / parts));
  while (at < count) {
    const batch = hostileRequests(Math.min(step, count - at), seed + at);
    let next = 0;
    await Promise.all(
      Array.from({ length: agents }, async () => {
        for (let one = batch[next++]; one !== undefined; one = batch[next++]) {
          const started = performance.now();
          const answer = await send(service.base, one, agent, await authorize?.(one.path, at + next), limitMs * 2);
          const ms = performance.now() - started;
          slowestMs = Math.max(slowestMs, ms);
          const { status } = answer;
          byStatus[status] = (byStatus[status] ?? 0) + 1;
          const why = ms > limitMs ? `took ${Math.round(ms)} ms` : wrong(answer, one);
          if (why !== undefined) {
            failures.push({ why, request: one });
          }
        }
      }),
    );
    at += batch.length;
    await afterPart?.(at);
  }
  agent.destroy();
  const leaks = service.lines.filter(
    (line) => Object.values(canary).some((word) => line.includes(word)) || /eyJ[\w-]{20}/.test(line),
  );
  return { sent: at, byStatus, failures, slowestMs, leaks };
}

interface Answer {
  readonly status: number | string;
  readonly text: string;
}

function wrong({ status, text }: Answer, { path, method }: HostileRequest): string | undefined {
  if (typeof status === 'string' || status >= 500) {
    return `answered ${status}`;
  }
  if (text.includes(canary.token)) {
    return 'repeated the access token';
  }
  if (method === 'HEAD' || status === 204) {
    return undefined;
  }
  const body = parsed(text);
  if (status === 200) {
    const broken = path.endsWith('/feedback') || path === '/cds-services' ? [] : brokenRules(body);
    // What a draft order of a hostile request says may be asked back as it stands: only our own resources are ours to keep valid.
    const ours = broken.filter((rule) => rule !== 'R19' && rule !== 'R20' && rule !== 'R17');
    return ours.length === 0 ? undefined : `broke ${ours.join(' ')}`;
  }
  if (status >= 400 && body?.resourceType !== 'OperationOutcome') {
    return `answered ${status} without an OperationOutcome`;
  }
  return status >= 400 && text.includes(canary.patient) ? 'repeated a name' : undefined;
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(
  base: string,
  { method, path, headers, body }: HostileRequest,
  agent: Agent,
  authorization: string | undefined,
  timeout: number,
): Promise<Answer> {
  return new Promise((resolve) => {
    const call = request(
      base + path,
      {
        method,
        agent,
        timeout,
        headers: {
          ...headers,
          'content-length': Buffer.byteLength(body),
          ...(authorization === undefined ? {} : { authorization }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        response.on('error', () => resolve({ status: 'broken', text: '' }));
      },
    );
    call.on('timeout', () => call.destroy(new Error('hang')));
    call.on('error', (error) =>
      resolve({ status: String((error as NodeJS.ErrnoException).code ?? error.message), text: '' }),
    );
    call.end(body);
  });
}
