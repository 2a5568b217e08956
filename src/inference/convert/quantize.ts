/**
 * Rounds rows to integers by block, each block of `block` neighbours along a row with one float32 scale, symmetric, in
 * the layout of the operators MatMulNBits and GatherBlockQuantized: value = (q − 2^(bits−1)) × scale, two 4-bit values a
 * byte with the earlier in the lower half, a short last block filled with zeros.
 * @param values rows × columns, row-major
 * @returns packed: rows × blocks × (block × bits / 8) bytes; scales: rows × blocks
 */
export function quantizeRows(
  values: Float32Array,
  rows: number,
  columns: number,
  block: number,
  bits: 4 | 8,
): { readonly packed: Uint8Array; readonly scales: Float32Array } {
  const blocks = Math.ceil(columns / block);
  const half = bits === 4 ? 8 : 128;
  const top = 2 * half - 1;
  const perBlock = (block * bits) / 8;
  const packed = new Uint8Array(rows * blocks * perBlock);
  const scales = new Float32Array(rows * blocks);
  // A value of zero, in both halves of the byte: what fills a short last block.
  packed.fill(bits === 4 ? 0x88 : 0x80);
  for (let row = 0; row < rows; row++) {
    for (let index = 0; index < blocks; index++) {
      const begin = row * columns + index * block;
      const end = Math.min(begin + block, (row + 1) * columns);
      let extreme = 0;
      for (let i = begin; i < end; i++) {
        if (Math.abs(values[i]!) > Math.abs(extreme)) extreme = values[i]!;
      }
      // The largest value, with its sign, becomes −2^(bits−1): so the whole range of the integers is used.
      const scale = Math.fround(extreme / -half);
      scales[row * blocks + index] = scale;
      if (scale === 0) continue;
      const inverse = 1 / scale;
      const at = (row * blocks + index) * perBlock;
      if (bits === 8) {
        for (let i = begin; i < end; i++) {
          packed[at + i - begin] = Math.max(0, Math.min(top, Math.floor(values[i]! * inverse + half + 0.5)));
        }
        continue;
      }
      for (let i = begin; i < end; i += 2) {
        const low = Math.max(0, Math.min(top, Math.floor(values[i]! * inverse + half + 0.5)));
        const high = i + 1 < end ? Math.max(0, Math.min(top, Math.floor(values[i + 1]! * inverse + half + 0.5))) : half;
        packed[at + ((i - begin) >> 1)] = low | (high << 4);
      }
    }
  }
  return { packed, scales };
}
