import { createHash } from 'node:crypto';
import { IntervalError } from '../errors.ts';
import type { Decoder } from './decoder.ts';
import { readDicom } from './dicom.ts';
import type { Radiograph } from './image.ts';
import { displayImage } from './pixels.ts';

/** Shorter side in pixels below which there is nothing to judge. */
const MIN_SIDE = 64;

/**
 * A DICOM file → one projection image with display values. Of a multi-frame file the first frame; whether it is a
 * radiograph at all is for the analysis to judge.
 *
 * @throws IntervalError `dicom-*`, `image-too-large`, `image-too-small`, `cancelled`.
 */
export async function readRadiograph(
  bytes: Uint8Array,
  decoder: Decoder,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Radiograph> {
  const file = readDicom(bytes);
  const { rows, columns } = file.header;
  if (rows > 0 && columns > 0 && Math.min(rows, columns) < MIN_SIDE) {
    throw new IntervalError('image-too-small', `An image of ${columns} × ${rows} pixels is too small to be read.`);
  }
  const stored = await decoder.decode(bytes, 0, signal);
  const { width, height, data } = displayImage(file, stored);
  return {
    header: file.header,
    image: { width, height, data },
    fullRange: () => displayImage(file, stored, { range: 'full' }),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
}
