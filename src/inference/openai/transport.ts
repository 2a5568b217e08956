import { IntervalError } from '../../errors.ts';
import { failureOf } from './failure.ts';

export interface TransportOptions {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly key: () => string | undefined | Promise<string | undefined>;
  /** Largest answer in bytes. */
  readonly maxBytes: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface Question {
  readonly url: string;
  /** Sent as JSON by POST; without one it is a GET. */
  readonly body?: unknown;
  /** For the whole answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly isStream: boolean;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/**
 * Asks and reads. When `read` is done the rest of the answer is not waited for: a server that still generates is told to
 * stop by the connection that closes. Everything that goes wrong comes out as an IntervalError.
 */
export type Ask = <Read>(question: Question, read: (answer: Answer) => Promise<Read>) => Promise<Read>;

export function createTransport(options: TransportOptions): Ask {
  return async (question, read) => {
    const timeout = AbortSignal.timeout(question.timeoutMs);
    const finished = new AbortController();
    try {
      question.signal.throwIfAborted();
      const response = await options.fetch(question.url, {
        ...(await headersOf(question, options)),
        // A redirect would carry the key and the patient's data to a server that nobody named.
        redirect: 'manual',
        credentials: 'omit',
        signal: AbortSignal.any([question.signal, timeout, finished.signal]),
      });
      await check(response, options.clock());
      return await read({
        isStream: (response.headers.get('content-type') ?? '').startsWith('text/event-stream'),
        bytes: capped(response, options.maxBytes),
      });
    } catch (error) {
      throw coded(error, question, timeout.aborted);
    } finally {
      finished.abort();
    }
  };
}

async function headersOf({ body }: Question, { key }: TransportOptions): Promise<RequestInit> {
  const secret = await key();
  if (secret && !/^[\x21-\x7e]+$/.test(secret)) {
    // fetch would say so too, and quote it.
    throw new IntervalError(
      'model-invalid',
      'The key of the model server has characters that no HTTP header may have.',
    );
  }
  const authorization: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {};
  return body === undefined
    ? { headers: authorization }
    : { method: 'POST', headers: { ...authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function check(response: Response, now: number): Promise<void> {
  const { status, headers } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    throw new IntervalError('model-rejected', 'The model server redirects elsewhere, which is not followed.');
  }
  if (!response.ok) {
    throw failureOf({ status, retryAfter: headers.get('retry-after'), text: await beginning(response) }, now);
  }
}

/** As much of an error's body as it takes to recognise it. */
async function beginning(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > 1 << 16) {
      break;
    }
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

async function* capped(response: Response, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      throw new IntervalError('model-bad-answer', `The model server's answer is larger than ${maxBytes} bytes.`);
    }
    yield chunk;
  }
}

/** Node's fetch waits five minutes for headers and between two chunks, whatever its caller allows. */
const silences = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function coded(error: unknown, { signal, timeoutMs }: Question, timedOut: boolean): IntervalError {
  if (error instanceof IntervalError) {
    return error;
  }
  if (signal.aborted) {
    return new IntervalError('cancelled', 'The generation was cancelled.');
  }
  const code = (error as { cause?: { code?: string } } | undefined)?.cause?.code;
  if (timedOut || silences.has(code ?? '')) {
    return new IntervalError('model-timeout', `The model server did not answer within ${timeoutMs} ms.`);
  }
  return new IntervalError('model-unavailable', 'The model server cannot be reached, or closed the connection.', {
    cause: error,
  });
}
