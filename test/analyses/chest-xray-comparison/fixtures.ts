import type { FilmReading } from '../../../src/analyses/chest-xray-comparison/finding.ts';
import type { ComparisonInput, Film } from '../../../src/analyses/chest-xray-comparison/input.ts';
import type { DicomHeader } from '../../../src/imaging/image.ts';

/** A film on which every zone has the same opacity. */
export function filmReading(opacity: number, more: Partial<FilmReading> = {}): FilmReading {
  return {
    view: 'PA',
    width: 512,
    height: 512,
    lungs: { right: [60, 60, 230, 430], left: [280, 60, 450, 430] },
    chestLikeness: 1,
    clipped: 0,
    opacity: {
      'right-upper': opacity,
      'right-middle': opacity,
      'right-lower': opacity,
      'left-upper': opacity,
      'left-middle': opacity,
      'left-lower': opacity,
    },
    base: { right: opacity, left: opacity },
    heartRatio: 0.45,
    inflation: 1,
    tilt: 0,
    turn: 0,
    contrast: 0.7,
    ...more,
  };
}

/** Two films with a ramp of grey, or one flat value. */
export function inputOf(
  headers: { readonly prior?: Partial<DicomHeader>; readonly current?: Partial<DicomHeader> },
  image: { readonly side?: number; readonly value?: number } = {},
): ComparisonInput {
  const { side = 256, value } = image;
  const film = (uid: string, header: Partial<DicomHeader> = {}): Film => ({
    radiograph: {
      header: {
        sopInstanceUid: `${uid}.3`,
        studyInstanceUid: `${uid}.1`,
        seriesInstanceUid: `${uid}.2`,
        transferSyntaxUid: '',
        imageType: [],
        rows: side,
        columns: side,
        numberOfFrames: 1,
        ...header,
      },
      image: {
        width: side,
        height: side,
        data: Float32Array.from({ length: side * side }, (_, i) => value ?? (i % side) / side),
      },
      sha256: uid,
    },
  });
  return { prior: film('2.25.1', headers.prior), current: film('2.25.2', headers.current) };
}
