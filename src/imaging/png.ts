import sharp from 'sharp';
import type { GreyImage } from './image.ts';
import type { ViewFilm } from './viewing.ts';

/** Longest side of a picture of a film: enough to recognise it. */
const PICTURE_SIDE = 1200;

/** 8-bit grey PNG of display values in 0..1; what lies outside is clamped. */
export async function greyPng(image: GreyImage): Promise<Uint8Array> {
  // A clamped array rounds and clamps.
  const bytes = new Uint8ClampedArray(image.data.map((value) => value * 255));
  const raw = { width: image.width, height: image.height, channels: 1 } as const;
  return sharp(bytes, { raw }).toColourspace('b-w').png({ compressionLevel: 6 }).toBuffer();
}

/** 8-bit grey PNG of a film under its window: of the finest size that is not larger than a picture need be. */
export async function filmPng(levels: ViewFilm['levels'], { low, high }: ViewFilm['window']): Promise<Uint8Array> {
  const { width, height, values } =
    levels.find((level) => Math.max(level.width, level.height) <= PICTURE_SIDE) ?? levels.at(-1)!;
  const scale = high > low ? 1 / (high - low) : 1;
  return greyPng({ width, height, data: Float32Array.from(values, (value) => (value / 65_535 - low) * scale) });
}
