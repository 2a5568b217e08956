import { IntervalError } from '../../errors.ts';
import type { Decoder } from '../../imaging/decoder.ts';
import { readDicom } from '../../imaging/dicom.ts';
import type { DicomHeader, Radiograph } from '../../imaging/image.ts';
import { readRadiograph } from '../../imaging/radiograph.ts';
import { saysDerived, saysLateral, saysNoChest, saysProcessed } from './view.ts';

interface ImageFile {
  readonly bytes: Uint8Array;
  readonly header: DicomHeader;
}

/**
 * The images of a study by their headers, the likeliest frontal film first: acquired rather than derived, frontal rather
 * than lateral, of both sides, then the earliest, then the largest. Files that cannot be read are told to `unreadable`.
 */
export function likeliestFirst(
  files: readonly Uint8Array[],
  unreadable: (bytes: Uint8Array, error: unknown) => void = () => undefined,
): readonly ImageFile[] {
  return files
    .flatMap((bytes) => {
      try {
        return { bytes, header: readDicom(bytes).header };
      } catch (error) {
        unreadable(bytes, error);
        return [];
      }
    })
    .sort(
      ({ header: one }, { header: other }) =>
        penalty(one) - penalty(other) ||
        (one.acquired ?? '').localeCompare(other.acquired ?? '') ||
        other.rows * other.columns - one.rows * one.columns,
    );
}

function penalty(header: DicomHeader): number {
  return (
    (saysProcessed(header) ? 16 : 0) +
    (saysNoChest(header) ? 8 : 0) +
    (saysLateral(header) ? 4 : 0) +
    (/^[LR]$/i.test(header.laterality ?? '') ? 2 : 0) +
    (saysDerived(header) ? 1 : 0)
  );
}

/**
 * The likeliest frontal film of a study that can be decoded; no other is. What a header says was made from a film (inverted,
 * bones suppressed, enhanced) or is not meant for the eye is never taken. When every image says lateral the first stays, and
 * the guards say why it is not compared. Throws what is wrong with the first file when there is none to take.
 */
export async function frontalFilm(
  files: readonly Uint8Array[],
  decoder: Decoder,
  signal: AbortSignal,
): Promise<Radiograph> {
  const failures = new Map<Uint8Array, unknown>();
  const fail = (bytes: Uint8Array, error: unknown): void => void failures.set(bytes, error);
  for (const { bytes, header } of likeliestFirst(files, fail)) {
    if (saysProcessed(header)) {
      fail(bytes, new IntervalError('study-incomplete', 'A study holds only images made from a film, not the film.'));
      continue;
    }
    try {
      return await readRadiograph(bytes, decoder, { signal });
    } catch (error) {
      if (!(error instanceof IntervalError) || error.kind !== 'input') {
        throw error;
      }
      fail(bytes, error);
    }
  }
  throw failures.get(files[0]!) ?? new IntervalError('study-incomplete', 'A study holds no images.');
}
