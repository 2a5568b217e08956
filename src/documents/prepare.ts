import sharp, { type Sharp } from 'sharp';
import type { Grey } from './picture.ts';
import { inkThreshold } from './skew.ts';

/** Pictures with more pixels are reduced before recognition. */
const mostPixels = 9_000_000;

/**
 * Factor that brings letters near the size that the recogniser was trained for; 1 where they are already. `letter` is
 * the height of capitals and digits in pixels.
 */
export function workingScale(width: number, height: number, letter: number): number {
  const wanted = letter < 15 ? Math.min(2.5, 18 / letter) : letter > 25 ? Math.max(0.3, 21 / letter) : 1;
  return Math.min(wanted, Math.sqrt(mostPixels / (width * height)));
}

/** Scales, then turns clockwise by any angle; the canvas grows, its new corners are white. */
export async function turned(grey: Grey, scale: number, degrees: number): Promise<Grey> {
  const raw = { raw: { width: grey.width, height: grey.height, channels: 1 as const } };
  let pipeline = sharp(grey.data, raw);
  if (scale !== 1) {
    pipeline = pipeline.resize({
      width: Math.max(1, Math.round(grey.width * scale)),
      height: Math.max(1, Math.round(grey.height * scale)),
      fit: 'fill',
    });
  }
  // One step at a time: within one pipeline sharp orders its own way.
  const scaled = await grow(pipeline);
  if (degrees % 360 === 0) {
    return scaled;
  }
  const again = { raw: { width: scaled.width, height: scaled.height, channels: 1 as const } };
  return grow(sharp(scaled.data, again).rotate(degrees, { background: '#ffffff' }));
}

async function grow(pipeline: Sharp): Promise<Grey> {
  const { data, info } = await pipeline
    .toColourspace('b-w')
    .extractChannel(0)
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Share of the dark pixels that stand alone; print has next to none, fax noise has many. */
export function speckle(grey: Grey): number {
  const threshold = inkThreshold(grey);
  const { data, width, height } = grey;
  let dark = 0;
  let alone = 0;
  for (let y = 1; y < height - 1; y += 2) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      if (data[at]! <= threshold) {
        dark++;
        if (
          data[at - 1]! > threshold &&
          data[at + 1]! > threshold &&
          data[at - width]! > threshold &&
          data[at + width]! > threshold
        ) {
          alone++;
        }
      }
    }
  }
  return dark === 0 ? 0 : alone / dark;
}

/** Pale print made dark: where even the darkest pixels lie near the paper, greys are spread. Other pages stay as they are. */
export function contrasted(grey: Grey): Grey {
  const histogram = new Uint32Array(256);
  for (const value of grey.data) histogram[value]! += 1;
  const at = (share: number) => {
    let value = 0;
    for (let below = histogram[0]!; value < 255 && below < share * grey.data.length; below += histogram[value]!)
      value++;
    return value;
  };
  const [ink, paper] = [at(0.002), at(0.5)];
  if (paper - ink < 10 || paper - ink > 110) {
    return grey;
  }
  const factor = 170 / (paper - ink);
  return { ...grey, data: grey.data.map((value) => Math.min(255, Math.max(0, 245 - (paper - value) * factor))) };
}

/** White paper under dark print everywhere: shadows and gradients divided out, white print on dark turned over. */
export function evenLight(grey: Grey): Grey {
  const block = 32;
  const columns = Math.ceil(grey.width / block);
  const rows = Math.ceil(grey.height / block);
  const paper = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const histogram = new Uint32Array(256);
      let count = 0;
      for (let y = row * block; y < Math.min((row + 1) * block, grey.height); y += 2) {
        for (let x = column * block; x < Math.min((column + 1) * block, grey.width); x += 2) {
          histogram[grey.data[y * grey.width + x]!]! += 1;
          count++;
        }
      }
      let value = 255;
      for (let above = histogram[255]!; value > 0 && above <= 0.15 * count; above += histogram[value]!) value--;
      paper[row * columns + column] = value;
    }
  }
  const sorted = [...paper].sort((a, b) => a - b);
  const low = sorted[Math.floor(sorted.length * 0.1)]!;
  const high = sorted[Math.floor(sorted.length * 0.9)]!;
  if (high < 110) {
    return { ...grey, data: grey.data.map((value) => 255 - value) };
  }
  if (high - low < 35) {
    return grey;
  }
  const data = new Uint8Array(grey.data.length);
  for (let y = 0; y < grey.height; y++) {
    const fy = Math.min(Math.max(y / block - 0.5, 0), rows - 1);
    const y0 = Math.floor(fy);
    const y1 = Math.min(y0 + 1, rows - 1);
    for (let x = 0; x < grey.width; x++) {
      const fx = Math.min(Math.max(x / block - 0.5, 0), columns - 1);
      const x0 = Math.floor(fx);
      const x1 = Math.min(x0 + 1, columns - 1);
      const top = paper[y0 * columns + x0]! * (1 - fx + x0) + paper[y0 * columns + x1]! * (fx - x0);
      const bottom = paper[y1 * columns + x0]! * (1 - fx + x0) + paper[y1 * columns + x1]! * (fx - x0);
      const light = Math.max(40, top * (1 - fy + y0) + bottom * (fy - y0));
      data[y * grey.width + x] = Math.min(255, (grey.data[y * grey.width + x]! * 245) / light);
    }
  }
  return { ...grey, data };
}
