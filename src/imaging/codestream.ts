import { IntervalError } from '../errors.ts';

/** What a compressed stream says about itself, read before any decoder sees it. */
export interface Codestream {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits per sample. */
  readonly precision: number;
  readonly signed: boolean;
  /** JPEG: start-of-frame marker, 0xC0 baseline, 0xC1 extended, 0xC3 lossless, 0xF7 JPEG-LS; 0x4F for JPEG 2000. */
  readonly process: number;
  readonly jfif: boolean;
  readonly adobe: boolean;
}

/** A compressed stream that contradicts itself. */
export const damaged = (what: string) =>
  new IntervalError('dicom-decode-failed', `The compressed image is damaged: ${what}.`);

/** JPEG, JPEG lossless and JPEG-LS. A stream that lacks its end is refused: decoders would fill in grey. */
export function readJpegStream(bytes: Uint8Array): Codestream {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) {
    throw damaged('no start of image');
  }
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) {
    end--;
  }
  // An encoder may pad with 0xFF as well (fill bytes in front of a marker).
  if (!endsWithMarker(bytes, end)) {
    throw damaged('it ends before its end marker');
  }
  let jfif = false;
  let adobe = false;
  let at = 2;
  while (at + 4 <= end) {
    if (bytes[at] !== 0xff) {
      throw damaged('a marker was expected');
    }
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const label = String.fromCharCode(...bytes.subarray(at + 4, at + 9));
    jfif ||= marker === 0xe0 && label.startsWith('JFIF');
    adobe ||= marker === 0xee && label === 'Adobe';
    const isFrame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (isFrame && at + 9 < end) {
      return {
        precision: bytes[at + 4]!,
        height: (bytes[at + 5]! << 8) | bytes[at + 6]!,
        width: (bytes[at + 7]! << 8) | bytes[at + 8]!,
        components: bytes[at + 9]!,
        signed: false,
        process: marker,
        jfif,
        adobe,
      };
    }
    at += 2 + length;
  }
  throw damaged('no frame header');
}

function endsWithMarker(bytes: Uint8Array, end: number): boolean {
  for (let at = end; at >= 2 && at > end - 16; at--) {
    if (bytes[at - 2] === 0xff && bytes[at - 1] === 0xd9) {
      return true;
    }
  }
  return false;
}

/** JPEG 2000 and HTJ2K, bare or in a JP2 box: SIZ, and every tile-part must be there whole. */
export function readJ2kStream(bytes: Uint8Array): Codestream {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('ff4fff51', 0, 'hex');
  if (start < 0 || start + 45 > bytes.length) {
    throw damaged('no codestream header');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start);
  const components = view.getUint16(40);
  const depth = view.getUint8(42);
  checkTileParts(view);
  return {
    width: view.getUint32(8) - view.getUint32(16),
    height: view.getUint32(12) - view.getUint32(20),
    components,
    precision: (depth & 0x7f) + 1,
    signed: (depth & 0x80) !== 0,
    process: 0x4f,
    jfif: false,
    adobe: false,
  };
}

function checkTileParts(view: DataView): void {
  let at = 4;
  while (at + 4 <= view.byteLength && view.getUint16(at - 2) !== 0xffd9) {
    const marker = view.getUint16(at - 2);
    const length = view.getUint16(at);
    if (marker === 0xff90) {
      const partLength = at + 8 <= view.byteLength ? view.getUint32(at + 4) : 0;
      if (partLength === 0) {
        return; // Lasts until the end of the codestream.
      }
      at += partLength;
    } else {
      at += length + 2;
    }
    if (at - 2 > view.byteLength) {
      throw damaged('it ends inside a tile');
    }
  }
}
