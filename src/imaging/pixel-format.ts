import { IntervalError } from '../errors.ts';
import type { DicomFile } from './dicom.ts';

/** How stored pixels are laid out (PS3.3 C.7.6.3), checked for sense. */
export interface PixelFormat {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3 | 4;
  /** 1, 8, 16, 32 or 64. */
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** Float Pixel Data and Double Float Pixel Data. */
  readonly floating: boolean;
  /** Colour by plane rather than by pixel. */
  readonly planar: boolean;
  readonly photometricInterpretation: string;
}

export interface PixelLimits {
  /** Rows × columns × samples of one frame. */
  readonly maxSamples: number;
}

/** 128 million samples: twice the largest mammogram or stitched radiograph. */
export const defaultPixelLimits: PixelLimits = { maxSamples: 128_000_000 };

/**
 * @throws IntervalError `dicom-no-pixels`, `image-too-large` (before anything is allocated), `dicom-decode-failed` when
 * the description contradicts itself.
 */
export function readPixelFormat({ header, dataSet }: DicomFile, limits = defaultPixelLimits): PixelFormat {
  const { rows, columns, numberOfFrames: frames } = header;
  const float = dataSet.elements.x7fe00008;
  const double = dataSet.elements.x7fe00009;
  if (!(dataSet.elements.x7fe00010 ?? float ?? double)) {
    throw new IntervalError('dicom-no-pixels', 'The DICOM file holds no pixel data.');
  }
  if (rows === 0 || columns === 0) {
    throw new IntervalError('dicom-no-pixels', 'The DICOM file does not say how many rows and columns it has.');
  }
  const samples = dataSet.uint16('x00280002') ?? 1;
  if (rows * columns * samples > limits.maxSamples) {
    throw new IntervalError('image-too-large', `An image of ${columns} × ${rows} pixels is too large.`);
  }
  const floating = !dataSet.elements.x7fe00010;
  const bitsAllocated = floating ? (float ? 32 : 64) : (dataSet.uint16('x00280100') ?? 0);
  const bitsStored = Math.min(dataSet.uint16('x00280101') || bitsAllocated, bitsAllocated);
  const known = floating ? [32, 64] : [1, 8, 16, 32];
  if (!known.includes(bitsAllocated) || (samples !== 1 && samples !== 3 && samples !== 4)) {
    throw new IntervalError(
      'dicom-decode-failed',
      `Pixels of ${samples} samples of ${bitsAllocated} bits are not supported.`,
    );
  }
  const highBit = dataSet.uint16('x00280102') ?? bitsStored - 1;
  return {
    rows,
    columns,
    frames,
    samples,
    bitsAllocated,
    bitsStored,
    highBit: highBit >= bitsStored - 1 && highBit < bitsAllocated ? highBit : bitsStored - 1,
    signed: dataSet.uint16('x00280103') === 1,
    floating,
    planar: samples > 1 && dataSet.uint16('x00280006') === 1,
    photometricInterpretation: header.photometricInterpretation ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
  };
}

export type StoredValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One decoded frame. */
export interface StoredFrame {
  readonly rows: number;
  readonly columns: number;
  readonly samples: 1 | 3 | 4;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** What the values are now: RGB where the decoder has converted. */
  readonly photometricInterpretation: string;
  /** Row-major, colour by pixel; length = rows × columns × samples. Bits above bitsStored are as stored. */
  readonly values: StoredValues;
}

/** Little-endian bytes → values of the format's type. The bytes are copied when they are not aligned. */
export function toValues(bytes: Uint8Array, format: PixelFormat): StoredValues {
  const { bitsAllocated, signed, floating } = format;
  const size = bitsAllocated / 8;
  const aligned = size < 2 || bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  const length = Math.floor(byteLength / Math.max(1, size));
  if (floating) {
    return size === 4 ? new Float32Array(buffer, byteOffset, length) : new Float64Array(buffer, byteOffset, length);
  }
  if (size <= 1) {
    return signed && size === 1 ? new Int8Array(buffer, byteOffset, length) : aligned;
  }
  if (size === 2) {
    return signed ? new Int16Array(buffer, byteOffset, length) : new Uint16Array(buffer, byteOffset, length);
  }
  return signed ? new Int32Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
}
