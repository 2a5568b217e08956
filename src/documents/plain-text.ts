import { IntervalError } from '../errors.ts';
import type { DocumentLimits } from './limits.ts';
import type { Page, Word } from './page.ts';

/** UTF-8, UTF-16 with or without a mark, else Windows-1252, which contains Latin-1. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) {
    return new TextDecoder('utf-16le').decode(bytes);
  }
  if (first === 0xfe && second === 0xff) {
    return new TextDecoder('utf-16be').decode(bytes);
  }
  const head = bytes.subarray(0, 4096);
  const zeros = [0, 0];
  head.forEach((byte, index) => {
    zeros[index % 2]! += byte === 0 ? 1 : 0;
  });
  if (zeros[1]! > head.length / 4) {
    return new TextDecoder('utf-16le').decode(bytes);
  }
  if (zeros[0]! > head.length / 4) {
    return new TextDecoder('utf-16be').decode(bytes);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** Columns of a line with tabs to every eighth. */
function expandTabs(line: string): string {
  let out = '';
  for (const character of line) {
    out += character === '\t' ? ' '.repeat(8 - (out.length % 8)) : character;
  }
  return out;
}

function toPage(text: string, number: number): Page {
  const lines = text.split(/\r\n|\r|\n/).map(expandTabs);
  const words: Word[] = lines.flatMap((line, row) =>
    [...line.matchAll(/\S+/g)].map(({ 0: word, index }) => ({
      text: word,
      box: [index, row, index + word.length, row + 1] as const,
      confidence: 1,
      fontSize: 1,
      bold: false,
    })),
  );
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), 1);
  return { number, width, height: Math.max(lines.length, 1), unit: 'character', source: 'plain-text', words };
}

const terminalCodes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Pages of a text, one for each form feed; a last page without words is dropped. */
export function textPages(bytes: Uint8Array, limits: DocumentLimits): readonly Page[] {
  const parts = decodeText(bytes)
    .replace(/^\ufeff/, '')
    .replace(terminalCodes, '')
    .split('\f');
  while (parts.length > 1 && parts.at(-1)!.trim() === '') {
    parts.pop();
  }
  if (parts.length > limits.pages) {
    throw new IntervalError(
      'document-too-many-pages',
      `The document has ${parts.length} pages; at most ${limits.pages} are read.`,
    );
  }
  const pages = parts.map((part, index) => toPage(part, index + 1));
  if (pages.every((page) => page.words.length === 0)) {
    throw new IntervalError('document-empty', 'The document holds no text.');
  }
  return pages;
}
