import { damaged } from './codestream.ts';

/** For each next 16 bits: code length in the upper byte, symbol in the lower; 0 where no code begins so. */
export type HuffmanTable = Uint16Array;

/** @param counts codes of each length 1 to 16; @param symbols in the order of their codes (ITU-T T.81 C). */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = new Uint16Array(65_536);
  let code = 0;
  let symbol = 0;
  for (let length = 1; length <= 16; length++) {
    for (let count = 0; count < counts[length - 1]!; count++) {
      const first = code << (16 - length);
      const last = first + (1 << (16 - length));
      if (last > 65_536 || symbol >= symbols.length) {
        throw damaged('a code table contradicts itself');
      }
      table.fill((length << 8) | symbols[symbol]!, first, last);
      symbol++;
      code++;
    }
    code <<= 1;
  }
  return table;
}

/** Entropy-coded bits of one scan, most significant first; a 0 behind 0xFF is stuffing, anything else a marker. */
export class ScanBits {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;
  /** Zero bytes that were added behind the last one of an interval. */
  #borrowed = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  symbol(table: HuffmanTable): number {
    const entry = table[this.#peek(16)]!;
    if (entry === 0) {
      throw damaged('a code that its table does not have');
    }
    this.#skip(entry >> 8);
    return entry & 0xff;
  }

  /** A value of `size` bits with the sign rule of T.81 F.2.2.1. */
  value(size: number): number {
    if (size === 0) {
      return 0;
    }
    const bits = this.#peek(size);
    this.#skip(size);
    return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
  }

  /** Forgets the rest of the byte and steps over the restart marker that must follow. */
  restart(): void {
    this.#bits = this.#count = this.#borrowed = 0;
    const marker = this.#bytes[this.#at + 1] ?? 0;
    if (this.#bytes[this.#at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw damaged('a restart marker was expected');
    }
    this.#at += 2;
  }

  #peek(size: number): number {
    while (this.#count < size) {
      const byte = this.#bytes[this.#at];
      const stuffed = byte === 0xff && this.#bytes[this.#at + 1] === 0;
      if (byte === undefined || (byte === 0xff && !stuffed)) {
        this.#borrowed++;
      } else {
        this.#at += stuffed ? 2 : 1;
      }
      const next = byte === undefined || (byte === 0xff && !stuffed) ? 0 : byte;
      this.#bits = ((this.#bits & 0xff_ffff) << 8) | next;
      this.#count += 8;
    }
    return (this.#bits >>> (this.#count - size)) & ((1 << size) - 1);
  }

  #skip(size: number): void {
    this.#count -= size;
    // Bits beyond the end may be looked at, not used.
    if (this.#borrowed * 8 > this.#count) {
      throw damaged('it ends inside a block');
    }
  }
}
