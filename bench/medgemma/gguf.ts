import { closeSync, openSync, writeSync } from 'node:fs';

/**
 * GGUF version 3, as far as a model of this benchmark needs it
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md).
 */

/** A number is float32, a bigint uint32; lists are of one type, and of bigints int32. */
export type GgufValue = string | number | bigint | boolean | readonly string[] | readonly number[] | readonly bigint[];

/** Codes of ggml's types, and what a run of values takes. */
const formats = {
  f32: { code: 0, values: 1, bytes: 4 },
  f16: { code: 1, values: 1, bytes: 2 },
  /** 32 values: a float16 scale and 4 bits each. */
  q4_0: { code: 2, values: 32, bytes: 18 },
  /** 32 values: a float16 scale and 8 bits each. */
  q8_0: { code: 8, values: 32, bytes: 34 },
} as const;
export type GgufFormat = keyof typeof formats;

export interface GgufTensor {
  readonly name: string;
  /** Row-major, the last dimension the fastest; a row is whole blocks. */
  readonly dims: readonly number[];
  readonly format: GgufFormat;
  /** Values from `start`, `count` of them. */
  readonly read: (start: number, count: number) => Float32Array;
}

const ALIGNMENT = 32;
const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
const countOf = (dims: readonly number[]) => dims.reduce((all, one) => all * one, 1);
/** Values that are in memory at a time, whole blocks. */
const SLAB = 4 * 1024 * 1024;

/** Weights are read, rounded and written in slabs. */
export function writeGguf(path: string, metadata: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]) {
  const file = openSync(path, 'w');
  let position = 0;
  const write = (bytes: Uint8Array) => {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    position += bytes.length;
  };
  const pad = () => write(new Uint8Array(aligned(position) - position));

  const header = [Buffer.from('GGUF'), uint32(3), uint64(tensors.length), uint64(Object.keys(metadata).length)];
  for (const [key, value] of Object.entries(metadata)) header.push(string(key), ...typed(value));
  let offset = 0;
  for (const { name, dims, format } of tensors) {
    const { code, values, bytes } = formats[format];
    // The fastest dimension first, the other way round than everywhere else.
    const reversed = [...dims].reverse().map(uint64);
    header.push(string(name), uint32(dims.length), ...reversed, uint32(code), uint64(offset));
    offset += aligned((countOf(dims) / values) * bytes);
  }
  write(Buffer.concat(header));
  for (const { dims, format, read } of tensors) {
    pad();
    const count = countOf(dims);
    for (let start = 0; start < count; start += SLAB) write(encode(read(start, Math.min(SLAB, count - start)), format));
  }
  pad();
  closeSync(file);
}

/** Values of ggml's reference rounding (`quantize_row_q4_0_ref`, `quantize_row_q8_0_ref`). */
export function encode(values: Float32Array, format: GgufFormat): Uint8Array {
  if (format === 'f32') return new Uint8Array(values.slice().buffer);
  if (format === 'f16') return new Uint8Array(Uint16Array.from(values, toHalf).buffer);
  const { bytes } = formats[format];
  const blocks = values.length / 32;
  const out = new Uint8Array(blocks * bytes);
  for (let block = 0; block < blocks; block++) {
    const from = block * 32;
    const to = block * bytes;
    let extreme = 0;
    for (let i = from; i < from + 32; i++) if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!;
    const scale = format === 'q4_0' ? extreme / -8 : Math.abs(extreme) / 127;
    const half = toHalf(scale);
    out[to] = half & 255;
    out[to + 1] = half >> 8;
    const inverse = scale === 0 ? 0 : 1 / scale;
    if (format === 'q8_0') {
      for (let i = 0; i < 32; i++) out[to + 2 + i] = Math.round(values[from + i]! * inverse);
      continue;
    }
    // Value i in the lower half of byte i, value i + 16 in the upper.
    for (let i = 0; i < 16; i++) {
      const low = Math.min(15, Math.floor(values[from + i]! * inverse + 8.5));
      const high = Math.min(15, Math.floor(values[from + i + 16]! * inverse + 8.5));
      out[to + 2 + i] = low | (high << 4);
    }
  }
  return out;
}

const word = new Float32Array(1);
const bits = new Uint32Array(word.buffer);

/** Nearest float16, ties up; too small becomes 0, too large infinity. */
function toHalf(value: number): number {
  word[0] = value;
  const sign = (bits[0]! >>> 16) & 0x8000;
  const rest = (bits[0]! & 0x7fffffff) + 0x1000;
  const exponent = (rest >>> 23) - 112;
  if (exponent >= 31) return sign | 0x7c00;
  if (exponent > 0) return sign | (exponent << 10) | ((rest >>> 13) & 1023);
  return sign | Math.round(Math.abs(value) * 2 ** 24);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

/** Type, then value. */
function typed(value: GgufValue): [Buffer, Buffer] {
  if (Array.isArray(value)) {
    const items = (value as readonly (string | number | bigint)[]).map((one) => typed(one));
    const type = typeof value[0] === 'bigint' ? uint32(5) : items[0]![0];
    return [uint32(9), Buffer.concat([type, uint64(items.length), ...items.map(([, bytes]) => bytes)])];
  }
  if (typeof value === 'string') return [uint32(8), string(value)];
  if (typeof value === 'bigint') return [uint32(4), uint32(Number(value))];
  if (typeof value === 'boolean') return [uint32(7), Buffer.of(value ? 1 : 0)];
  return [uint32(6), float32(value as number)];
}
