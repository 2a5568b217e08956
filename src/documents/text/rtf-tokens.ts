import { IntervalError } from '../../errors.ts';

/** One step of an RTF file. `word` is a control word or symbol with its number, `byte` is text in the font's code page. */
export type RtfToken =
  | { readonly kind: 'open' | 'close' }
  | { readonly kind: 'word'; readonly word: string; readonly value?: number }
  | { readonly kind: 'byte'; readonly byte: number };

/**
 * Steps through the bytes of an RTF file up to the brace that ends it. Throws `document-damaged` when that brace is
 * missing: the file is cut.
 */
export function* rtfTokens(bytes: Uint8Array): Generator<RtfToken> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const control = /([A-Za-z]{1,32})(-?\d{1,10})? ?/y;
  let depth = 0;
  for (let at = Math.max(0, text.indexOf('{')); at < text.length; at++) {
    const character = text[at]!;
    if (character === '{') {
      depth++;
      yield { kind: 'open' };
    } else if (character === '}') {
      depth--;
      yield { kind: 'close' };
      if (depth === 0) {
        return;
      }
    } else if (character === '\\') {
      control.lastIndex = at + 1;
      const match = control.exec(text);
      if (match) {
        const value = match[2] === undefined ? undefined : Number(match[2]);
        at = control.lastIndex - 1;
        if (match[1] === 'bin') {
          at += Math.max(0, value ?? 0);
        } else {
          yield value === undefined ? { kind: 'word', word: match[1]! } : { kind: 'word', word: match[1]!, value };
        }
      } else {
        at++;
        const symbol = text[at] ?? '';
        const hex = symbol === "'" ? /^[\da-f]{2}/i.exec(text.slice(at + 1, at + 3))?.[0] : undefined;
        if (hex) {
          at += 2;
          yield { kind: 'byte', byte: Number.parseInt(hex, 16) };
        } else if (symbol === '\r' || symbol === '\n') {
          yield { kind: 'word', word: 'par' };
        } else {
          yield { kind: 'word', word: symbol };
        }
      }
    } else if (character !== '\r' && character !== '\n' && character !== '\0') {
      yield { kind: 'byte', byte: character.charCodeAt(0) };
    }
  }
  throw new IntervalError('document-damaged', 'The RTF file ends before its last brace: it is truncated.');
}
