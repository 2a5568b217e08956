import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { pixelValues } from '../../../src/inference/onnx/image.ts';
import { pictureNamed, readBytes, readVectors } from './tiny-model.ts';

interface PreprocessCase {
  readonly image: string;
  readonly size: number;
  readonly file: string;
  readonly region?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

describe('preprocessing', () => {
  test.each(readVectors<PreprocessCase[]>('preprocess.json').map((one) => [one.image, one.size, one] as const))(
    '%s at %i: within 1/255 on average and 3/255 anywhere of the reference',
    async (_, __, { image, size, file, region = { left: 0, top: 0, width: size, height: size } }) => {
      const values = await pixelValues(await pictureNamed(image), size);
      const expected = readBytes(file);
      let sum = 0;
      let largest = 0;
      for (let y = 0; y < region.height; y++) {
        for (let x = 0; x < region.width; x++) {
          for (let channel = 0; channel < 3; channel++) {
            const at = channel * size * size + (y + region.top) * size + x + region.left;
            const value = (values[at]! * 0.5 + 0.5) * 255;
            const difference = Math.abs(value - expected[(y * region.width + x) * 3 + channel]!);
            sum += difference;
            largest = Math.max(largest, difference);
          }
        }
      }
      const mean = sum / (region.width * region.height * 3);
      expect({
        mean: mean <= 1,
        largest: largest <= 3,
        was: mean <= 1 && largest <= 3 ? '' : `${mean} ${largest}`,
      }).toEqual({
        mean: true,
        largest: true,
        was: '',
      });
    },
  );

  test('transparency becomes black, 16 bits become 8, JPEG is read', async () => {
    const clear = await sharp({
      create: { width: 20, height: 10, channels: 4, background: { r: 255, g: 255, b: 255, alpha: 0 } },
    })
      .png()
      .toBuffer();
    expect(Math.max(...(await pixelValues(clear, 28)))).toBe(-1);
    const deep = await sharp(
      Uint16Array.from({ length: 400 }, () => 32_896),
      { raw: { width: 20, height: 20, channels: 1 } },
    )
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect((await pixelValues(deep, 20))[0]).toBeCloseTo((128 / 255 - 0.5) * 2, 2);
    const photo = await sharp({ create: { width: 30, height: 30, channels: 3, background: '#f00' } })
      .jpeg()
      .toBuffer();
    const red = await pixelValues(photo, 28);
    expect(red[0]!).toBeGreaterThan(0.95);
    expect(red[28 * 28]!).toBeLessThan(-0.95);
  });

  test('what is no picture is refused', async () => {
    await expect(pixelValues(Buffer.from('no picture'), 28)).rejects.toMatchObject({ code: 'document-unreadable' });
    await expect(pixelValues(Buffer.alloc(0), 28)).rejects.toMatchObject({ code: 'document-unreadable' });
  });
});
