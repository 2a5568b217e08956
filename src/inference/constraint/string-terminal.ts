import type { Terminal } from './terminal.ts';

/**
 * Where in a JSON string the reply stands (RFC 8259 section 7), with UTF-8 as RFC 3629 section 4 has it: no overlong
 * forms, no surrogates, nothing above U+10FFFF. Escapes by number (\u00b5) are left out: every character but a few
 * controls can be written without them, and so a lone surrogate cannot be written at all.
 */
const opening = 0;
const body = 1;
const escaped = 2;
/** One, two, three continuation bytes to come. */
const one = 3;
const two = 4;
const three = 5;
const afterE0 = 6;
const afterEd = 7;
const afterF0 = 8;
const afterF4 = 9;
const closed = 10;

const quote = 0x22;
const backslash = 0x5c;
const escapes: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));

/** By the first byte of a character: where it leads, −1 where no character begins so. */
const begins = Int8Array.from({ length: 256 }, (_, byte) => {
  if (byte === backslash) return escaped;
  if (byte < 0x20 || byte === quote || (byte >= 0x80 && byte < 0xc2) || byte > 0xf4) return -1;
  if (byte < 0x80) return body;
  if (byte < 0xe0) return one;
  if (byte === 0xe0) return afterE0;
  if (byte === 0xed) return afterEd;
  if (byte < 0xf0) return two;
  return byte === 0xf0 ? afterF0 : byte === 0xf4 ? afterF4 : three;
});

/** Inside a character: lowest and highest byte that may follow, and where it leads. */
const continues: Readonly<Record<number, readonly [low: number, high: number, to: number]>> = {
  [one]: [0x80, 0xbf, body],
  [two]: [0x80, 0xbf, one],
  [three]: [0x80, 0xbf, two],
  [afterE0]: [0xa0, 0xbf, one],
  [afterEd]: [0x80, 0x9f, one],
  [afterF0]: [0x90, 0xbf, two],
  [afterF4]: [0x80, 0x8f, two],
};

/**
 * A JSON string of `min` to `max` code points. A state is 16 × code points begun + where it stands; they are counted no
 * further than a limit asks for, so that a string without limits has eleven states.
 */
export function stringTerminal(min = 0, max?: number): Terminal {
  const place = (state: number) => state & 15;
  const count = (state: number) => state >> 4;
  const needed = (state: number) => Math.max(0, min - count(state));

  function step(state: number, byte: number): number {
    const at = place(state);
    if (at === body) {
      if (byte === quote) return count(state) >= min ? (state & ~15) | closed : -1;
      const to = begins[byte]!;
      if (to < 0 || count(state) === max) return -1;
      const counted = max === undefined ? Math.min(count(state) + 1, min) : count(state) + 1;
      return counted * 16 + to;
    }
    if (at === opening) return byte === quote ? (state & ~15) | body : -1;
    if (at === escaped) return escapes.has(byte) ? (state & ~15) | body : -1;
    const way = continues[at];
    return way !== undefined && byte >= way[0] && byte <= way[1] ? (state & ~15) | way[2] : -1;
  }

  return {
    start: opening,
    step,
    accepts: (state) => place(state) === closed,
    only: (state) =>
      place(state) === closed
        ? -1
        : place(state) === opening || (place(state) === body && count(state) === max)
          ? quote
          : -2,
    shortest(state) {
      const bytes: number[] = [];
      let at = place(state);
      if (at === closed) return Uint8Array.of();
      if (at === opening) bytes.push(quote);
      if (at === escaped) bytes.push(backslash);
      while (continues[at] !== undefined) {
        bytes.push(continues[at]![0]);
        at = continues[at]![2];
      }
      return Uint8Array.of(...bytes, ...new Array<number>(needed(state)).fill(0x3f), quote);
    },
    tail: (state) => needed(state) * 16 + place(state),
    name: (state, longest) =>
      `string ${place(state)} ${needed(state)} ${Math.min(max === undefined ? longest : max - count(state), longest)}`,
  };
}
