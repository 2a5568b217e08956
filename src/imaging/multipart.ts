import { IntervalError } from '../errors.ts';

/** One part of a multipart/related body; a view into it, not a copy. */
export interface Part {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A media type with its parameters; parameter names in lower case, quotes removed. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads `type/subtype; name=value; name="quoted; value"` (RFC 9110 5.6.6): semicolons inside quotes do not separate. */
export function parseMediaType(header: string): MediaType {
  const pieces = header.match(/(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? [];
  const parameters: Record<string, string> = {};
  for (const piece of pieces.slice(1)) {
    const at = piece.indexOf('=');
    if (at > 0) {
      const value = piece.slice(at + 1).trim();
      const quoted = value.startsWith('"') && value.endsWith('"') && value.length > 1;
      const plain = quoted ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
      parameters[piece.slice(0, at).trim().toLowerCase()] = plain;
    }
  }
  return { type: (pieces[0] ?? '').trim().toLowerCase(), parameters };
}

const bad = (what: string) =>
  new IntervalError('dicomweb-bad-answer', `The imaging server's answer is damaged: ${what}.`);

/**
 * Splits a multipart body (RFC 2046 5.1). A part's Content-Length is used when a delimiter follows where it says, else
 * the delimiter is searched. A preamble and an epilogue are allowed; the closing delimiter is required, since without it
 * the last part may be cut.
 *
 * @throws IntervalError `dicomweb-bad-answer`, `dicomweb-too-large` beyond maxParts.
 */
export function parseMultipart(bytes: Uint8Array, boundary: string, maxParts: number): readonly Part[] {
  if (boundary === '' || boundary.length > 200) {
    throw bad('no boundary');
  }
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Part[] = [];
  let at = startsWith(body, delimiter, 0) ? 0 : nextDelimiter(body, delimiter, 0);
  while (at >= 0) {
    let next = at + delimiter.length;
    if (body.toString('latin1', next, next + 2) === '--') {
      return parts;
    }
    next = skipLine(body, next);
    const headersEnd = findHeadersEnd(body, next);
    if (headersEnd < 0) {
      throw bad('a part without a body');
    }
    if (parts.length === maxParts) {
      throw new IntervalError('dicomweb-too-large', `The imaging server sent more than ${maxParts} parts.`);
    }
    const headers = parseHeaders(body.toString('latin1', next, headersEnd));
    const start = skipLine(body, headersEnd === next ? next : headersEnd + lineBreak(body, headersEnd));
    const end = endOfPart(body, delimiter, start, headers['content-length']);
    if (end < 0) {
      throw bad('it ends inside a part');
    }
    parts.push({ headers, body: bytes.subarray(start, end) });
    at = end + lineBreak(body, end);
  }
  throw bad(parts.length === 0 ? 'the boundary never comes' : 'the closing boundary is missing');
}

function startsWith(body: Buffer, delimiter: Buffer, at: number): boolean {
  return body.compare(delimiter, 0, delimiter.length, at, Math.min(body.length, at + delimiter.length)) === 0;
}

/** Bytes of the line break at a position: CRLF, bare LF (seen from some servers), or none. */
function lineBreak(body: Buffer, at: number): number {
  return body[at] === 0x0d && body[at + 1] === 0x0a ? 2 : body[at] === 0x0a ? 1 : 0;
}

/** Position behind the next line break; padding in front of it is allowed after a delimiter. */
function skipLine(body: Buffer, at: number): number {
  const end = body.indexOf(0x0a, at);
  return end < 0 ? body.length : end + 1;
}

/** Position of the line break in front of the empty line that ends the headers; `at` itself when there are none. */
function findHeadersEnd(body: Buffer, at: number): number {
  if (lineBreak(body, at) > 0) {
    return at;
  }
  const found = [body.indexOf('\r\n\r\n', at), body.indexOf('\n\n', at)].filter((position) => position >= 0);
  const end = found.length > 0 ? Math.min(...found) : -1;
  return end - at > 16_384 ? -1 : end;
}

function parseHeaders(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    }),
  );
}

/** Position of the line break in front of the delimiter that ends the part. */
function endOfPart(body: Buffer, delimiter: Buffer, start: number, length: string | undefined): number {
  if (length !== undefined && /^\d+$/.test(length)) {
    const end = start + Number(length);
    const gap = lineBreak(body, end);
    if (gap > 0 && startsWith(body, delimiter, end + gap)) {
      return end;
    }
  }
  const next = nextDelimiter(body, delimiter, start);
  return next < 0 ? -1 : next - (body[next - 2] === 0x0d ? 2 : 1);
}

/** Position of the next delimiter that stands at the start of a line. */
function nextDelimiter(body: Buffer, delimiter: Buffer, from: number): number {
  let at = body.indexOf(delimiter, from);
  while (at > 0 && body[at - 1] !== 0x0a) {
    at = body.indexOf(delimiter, at + 1);
  }
  return at;
}
