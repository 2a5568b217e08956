import { IntervalError } from '../errors.ts';
import type { CodecName, Codecs, DecodedStream } from './codecs.ts';
import { type Codestream, readJ2kStream, readJpegStream } from './codestream.ts';
import type { DicomFile } from './dicom.ts';
import { byPixel, compressedFrame, inflateFrame, nativeFrame } from './frames.ts';
import { decodeJpeg12 } from './jpeg-extended.ts';
import { type PixelFormat, type PixelLimits, readPixelFormat, type StoredFrame, toValues } from './pixel-format.ts';
import { decodeRle } from './rle.ts';
import { isUncompressed, transferSyntax as syntax } from './transfer-syntax.ts';

/**
 * One frame (0-based) as stored values. Runs foreign bytes through WASM: call it in a worker (see decoder.ts).
 *
 * @throws IntervalError `dicom-no-pixels`, `dicom-transfer-syntax`, `dicom-decode-failed`, `image-too-large`.
 */
export async function decodeFrame(
  file: DicomFile,
  frame: number,
  codecs: Codecs,
  limits?: PixelLimits,
): Promise<StoredFrame> {
  const format = readPixelFormat(file, limits);
  if (!Number.isInteger(frame) || frame < 0 || frame >= format.frames) {
    throw new IntervalError('dicom-decode-failed', `There is no frame ${frame + 1}; the file has ${format.frames}.`);
  }
  try {
    const decoded = await decodeBytes(file, format, frame, codecs);
    return complete(decoded.bytes, format, decoded.photometricInterpretation);
  } catch (thrown) {
    // WASM traps, C++ exception pointers, zlib errors.
    throw thrown instanceof IntervalError
      ? thrown
      : new IntervalError('dicom-decode-failed', 'The pixel data could not be decoded.', { cause: thrown });
  }
}

interface FrameBytes {
  /** Little endian, colour by pixel, in the format's bits allocated. */
  readonly bytes: Uint8Array;
  readonly photometricInterpretation: string;
}

async function decodeBytes(file: DicomFile, format: PixelFormat, frame: number, codecs: Codecs): Promise<FrameBytes> {
  const uid = file.header.transferSyntaxUid || syntax.implicit;
  const photometricInterpretation = format.photometricInterpretation;
  if (isUncompressed(uid)) {
    const bytes = nativeFrame(file, format, frame, uid === syntax.bigEndian);
    // Chroma has been spread: what is left is plain YBR_FULL.
    const full = photometricInterpretation.replace('YBR_FULL_422', 'YBR_FULL');
    return { bytes, photometricInterpretation: full };
  }
  const encoded = () => compressedFrame(file, format, frame);
  switch (uid) {
    case syntax.rle:
      return { bytes: decodeRle(encoded(), format), photometricInterpretation };
    case syntax.deflatedFrame:
      return { bytes: inflateFrame(encoded(), format), photometricInterpretation };
    case syntax.jpegBaseline:
    case syntax.jpegExtended:
      return decodeJpeg(encoded(), format, codecs);
    case syntax.jpegLossless:
    case syntax.jpegLosslessFirstOrder:
      return decodeJpegLossless(encoded(), format, codecs);
    case syntax.jpegLsLossless:
    case syntax.jpegLsNearLossless:
      return decodeWasm('jpegLs', encoded(), format, codecs, readJpegStream);
    case syntax.jpeg2000Lossless:
    case syntax.jpeg2000:
      return decodeWasm('jpeg2000', encoded(), format, codecs, readJ2kStream);
    case syntax.htj2kLossless:
    case syntax.htj2kLosslessRpcl:
    case syntax.htj2k:
      return decodeWasm('htj2k', encoded(), format, codecs, readJ2kStream);
    default:
      throw new IntervalError(
        'dicom-transfer-syntax',
        // What stands in its place may be anything, and messages are logged.
        `Pixel data in ${/^[0-9.]{1,64}$/.test(uid) ? `transfer syntax ${uid}` : 'an unknown transfer syntax'} cannot be decoded.`,
      );
  }
}

async function decodeJpeg(encoded: Uint8Array, format: PixelFormat, codecs: Codecs): Promise<FrameBytes> {
  const stream = readJpegStream(encoded);
  if (stream.precision === 12) {
    return decodeExtended(encoded, stream, format);
  }
  if (stream.precision !== 8) {
    throw new IntervalError('dicom-transfer-syntax', `JPEG of ${stream.precision} bits cannot be decoded.`);
  }
  // Without a marker that says otherwise the codec takes three components for YCbCr (ITU-T T.872).
  const untold = stream.components === 3 && !stream.jfif && !stream.adobe;
  const marked = untold && format.photometricInterpretation === 'RGB' ? withAdobeRgb(encoded) : encoded;
  return decodeWasm('jpeg', marked, format, codecs, () => stream);
}

