import { type ErrorCode, IntervalError } from '../errors.ts';

type Headers = Readonly<Record<string, string>>;

export interface DicomWebOptions {
  /** Base URL of the DICOMweb service, e.g. http://127.0.0.1:8042/dicom-web */
  readonly base: string;
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Basic or Bearer; asked before every request and sent to the base's origin only, as nothing else is requested. Asked
   * once more with what was refused; other headers then are tried, the same are not.
   */
  readonly headers?: (refused?: Headers) => Promise<Headers> | Headers;
  /** For one request, body included. Default 60 s. */
  readonly timeoutMs?: number;
  /** For one answer, after decompression. Default 512 MiB. */
  readonly maxBytes?: number;
  /** Instances or frames in one answer. Default 2000. */
  readonly maxParts?: number;
  /** How often a GET is repeated after its connection broke (pooled sockets die). Default 1. */
  readonly retries?: number;
  /** Milliseconds since 1970, for Retry-After dates. Default Date.now. */
  readonly clock?: () => number;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** A status that says "not in this form": another way to ask may work. */
export class NotOffered extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`The imaging server answered ${status}.`);
    this.status = status;
  }
}

/** GETs a path under the base. Throws IntervalError `dicomweb-*` or `cancelled`, and NotOffered. */
export type Get = (path: string, accept: string, signal?: AbortSignal) => Promise<Answer>;

export function createGet(options: DicomWebOptions): Get {
  const {
    fetch = globalThis.fetch,
    headers,
    timeoutMs = 60_000,
    maxBytes = 512 << 20,
    retries = 1,
    clock = Date.now,
  } = options;
  const base = checkedBase(options.base);

  const ask = (path: string, accept: string, signal: AbortSignal, own: Headers | undefined) =>
    fetch(`${base}${path}`, { headers: { ...own, accept }, redirect: 'manual', signal });

  const once = async (path: string, accept: string, signal: AbortSignal): Promise<Answer> => {
    const own = await headers?.();
    let response = await ask(path, accept, signal, own);
    if (response.status === 401 && own) {
      // a token that ended or was withdrawn
      const renewed = await headers!(own);
      if (renewed.authorization !== own.authorization) {
        await response.body?.cancel();
        response = await ask(path, accept, signal, renewed);
      }
    }
    try {
      checkStatus(response, clock);
      const body = await readBody(response, maxBytes);
      return { status: response.status, contentType: response.headers.get('content-type') ?? '', body };
    } catch (thrown) {
      await response.body?.cancel().catch(() => undefined);
      throw thrown;
    }
  };

  return async (path, accept, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const both = signal ? AbortSignal.any([signal, timeout]) : timeout;
    for (let attempt = 0; ; attempt++) {
      try {
        return await once(path, accept, both);
      } catch (thrown) {
        if (thrown instanceof IntervalError || thrown instanceof NotOffered) {
          throw thrown;
        }
        if (signal?.aborted) {
          throw new IntervalError('cancelled', 'The retrieval was cancelled.', { cause: thrown });
        }
        if (timeout.aborted) {
          throw failure('dicomweb-timeout', `The imaging server took longer than ${timeoutMs} ms.`, thrown);
        }
        if (attempt >= retries || !isBrokenConnection(thrown)) {
          throw failure('dicomweb-unavailable', 'The imaging server cannot be reached.', thrown);
        }
      }
    }
  };
}

function failure(code: ErrorCode, message: string, cause: unknown): IntervalError {
  return new IntervalError(code, message, { cause });
}

function checkedBase(base: string): string {
  const url = URL.canParse(base) ? new URL(base) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new IntervalError('dicomweb-untrusted', 'The address of the imaging server is not a plain http(s) URL.');
  }
  return url.href.replace(/\/+$/, '');
}

/** The connection was closed under the request: nothing was wrong with the request itself. */
function isBrokenConnection(thrown: unknown): boolean {
  const cause = (thrown as { cause?: { code?: string } } | undefined)?.cause;
  const code = cause?.code ?? (thrown as { code?: string } | undefined)?.code;
  return code === 'ECONNRESET' || code === 'UND_ERR_SOCKET' || code === 'EPIPE';
}

function checkStatus(response: Response, clock: () => number): void {
  const { status } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    throw new IntervalError('dicomweb-untrusted', 'The imaging server redirects elsewhere, which is not followed.');
  }
  if (status === 401 || status === 403) {
    throw new IntervalError('dicomweb-unauthorized', `The imaging server refused our credentials (${status}).`);
  }
  if (status === 404 || status === 410) {
    throw new IntervalError('dicomweb-not-found', 'The imaging server does not have what was asked for.');
  }
  if (status === 429 || status === 503) {
    const code = status === 429 ? 'dicomweb-throttled' : 'dicomweb-unavailable';
    const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), clock);
    throw new IntervalError(code, `The imaging server asks to come back later (${status}).`, { retryAfterMs });
  }
  if (status === 413) {
    throw new IntervalError('dicomweb-too-large', 'The imaging server says that the answer is too large.');
  }
  if (status === 502 || status === 504) {
    throw new IntervalError('dicomweb-unavailable', `The imaging server is not available (${status}).`);
  }
  if (!response.ok) {
    throw new NotOffered(status);
  }
}

/** Seconds or an HTTP date → milliseconds from now. */
function readRetryAfter(header: string | null, clock: () => number): number | undefined {
  if (!header) {
    return undefined;
  }
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - clock();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new IntervalError('dicomweb-too-large', `The answer has more than ${maxBytes} bytes.`);
  const declared = Number(response.headers.get('content-length') ?? 0);
  if (declared > maxBytes) {
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) {
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
