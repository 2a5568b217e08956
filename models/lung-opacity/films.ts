/**
 * Writes the real part of the training set: node models/lung-opacity/films.ts DATA OUT.bin
 * DATA holds hannover/ and nih/ (images/, images.csv or labels.csv). Per film: one byte (1 without a finding, 0 else), one of the patient's
 * number in order, one of the day (100 is the first; 255 unknown), then
 * 288 × 288 bytes each of film and lungs (0, 1 right, 2 left, and 4 more on the heart), the square around the lungs that models/lung-field finds, with a margin.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { CELLS, cut, findLungs, lungAt } from '../../src/analyses/chest-xray-comparison/lungs.ts';
import type { GreyImage } from '../../src/imaging/image.ts';
import { openTensorModel } from '../../src/inference/onnx/tensor.ts';
import { resize } from '../../src/resample.ts';

/** The model's input has 224 of these. */
const SIDE = 288;
const [data, out] = [process.argv[2]!, process.argv[3]!];
const model = await openTensorModel('lung-field', new URL('../lung-field/model.onnx', import.meta.url).pathname);

async function grey(path: string): Promise<GreyImage> {
  const { data: raw, info } = await sharp(path)
    .removeAlpha()
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const values = Float32Array.from({ length: info.width * info.height }, (_, i) => raw[i * info.channels]! / 255);
  return { width: info.width, height: info.height, data: values };
}

function rows(
  path: string,
  file: string,
  patient: string,
): { readonly file: string; readonly patient: string; readonly day: number; readonly clean: boolean }[] {
  const [head, ...lines] = readFileSync(join(data, path), 'utf8').trim().split(/\r?\n/);
  const names = head!.split(',');
  const cell = (line: string, name: string): string => line.split(',')[names.indexOf(name)]!;
  return lines.map((line) => ({
    file: cell(line, file),
    patient: cell(line, patient),
    day: Number.parseInt(cell(line, 'day') ?? '', 10),
    clean: /,No Finding,/.test(line),
  }));
}

const films: Buffer[] = [];
const patients: string[] = [];
for (const [set, table, column, person] of [
  ['hannover', 'images.csv', 'file', 'patient'],
  ['nih', 'labels.csv', 'Image Index', 'Patient ID'],
] as const) {
  for (const { file, patient, day, clean } of rows(`${set}/${table}`, column, person)) {
    if (!patients.includes(patient)) {
      patients.push(patient);
    }
    const image = await grey(join(data, set, 'images', file));
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
      Buffer.from([clean ? 1 : 0, patients.indexOf(patient), Number.isNaN(day) ? 255 : day + 100]),
      Buffer.from(square.data.map((value) => Math.round(255 * value))),
      lungs,
    );
  }
}
writeFileSync(out, Buffer.concat(films));
console.log(`${films.length / 3} films`);
await model.close();
