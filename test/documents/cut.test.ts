import { describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { cutSquare, type Pixels, uprightPixels } from '../../src/documents/cut.ts';

/** A white page of 200 × 100 pixels, two to the unit, with a red square of 20 in its top left corner. */
async function page() {
  const red = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  const png = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#ffffff' } })
    .composite([{ input: red, left: 0, top: 0 }])
    .png()
    .toBuffer();
  return { png: new Uint8Array(png), width: 200, height: 100, scale: 2 };
}

const at = ({ data, width }: Pick<Pixels, 'data' | 'width'>, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
const decode = async (png: Uint8Array) => {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(3);
  return { data, width: info.width, height: info.height };
};
const [red, white, black] = [
  [255, 0, 0],
  [255, 255, 255],
  [0, 0, 0],
];

describe('uprightPixels', () => {
  test('as it is', async () => {
    const pixels = await uprightPixels(await page(), {});
    expect([pixels.width, pixels.height, pixels.scale]).toEqual([200, 100, 2]);
    expect([at(pixels, 5, 5), at(pixels, 50, 50)]).toEqual([red, white]);
  });

  test('a quarter clockwise: the top left corner comes to the top right', async () => {
    const pixels = await uprightPixels(await page(), { uprightBy: 90 });
    expect([pixels.width, pixels.height]).toEqual([100, 200]);
    expect([at(pixels, 95, 5), at(pixels, 5, 5)]).toEqual([red, white]);
  });

  test('a small angle keeps the size of the page', async () => {
    const pixels = await uprightPixels(await page(), { uprightBy: 1.5 });
    expect([pixels.width, pixels.height]).toEqual([200, 100]);
    expect(at(pixels, 199, 99)).toEqual(white);
  });
});

describe('cutSquare', () => {
  test('keeps the ratio and puts black round it', async () => {
    const picture = await decode(await cutSquare(await uprightPixels(await page(), {}), [[0, 0, 100, 50]], 64));
    expect([picture.width, picture.height]).toEqual([64, 64]);
    expect([at(picture, 2, 15), at(picture, 2, 18), at(picture, 40, 40), at(picture, 40, 49)]).toEqual([
      black,
      red,
      white,
      black,
    ]);
  });

  test('parts stand under each other, at one scale, cut to the page', async () => {
    const pixels = await uprightPixels(await page(), {});
    const picture = await decode(
      await cutSquare(
        pixels,
        [
          [50, 25, 100, 50],
          [-5, -5, 50, 25],
        ],
        100,
      ),
    );
    // 100 × 50 white over 100 × 50 with the red corner
    expect([at(picture, 5, 5), at(picture, 5, 55), at(picture, 50, 95)]).toEqual([white, red, white]);
  });
});
