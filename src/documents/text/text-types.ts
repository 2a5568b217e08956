import { IntervalError } from '../../errors.ts';
import type { DocumentLimits } from '../limits.ts';
import type { Page } from '../page.ts';
import { cdaContent } from './cda.ts';
import { hl7Content } from './hl7.ts';
import type { Embedded } from './hl7-values.ts';
import { htmlLines } from './html.ts';
import { decodeMarkup, decodeText, pagesOfLines, plainLines } from './plain-text.ts';
import { rtfLines } from './rtf.ts';

/** Every type that becomes pages of characters, and how it becomes lines; some carry a file in place of text. */
const readers = {
  'text/plain': (bytes: Uint8Array) => plainLines(decodeText(bytes)),
  'text/html': (bytes: Uint8Array) => htmlLines(decodeMarkup(bytes)),
  'text/rtf': rtfLines,
  'application/hl7-v2': hl7Content,
  'application/cda+xml': (bytes: Uint8Array) => cdaContent(decodeMarkup(bytes)),
} as const satisfies Record<string, (bytes: Uint8Array) => readonly string[] | Embedded>;

export type TextType = keyof typeof readers;

export function isTextType(type: string): type is TextType {
  return Object.hasOwn(readers, type);
}

/**
 * Pages of a document that is text, or the file that a message carries in place of results. Throws what the readers
 * throw, `document-too-many-pages`, `document-empty`.
 */
export function openText(bytes: Uint8Array, type: TextType, limits: DocumentLimits): readonly Page[] | Embedded {
  const content: readonly string[] | Embedded = readers[type](bytes);
  if (!('bytes' in content)) {
    return pagesOfLines(content, limits);
  }
  if (content.bytes.length > limits.bytes) {
    throw new IntervalError('document-too-large', `The file in the message is larger than ${limits.bytes} bytes.`);
  }
  return content;
}
