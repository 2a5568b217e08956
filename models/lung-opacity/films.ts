/**
 * Writes the real part of the training set: node models/lung-opacity/films.ts DATA OUT.bin
 * DATA holds hannover/ and nih/ (images/, images.csv or labels.csv). Per film: one byte (1 without a finding, 0 else), one of the patient's
 * number in order, one of the day (100 is the first; 255 unknown), then
 * 288 × 288 bytes each of film and lungs (0, 1 right, 2 left, and 4 more on the heart), the square around the lungs that models/lung-field finds, with a margin.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CELLS, cut, findLungs, lungAt } from '../../src/analyses/chest-xray-comparison/lungs.ts';
import { parseCsv } from '../../src/evaluation/comparison/csv.ts';
import { pictureFilm } from '../../src/evaluation/comparison/film-file.ts';
import { openTensorModel } from '../../src/inference/onnx/tensor.ts';
import { resize } from '../../src/resample.ts';

/** The model's input has 224 of these. */
const SIDE = 288;
const [data, out] = [process.argv[2]!, process.argv[3]!];
const model = await openTensorModel('lung-field', new URL('../lung-field/model.onnx', import.meta.url).pathname);

const films: Buffer[] = [];
const patients: string[] = [];
for (const [set, table, column, person] of [
  ['hannover', 'images.csv', 'file', 'patient'],
  ['nih', 'labels.csv', 'Image Index', 'Patient ID'],
] as const) {
  for (const row of parseCsv(readFileSync(join(data, set, table), 'utf8'), table)) {
    const [file, patient, day] = [row[column]!, row[person]!, Number.parseInt(row.day ?? '', 10)];
    if (!patients.includes(patient)) {
      patients.push(patient);
    }
    const { image } = (await pictureFilm(readFileSync(join(data, set, 'images', file)))).radiograph;
    const maps = await findLungs(image, model, new AbortController().signal);
    if (!maps) {
      console.log(`${file}: no lungs`);
      continue;
    }
    const grown = (maps.window.side * SIDE) / 224;
    const shift = (grown - maps.window.side) / 2;
    const window = { x: maps.window.x - shift, y: maps.window.y - shift, side: grown };
    const square = resize(cut(image, window), SIDE, SIDE);
    const margin = (SIDE - 224) / 2;
    const lungs = Buffer.alloc(SIDE * SIDE);
    for (let y = 0; y < 224; y++) {
      for (let x = 0; x < 224; x++) {
        const cell = (y >> 1) * CELLS + (x >> 1);
        lungs[(y + margin) * SIDE + x + margin] = lungAt(maps, cell) | (maps.heart[cell]! > 0.5 ? 4 : 0);
      }
    }
    films.push(
      Buffer.from([
        Object.values(row).includes('No Finding') ? 1 : 0,
        patients.indexOf(patient),
        Number.isNaN(day) ? 255 : day + 100,
      ]),
      Buffer.from(square.data.map((value) => Math.round(255 * value))),
      lungs,
    );
  }
}
writeFileSync(out, Buffer.concat(films));
console.log(`${films.length / 3} films`);
await model.close();
