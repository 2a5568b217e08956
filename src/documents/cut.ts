import sharp, { type Sharp } from 'sharp';
import type { Box, Page } from './page.ts';
import type { Picture } from './reading.ts';

/** RGB pixels of a page, row by row. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Pixels for one unit of the page's boxes. */
  readonly scale: number;
}

const white = { r: 255, g: 255, b: 255 };

/** The picture of a page, turned as `upright` (upright.ts) turns its boxes: about its centre, cut to the upright page. */
export async function uprightPixels(picture: Picture, { uprightBy = 0 }: Pick<Page, 'uprightBy'>): Promise<Pixels> {
  const { scale } = picture;
  const sideways = Math.abs((Math.round(uprightBy / 90) * 90) % 180) === 90;
  const [width, height] = sideways ? [picture.height, picture.width] : [picture.width, picture.height];
  const turned = await raw(
    sharp(picture.png).removeAlpha().toColourspace('srgb').rotate(uprightBy, { background: white }),
  );
  if (turned.width === width && turned.height === height) {
    return { ...turned, scale };
  }
  // A turn by a small angle makes the canvas grow on all sides alike.
  const left = Math.floor((turned.width - width) / 2);
  const top = Math.floor((turned.height - height) / 2);
  return { ...(await raw(fromRaw(turned).extract({ left, top, width, height }))), scale };
}

/**
 * Parts of a page, one under the other, as a square PNG: the longer side is scaled to `side`, antialiased, the ratio is
 * kept, and black is put round it, as MedGemma was trained. The parts are boxes in units of the page and are cut to it.
 */
export async function cutSquare(page: Pixels, parts: readonly Box[], side: number): Promise<Uint8Array> {
  const cuts = await Promise.all(parts.map((part) => raw(fromRaw(page).extract(within(page, part)))));
  const width = Math.max(...cuts.map((cut) => cut.width));
  const height = cuts.reduce((sum, cut) => sum + cut.height, 0);
  const stacked = new Uint8Array(width * height * 3).fill(255);
  let row = 0;
  for (const cut of cuts) {
    for (let line = 0; line < cut.height; line++, row++) {
      stacked.set(cut.data.subarray(line * cut.width * 3, (line + 1) * cut.width * 3), row * width * 3);
    }
  }
  const ratio = side / Math.max(width, height);
  const [across, down] = [width, height].map((length) => Math.max(1, Math.round(length * ratio))) as [number, number];
  const [left, top] = [Math.floor((side - across) / 2), Math.floor((side - down) / 2)];
  const png = await fromRaw({ data: stacked, width, height })
    .resize({ width: across, height: down, fit: 'fill', kernel: 'linear' })
    .extend({ left, top, right: side - across - left, bottom: side - down - top, background: '#000000' })
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Uint8Array(png);
}

function within(page: Pixels, box: Box) {
  const [x0, y0, x1, y1] = box.map((edge) => edge * page.scale) as [number, number, number, number];
  const left = Math.min(page.width - 1, Math.max(0, Math.floor(x0)));
  const top = Math.min(page.height - 1, Math.max(0, Math.floor(y0)));
  const width = Math.min(page.width, Math.max(left + 1, Math.ceil(x1))) - left;
  const height = Math.min(page.height, Math.max(top + 1, Math.ceil(y1))) - top;
  return { left, top, width, height };
}

function fromRaw({ data, width, height }: Omit<Pixels, 'scale'>) {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

async function raw(pipeline: Sharp): Promise<Omit<Pixels, 'scale'>> {
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}
