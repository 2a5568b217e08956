export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Little-endian. */
  readonly bytes: Uint8Array;
}

/** A safetensors file: header length (uint64), JSON header padded to 8 bytes, then the tensors one after the other. */
export function safetensors(tensors: readonly NamedTensor[], dtype: 'F32' | 'BF16'): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const { name, shape, bytes } of tensors) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.length] };
    offset += bytes.length;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...tensors.map(({ bytes }) => bytes)]);
}

/** float32 that is exact in bfloat16 → its upper halves. */
export function bfloat16(values: Float32Array): Uint8Array {
  const halves = new Uint16Array(values.buffer, values.byteOffset, values.length * 2).filter(
    (_, index) => index % 2 === 1,
  );
  return new Uint8Array(halves.buffer);
}
