import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import sharp from 'sharp';
import { type ConvertOptions, convertModel } from '../../../src/inference/convert/convert.ts';
import { readModelFolder } from '../../../src/inference/onnx/folder.ts';
import { type SyntheticImage, syntheticImage } from '../../support/tiny-gemma/image.ts';
import { writeTinyGemma } from '../../support/tiny-gemma/write.ts';

const vectors = new URL('../../fixtures/gemma-vectors/', import.meta.url);

export const readVectors = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, vectors), 'utf8')) as T;

export function readFloats(name: string): Float32Array {
  const bytes = gunzipSync(readFileSync(new URL(name, vectors)));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

export const readBytes = (name: string): Uint8Array => gunzipSync(readFileSync(new URL(name, vectors)));

export interface GenerationCase {
  readonly name: string;
  readonly images: readonly string[];
  readonly ids: readonly number[];
  readonly steps: readonly number[];
  readonly greedy: readonly number[];
}

/** One of the vectors' pictures as PNG. */
export async function pictureNamed(name: string): Promise<Buffer> {
  const image = readVectors<Record<string, SyntheticImage>>('images.json')[name]!;
  const { width, height, channels } = image;
  return sharp(syntheticImage(image), { raw: { width, height, channels } }).png().toBuffer();
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'interval-gemma-'));
}

/** The tiny model, converted. */
export async function convertTiny(options: Partial<ConvertOptions> = {}, source = writtenTiny()) {
  const to = options.to ?? join(temporaryFolder(), 'model');
  await convertModel({
    from: source,
    to,
    weights: 'float32',
    block: 32,
    vision: 'float32',
    id: 'interval/tiny-gemma',
    source: { revision: 'local', files: [] },
    version: 'test',
    ...options,
  });
  return readModelFolder(to);
}

export function writtenTiny(options?: Parameters<typeof writeTinyGemma>[1]): string {
  const folder = temporaryFolder();
  writeTinyGemma(folder, options);
  return folder;
}

export function largestDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let largest = one.length === other.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < one.length; i++) {
    const difference = Math.abs(one[i]! - other[i]!);
    // Not a number is as wrong as can be.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}

/** The tiny model with other settings of its language model. */
export function writtenWith(textConfig: Readonly<Record<string, unknown>>): string {
  const folder = writtenTiny();
  const path = join(folder, 'config.json');
  const config = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...config, text_config: { ...config.text_config, ...textConfig } }));
  return folder;
}
