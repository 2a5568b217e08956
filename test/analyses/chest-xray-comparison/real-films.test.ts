import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { isAbstention } from '../../../src/analyses/analysis.ts';
import { chestXrayComparison } from '../../../src/analyses/chest-xray-comparison/index.ts';
import type { Film } from '../../../src/analyses/chest-xray-comparison/input.ts';
import { createReading } from '../../../src/analyses/reading.ts';
import { parseCsv } from '../../../src/evaluation/comparison/csv.ts';
import { pictureFilm } from '../../../src/evaluation/comparison/film-file.ts';
import { createDecoder } from '../../../src/imaging/decoder.ts';
import { readRadiograph } from '../../../src/imaging/radiograph.ts';
import { openTensorModel } from '../../../src/inference/onnx/tensor.ts';
import { sharedData } from '../../support/shared-data.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Real films, which are no part of the project; without them these tests are skipped, and it is said. */
const data = sharedData('cxr')?.replace(/\/cxr\/?$/, '');
const present = data === undefined ? describe.skip : describe;

// several films of full size a test
jest.setTimeout(180_000);

const decoder = createDecoder();
const analysis = chestXrayComparison({ decoder });
const models = new Map(
  ['lung-field', 'lung-opacity'].map((name) => [name, openTensorModel(name, `${root}models/${name}/model.onnx`)]),
);
const reader = analysis.readers.embedded!({ tensor: (name) => models.get(name)! });
const reading = createReading(analysis);
afterAll(async () => {
  await decoder.close();
  for (const model of models.values()) {
    await (await model).close();
  }
});

const at = (path: string): string => join(data ?? '', path);
const bytes = (path: string): Uint8Array => new Uint8Array(readFileSync(at(path)));
const dicom = async (path: string): Promise<Film> => ({ radiograph: await readRadiograph(bytes(path), decoder) });
const picture = (path: string, patientId?: string) => pictureFilm(bytes(path), patientId ? { patientId } : {});
const compare = async (prior: Film, current: Film) =>
  reading({ prior, current }, await reader, new AbortController().signal);
/** Without what its header says: the pixels must do. */
const nameless = ({ radiograph }: Film): Film => {
  const { sopInstanceUid, studyInstanceUid, seriesInstanceUid, transferSyntaxUid, rows, columns } = radiograph.header;
  const uids = { sopInstanceUid, studyInstanceUid, seriesInstanceUid, transferSyntaxUid };
  return { radiograph: { ...radiograph, header: { ...uids, imageType: [], rows, columns, numberOfFrames: 1 } } };
};

present('what is no pair of frontal chest films of one person is refused, by its pixels alone', () => {
  const chest = () => picture('cxr/hannover/images/00cfd1c1.jpg');

  test('a leg and an animal, whose headers say nothing or lie', async () => {
    for (const file of ['NEGATIVE_leg_RG3_J2KR.dcm', 'NEGATIVE_animal_dx_highdicom.dcm']) {
      const wrong = nameless(await dicom(`cxr/dicom/${file}`));
      for (const pair of [
        [await chest(), wrong],
        [wrong, await chest()],
      ] as const) {
        const read = await compare(...pair);
        expect(isAbstention(read) && read.reason).toMatch(/^(not-a-chest|registration-poor|image-.*)$/);
      }
    }
  });

  test('slices of a CT', async () => {
    const folder = 'ct/ge_head_human_tilt18.5_mixed_thickness';
    const files = readdirSync(at(folder)).filter((name) => name.endsWith('.dcm'));
    for (const file of files.filter((_, n) => n % 6 === 0)) {
      const slice = await dicom(`${folder}/${file}`);
      expect(isAbstention(await compare(await chest(), slice))).toBe(true);
      expect(isAbstention(await compare(await chest(), nameless(slice)))).toBe(true);
    }
  });

  test('films of two patients, by their headers', async () => {
    const films = ['COVID-96_day00', 'COVID-116_day07', 'HANNOVER-249_day+03', 'HANNOVER-270_day-01'];
    const [first, ...others] = await Promise.all(films.map((name) => dicom(`cxr/dicom_timelines/${name}.dcm`)));
    for (const other of others) {
      const read = await compare(first!, other);
      expect(isAbstention(read) && read.reason).toBe('patient-mismatch');
    }
  });

  test('two people listed as one, in films that say nothing of either', async () => {
    for (const row of parseCsv(Buffer.from(bytes('cxr/scored/negatives.csv')).toString(), 'negatives.csv')) {
      const [prior, current] = [row.prior, row.current].map((name) => picture(`cxr/scored/images/${name}`));
      expect(isAbstention(await compare(await prior!, await current!))).toBe(true);
    }
  });

  test('the same film with its polarity turned', async () => {
    const { radiograph } = await chest();
    const { image } = radiograph;
    const turned = { radiograph: { ...radiograph, image: { ...image, data: image.data.map((value) => 1 - value) } } };
    expect(isAbstention(await compare({ radiograph }, turned))).toBe(true);
  });
});

present('real pairs', () => {
  const opposite = { improved: 'worsened', stable: 'stable', worsened: 'improved' } as const;

  test('exchanged, every finding turns round', async () => {
    const rows = parseCsv(Buffer.from(bytes('cxr/nih/pairs.csv')).toString(), 'pairs.csv').slice(0, 4);
    for (const row of rows) {
      const [prior, current] = await Promise.all(
        [row.prior, row.current].map((name) => picture(`cxr/nih/images/${name}`, row.patient)),
      );
      const [forward, backward] = [await compare(prior!, current!), await compare(current!, prior!)];
      expect(forward.outcome).toBe(backward.outcome);
      if (forward.outcome === 'finding' && backward.outcome === 'finding') {
        const said = forward.finding.findings.map(({ finding, side, change }) => [finding, side, change]);
        const turned = backward.finding.findings.map(({ finding, side, change }) => [finding, side, opposite[change]]);
        expect(said).toEqual(turned);
      }
    }
  });
});
