import { afterAll, describe, expect, test } from '@jest/globals';
import { createDecoder } from '../../src/imaging/decoder.ts';
import { readDicom } from '../../src/imaging/dicom.ts';
import type { StoredFrame } from '../../src/imaging/pixel-format.ts';
import { displayImage } from '../../src/imaging/pixels.ts';
import { readRadiograph } from '../../src/imaging/radiograph.ts';
import { applyWindow } from '../../src/imaging/window.ts';
import { type DicomToWrite, writeDicom } from '../../src/imaging/write-dicom.ts';
import { film } from '../support/film.ts';

const decoder = createDecoder();
afterAll(() => decoder.close());

const header = { sopInstanceUid: '2.25.1', studyInstanceUid: '2.25.2', seriesInstanceUid: '2.25.3' };
const ramp = Uint16Array.from({ length: 101 }, (_, index) => index * 10);

async function display(options: Partial<DicomToWrite>, data: Uint16Array | Int16Array | Uint8Array = ramp) {
  const bytes = writeDicom({ header, image: { width: data.length, height: 1, data }, ...options });
  return displayImage(readDicom(bytes), await decoder.decode(bytes, 0));
}

const rounded = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1000) / 1000);

describe('window', () => {
  test('LINEAR as in PS3.3 C.11.2.1.2: c 2048, w 4096 maps 0..4095 to 0..1', () => {
    const values = Float32Array.of(-5, 0, 2047.5, 4095, 5000);
    applyWindow(values, { center: 2048, width: 4096, function: 'LINEAR' });
    expect(rounded(values)).toEqual([0, 0, 0.5, 1, 1]);
  });

  test('LINEAR with width 1 is a threshold', () => {
    const values = Float32Array.of(99, 100, 101);
    applyWindow(values, { center: 100.5, width: 1, function: 'LINEAR' });
    expect(rounded(values)).toEqual([0, 0, 1]);
  });

  test('LINEAR_EXACT and SIGMOID', () => {
    const exact = Float32Array.of(0, 50, 100);
    applyWindow(exact, { center: 50, width: 100, function: 'LINEAR_EXACT' });
    expect(rounded(exact)).toEqual([0, 0.5, 1]);
    const sigmoid = Float32Array.of(0, 50, 100);
    applyWindow(sigmoid, { center: 50, width: 100, function: 'SIGMOID' });
    expect(rounded(sigmoid)).toEqual([0.119, 0.5, 0.881]);
  });

  test('the first of several', async () => {
    const { data, scale } = await display({ attributes: { WindowCenter: [500.5, 100], WindowWidth: [1001, 10] } });
    expect(scale).toBe('window');
    expect([data[0], data[50], data[100]]).toEqual([0, 0.5, 1]);
  });

  test.each([
    ['width 0', { WindowCenter: 500, WindowWidth: 0 }],
    ['no width', { WindowCenter: 500 }],
    ['none', {}],
    ['one that shows nothing of the image', { WindowCenter: 50_000, WindowWidth: 10 }],
  ])('%s: percentiles', async (_, attributes) => {
    const { data, scale } = await display({ attributes });
    expect(scale).toBe('percentiles');
    expect([data[0], data[100]]).toEqual([0, 1]);
    expect(data[50]).toBeCloseTo(0.5, 1);
  });
});

