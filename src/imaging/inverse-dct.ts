/**
 * The inverse discrete cosine transform of an 8 × 8 block in whole numbers, after Loeffler, Ligtenberg and Moschytz
 * (ICASSP 1989), with constants of 13 bits and one more bit between the passes: the precision and the rounding that the
 * reference decoders use for samples of 12 bits, so that results are equal to theirs, not only near.
 */
const BITS = 13;
const BETWEEN = 1;
const fixed = (value: number) => Math.round(value * 2 ** BITS);
const [c0298, c0390, c0541, c0765] = [fixed(0.298631336), fixed(0.390180644), fixed(0.5411961), fixed(0.765366865)];
const [c0899, c1175, c1501, c1847] = [fixed(0.899976223), fixed(1.175875602), fixed(1.50132111), fixed(1.847759065)];
const [c1961, c2053, c2562, c3072] = [fixed(1.96157056), fixed(2.053119869), fixed(2.562915447), fixed(3.072711026)];

/** In place; `block` holds 64 dequantised coefficients in natural order, afterwards samples around 0. */
export function inverseDct(block: Int32Array): void {
  for (let column = 0; column < 8; column++) {
    transform(block, column, 8, BITS - BETWEEN);
  }
  for (let row = 0; row < 64; row += 8) {
    transform(block, row, 1, BITS + BETWEEN + 3);
  }
}

function transform(block: Int32Array, at: number, step: number, shift: number): void {
  const { imul } = Math;
  const read = (index: number) => block[at + index * step]!;
  const half = 1 << (shift - 1);

  const even = imul(read(2) + read(6), c0541);
  const even2 = even - imul(read(6), c1847);
  const even3 = even + imul(read(2), c0765);
  const sum = (read(0) + read(4)) << BITS;
  const difference = (read(0) - read(4)) << BITS;

  const [o7, o5, o3, o1] = [read(7), read(5), read(3), read(1)];
  const z5 = imul(o7 + o3 + o5 + o1, c1175);
  const z3 = z5 - imul(o7 + o3, c1961);
  const z4 = z5 - imul(o5 + o1, c0390);
  const z1 = -imul(o7 + o1, c0899);
  const z2 = -imul(o5 + o3, c2562);
  const odd = [
    imul(o1, c1501) + z1 + z4,
    imul(o3, c3072) + z2 + z3,
    imul(o5, c2053) + z2 + z4,
    imul(o7, c0298) + z1 + z3,
  ] as const;
  const halves = [sum + even3, difference + even2, difference - even2, sum - even3] as const;
  for (let index = 0; index < 4; index++) {
    block[at + index * step] = (halves[index]! + odd[index]! + half) >> shift;
    block[at + (7 - index) * step] = (halves[index]! - odd[index]! + half) >> shift;
  }
}
