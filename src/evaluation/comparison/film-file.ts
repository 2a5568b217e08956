import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import type { Film } from '../../analyses/chest-xray-comparison/input.ts';
import { IntervalError } from '../../errors.ts';
import type { Decoder } from '../../imaging/decoder.ts';
import type { DicomHeader } from '../../imaging/image.ts';
import { readRadiograph } from '../../imaging/radiograph.ts';

const MAX_BYTES = 256 * 1024 * 1024;
/** 8192 × 8192: twice the largest detectors. */
const MAX_PIXELS = 2 ** 26;

/**
 * A film from a DICOM file or, as public sets have them, from a picture (PNG, JPEG, TIFF; 8 or 16 bits, the first channel
 * of equal ones). A picture has no header: view and patient number are what the dataset says. Throws `image-too-large`,
 * `image-too-small`, `document-damaged`, `dicom-*`.
 */
export async function openFilm(
  path: string,
  said: PictureHeader,
  decoder: Decoder,
  signal: AbortSignal,
): Promise<Film> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) {
    throw new IntervalError('image-too-large', `A film of ${size} bytes is not read; at most ${MAX_BYTES} are.`);
  }
  const bytes = new Uint8Array(await readFile(path));
  return isDicom(bytes, path)
    ? { radiograph: await readRadiograph(bytes, decoder, { signal }) }
    : pictureFilm(bytes, said);
}

function isDicom(bytes: Uint8Array, path: string): boolean {
  return /\.(dcm|dicom|ima)$/i.test(path) || Buffer.from(bytes.subarray(128, 132)).toString('latin1') === 'DICM';
}

export type PictureHeader = Pick<DicomHeader, 'viewPosition' | 'patientId'>;

/** A picture as a film; exported for benches and tests that make their own. */
export async function pictureFilm(bytes: Uint8Array, said: PictureHeader = {}): Promise<Film> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS });
    const { depth } = await picture.metadata();
    const wide = depth === 'ushort';
    const { data, info } = await picture
      .removeAlpha()
      .toColourspace(wide ? 'grey16' : 'b-w')
      .raw({ depth: wide ? 'ushort' : 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const values = wide ? new Uint16Array(data.buffer, data.byteOffset, data.length / 2) : data;
    const most = wide ? 65535 : 255;
    const grey = new Float32Array(width * height);
    for (let i = 0; i < grey.length; i++) {
      grey[i] = values[i * channels]! / most;
    }
    return {
      radiograph: {
        header: {
          sopInstanceUid: '',
          studyInstanceUid: '',
          seriesInstanceUid: '',
          transferSyntaxUid: '',
          imageType: [],
          rows: height,
          columns: width,
          numberOfFrames: 1,
          ...said,
        },
        image: { width, height, data: grey },
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    };
  } catch (cause) {
    throw new IntervalError('document-damaged', 'A film is neither DICOM nor a picture that can be read.', { cause });
  }
}
