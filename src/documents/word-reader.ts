import { readFile } from 'node:fs/promises';
import type { InferenceSession } from 'onnxruntime-node';
import { inNative } from './native.ts';
import type { Grey } from './picture.ts';
import type { Standing } from './standing.ts';

/** What the word reader takes a word for. */
export interface Reading {
  readonly text: string;
  /** 0 to 1: probability of its least certain character, missed ones included. */
  readonly confidence: number;
}

export interface WordReader {
  /** One reading for each word; the words' boxes are of the picture. */
  read(picture: Grey, words: readonly Standing[]): Promise<readonly Reading[]>;
}

const modelFile = new URL('../../models/lab-words/model.onnx', import.meta.url);
/** As in training: models/lab-words/pictures.py. */
const height = 32;
const stretch = 1.3;
const above = 1.36;
const below = 0.42;
const beside = 0.22;
const widest = 480;
const together = 32;
/** Characters of the model's classes; class 0 is none. As in training: models/lab-words/strings.py. */
export const characters = [
  ...' 0123456789.,<>-+/:;%*()[]\'"&#=~^_|!?°µ·×≤≥±–…αβγ²³¹⁰⁴⁵⁶⁷⁸⁹',
  ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  ...'ÄÖÜäöüßÀÂÇÈÉÊËÎÏÔŒÙÛàâçèéêëîïôœùûÁÍÑÓÚáíñóúìòÃÕãõ',
];

interface Crop {
  readonly index: number;
  readonly width: number;
  readonly data: Float32Array;
}

/** The word at the size of training, ink about 1 on paper about 0; a dark ground is turned over. */
function cropOf(picture: Grey, { box, baseline, capital }: Standing, index: number): Crop {
  const top = baseline - capital * above;
  const scale = height / (capital * (above + below));
  const left = box[0] - capital * beside;
  const right = box[2] + capital * beside;
  const width = Math.min(widest, Math.max(12, Math.round((right - left) * scale * stretch)));
  const grey = new Float32Array(width * height);
  const clamp = (value: number, most: number) => (value < 0 ? 0 : value > most ? most : value);
  for (let v = 0; v < height; v++) {
    const y = clamp(top + (v + 0.5) / scale - 0.5, picture.height - 1);
    const y0 = Math.floor(y);
    const y1 = Math.min(y0 + 1, picture.height - 1);
    for (let u = 0; u < width; u++) {
      const x = clamp(left + ((u + 0.5) * (right - left)) / width - 0.5, picture.width - 1);
      const x0 = Math.floor(x);
      const x1 = Math.min(x0 + 1, picture.width - 1);
      const at = (row: number, column: number) => picture.data[row * picture.width + column]!;
      const upper = at(y0, x0) * (1 - x + x0) + at(y0, x1) * (x - x0);
      const lower = at(y1, x0) * (1 - x + x0) + at(y1, x1) * (x - x0);
      grey[v * width + u] = upper * (1 - y + y0) + lower * (y - y0);
    }
  }
  const sorted = Float32Array.from(grey).sort();
  const percentile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  const paper = percentile(0.8);
  const range = Math.max(24, paper - percentile(0.02));
  const data = grey.map((value) => Math.min(1.25, Math.max(-0.5, (paper - value) / range)));
  return { index, width, data };
}

/** Best path: the likeliest class at each step, repeats and blanks dropped. */
export function decode(probabilities: Float32Array, from: number, steps: number): Reading {
  const classes = characters.length + 1;
  let text = '';
  let confidence = 1;
  let last = 0;
  let peak = 1;
  for (let step = 0; step <= steps; step++) {
    const at = from + step * classes;
    let best = 0;
    if (step < steps) {
      for (let index = 1; index < classes; index++) {
        if (probabilities[at + index]! > probabilities[at + best]!) best = index;
      }
    }
    if (best !== last) {
      if (last !== 0) confidence = Math.min(confidence, peak);
      if (best !== 0) text += characters[best - 1]!;
      peak = 0;
    }
    if (best !== 0) peak = Math.max(peak, probabilities[at + best]!);
    last = best;
  }
  return { text: text.trim(), confidence: text === '' ? 0 : confidence };
}

/** The project's own reader of single words. */
export async function createWordReader(): Promise<WordReader> {
  const bytes = await readFile(modelFile);
  const { InferenceSession: Session, Tensor } = await import('onnxruntime-node');
  const session: InferenceSession = await inNative(() =>
    Session.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 }),
  );
  return {
    async read(picture, words) {
      const crops = words.map((word, index) => cropOf(picture, word, index)).sort((a, b) => a.width - b.width);
      const readings: Reading[] = new Array(words.length);
      for (let start = 0; start < crops.length; start += together) {
        const batch = crops.slice(start, start + together);
        const width = Math.ceil(batch.at(-1)!.width / 4) * 4;
        const input = new Float32Array(batch.length * height * width);
        batch.forEach((crop, n) => {
          for (let v = 0; v < height; v++) {
            input.set(crop.data.subarray(v * crop.width, (v + 1) * crop.width), (n * height + v) * width);
          }
        });
        const { probabilities } = await inNative(() =>
          session.run({ picture: new Tensor('float32', input, [batch.length, 1, height, width]) }),
        );
        const [, steps, classes] = probabilities!.dims as [number, number, number];
        batch.forEach((crop, n) => {
          readings[crop.index] = decode(
            probabilities!.data as Float32Array,
            n * steps * classes,
            Math.min(steps, Math.ceil(crop.width / 4)),
          );
        });
      }
      return readings;
    },
  };
}
