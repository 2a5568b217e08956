import { describe, expect, test } from '@jest/globals';
import { inverseDct } from '../../src/imaging/inverse-dct.ts';
import { decodeJpeg12 } from '../../src/imaging/jpeg-extended.ts';

/** Bits of one scan, stuffed as T.81 asks. */
function scanOf(codes: readonly string[]): number[] {
  const bits = codes.join('');
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  return (padded.match(/.{8}/g) ?? []).flatMap((byte) => {
    const value = Number.parseInt(byte, 2);
    return value === 0xff ? [0xff, 0] : [value];
  });
}

const segment = (marker: number, body: readonly number[]) => [0xff, marker, 0, body.length + 2, ...body];
/** DC: every size 0 to 15 has a code of 5 bits. AC: end of block is 0, one coefficient of 4 bits next is 10. */
const dcCode = (size: number) => size.toString(2).padStart(5, '0');
const dcTable = [0, 0, 0, 0, 0, 16, ...Array<number>(11).fill(0), ...Array.from({ length: 16 }, (_, n) => n)];
const acTable = [16, 1, 1, ...Array<number>(14).fill(0), 0x00, 0x04];
const signed = (value: number) => {
  const size = value === 0 ? 0 : Math.floor(Math.log2(Math.abs(value))) + 1;
  return dcCode(size) + (size === 0 ? '' : (value > 0 ? value : value + 2 ** size - 1).toString(2).padStart(size, '0'));
};

interface Made {
  readonly width?: number;
  readonly height?: number;
  readonly precision?: number;
  readonly components?: number;
  readonly frame?: number;
  /** One entry a block: difference of the mean, in eighths of a grey level. */
  readonly scan: readonly (readonly number[])[];
}

/** A grey JPEG of flat blocks; the scans are parted by restart markers. */
function jpeg({ width = 8, height = 8, precision = 12, components = 1, frame = 0xc1, scan }: Made): Uint8Array {
  const parts = scan.flatMap((part, n) => [
    ...(n > 0 ? [0xff, 0xd0 + ((n - 1) % 8)] : []),
    ...scanOf(part.flatMap((difference) => [signed(difference), '0'])),
  ]);
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    ...segment(frame, [precision, height >> 8, height & 255, width >> 8, width & 255, components, 1, 0x11, 0]),
    ...segment(0xc4, dcTable),
    ...segment(0xc4, acTable),
    ...(scan.length > 1 ? segment(0xdd, [0, scan[0]!.length]) : []),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    ...parts,
    ...[0xff, 0xd9],
  ]);
}

describe('JPEG of 12 bits', () => {
  test('flat blocks, four of them, cut at the edges', () => {
    const samples = decodeJpeg12(jpeg({ width: 10, height: 11, scan: [[800, 8, -1600, 80]] }));
    expect(samples).toHaveLength(110);
    expect([samples[0], samples[8], samples[80], samples[88], samples[109]]).toEqual([2148, 2149, 1949, 1959, 1959]);
  });

  test('restart markers begin again from the middle grey', () => {
    const samples = decodeJpeg12(
      jpeg({
        width: 16,
        height: 16,
        scan: [
          [80, 80],
          [8, 8],
        ],
      }),
    );
    expect([samples[0], samples[8], samples[128], samples[136]]).toEqual([2058, 2068, 2049, 2050]);
  });

  test('values beyond 12 bits are clamped', () => {
    expect(decodeJpeg12(jpeg({ scan: [[20_000]] }))[0]).toBe(4095);
    expect(decodeJpeg12(jpeg({ scan: [[-20_000]] }))[0]).toBe(0);
  });

  test.each([
    ['progressive', { frame: 0xc2, scan: [[0]] }, 'dicom-transfer-syntax'],
    ['colour', { components: 3, scan: [[0]] }, 'dicom-transfer-syntax'],
    ['a scan that ends before its blocks', { width: 64, height: 64, scan: [[1, 2, 3]] }, 'dicom-decode-failed'],
    ['no size', { height: 0, scan: [[0]] }, 'dicom-decode-failed'],
  ] as const)('refused: %s', (_, made, code) => {
    expect(() => decodeJpeg12(jpeg(made))).toThrow(expect.objectContaining({ code }));
  });

  test('refused: cut anywhere, and every byte of the tables turned', () => {
    const whole = jpeg({ width: 32, height: 32, scan: [Array<number>(16).fill(100)] });
    for (let length = 2; length < whole.length - 3; length += 3) {
      expect(() => decodeJpeg12(whole.subarray(0, length))).toThrow();
    }
    for (let at = 2; at < 160; at++) {
      const turned = Uint8Array.from(whole, (byte, n) => (n === at ? byte ^ 0xff : byte));
      try {
        expect(decodeJpeg12(turned).length).toBeGreaterThan(0);
      } catch (thrown) {
        expect((thrown as { code?: string }).code ?? (thrown as Error).name).toMatch(/^dicom-|RangeError/);
      }
    }
  });

  test('the transform is within one of the one in real numbers', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31 - 0.5;
    };
    for (let run = 0; run < 50; run++) {
      const block = Int32Array.from({ length: 64 }, (_, n) => Math.round((random() * 6000) / (1 + n)));
      const expected = realInverse(block);
      inverseDct(block);
      expect(Math.max(...block.map((value, n) => Math.abs(value - Math.round(expected[n]!))))).toBeLessThanOrEqual(1);
    }
  });
});

function realInverse(block: Int32Array): number[] {
  const scale = (n: number) => (n === 0 ? Math.SQRT1_2 : 1) / 2;
  const wave = (n: number, at: number) => scale(n) * Math.cos(((2 * at + 1) * n * Math.PI) / 16);
  return Array.from({ length: 64 }, (_, at) => {
    let sum = 0;
    for (let n = 0; n < 64; n++) {
      sum += block[n]! * wave(n & 7, at & 7) * wave(n >> 3, at >> 3);
    }
    return sum;
  });
}
