import { IntervalError } from '../errors.ts';
import { damaged } from './codestream.ts';
import { type HuffmanTable, huffmanTable, ScanBits } from './huffman.ts';
import { inverseDct } from './inverse-dct.ts';

const unsupported = (what: string) => new IntervalError('dicom-transfer-syntax', `JPEG ${what} cannot be decoded.`);

/** Position in the block of the n-th coefficient of the stream. */
const zigzag = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21],
  ...[28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61],
  ...[54, 47, 55, 62, 63],
);

interface Scan {
  readonly width: number;
  readonly height: number;
  readonly quantization: Uint16Array;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
  /** Blocks between two restart markers; 0: none. */
  readonly restart: number;
  readonly bits: ScanBits;
}

/**
 * Grey JPEG of 12 bits, sequential with Huffman codes (ITU-T T.81 process 4): what transfer syntax 1.2.840.10008.1.2.4.51
 * allows beyond 8 bits, and no codec at hand decodes.
 *
 * @returns samples 0 to 4095, row-major. @throws IntervalError `dicom-decode-failed`, `dicom-transfer-syntax`.
 */
export function decodeJpeg12(bytes: Uint8Array): Uint16Array {
  const scan = readScan(bytes);
  const { width, height, dc, ac, quantization, bits } = scan;
  const [across, down] = [Math.ceil(width / 8), Math.ceil(height / 8)];
  const samples = new Uint16Array(width * height);
  const block = new Int32Array(64);
  let previous = 0;
  for (let number = 0; number < across * down; number++) {
    if (scan.restart > 0 && number > 0 && number % scan.restart === 0) {
      bits.restart();
      previous = 0;
    }
    block.fill(0);
    previous += bits.value(bits.symbol(dc) & 15);
    block[0] = previous * quantization[0]!;
    readAc(bits, ac, quantization, block);
    inverseDct(block);
    place(block, samples, width, height, (number % across) * 8, Math.floor(number / across) * 8);
  }
  return samples;
}

function readAc(bits: ScanBits, ac: HuffmanTable, quantization: Uint16Array, block: Int32Array): void {
  for (let index = 1; index < 64; index++) {
    const symbol = bits.symbol(ac);
    const [run, size] = [symbol >> 4, symbol & 15];
    if (size === 0) {
      if (run !== 15) {
        return;
      }
      index += 15;
      continue;
    }
    index += run;
    if (index > 63) {
      throw damaged('a block with more than 64 coefficients');
    }
    block[zigzag[index]!] = bits.value(size) * quantization[index]!;
  }
}

function place(block: Int32Array, samples: Uint16Array, width: number, height: number, x: number, y: number): void {
  const columns = Math.min(8, width - x);
  for (let row = 0; row < Math.min(8, height - y); row++) {
    const to = (y + row) * width + x;
    for (let column = 0; column < columns; column++) {
      const value = block[row * 8 + column]! + 2048;
      samples[to + column] = value < 0 ? 0 : value > 4095 ? 4095 : value;
    }
  }
}

/** Tables and frame up to the first byte of the only scan. */
function readScan(bytes: Uint8Array): Scan {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const quantizations = new Map<number, Uint16Array>();
  const codes = new Map<number, HuffmanTable>();
  let frame: { readonly width: number; readonly height: number; readonly table: number } | undefined;
  let restart = 0;
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = view.getUint8(at + 1);
    if (view.getUint8(at) !== 0xff || marker === 0xff) {
      at++;
      continue;
    }
    const segment = bytes.subarray(at + 4, at + 2 + view.getUint16(at + 2));
    at += 2 + view.getUint16(at + 2);
    if (marker === 0xdb) {
      readQuantization(segment, quantizations);
    } else if (marker === 0xc4) {
      readCodes(segment, codes);
    } else if (marker === 0xdd) {
      restart = (segment[0]! << 8) | segment[1]!;
    } else if (marker === 0xc0 || marker === 0xc1) {
      frame = readFrame(segment);
    } else if (marker > 0xc1 && marker < 0xd0 && marker !== 0xc8) {
      throw unsupported('that is not sequential with Huffman codes');
    } else if (marker === 0xda) {
      const quantization = frame && quantizations.get(frame.table);
      const tables = segment[2] ?? 0;
      const [dc, ac] = [codes.get(tables >> 4), codes.get(16 + (tables & 15))];
      if (!frame || !quantization || !dc || !ac) {
        throw damaged('a scan without its frame or tables');
      }
      return { ...frame, quantization, dc, ac, restart, bits: new ScanBits(bytes, at) };
    }
  }
  throw damaged('no scan');
}

function readFrame(segment: Uint8Array) {
  const [height, width] = [(segment[1]! << 8) | segment[2]!, (segment[3]! << 8) | segment[4]!];
  if (segment[0] !== 12 || segment[5] !== 1) {
    throw unsupported(`of ${segment[0]} bits with ${segment[5]} components`);
  }
  if (width === 0 || height === 0 || segment.length < 9) {
    throw damaged('a frame without a size');
  }
  return { width, height, table: segment[8]! };
}

/** In the order of the stream, as coefficients come. */
function readQuantization(segment: Uint8Array, tables: Map<number, Uint16Array>): void {
  for (let at = 0; at < segment.length; ) {
    const wide = segment[at]! >> 4 > 0;
    const size = wide ? 128 : 64;
    const part = segment.subarray(at + 1, at + 1 + size);
    if (part.length < size) {
      throw damaged('a quantization table is cut');
    }
    const values = Uint16Array.from({ length: 64 }, (_, n) =>
      wide ? (part[2 * n]! << 8) | part[2 * n + 1]! : part[n]!,
    );
    tables.set(segment[at]! & 15, values);
    at += 1 + size;
  }
}

/** Keys: DC tables 0 to 3, AC tables 16 to 19. */
function readCodes(segment: Uint8Array, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at < segment.length; ) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = segment.subarray(at + 17, at + 17 + total);
    if (counts.length < 16 || symbols.length < total) {
      throw damaged('a code table is cut');
    }
    tables.set(segment[at]!, huffmanTable(counts, symbols));
    at += 17 + total;
  }
}
