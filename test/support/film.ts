import { type DicomToWrite, writeDicom } from '../../src/imaging/write-dicom.ts';

/** A small synthetic grey film with structure; `seed` varies UIDs and pixels. */
export function film(seed = 1, options: Partial<DicomToWrite> & { readonly side?: number } = {}): Uint8Array {
  const { side = 96, ...given } = options;
  const data = Uint16Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    return (Math.round(1500 + 1000 * Math.sin((x * (3 + seed)) / side) * Math.cos((y * 5) / side)) + x) & 0xfff;
  });
  return writeDicom({
    header: {
      sopInstanceUid: `2.25.3${seed}`,
      studyInstanceUid: '2.25.1',
      seriesInstanceUid: '2.25.2',
      patientId: 'P1',
      patientName: 'Synthetic^Sam',
    },
    image: { width: side, height: side, data },
    bitsStored: 12,
    ...given,
  });
}
