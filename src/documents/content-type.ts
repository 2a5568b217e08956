import { IntervalError } from '../errors.ts';
import type { PagedDocument } from './page.ts';
import { startsHl7 } from './text/hl7-message.ts';
import { decodeText } from './text/plain-text.ts';

export type DocumentType = PagedDocument['contentType'];

function startsWith(bytes: Uint8Array, ...signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** Text in an encoding that we read: no control characters but tab, line ends, form feed and escape. */
function looksLikeText(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 65_536);
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)) {
    return true;
  }
  let control = 0;
  let zero = 0;
  for (const byte of head) {
    if (byte === 0) {
      zero++;
    } else if ((byte < 0x20 && ![9, 10, 11, 12, 13, 27].includes(byte)) || byte === 0x7f) {
      control++;
    }
  }
  // UTF-16 without a mark: every second byte of Latin text is zero.
  const utf16 = head.length >= 4 && Math.abs(zero - head.length / 2) < head.length * 0.1;
  return control === 0 && (zero === 0 || utf16);
}

const htmlNames = new Set(
  `html head body title meta style div p span table tr td tbody thead center font b i u strong em pre h1 h2 h3 h4 h5 h6 br hr
  article main header ul ol dl form fieldset section`.split(/\s+/),
);

/** The type of a document that begins with a tag: by the name of its first element. */
function markupType(head: string): DocumentType | undefined {
  const first = head.replace(/^(?:\s+|<!--[\s\S]*?-->|<\?[^>]*>|<!doctype[^>]*>)+/i, '');
  const name = /^<(?:[\w.-]+:)?([A-Za-z][\w.-]*)[\s/>]/.exec(first)?.[1];
  const part = ['component', 'structuredBody', 'section'].includes(name ?? '');
  if (name === 'ClinicalDocument' || (part && /<(?:[\w.-]+:)?templateId\b|urn:hl7-org:v3/.test(head))) {
    return 'application/cda+xml';
  }
  const html = /^\s*(?:<!--[\s\S]*?-->\s*)*<!doctype\s+html/i.test(head) || htmlNames.has(name?.toLowerCase() ?? '');
  return html && !/^<svg/i.test(first) ? 'text/html' : undefined;
}

/** The type of a text by how it begins; undefined for bytes that are no text and for markup that is not read. */
function textTypeOf(bytes: Uint8Array): DocumentType | undefined {
  const head = decodeText(bytes.subarray(0, 16_384)).replace(/^\ufeff/, '');
  if (/^\s*\{\\rtf/.test(head)) {
    return 'text/rtf';
  }
  if (startsHl7.test(head)) {
    return 'application/hl7-v2';
  }
  if (/^\s*<[A-Za-z!?]/.test(head)) {
    return markupType(head);
  }
  return /^\s*\{\s*"/.test(head) || !looksLikeText(bytes) ? undefined : 'text/plain';
}

/**
 * What the bytes are, by their content. Throws `document-empty`, `document-damaged` when the claimed type is a PDF or a
 * picture and the bytes are not, `document-unsupported` for everything that is not read here.
 */
export function sniff(bytes: Uint8Array, claimed?: string): DocumentType {
  if (bytes.length === 0) {
    throw new IntervalError('document-empty', 'The document has no bytes.');
  }
  if (startsWith(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) {
    return 'image/png';
  }
  if (startsWith(bytes, 0xff, 0xd8, 0xff)) {
    return 'image/jpeg';
  }
  if (
    startsWith(bytes, 0x49, 0x49, 0x2a, 0) ||
    startsWith(bytes, 0x4d, 0x4d, 0, 0x2a) ||
    startsWith(bytes, 0x49, 0x49, 0x2b, 0) ||
    startsWith(bytes, 0x4d, 0x4d, 0, 0x2b)
  ) {
    return 'image/tiff';
  }
  // ISO 32000: readers accept the header anywhere in the first 1024 bytes.
  const head = latin1(bytes.subarray(0, 1024));
  if (head.includes('%PDF-')) {
    return 'application/pdf';
  }
  const type = claimed?.split(';')[0]?.trim().toLowerCase();
  if (type === 'application/pdf' || type === 'image/png' || type === 'image/jpeg' || type === 'image/tiff') {
    throw new IntervalError('document-damaged', `The document is said to be ${type}, but its bytes are not.`);
  }
  const text = textTypeOf(bytes);
  if (text === 'text/plain' && /^\s*$/.test(latin1(bytes.subarray(0, 65_536))) && bytes.length <= 65_536) {
    throw new IntervalError('document-empty', 'The document holds no text.');
  }
  if (text) {
    return text;
  }
  throw new IntervalError(
    'document-unsupported',
    'The document is of no type that is read: PDF, PNG, JPEG, TIFF, text, HTML, RTF, CDA, HL7 version 2.',
  );
}
