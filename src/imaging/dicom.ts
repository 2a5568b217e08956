import { inflateRawSync } from 'node:zlib';
import dicomParser, { type ByteStream, type DataSet } from 'dicom-parser';
import { IntervalError } from '../errors.ts';
import { readHeader } from './header.ts';
import type { DicomHeader } from './image.ts';
import { transferSyntax } from './transfer-syntax.ts';

/** A parsed DICOM file: the header as Interval asks for it, and the data set for whoever needs more. */
export interface DicomFile {
  readonly header: DicomHeader;
  /** Elements by `xggggeeee`; its byteArray is the file, inflated when the transfer syntax says so. */
  readonly dataSet: DataSet;
}

/** A deflated data set must not grow beyond this, whatever it claims. */
const maxInflatedBytes = 1 << 30;

/**
 * Parses a DICOM Part 10 file, or a bare data set without preamble or without a transfer syntax. Pixels are not decoded.
 * A file that is damaged behind its pixel data is accepted; before it, refused.
 *
 * @throws IntervalError `dicom-invalid` when it is not DICOM, damaged or truncated.
 */
export function readDicom(bytes: Uint8Array): DicomFile {
  try {
    const dataSet = parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return { header: readHeader(dataSet), dataSet };
  } catch (thrown) {
    if (thrown instanceof IntervalError) {
      throw thrown;
    }
    throw new IntervalError('dicom-invalid', `This is not a readable DICOM file: ${parserReason(thrown)}.`, {
      cause: thrown,
    });
  }
}

type Elements = DataSet['elements'];
type MakeDataSet = new (parser: unknown, bytes: Uint8Array, elements: Elements) => DataSet;

// Missing from the package's types, there at run time.
const { DataSet: MakeDataSet } = dicomParser as unknown as { DataSet: MakeDataSet };

function parse(bytes: Buffer): DataSet {
  const meta = readMeta(bytes);
  const uid = meta.transferSyntaxUid ?? '';
  let body = bytes;
  if (uid === transferSyntax.deflated) {
    const inflated = inflateRawSync(bytes.subarray(meta.end), { maxOutputLength: maxInflatedBytes });
    body = Buffer.concat([bytes.subarray(0, meta.end), inflated]);
  }
  const bigEndian = uid === transferSyntax.bigEndian;
  // Some writers put Implicit VR behind an explicit label, and the other way round: the bytes decide.
  const explicit = bigEndian || looksExplicit(body, meta.end) || meta.end >= body.length;
  const parser = bigEndian ? dicomParser.bigEndianByteArrayParser : dicomParser.littleEndianByteArrayParser;
  const dataSet = new MakeDataSet(parser, body, {});
  const stream = new dicomParser.ByteStream(parser, body, meta.end);
  dataSet.warnings = stream.warnings;
  try {
    if (explicit) {
      dicomParser.parseDicomDataSetExplicit(dataSet, stream, body.length);
    } else {
      parseImplicit(dataSet, stream);
    }
  } catch (thrown) {
    if (!hasPixelElement(dataSet)) {
      throw thrown;
    }
  }
  Object.assign(dataSet.elements, meta.elements);
  if (Object.keys(dataSet.elements).length === 0) {
    throw new IntervalError('dicom-invalid', 'The DICOM data set is empty.');
  }
  return dataSet;
}

interface Meta {
  readonly elements: Elements;
  readonly end: number;
  readonly transferSyntaxUid?: string;
}

function readMeta(bytes: Buffer): Meta {
  if (bytes.length < 12) {
    throw new IntervalError('dicom-invalid', 'The file is empty or too short to be DICOM.');
  }
  let start = 132;
  if (bytes.toString('latin1', 128, 132) !== 'DICM') {
    const group = bytes.readUInt16LE(0);
    if (group !== 0x0002 && group !== 0x0008) {
      throw new IntervalError('dicom-invalid', 'This is not a DICOM file: neither preamble nor data set found.');
    }
    start = 0;
  }
  const stream = new dicomParser.ByteStream(dicomParser.littleEndianByteArrayParser, bytes, start);
  const elements: Elements = {};
  let end = start;
  while (end + 8 <= bytes.length && bytes.readUInt16LE(end) === 0x0002) {
    const element = dicomParser.readDicomElementExplicit(stream, []);
    // Meta information is little endian even where the data set is not.
    element.parser = dicomParser.littleEndianByteArrayParser;
    elements[element.tag] = element;
    end = stream.position;
  }
  const uid = elements.x00020010;
  return {
    elements,
    end,
    transferSyntaxUid:
      uid && bytes.toString('latin1', uid.dataOffset, uid.dataOffset + uid.length).replace(/[\0 ]+$/, ''),
  };
}

/** Implicit VR knows no encapsulated pixel data, yet files with it exist: the fragments are then read by hand. */
function parseImplicit(dataSet: DataSet, stream: ByteStream): void {
  const end = dataSet.byteArray.length;
  dicomParser.parseDicomDataSetImplicit(dataSet, stream, end, { untilTag: 'x7fe00010' });
  const pixels = dataSet.elements.x7fe00010;
  if (!pixels) {
    return;
  }
  if (pixels.hadUndefinedLength) {
    dicomParser.findEndOfEncapsulatedElement(stream, pixels, dataSet.warnings);
  } else {
    stream.seek(pixels.length);
  }
  dicomParser.parseDicomDataSetImplicit(dataSet, stream, end);
}

function looksExplicit(bytes: Buffer, position: number): boolean {
  return /^[A-Z]{2}$/.test(bytes.toString('latin1', position + 4, position + 6));
}

/** Whether the pixel data is there whole: the parser itself seeks beyond the end without a word. */
function hasPixelElement({ elements, byteArray }: DataSet): boolean {
  const element = elements.x7fe00010 ?? elements.x7fe00008 ?? elements.x7fe00009;
  const ends = element?.fragments?.map(({ position, length }) => position + length) ?? [];
  return (
    element !== undefined && [...ends, element.dataOffset + element.length].every((end) => end <= byteArray.length)
  );
}

/** dicom-parser throws strings and `{ exception, dataSet }`; its messages name offsets and tags, never values. */
function parserReason(thrown: unknown): string {
  const inner = (thrown as { exception?: unknown } | undefined)?.exception ?? thrown;
  const text = inner instanceof Error ? inner.message : typeof inner === 'string' ? inner : 'damaged data set';
  return text.replace(/^dicomParser[.:]\w+:\s*/, '').replace(/\.$/, '');
}
