import sharp from 'sharp';
import type { GreyImage } from './image.ts';

/** 8-bit grey PNG of display values in 0..1; what lies outside is clamped. */
export async function greyPng(image: GreyImage): Promise<Uint8Array> {
  // A clamped array rounds and clamps.
  const bytes = new Uint8ClampedArray(image.data.map((value) => value * 255));
  const raw = { width: image.width, height: image.height, channels: 1 } as const;
  return sharp(bytes, { raw }).toColourspace('b-w').png({ compressionLevel: 6 }).toBuffer();
}

/** PNG of RGBA bytes, row-major, not premultiplied; length = width × height × 4. For overlays. */
export async function rgbaPng(
  width: number,
  height: number,
  rgba: Uint8Array | Uint8ClampedArray,
): Promise<Uint8Array> {
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 6 })
    .toBuffer();
}
