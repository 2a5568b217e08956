import { IntervalError } from '../errors.ts';
import { type Answer, failureOf } from './failure.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Gives the bearer token for the server's own base. Called again with the token that was just refused (401), so that it
 * can be renewed; the request is repeated once when another token comes back.
 */
export type TokenSource = (refused?: string) => Promise<string | undefined>;

export interface TransportOptions {
  readonly fetch: Fetch;
  readonly token?: TokenSource;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Repeats of a GET whose connection broke. */
  readonly retry: number;
  readonly clock: () => number;
}

export interface Request {
  readonly url: string;
  /** For messages: method and resource type, no ids. */
  readonly label: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body?: RequestInit['body'];
  /** Only ever true for URLs inside the server's own base. */
  readonly authorize: boolean;
  readonly signal?: AbortSignal | null;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
}

/** Sends one request and reads its answer whole, within time and size. Throws coded errors; answers ≥ 400 are errors. */
export async function send(request: Request, options: TransportOptions): Promise<Answer> {
  if (!request.authorize || options.token === undefined) {
    return checked(request, await sendPatiently(request, undefined, options), options);
  }
  const token = await options.token();
  const answer = await sendPatiently(request, token, options);
  if (answer.status === 401 && token !== undefined) {
    const renewed = await options.token(token);
    if (renewed !== undefined && renewed !== token) {
      return checked(request, await sendPatiently(request, renewed, options), options);
    }
  }
  return checked(request, answer, options);
}

function checked(request: Request, answer: Answer, options: TransportOptions): Answer {
  if (answer.status >= 400) {
    throw failureOf(request.label, answer, options.clock());
  }
  return answer;
}

async function sendPatiently(request: Request, token: string | undefined, options: TransportOptions): Promise<Answer> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await sendOnce(request, token, options);
    } catch (error) {
      // A GET may be repeated without harm; a write whose connection broke may have been done.
      if (request.method !== 'GET' || attempt >= options.retry || !isConnectionReset(error)) {
        throw error;
      }
    }
  }
}

async function sendOnce(request: Request, token: string | undefined, options: TransportOptions): Promise<Answer> {
  const timeoutMs = request.timeoutMs ?? options.timeoutMs;
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, timeout.signal]) : timeout.signal;
  const headers = new Headers(request.headers);
  if (token !== undefined) {
    headers.set('Authorization', `Bearer ${token}`);
  }
  try {
    signal.throwIfAborted();
    const response = await options.fetch(request.url, {
      method: request.method,
      headers,
      body: request.body ?? null,
      signal,
      // A redirect would carry the token and the question to a server that nobody trusted.
      redirect: 'error',
      credentials: 'omit',
    });
    const bytes = await readCapped(response, request.maxBytes ?? options.maxBytes, request.label, signal);
    return { status: response.status, headers: response.headers, bytes };
  } catch (error) {
    throw coded(error, request, timeoutMs, timeout.signal.aborted);
  } finally {
    clearTimeout(timer);
  }
}

function coded(error: unknown, request: Request, timeoutMs: number, timedOut: boolean): IntervalError {
  if (error instanceof IntervalError) {
    return error;
  }
  if (request.signal?.aborted) {
    return new IntervalError('cancelled', `${request.label} was cancelled.`, { cause: error });
  }
  if (timedOut) {
    return new IntervalError('fhir-timeout', `The FHIR server did not answer ${request.label} within ${timeoutMs} ms.`);
  }
  if (causes(error).some((cause) => /redirect/i.test(String((cause as Error).message)))) {
    return new IntervalError('fhir-bad-answer', `The FHIR server answered ${request.label} with a redirect.`);
  }
  return new IntervalError('fhir-unavailable', `The FHIR server could not be reached for ${request.label}.`, {
    cause: error,
  });
}

const resets = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

function isConnectionReset(error: unknown): boolean {
  return causes(error).some((cause) => resets.has(String((cause as { code?: unknown }).code)));
}

function causes(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  for (let at = error; typeof at === 'object' && at !== null && chain.length < 8; at = (at as Error).cause) {
    chain.push(at);
  }
  return chain;
}

async function readCapped(response: Response, maxBytes: number, label: string, signal: AbortSignal) {
  const tooLarge = () =>
    new IntervalError('fhir-too-large', `The FHIR server's answer to ${label} is larger than ${maxBytes} bytes.`);
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    signal.throwIfAborted();
    length += chunk.byteLength;
    if (length > maxBytes) {
      // Leaving the loop cancels the stream.
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : new Uint8Array(Buffer.concat(chunks));
}
