import { createHash } from 'node:crypto';
import { IntervalError } from '../errors.ts';

/** The part of a FHIR R4 Attachment that is read here. */
export interface AttachmentLike {
  readonly contentType?: string;
  /** Base64 of the bytes. */
  readonly data?: string;
  readonly url?: string;
  /** Size in bytes before encoding. */
  readonly size?: number;
  /** Base64 of the SHA-1 of the bytes. */
  readonly hash?: string;
}

export interface AttachmentBytes {
  readonly bytes: Uint8Array;
  /** As the server or the attachment claims; the content decides later. */
  readonly contentType?: string;
  /** Lower-case hex SHA-256. */
  readonly sha256: string;
  /** What does not fit between the claim and the bytes. SHA-1 is no security measure: a mismatch is noted, not refused. */
  readonly notes: readonly ('size-mismatch' | 'hash-mismatch' | 'also-url')[];
}

/** Gets the bytes of `Attachment.url`; decides itself which servers are trusted and how large a file may be. */
export type FetchBinary = (
  url: string,
  signal: AbortSignal,
) => Promise<{ readonly bytes: Uint8Array; readonly contentType?: string }>;

/** Strict base64 (RFC 4648 section 4, white space as FHIR allows it): anything else would be decoded to something else. */
export function decodeBase64(text: string): Uint8Array {
  const compact = text.replace(/[ \t\r\n]+/g, '');
  if (compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) {
    throw new IntervalError('document-damaged', 'The attachment data is not base64.');
  }
  const bytes = Buffer.from(compact, 'base64');
  if (bytes.toString('base64') !== compact) {
    throw new IntervalError('document-damaged', 'The attachment data is not canonical base64.');
  }
  return new Uint8Array(bytes);
}

/**
 * Bytes of an attachment: inline data first, else its URL. Throws `attachment-missing` when there is neither,
 * `document-damaged` for bad base64, `document-too-large` before decoding what is too large, `document-empty`.
 */
export async function attachmentBytes(
  attachment: AttachmentLike,
  fetchBinary: FetchBinary,
  signal: AbortSignal,
  maxBytes = 25 * 1024 * 1024,
): Promise<AttachmentBytes> {
  const { data, url, size, hash } = attachment;
  let bytes: Uint8Array;
  let contentType = attachment.contentType;
  if (data !== undefined && data !== '') {
    if (data.length > (maxBytes / 3) * 4 * 1.05 + 4) {
      throw new IntervalError('document-too-large', `The attachment is larger than ${maxBytes} bytes.`);
    }
    bytes = decodeBase64(data);
  } else if (url) {
    const fetched = await fetchBinary(url, signal);
    bytes = fetched.bytes;
    contentType = fetched.contentType ?? contentType;
  } else {
    throw new IntervalError('attachment-missing', 'The attachment has neither data nor a URL.');
  }
  if (bytes.length > maxBytes) {
    throw new IntervalError(
      'document-too-large',
      `The attachment has ${bytes.length} bytes; at most ${maxBytes} are read.`,
    );
  }
  if (bytes.length === 0) {
    throw new IntervalError('document-empty', 'The attachment has no bytes.');
  }
  const notes: AttachmentBytes['notes'][number][] = [];
  if (size !== undefined && size !== bytes.length) {
    notes.push('size-mismatch');
  }
  if (hash !== undefined && createHash('sha1').update(bytes).digest('base64') !== hash) {
    notes.push('hash-mismatch');
  }
  if (data && url) {
    notes.push('also-url');
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, ...(contentType ? { contentType } : {}), sha256, notes };
}
