import { inflateRawSync } from 'node:zlib';
import type { Element } from 'dicom-parser';
import { IntervalError } from '../errors.ts';
import type { DicomFile } from './dicom.ts';
import type { PixelFormat } from './pixel-format.ts';

/**
 * The compressed bytes of one frame (0-based), copied out of the file.
 *
 * Which fragments make a frame: the Basic Offset Table when it has one entry a frame, else one fragment a frame when
 * there are as many, else everything when there is one frame, else a scan for JPEG and JPEG 2000 start markers.
 */
export function compressedFrame({ dataSet }: DicomFile, format: PixelFormat, frame: number): Uint8Array {
  const element = dataSet.elements.x7fe00010;
  const fragments = element?.fragments;
  if (!element || !fragments || fragments.length === 0) {
    throw new IntervalError('dicom-decode-failed', 'The transfer syntax says compressed, the pixel data is not.');
  }
  const [first, last] = fragmentRange(element, dataSet.byteArray, format.frames, frame);
  const parts = fragments
    .slice(first, last)
    .map(({ position, length }) => dataSet.byteArray.subarray(position, position + length));
  const bytes = new Uint8Array(parts.length === 1 ? parts[0]! : Buffer.concat(parts));
  if (bytes.length === 0) {
    throw new IntervalError('dicom-decode-failed', `Frame ${frame + 1} is empty.`);
  }
  return bytes;
}

function fragmentRange(element: Element, bytes: Uint8Array, frames: number, frame: number): readonly [number, number] {
  const fragments = element.fragments!;
  const offsets = element.basicOffsetTable ?? [];
  if (offsets.length === frames) {
    const first = fragments.findIndex(({ offset }) => offset === offsets[frame]);
    const next = frame + 1 < frames ? fragments.findIndex(({ offset }) => offset === offsets[frame + 1]) : -1;
    if (first >= 0 && (frame + 1 === frames || next > first)) {
      return [first, next < 0 ? fragments.length : next];
    }
  }
  if (fragments.length === frames) {
    return [frame, frame + 1];
  }
  if (frames === 1) {
    return [0, fragments.length];
  }
  const starts = fragments.flatMap(({ position }, index) => (startsImage(bytes, position) ? [index] : []));
  if (starts.length !== frames) {
    throw new IntervalError('dicom-decode-failed', 'The fragments of the pixel data cannot be told into frames.');
  }
  return [starts[frame]!, starts[frame + 1] ?? fragments.length];
}

/** JPEG and JPEG-LS SOI, or JPEG 2000 SOC followed by SIZ. */
function startsImage(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xff && (bytes[at + 1] === 0xd8 || (bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff));
}

/** One uncompressed frame (0-based) as little-endian bytes, colour by pixel, one byte for a one-bit pixel. */
export function nativeFrame(file: DicomFile, format: PixelFormat, frame: number, bigEndian: boolean): Uint8Array {
  const { dataSet } = file;
  const element = dataSet.elements.x7fe00010 ?? dataSet.elements.x7fe00008 ?? dataSet.elements.x7fe00009!;
  if (element.fragments) {
    throw new IntervalError('dicom-decode-failed', 'The transfer syntax says uncompressed, the pixel data is not.');
  }
  const pixels = format.rows * format.columns;
  const stored = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (format.bitsAllocated === 1) {
    return unpackBits(part(stored, 0, Math.ceil((pixels * format.frames) / 8)), frame * pixels, pixels);
  }
  const halved = format.photometricInterpretation === 'YBR_FULL_422' && format.samples === 3;
  const size = (pixels * (halved ? 2 : format.samples) * format.bitsAllocated) / 8;
  const bytes = new Uint8Array(part(stored, frame * size, size));
  if (bigEndian) {
    const words = Buffer.from(bytes.buffer);
    if (format.bitsAllocated === 16) words.swap16();
    if (format.bitsAllocated === 32) words.swap32();
    if (format.bitsAllocated === 64) words.swap64();
  }
  if (halved) {
    return spreadChroma(bytes, pixels);
  }
  return format.planar ? byPixel(bytes, pixels, format.samples, format.bitsAllocated / 8) : bytes;
}

function part(stored: Uint8Array, start: number, length: number): Uint8Array {
  if (start + length > stored.length) {
    throw new IntervalError(
      'dicom-decode-failed',
      `The pixel data has ${stored.length} bytes where its header asks for ${start + length}.`,
    );
  }
  return stored.subarray(start, start + length);
}

/** One bit a pixel, least significant first; frames are not aligned to bytes. */
export function unpackBits(packed: Uint8Array, firstBit: number, count: number): Uint8Array {
  if (firstBit + count > packed.length * 8) {
    throw new IntervalError('dicom-decode-failed', 'The one-bit pixel data is too short.');
  }
  const bits = new Uint8Array(count);
  for (let index = 0, bit = firstBit; index < count; index++, bit++) {
    bits[index] = (packed[bit >> 3]! >> (bit & 7)) & 1;
  }
  return bits;
}

/** YBR_FULL_422 without compression: Y Y Cb Cr for each two pixels → Y Cb Cr for each pixel. */
function spreadChroma(bytes: Uint8Array, pixels: number): Uint8Array {
  const spread = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const pair = (pixel >> 1) * 4;
    spread[pixel * 3] = bytes[pair + (pixel & 1)]!;
    spread[pixel * 3 + 1] = bytes[pair + 2]!;
    spread[pixel * 3 + 2] = bytes[pair + 3]!;
  }
  return spread;
}

/** Colour by plane → colour by pixel; `size` = bytes per sample. */
export function byPixel(bytes: Uint8Array, pixels: number, samples: number, size: number): Uint8Array {
  const mixed = new Uint8Array(bytes.length);
  for (let sample = 0; sample < samples; sample++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const from = (sample * pixels + pixel) * size;
      const to = (pixel * samples + sample) * size;
      for (let byte = 0; byte < size; byte++) {
        mixed[to + byte] = bytes[from + byte]!;
      }
    }
  }
  return mixed;
}

/** Deflated Image Frame Compression: raw deflate, each frame on its own, one-bit frames aligned to bytes. */
export function inflateFrame(bytes: Uint8Array, format: PixelFormat): Uint8Array {
  const pixels = format.rows * format.columns;
  const size = Math.ceil((pixels * format.samples * format.bitsAllocated) / 8);
  const inflated = part(inflateRawSync(bytes, { maxOutputLength: size + 2 }), 0, size);
  if (format.bitsAllocated === 1) {
    return unpackBits(inflated, 0, pixels);
  }
  const copied = new Uint8Array(inflated);
  return format.planar ? byPixel(copied, pixels, format.samples, format.bitsAllocated / 8) : copied;
}
