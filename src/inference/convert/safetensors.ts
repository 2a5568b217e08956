import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { IntervalError } from '../../errors.ts';

export interface Weight {
  readonly name: string;
  readonly dims: readonly number[];
  /** Values from `start`, `count` of them, row-major, as float32. The array is used again by the next call. */
  read(start: number, count: number): Float32Array;
}

export interface Weights {
  has(name: string): boolean;
  /** Throws `model-invalid` when there is no such tensor or its shape is not the expected one. */
  get(name: string, dims: readonly number[]): Weight;
  readonly bytes: number;
  close(): void;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const bytesOf: Readonly<Record<string, number>> = { F32: 4, BF16: 2, F16: 2 };
/** The format allows 100 MB; a model of 34 layers needs 100 kB. */
const MAX_HEADER = 16 * 1024 * 1024;

/**
 * The weights of a Hugging Face folder, one file or shards with an index (https://huggingface.co/docs/safetensors).
 * Nothing is read but the headers until a weight is asked for, and then only the part that is asked for.
 */
export function openSafetensors(folder: string): Weights {
  const files = new Map<string, { readonly descriptor: number; readonly begin: number }>();
  const entries = new Map<string, Entry & { readonly file: string }>();
  let bytes = 0;
  for (const file of shards(folder)) {
    const descriptor = openSync(join(folder, file), 'r');
    const { header, begin } = readHeader(descriptor, file);
    files.set(file, { descriptor, begin });
    for (const [name, entry] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const width = bytesOf[entry.dtype];
      const [from, to] = entry.data_offsets;
      if (!width || to - from !== width * product(entry.shape)) {
        throw new IntervalError(
          'model-invalid',
          `The tensor ${name} in ${file} is of a type or size that is not known.`,
        );
      }
      entries.set(name, { ...entry, file });
      bytes += to - from;
    }
  }
  let buffer = new Uint8Array(0);
  let values = new Float32Array(0);

  return {
    bytes,
    has: (name) => entries.has(name),
    get(name, dims) {
      const entry = entries.get(name);
      if (!entry) {
        throw new IntervalError('model-invalid', `The model has no tensor ${name}.`);
      }
      if (entry.shape.join() !== dims.join()) {
        throw new IntervalError('model-invalid', `The tensor ${name} is [${entry.shape}]; [${dims}] was expected.`);
      }
      const width = bytesOf[entry.dtype]!;
      return {
        name,
        dims,
        read(start, count) {
          const { descriptor, begin } = files.get(entry.file)!;
          if (buffer.byteLength < count * width) buffer = new Uint8Array(count * width);
          if (values.length < count) values = new Float32Array(count);
          const wanted = count * width;
          const got = readSync(descriptor, buffer, 0, wanted, begin + entry.data_offsets[0] + start * width);
          if (got !== wanted) {
            throw new IntervalError('model-invalid', `The file ${entry.file} ends within the tensor ${name}.`);
          }
          toFloat32(buffer, entry.dtype, values, count);
          return values.subarray(0, count);
        },
      };
    },
    close() {
      for (const { descriptor } of files.values()) closeSync(descriptor);
    },
  };
}

export function product(dims: readonly number[]): number {
  return dims.reduce((all, one) => all * one, 1);
}

function shards(folder: string): readonly string[] {
  const index = join(folder, 'model.safetensors.index.json');
  if (!existsSync(index)) {
    if (!existsSync(join(folder, 'model.safetensors'))) {
      throw new IntervalError('model-invalid', 'The folder holds no model.safetensors.');
    }
    return ['model.safetensors'];
  }
  const map = (JSON.parse(readFileSync(index, 'utf8')) as { weight_map?: Record<string, string> }).weight_map ?? {};
  const names = [...new Set(Object.values(map))].sort();
  const missing = names.find((name) => !/^[\w.-]+$/.test(name) || !existsSync(join(folder, name)));
  if (names.length === 0 || missing !== undefined) {
    throw new IntervalError(
      'model-invalid',
      `The folder lacks a file that its index names${missing ? `: ${missing}` : ''}.`,
    );
  }
  return names;
}

function readHeader(descriptor: number, file: string): { header: Record<string, Entry>; begin: number } {
  const length = Buffer.alloc(8);
  const size = readSync(descriptor, length, 0, 8, 0) === 8 ? Number(length.readBigUInt64LE()) : 0;
  if (size === 0 || size > MAX_HEADER) {
    throw new IntervalError('model-invalid', `The file ${file} is no safetensors file.`);
  }
  const text = Buffer.alloc(size);
  try {
    readSync(descriptor, text, 0, size, 8);
    return { header: JSON.parse(text.toString('utf8')), begin: 8 + size };
  } catch (cause) {
    throw new IntervalError('model-invalid', `The header of ${file} cannot be read.`, { cause });
  }
}

function toFloat32(bytes: Uint8Array, dtype: string, out: Float32Array, count: number): void {
  if (dtype === 'F32') {
    out.set(new Float32Array(bytes.buffer, bytes.byteOffset, count));
    return;
  }
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  const bits = new Uint32Array(out.buffer, out.byteOffset, count);
  if (dtype === 'BF16') {
    // The upper half of a float32.
    for (let i = 0; i < count; i++) bits[i] = halves[i]! << 16;
    return;
  }
  for (let i = 0; i < count; i++) out[i] = fromHalf(halves[i]!);
}

function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
