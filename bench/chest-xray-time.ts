/**
 * Seconds and peak memory for a pair of films, from DICOM bytes to a guarded finding with its overlay, at 2048² and 4096²:
 * node bench/chest-xray-time.ts [ROUNDS]. Each size runs in a process of its own, for its peak resident memory; beside it,
 * in the same process, sharp reduces the same two pictures to 224 pixels, which is the least that any reader must do.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { activate } from '../src/analyses/active.ts';
import { isAbstention } from '../src/analyses/analysis.ts';
import { chestXrayComparison } from '../src/analyses/chest-xray-comparison/index.ts';
import { createDecoder } from '../src/imaging/decoder.ts';
import { writeDicom } from '../src/imaging/write-dicom.ts';
import { openTensorModel } from '../src/inference/onnx/tensor.ts';
import { resize } from '../src/resample.ts';
import { simulateChest } from '../src/samples/thorax/simulate.ts';

const [rounds = '5', side] = process.argv.slice(2);

if (side === undefined) {
  for (const size of ['2048', '4096']) {
    process.stdout.write(execFileSync(process.execPath, [fileURLToPath(import.meta.url), rounds, size]));
  }
} else {
  await measure(Number(side), Number(rounds));
}

async function measure(size: number, times: number): Promise<void> {
  const idle = process.resourceUsage().maxRSS / 1024;
  const films = { prior: film(1, size), current: film(2, size) };
  const decoder = createDecoder();
  const opened = new Map<string, ReturnType<typeof openTensorModel>>();
  const models = {
    tensor: (name: string) => {
      const path = fileURLToPath(new URL(`../models/${name}/model.onnx`, import.meta.url));
      opened.set(name, opened.get(name) ?? openTensorModel(name, path));
      return opened.get(name)!;
    },
  };
  const active = await activate(chestXrayComparison({ decoder }), 'embedded', models);
  const made = process.resourceUsage().maxRSS / 1024;
  const signal = new AbortController().signal;
  const seconds = { open: [] as number[], read: [] as number[], draw: [] as number[], sharp: [] as number[] };
  for (let n = 0; n < times; n++) {
    const begun = performance.now();
    const input = await active.analysis.open(films, signal);
    const open = performance.now();
    const read = isAbstention(input) ? input : await active.read(input, signal);
    const done = performance.now();
    if (isAbstention(input) || isAbstention(read)) {
      throw new Error(`The pair was refused: ${isAbstention(read) ? read.reason : ''}`);
    }
    active.analysis.draft(read.finding, input, { companions: [], now: new Date().toISOString(), timeZone: '' });
    const drawn = performance.now();
    const pictures = [input.prior, input.current].map(({ radiograph }) =>
      Uint8Array.from(radiograph.image.data, (value) => 255 * value),
    );
    const reducing = performance.now();
    for (const bytes of pictures) {
      await sharp(bytes, { raw: { width: size, height: size, channels: 1 } })
        .resize(224, 224)
        .raw()
        .toBuffer();
    }
    const [o, r, d, s] = [open - begun, done - open, drawn - done, performance.now() - reducing];
    seconds.open.push(o / 1000);
    seconds.read.push(r / 1000);
    seconds.draw.push(d / 1000);
    seconds.sharp.push(s / 1000);
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
  const { open, read, draw, sharp: least } = seconds;
  const all = open.map((value, n) => value + read[n]! + draw[n]!);
  const peak = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(
    `${size} × ${size}, 16 bits, ${times} pairs: median ${median(all).toFixed(2)} s a pair (decode ${median(open).toFixed(2)}, read ${median(read).toFixed(2)}, draw ${median(draw).toFixed(2)}), longest ${Math.max(...all).toFixed(2)}; ${(median(all) / median(least)).toFixed(1)} times sharp's reduction of both films; peak ${peak.toFixed(0)} MB (${idle.toFixed(0)} before anything was loaded, ${made.toFixed(0)} with models and the films made)\n`,
  );
  await decoder.close();
  for (const model of opened.values()) {
    await (await model).close();
  }
}

/** A simulated film enlarged to a detector's size, as an uncompressed DX file. */
function film(number: number, size: number): Uint8Array {
  const dense = number === 1 ? 0.2 : 0.8;
  const chest = simulateChest({
    seed: 61,
    sex: 'male',
    view: 'PA',
    film: number,
    opacities: [{ zone: 'left-lower', extent: 0.8, density: dense }],
    width: 512,
    height: 512,
  });
  const large = resize({ width: 512, height: 512, data: Float32Array.from(chest.data) }, size, size);
  return writeDicom({
    header: {
      sopInstanceUid: `2.25.${number}3`,
      studyInstanceUid: `2.25.${number}1`,
      seriesInstanceUid: `2.25.${number}2`,
      patientId: 'SYN-61',
      acquired: `2026-01-0${number}T08:00:00`,
      viewPosition: 'PA',
    },
    image: { width: size, height: size, data: Uint16Array.from(large.data) },
    bitsStored: 12,
  });
}
