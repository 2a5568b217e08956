import sharp from 'sharp';
import { IntervalError } from '../../errors.ts';
import { resize } from '../../resample.ts';

/** Largest picture that is decoded: a film of 8k × 8k. */
const MAX_PIXELS = 64 * 1024 * 1024;

/**
 * PNG or JPEG → pixel values of the vision tower, as MedGemma was trained and Transformers' processor computes them:
 * RGB in 8 bits, black bars to a square (the smaller half before, `floor(d / 2)`), antialiased bilinear resize,
 * (v / 255 − 0.5) / 0.5 (reference page medgemma.md, section 5).
 * @returns float32 [3, side, side], channels first, −1 to 1
 * Throws `document-unreadable` for bytes that are no picture.
 */
export async function pixelValues(bytes: Uint8Array, side: number): Promise<Float32Array> {
  const square = await toSquare(bytes);
  const plane = side * side;
  const values = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const target = values.subarray(channel * plane, (channel + 1) * plane);
    if (channel > 0 && square.isGrey) {
      target.set(values.subarray(0, plane));
      continue;
    }
    const data = Float32Array.from({ length: square.side ** 2 }, (_, i) => square.data[3 * i + channel]!);
    // Our own filter: sharp's linear kernel is up to 44/255 away from the reference where it enlarges, 6/255 where it reduces.
    const scaled = resize({ width: square.side, height: square.side, data }, side, side);
    scaled.data.forEach((value, i) => {
      target[i] = (Math.round(value) / 255 - 0.5) / 0.5;
    });
  }
  return values;
}

async function toSquare(
  bytes: Uint8Array,
): Promise<{ readonly data: Buffer; readonly side: number; readonly isGrey: boolean }> {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
      .flatten({ background: '#000' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const side = Math.max(info.width, info.height);
    const isGrey = data.every((value, i) => i % 3 === 0 || value === data[i - 1]);
    if (info.width === info.height) return { data, side, isGrey };
    const [left, top] = [Math.floor((side - info.width) / 2), Math.floor((side - info.height) / 2)];
    const square = Buffer.alloc(side * side * 3);
    for (let row = 0; row < info.height; row++) {
      const from = row * info.width * 3;
      data.copy(square, ((row + top) * side + left) * 3, from, from + info.width * 3);
    }
    return { data: square, side, isGrey };
  } catch (cause) {
    throw new IntervalError('document-unreadable', 'A picture for the model cannot be read.', { cause });
  }
}