describe('grey scale', () => {
  test('MONOCHROME1 and Presentation LUT Shape INVERSE invert once, also together', async () => {
    const window = { center: 500.5, width: 1001 };
    const inverse = { PresentationLUTShape: 'INVERSE' };
    for (const options of [
      { window, photometricInterpretation: 'MONOCHROME1' },
      { window, attributes: inverse },
      { window, photometricInterpretation: 'MONOCHROME1', attributes: inverse },
    ] as const) {
      const { data } = await display(options);
      expect([data[0], data[100]]).toEqual([1, 0]);
    }
  });

  test('the full range passes over window and padding, and is inverted alike', async () => {
    const full = async (options: Partial<DicomToWrite>, data: Uint16Array | Int16Array) => {
      const bytes = writeDicom({ header, image: { width: data.length, height: 1, data }, ...options });
      return displayImage(readDicom(bytes), await decoder.decode(bytes, 0), { range: 'full' });
    };
    const narrow = { window: { center: 500.5, width: 101 } };
    const { data, scale } = await full(narrow, ramp);
    expect([scale, data[0], data[25], data[100]]).toEqual(['full', 0, 0.25, 1]);
    const inverted = await full({ ...narrow, photometricInterpretation: 'MONOCHROME1' }, ramp);
    expect([inverted.data[0], inverted.data[25], inverted.data[100]]).toEqual([1, 0.75, 0]);
    const padded = await full({ attributes: { PixelPaddingValue: -2000 } }, Int16Array.of(-2000, 0, 50, 100));
    expect(rounded(padded.data)).toEqual([0, 0, 0.5, 1]);
    const flat = await full({}, Uint16Array.of(7, 7));
    expect(rounded(flat.data)).toEqual([0, 0]);
  });

  test('rescale slope and intercept come before the window', async () => {
    const attributes = { RescaleSlope: 2, RescaleIntercept: -1000, WindowCenter: 0.5, WindowWidth: 2001 };
    const { data } = await display({ attributes });
    expect([data[0], data[50], data[100]]).toEqual([0, 0.5, 1]);
  });

  test('rescale in the shared functional groups of an enhanced file', async () => {
    const { data } = await display({
      attributes: {
        SharedFunctionalGroupsSequence: [
          {
            PixelValueTransformationSequence: [{ RescaleSlope: 1, RescaleIntercept: -500 }],
            FrameVOILUTSequence: [{ WindowCenter: 0.5, WindowWidth: 1001 }],
          },
        ],
      },
    });
    expect([data[0], data[50], data[100]]).toEqual([0, 0.5, 1]);
  });

  test('padding is black and does not stretch the percentiles, in both polarities', async () => {
    const padded = Int16Array.from([...ramp.map((value) => value), -2000, -2000]);
    for (const photometricInterpretation of ['MONOCHROME1', 'MONOCHROME2'] as const) {
      const attributes = { PixelPaddingValue: -2000 };
      const { data, padding } = await display({ photometricInterpretation, attributes }, padded);
      expect([data[101], data[102]]).toEqual([0, 0]);
      expect(padding!.reduce((sum, value) => sum + value, 0)).toBe(2);
      expect(data[50]).toBeCloseTo(0.5, 1);
    }
  });

  test('a padding range', async () => {
    const { padding } = await display({ attributes: { PixelPaddingValue: 0, PixelPaddingRangeLimit: 100 } });
    expect(padding!.reduce((sum, value) => sum + value, 0)).toBe(11);
  });

  test('bits above Bits Stored are no part of the value', async () => {
    const dirty = ramp.map((value) => value | 0xf000);
    const { data } = await display({ bitsStored: 12, window: { center: 500.5, width: 1001 } }, dirty);
    expect([data[0], data[50], data[100]]).toEqual([0, 0.5, 1]);
  });

  test('VOI LUT before window', async () => {
    const table = Uint16Array.from({ length: 256 }, (_, index) => 255 - index);
    const { data, scale } = await display(
      {
        window: { center: 128, width: 256 },
        attributes: { VOILUTSequence: [{ LUTDescriptor: [256, 0, 8], LUTData: [...table] }] },
      },
      Uint8Array.from({ length: 256 }, (_, index) => index),
    );
    expect(scale).toBe('voi-lut');
    expect([data[0], data[255]]).toEqual([1, 0]);
  });
});

describe('modality lookup table', () => {
  const identity = Uint8Array.from({ length: 256 }, (_, index) => index);

  test('before the window, its first and last entry for what lies outside', async () => {
    const table = Array.from({ length: 100 }, (_, index) => 1000 + index * 10);
    const { data } = await display(
      {
        attributes: {
          ModalityLUTSequence: [{ LUTDescriptor: [100, 50, 16], LUTData: table, ModalityLUTType: 'US' }],
          WindowCenter: 1495.5,
          WindowWidth: 991,
        },
      },
      identity,
    );
    expect(rounded([data[0]!, data[50]!, data[99]!, data[149]!, data[255]!])).toEqual([0, 0, 0.495, 1, 1]);
  });

  test('modality table, then VOI table', async () => {
    const { data, scale } = await display(
      {
        attributes: {
          ModalityLUTSequence: [
            { LUTDescriptor: [256, 0, 16], LUTData: [...identity].map((value) => value * 2), ModalityLUTType: 'US' },
          ],
          VOILUTSequence: [
            { LUTDescriptor: [512, 0, 8], LUTData: Array.from({ length: 512 }, (_, n) => 255 - (n >> 1)) },
          ],
        },
      },
      identity,
    );
    expect(scale).toBe('voi-lut');
    expect(rounded([data[0]!, data[255]!])).toEqual([1, 0]);
  });

  test('a table that is shorter than it says is refused', async () => {
    const attributes = {
      VOILUTSequence: [{ LUTDescriptor: [4096, 0, 16], LUTData: [1, 2, 3] }],
    };
    await expect(display({ attributes }, identity)).rejects.toMatchObject({ code: 'dicom-decode-failed' });
  });

  test.each([8, 9, 10, 12, 14, 16])('%d bits stored fill the grey scale', async (bitsStored) => {
    const most = 2 ** bitsStored - 1;
    const values = Uint16Array.from({ length: 101 }, (_, index) => (index * most) / 100);
    const { data } = await display({ bitsStored, window: { center: (most + 1) / 2, width: most + 1 } }, values);
    expect([data[0], data[100]]).toEqual([0, 1]);
    expect(data[50]).toBeCloseTo(0.5, 2);
  });
});

