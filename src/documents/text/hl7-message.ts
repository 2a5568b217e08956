import { isUtf8 } from 'node:buffer';
import { IntervalError } from '../../errors.ts';
import { decodeText } from './plain-text.ts';

/** A segment: its name, and its fields as sent, `fields[1]` is the first (MSH-1 is the separator itself). */
export interface Segment {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Separators of a message, as MSH says them. */
export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
}

export interface Message {
  readonly separators: Separators;
  readonly segments: readonly Segment[];
}

/** Bytes of an HL7 version 2 message in its pipe encoding, alone, in a batch or framed for transport. */
export const startsHl7 = /^[\ufeff\s\v]*(?:MSH|FHS|BHS)[^A-Za-z0-9\s].{3}/;

/** Ends a message in transport framing; a vertical tab begins it. */
const endOfBlock = '\u001c';

/** Character sets by the names of table 0211; what is not listed is UTF-8 or, where that fails, Windows-1252. */
function charsetOf(text: string): string | undefined {
  const from = text.indexOf('MSH');
  const head = text.slice(from, from + 5000).split(/[\r\n]/)[0]!;
  const [first = ''] = (head.split(head[3] ?? '|')[17] ?? '').trim().split('~');
  const part = /^8859\/(\d{1,2})$/.exec(first)?.[1];
  if (part) {
    return part === '1' ? 'windows-1252' : `iso-8859-${part}`;
  }
  return { 'GB 18030-2000': 'gb18030', 'BIG-5': 'big5', 'KS X 1001': 'euc-kr' }[first];
}

function decode(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  const label = charsetOf(text);
  if (!label || isUtf8(bytes)) {
    return text;
  }
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return text;
  }
}

/** Messages of a file. Lines that begin no segment go on with the one before. Throws `document-damaged`. */
export function parseHl7(bytes: Uint8Array): readonly Message[] {
  const lines = decode(bytes)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replaceAll('\v', '').replaceAll(endOfBlock, ''));
  const messages: { separators: Separators; segments: Segment[] }[] = [];
  let raw: string[] = [];
  let separator = '|';
  const flush = () => {
    const text = raw.join('\n');
    raw = [];
    if (text === '') {
      return;
    }
    const fields = text.split(separator);
    const name = fields[0]!;
    if (name === 'MSH') {
      const [component = '^', repetition = '~', escaping = '\\', subcomponent = '&'] = fields[1] ?? '';
      const separators = { field: separator, component, repetition, escape: escaping, subcomponent };
      messages.push({ separators, segments: [] });
      fields.splice(1, 0, separator);
    }
    if (!['FHS', 'BHS', 'BTS', 'FTS'].includes(name)) {
      messages.at(-1)?.segments.push({ name, fields });
    }
  };
  for (const line of lines) {
    if (/^MSH[^A-Za-z0-9\s]/.test(line)) {
      flush();
      separator = line[3]!;
      raw = [line];
    } else if (/^[A-Z][A-Z0-9]{2}(?=\W|$)/.test(line) && (line.length === 3 || line[3] === separator)) {
      flush();
      raw = [line];
    } else if (raw.length > 0 && line.trim() !== '') {
      raw.push(line);
    }
  }
  flush();
  if (messages.length === 0) {
    throw new IntervalError('document-damaged', 'The HL7 file holds no message.');
  }
  return messages;
}

/** Text of a field or component with its escape sequences resolved; `\.br\` becomes a line end. */
export function unescaped(text: string, separators: Separators): string {
  const { escape: escaping, field, component: S, subcomponent: T, repetition: R } = separators;
  if (!text.includes(escaping)) {
    return text;
  }
  const mark = `\\u{${escaping.codePointAt(0)!.toString(16)}}`;
  const named: Readonly<Record<string, string>> = { F: field, S, T, R, E: escaping };
  return text.replace(new RegExp(`${mark}([A-Za-z.][^${mark}\\r\\n]{0,40}?)${mark}`, 'gu'), (whole, body: string) => {
    if (body in named) {
      return named[body]!;
    }
    if (/^X(?:[\dA-Fa-f]{2})+$/.test(body)) {
      return decodeText(Buffer.from(body.slice(1), 'hex')).replace(/[^\P{Cc}\n\r\t]/gu, ' ');
    }
    if (/^\.(?:br|sp|fi|nf|ce)/.test(body)) {
      return '\n';
    }
    // Highlighting, indents, character sets and local sequences say nothing that is printed.
    return /^(?:[HNZ]|[CM][\dA-Fa-f]+|Z.*|\.(?:in|ti|sk).*)$/.test(body) ? '' : whole;
  });
}

/** Repetitions of a field; none for an empty one and for `""`, which says "delete". */
export function repetitions(segment: Segment | undefined, field: number, separators: Separators): readonly string[] {
  const raw = segment?.fields[field] ?? '';
  return raw === '' || raw === '""' ? [] : raw.split(separators.repetition).filter((one) => one !== '');
}

/** A component of a repetition, 1-based, unescaped and trimmed; undefined when it is empty. */
export function component(repetition: string | undefined, index: number, separators: Separators): string | undefined {
  const part = repetition?.split(separators.component)[index - 1];
  const text = part === undefined || part === '""' ? '' : unescaped(part, separators).trim();
  return text === '' ? undefined : text;
}

/** The text of a coded element (CE, CWE, CNE): its own name, what was seen when it was coded, another name, its code. */
export function codedText(repetition: string | undefined, separators: Separators): string | undefined {
  return [2, 9, 5, 1, 4].map((index) => component(repetition, index, separators)).find((text) => text !== undefined);
}
