import { afterAll, describe, expect, test } from '@jest/globals';
import { createDecoder } from '../../src/imaging/decoder.ts';
import { filmPng } from '../../src/imaging/png.ts';
import { readRadiograph } from '../../src/imaging/radiograph.ts';
import { FIRST_SIDE, readForViewing } from '../../src/imaging/viewing.ts';
import { film } from '../support/film.ts';

const decoder = createDecoder();
afterAll(() => decoder.close());

const flat = (width: number, height: number, value: (x: number, y: number) => number) => ({
  width,
  height,
  data: Uint16Array.from({ length: width * height }, (_, n) => value(n % width, Math.floor(n / width))),
});

/** What is shown under the film's own window, to be compared with what the reader sees. */
function shown(values: Uint16Array, { low, high }: { readonly low: number; readonly high: number }): number[] {
  return Array.from(values, (value) => Math.min(1, Math.max(0, (value / 65_535 - low) / (high - low))));
}

describe('a film for the screen', () => {
  test.each([
    ['a window', { window: { center: 1500, width: 1200 } }],
    ['no window', {}],
    ['MONOCHROME1', { window: { center: 1500, width: 1200 }, photometricInterpretation: 'MONOCHROME1' as const }],
    ['padding', { attributes: { PixelPaddingValue: 0, WindowCenter: 1500, WindowWidth: 1200 } }],
    ['a window beyond the values', { window: { center: 2000, width: 9000 } }],
    ['a rescale', { attributes: { RescaleSlope: 2, RescaleIntercept: -500, WindowCenter: 2500, WindowWidth: 2000 } }],
  ])('with %s looks as the reader sees it, and holds what lies beyond', async (_, options) => {
    const bytes = film(1, options);
    const { levels, window } = await readForViewing(bytes, decoder);
    const { image } = await readRadiograph(bytes, decoder);
    const values = shown(levels[0]!.values, window);
    const worst = values.reduce((most, value, n) => Math.max(most, Math.abs(value - image.data[n]!)), 0);
    expect(worst).toBeLessThan(0.0002);
    expect(new Set(levels[0]!.values).size).toBeGreaterThan(800);
  });

  test('where the header has a curve, what the curve makes of the values', async () => {
    const attributes = { WindowCenter: 1500, WindowWidth: 800, VOILUTFunction: 'SIGMOID' };
    const bytes = film(1, { attributes });
    const { levels, window } = await readForViewing(bytes, decoder);
    const { image } = await readRadiograph(bytes, decoder);
    expect(window).toEqual({ low: 0, high: 1 });
    expect(levels[0]!.values[1000]! / 65_535).toBeCloseTo(image.data[1000]!, 4);
  });

  test('sizes are halved down to the first one; odd sides too; means stay', async () => {
    const image = flat(1501, 1003, (x, y) => (x + y) % 4000);
    const { levels } = await readForViewing(film(1, { image, bitsStored: 16 }), decoder);
    expect(levels.map(({ width, height }) => [width, height])).toEqual([
      [1501, 1003],
      [751, 502],
      [376, 251],
    ]);
    expect(Math.max(levels.at(-1)!.width, levels.at(-1)!.height)).toBeLessThanOrEqual(FIRST_SIDE);
    const mean = (values: Uint16Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(levels[2]!.values) / mean(levels[0]!.values)).toBeCloseTo(1, 2);
  });

  test('a film without contrast, and a small one', async () => {
    const { levels, window } = await readForViewing(film(1, { image: flat(70, 70, () => 9) }), decoder);
    expect(levels).toHaveLength(1);
    expect(window.high).toBeGreaterThanOrEqual(window.low);
    const png = await filmPng(levels, window);
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });

  test('what is no film is refused with its code', async () => {
    await expect(readForViewing(new Uint8Array(300), decoder)).rejects.toMatchObject({ code: 'dicom-invalid' });
    const cut = film(1).subarray(0, 5000);
    await expect(readForViewing(cut, decoder)).rejects.toMatchObject({
      code: expect.stringMatching(/^dicom-(decode-failed|invalid)$/),
    });
  });
});
