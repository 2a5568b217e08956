import { IntervalError } from '../errors.ts';
import { readDicom } from './dicom.ts';
import { readPixelFormat } from './pixel-format.ts';
import { isUncompressed } from './transfer-syntax.ts';

export interface Asked {
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly instanceUid?: string;
}

/**
 * Whether a retrieved file is what was asked for: its study, series and instance, and for an uncompressed label exactly
 * as many pixel bytes as its header says (a server may label a compressed stream as Explicit VR Little Endian).
 *
 * @throws IntervalError `dicomweb-bad-answer`.
 */
export function checkRetrieved(bytes: Uint8Array, asked: Asked): void {
  const bad = (what: string, cause?: unknown) =>
    new IntervalError('dicomweb-bad-answer', `The imaging server sent ${what}.`, { cause });
  let file: ReturnType<typeof readDicom>;
  try {
    file = readDicom(bytes);
  } catch (cause) {
    throw bad('something that is not a readable DICOM file', cause);
  }
  const { header, dataSet } = file;
  if (header.studyInstanceUid !== asked.studyUid || header.seriesInstanceUid !== asked.seriesUid) {
    throw bad('an instance of another study or series than the one asked for');
  }
  if (asked.instanceUid !== undefined && header.sopInstanceUid !== asked.instanceUid) {
    throw bad('another instance than the one asked for');
  }
  const pixels = dataSet.elements.x7fe00010;
  // Reports and presentation states have no pixels; what is too large is refused when it is decoded.
  if (!pixels || header.rows === 0 || header.columns === 0 || !isUncompressed(header.transferSyntaxUid)) {
    return;
  }
  const format = readPixelFormat(file, { maxSamples: Number.POSITIVE_INFINITY });
  const halved = format.photometricInterpretation === 'YBR_FULL_422' ? 2 : format.samples;
  const bits = format.rows * format.columns * halved * format.bitsAllocated * format.frames;
  const expected = Math.ceil(bits / 8);
  if (pixels.fragments || pixels.length < expected || pixels.length > expected + 1) {
    throw bad(`${pixels.length} bytes of pixels labelled uncompressed where the header asks for ${expected}`);
  }
}
