import { isUtf8 } from 'node:buffer';
import { IntervalError } from '../../errors.ts';
import type { DocumentLimits } from '../limits.ts';
import type { Page, Word } from '../page.ts';
import { boldMark, widthOf } from './grid.ts';
import { alignTabs } from './tabs.ts';

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

/** HTML and XML: as `decodeText`, but bytes that are no UTF-8 are in the encoding that the document declares. */
export function decodeMarkup(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  const label = /<(?:\?xml|meta)\b[^>]{0,200}?(?:encoding|charset)\s*=\s*["']?\s*([\w-]{2,40})/i.exec(
    text.slice(0, 4096),
  )?.[1];
  if (!label || /^utf-?(?:8|16)/i.test(label) || isUtf8(bytes)) {
    return text;
  }
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return text;
  }
}

/** Columns of a line with tabs to every eighth. */
export function expandTabs(line: string): string {
  let out = '';
  let width = 0;
  let start = 0;
  for (let at = line.indexOf('\t'); at >= 0; at = line.indexOf('\t', start)) {
    const part = line.slice(start, at);
    width += widthOf(part);
    const pad = 8 - (width % 8);
    out += part + ' '.repeat(pad);
    width += pad;
    start = at + 1;
  }
  return start === 0 ? line : out + line.slice(start);
}

/** The words of one line; words with the mark of `bold` (grid.ts) are bold, and the mark takes no room. */
function wordsOf(line: string, row: number): readonly Word[] {
  let marks = 0;
  return [...line.matchAll(/\S+/g)].map(({ 0: marked, index }) => {
    const text = marked.replaceAll(boldMark, '');
    const x = index - marks;
    marks += marked.length - text.length;
    return {
      text,
      box: [x, row, x + text.length, row + 1] as const,
      confidence: 1,
      fontSize: 1,
      bold: text.length < marked.length,
    };
  });
}

function toPage(lines: readonly string[], number: number): Page {
  const expanded = alignTabs(lines).map(expandTabs);
  const words = expanded.flatMap(wordsOf).filter(({ text }) => text !== '');
  const width = expanded.reduce((widest, line) => Math.max(widest, widthOf(line)), 1);
  return { number, width, height: Math.max(lines.length, 1), unit: 'character', source: 'plain-text', words };
}

/** Pages of lines, which "\f" as a line of its own ends. Throws `document-too-many-pages`, `document-empty`. */
export function pagesOfLines(lines: readonly string[], limits: DocumentLimits): readonly Page[] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    line === '\f' ? parts.push([]) : parts.at(-1)!.push(line);
  }
  // Pages without words are kept, so that numbers stay those of the form feeds; at the end they say nothing.
  while (parts.length > 1 && parts.at(-1)!.every((line) => line.trim() === '')) {
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

const terminalCodes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g');

/** Lines of plain text, a form feed as a line of its own; codes that a terminal would take as colour are left out. */
export function plainLines(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, '')
    .replace(terminalCodes, '')
    .replaceAll(boldMark, ' ')
    .split('\f')
    .flatMap((part, index) => [...(index > 0 ? ['\f'] : []), ...part.split(/\r\n|\r|\n/)]);
}