/** Twelve bits: no codec has them, our own decodes grey. */
function decodeExtended(encoded: Uint8Array, stream: Codestream, format: PixelFormat): FrameBytes {
  checkStream(stream, format);
  const { buffer } = decodeJpeg12(encoded);
  const bytes = widen(new Uint8Array(buffer), { precision: 12, signed: false }, format);
  return { bytes, photometricInterpretation: format.photometricInterpretation };
}

/** Puts an APP14 `Adobe` segment with transform 0 (RGB) behind the start of the image. */
function withAdobeRgb(encoded: Uint8Array): Uint8Array {
  const segment = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0);
  return Buffer.concat([encoded.subarray(0, 2), segment, encoded.subarray(2)]);
}

async function decodeWasm(
  name: CodecName,
  encoded: Uint8Array,
  format: PixelFormat,
  codecs: Codecs,
  readStream: (bytes: Uint8Array) => Codestream,
): Promise<FrameBytes> {
  checkStream(readStream(encoded), format);
  const decoded = await codecs.decode(name, encoded);
  checkStream(decoded, format);
  const size = decoded.precision > 8 ? 2 : 1;
  const pixels = format.rows * format.columns;
  if (decoded.bytes.length !== pixels * format.samples * size) {
    throw new IntervalError('dicom-decode-failed', 'The decoder returned another number of pixels than expected.');
  }
  const bytes = decoded.planar ? byPixel(decoded.bytes, pixels, format.samples, size) : decoded.bytes;
  // JPEG, JPEG 2000 and HTJ2K undo their colour transform; JPEG-LS has none.
  const colour = format.samples === 3 && name !== 'jpegLs' ? 'RGB' : format.photometricInterpretation;
  const j2k = name === 'jpeg2000' || name === 'htj2k';
  return { bytes: widen(bytes, decoded, format, j2k), photometricInterpretation: colour };
}

function decodeJpegLossless(encoded: Uint8Array, format: PixelFormat, codecs: Codecs): FrameBytes {
  const stream = readJpegStream(encoded);
  checkStream(stream, format);
  if (stream.process !== 0xc3) {
    throw new IntervalError('dicom-transfer-syntax', 'The stream is not the lossless JPEG that its label says.');
  }
  const size = stream.precision > 8 ? 2 : 1;
  if (size === 2 && stream.components > 1) {
    throw new IntervalError(
      'dicom-transfer-syntax',
      'Lossless JPEG in colour with more than 8 bits cannot be decoded.',
    );
  }
  const decoded = codecs.decodeLossless(encoded, size);
  if (decoded.length !== format.rows * format.columns * format.samples * size) {
    throw new IntervalError('dicom-decode-failed', 'The decoder returned another number of pixels than expected.');
  }
  const { precision, signed } = stream;
  const bytes = widen(decoded, { precision, signed }, format);
  return { bytes, photometricInterpretation: format.photometricInterpretation };
}

/** A stream that contradicts its header would be shown at the wrong size or shape: refused before and after decoding. */
function checkStream(stream: Pick<Codestream, 'width' | 'height' | 'components'>, format: PixelFormat): void {
  if (stream.width !== format.columns || stream.height !== format.rows || stream.components !== format.samples) {
    throw new IntervalError(
      'dicom-decode-failed',
      `The compressed image is ${stream.width} × ${stream.height} × ${stream.components}, its header says ` +
        `${format.columns} × ${format.rows} × ${format.samples}.`,
    );
  }
}

/**
 * Decoded samples → the header's Bits Allocated. JPEG 2000 knows signs, and streams that say unsigned where Pixel
 * Representation says signed exist: the sign bit is then where the stream's precision puts it. The other codings carry
 * the stored bits as they are.
 */
function widen(
  bytes: Uint8Array,
  stream: Pick<DecodedStream, 'precision' | 'signed'>,
  format: PixelFormat,
  j2k = false,
) {
  const from = stream.precision > 8 ? 2 : 1;
  const to = format.bitsAllocated / 8;
  if (to < from || to > 2) {
    throw new IntervalError('dicom-decode-failed', 'The compressed image has more bits than its header says.');
  }
  const extend = j2k && (format.signed || stream.signed);
  if (from === to && !extend) {
    return bytes;
  }
  const source = from === 2 ? new Uint16Array(bytes.buffer) : bytes;
  const widened = to === 2 ? new Int16Array(source.length) : new Int8Array(source.length);
  const shift = 32 - stream.precision;
  for (let index = 0; index < source.length; index++) {
    widened[index] = extend ? (source[index]! << shift) >> shift : source[index]!;
  }
  return new Uint8Array(widened.buffer);
}

function complete(bytes: Uint8Array, format: PixelFormat, photometricInterpretation: string): StoredFrame {
  const { rows, columns, samples, bitsStored, highBit, signed } = format;
  const values = toValues(bytes, format);
  if (values.length !== rows * columns * samples) {
    throw new IntervalError('dicom-decode-failed', 'The pixel data has another length than its header asks for.');
  }
  return { rows, columns, samples, bitsStored, highBit, signed, photometricInterpretation, values };
}