describe('burnt-in borders', () => {
  const side = 200;
  /** A grey field of 1000 to 2000 in a frame of one value, with a marker on it. */
  const framed = (frame: number, depth: number) =>
    Uint16Array.from({ length: side * side }, (_, n) => {
      const [x, y] = [n % side, Math.floor(n / side)];
      const inside = x >= depth && x < side - depth && y >= depth && y < side - depth;
      const marker = y === 3 && x > 8 && x < 13;
      return marker ? 3000 : inside ? 1000 + ((x * 5 + y * 7) % 1000) : frame;
    });
  const show = async (data: Uint16Array) => {
    const bytes = writeDicom({ header, image: { width: side, height: side, data } });
    return displayImage(readDicom(bytes), await decoder.decode(bytes, 0));
  };

  test.each([
    ['black', 0],
    ['white', 4095],
  ])('a %s frame does not make the film pale', async (_, frame) => {
    const { shown: range, padding, data } = await show(framed(frame, 30));
    expect(padding).toBeUndefined();
    expect(range!.low).toBeGreaterThanOrEqual(1000);
    expect(range!.high).toBeLessThanOrEqual(2000);
    // the frame itself stays what it is
    expect(data[0]).toBe(frame === 0 ? 0 : 1);
  });

  test('none is found where there is none, nor where all is one value', async () => {
    const { shown: range } = await show(framed(0, 0));
    expect(range!.low).toBeLessThan(1010);
    expect((await show(new Uint16Array(side * side).fill(7))).shown).toEqual({ low: 7, high: 7 });
    // nor where most is frame: that is an empty film
    expect((await show(framed(0, 95))).shown!.low).toBe(0);
  });
});

describe('colour becomes luma', () => {
  const colour = (photometricInterpretation: string, values: number[]): StoredFrame => ({
    rows: 1,
    columns: 1,
    samples: 3,
    bitsStored: 8,
    highBit: 7,
    signed: false,
    photometricInterpretation,
    values: Uint8Array.from(values),
  });

  test('RGB and YBR', () => {
    const file = readDicom(film(1));
    expect(displayImage(file, colour('RGB', [255, 0, 0])).data[0]).toBeCloseTo(0.299, 3);
    expect(displayImage(file, colour('YBR_FULL', [255, 0, 0])).data[0]).toBe(1);
  });

  test('PALETTE COLOR', async () => {
    const entries = (top: number) => Array.from({ length: 101 }, (_, index) => Math.round((index * top) / 100));
    const attributes = {
      PhotometricInterpretation: 'PALETTE COLOR',
      RedPaletteColorLookupTableDescriptor: [101, 0, 16],
      GreenPaletteColorLookupTableDescriptor: [101, 0, 16],
      BluePaletteColorLookupTableDescriptor: [101, 0, 16],
      RedPaletteColorLookupTableData: words(entries(65_535)),
      GreenPaletteColorLookupTableData: words(entries(65_535)),
      BluePaletteColorLookupTableData: words(entries(0)),
    };
    const { data } = await display(
      { attributes },
      Uint8Array.from({ length: 101 }, (_, index) => index),
    );
    expect([data[0], data[100]]).toEqual([0, expect.closeTo(0.886, 3)]);
  });

  const words = (values: number[]) => [Uint16Array.from(values).buffer];
});

describe('radiograph', () => {
  test('header, image and hash', async () => {
    const radiograph = await readRadiograph(film(1), decoder);
    expect(radiograph.image).toMatchObject({ width: 96, height: 96 });
    expect(radiograph.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(radiograph.header.patientName).toBe('Synthetic^Sam');
  });

  test('too small', async () => {
    await expect(readRadiograph(film(1, { side: 1 }), decoder)).rejects.toMatchObject({ code: 'image-too-small' });
    await expect(readRadiograph(film(1, { side: 63 }), decoder)).rejects.toMatchObject({ code: 'image-too-small' });
  });
});
