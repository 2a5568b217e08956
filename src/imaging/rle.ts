import { IntervalError } from '../errors.ts';
import { unpackBits } from './frames.ts';
import type { PixelFormat } from './pixel-format.ts';

/**
 * RLE Lossless (PS3.5 annex G): a header of 16 uint32, then one PackBits segment for each byte of each sample, most
 * significant byte first. Returns little-endian bytes, colour by pixel.
 */
export function decodeRle(bytes: Uint8Array, format: PixelFormat): Uint8Array {
  const pixels = format.rows * format.columns;
  const size = Math.max(1, format.bitsAllocated / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = bytes.length >= 64 ? view.getUint32(0, true) : 0;
  if (segments !== format.samples * size) {
    throw new IntervalError('dicom-decode-failed', `The RLE frame has ${segments} segments, not the number expected.`);
  }
  const packed = format.bitsAllocated === 1;
  const planes = Array.from({ length: segments }, (_, index) => {
    const start = view.getUint32(4 + index * 4, true);
    const end = index + 1 < segments ? view.getUint32(8 + index * 4, true) : bytes.length;
    return unpackSegment(bytes.subarray(start, end), packed ? Math.ceil(pixels / 8) : pixels);
  });
  if (packed) {
    return unpackBits(planes[0]!, 0, pixels);
  }
  const mixed = new Uint8Array(pixels * segments);
  planes.forEach((plane, index) => {
    const offset = Math.floor(index / size) * size + (size - 1 - (index % size));
    for (let pixel = 0; pixel < pixels; pixel++) {
      mixed[pixel * segments + offset] = plane[pixel]!;
    }
  });
  return mixed;
}

function unpackSegment(segment: Uint8Array, length: number): Uint8Array {
  const plain = new Uint8Array(length);
  let to = 0;
  let from = 0;
  while (to < length && from < segment.length) {
    const control = segment[from++]!;
    if (control < 128) {
      const run = segment.subarray(from, from + control + 1).subarray(0, length - to);
      plain.set(run, to);
      to += run.length;
      from += control + 1;
    } else if (control > 128) {
      const end = Math.min(length, to + 257 - control);
      plain.fill(segment[from++] ?? 0, to, end);
      to = end;
    }
  }
  if (to < length || from > segment.length) {
    throw new IntervalError('dicom-decode-failed', 'An RLE segment is truncated.');
  }
  return plain;
}
