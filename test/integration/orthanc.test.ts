import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDecoder } from '../../src/imaging/decoder.ts';
import { readDicom } from '../../src/imaging/dicom.ts';
import { createDicomWeb, type DicomWeb } from '../../src/imaging/dicomweb.ts';
import { readRadiograph } from '../../src/imaging/radiograph.ts';
import { film } from '../support/film.ts';
import { sharedData } from '../support/shared-data.ts';
import { describeWith } from './neighbour.ts';
import { type Orthanc, orthancNeighbour, startOrthanc } from './orthanc/start.ts';

const sameValues = (one: Float32Array, other: Float32Array) =>
  Buffer.from(one.buffer).equals(Buffer.from(other.buffer));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

function filesUnder(folder: string): readonly Uint8Array[] {
  const path = sharedData(folder);
  const names = path ? readdirSync(path).filter((name) => name.endsWith('.dcm')) : [];
  // One of two files with the same SOP Instance UID is all that a server keeps.
  return names.filter((name) => !name.includes('Fake')).map((name) => Uint8Array.from(readFileSync(`${path}/${name}`)));
}

describeWith(orthancNeighbour)('Orthanc over DICOMweb', () => {
  let orthanc: Orthanc;
  let web: DicomWeb;
  const decoder = createDecoder();
  const generated = [film(1), film(2), film(3), film(4, { photometricInterpretation: 'MONOCHROME1' })];

  beforeAll(async () => {
    orthanc = await startOrthanc();
    web = createDicomWeb({ base: orthanc.base, headers: () => ({ authorization: orthanc.authorization }) });
    await orthanc.store(generated);
  });
  afterAll(async () => {
    await decoder.close();
    await orthanc?.close();
  });

  async function storedEqualsRetrieved(files: readonly Uint8Array[]): Promise<number> {
    await orthanc.store(files);
    const series = Map.groupBy(files, (file) => {
      const { studyInstanceUid, seriesInstanceUid } = readDicom(file).header;
      return `${studyInstanceUid} ${seriesInstanceUid}`;
    });
    for (const [key, stored] of series) {
      const [studyUid, seriesUid] = key.split(' ') as [string, string];
      const retrieved = await web.retrieveSeries(studyUid, seriesUid, {});
      expect(retrieved.map(sha256).sort()).toEqual(stored.map(sha256).sort());
    }
    return files.length;
  }

  test('generated films come back bit for bit, by series and by instance', async () => {
    expect(await storedEqualsRetrieved(generated)).toBe(4);
    const one = await web.retrieveInstance('2.25.1', '2.25.2', '2.25.32', {});
    expect(sha256(one)).toBe(sha256(generated[1]!));
    expect((await readRadiograph(one, decoder)).image.width).toBe(96);
  });

  test.each([
    ['cxr/dicom_timelines', 20],
    ['cxr/dicom', 5],
    ['codecs/dicom/htj2k_valid', 2],
    ['ct/ge_head_human_tilt18.5_mixed_thickness', 28],
  ])('%s comes back bit for bit', async (folder, count) => {
    const files = filesUnder(folder);
    if (files.length > 0) {
      expect(await storedEqualsRetrieved(files)).toBe(count);
    }
  });

  test('finds studies of a patient and their series', async () => {
    const studies = await web.searchStudies({ patientId: 'P1' });
    expect(studies.map(({ studyUid }) => studyUid)).toEqual(['2.25.1']);
    const series = await web.searchSeries('2.25.1');
    expect(series).toEqual([expect.objectContaining({ seriesUid: '2.25.2', modality: 'DX' })]);
    expect(await web.searchStudies({ patientId: 'nobody' })).toEqual([]);
  });

  test('dated films of one patient, oldest first', async () => {
    const files = filesUnder('cxr/dicom_timelines');
    if (files.length > 0) {
      await orthanc.store(files);
      const dates = (await web.searchStudies({ patientId: 'COVID-96' })).map(({ studyDate }) => studyDate);
      expect(dates).toEqual(['20200301', '20200302', '20200304']);
    }
  });

  test('unknown study, wrong password', async () => {
    await expect(web.retrieveSeries('2.25.404', '2.25.405', {})).rejects.toMatchObject({ code: 'dicomweb-not-found' });
    const stranger = createDicomWeb({ base: orthanc.base });
    await expect(stranger.searchStudies({})).rejects.toMatchObject({ code: 'dicomweb-unauthorized' });
  });

  test('from metadata and frames, as if the server gave out no files: same pixels', async () => {
    const framesOnly = createDicomWeb({
      base: orthanc.base,
      headers: () => ({ authorization: orthanc.authorization }),
      fetch: async (input, init) =>
        /\/(series|instances)\/[0-9.]+$/.test(new URL(String(input)).pathname)
          ? new Response(null, { status: 501 })
          : fetch(input, init),
    });
    const whole = await readRadiograph(generated[0]!, decoder);
    const framed = await readRadiograph(await framesOnly.retrieveInstance('2.25.1', '2.25.2', '2.25.31', {}), decoder);
    expect(sameValues(framed.image.data, whole.image.data)).toBe(true);
    const [compressed] = filesUnder('cxr/dicom_timelines');
    if (compressed) {
      const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = readDicom(compressed).header;
      const file = await framesOnly.retrieveInstance(studyInstanceUid, seriesInstanceUid, sopInstanceUid, {});
      const [one, other] = [await readRadiograph(file, decoder), await readRadiograph(compressed, decoder)];
      expect(sameValues(one.image.data, other.image.data)).toBe(true);
    }
  });
});
