/** Jest looks every global up in its sandbox, which is slow in a loop over pixels. */
const { floor, imul, min } = Math;

export interface SyntheticImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly seed: number;
  /** Period of diagonal bright bars in pixels; 0 for none. */
  readonly stripe: number;
  /** Noise added is less than this. */
  readonly noise: number;
}

/**
 * Pixels, height × width × channels: a gradient, a disc, bars and noise, in 32-bit integers only, so that
 * `tools/reference-vectors.py` makes the very same bytes.
 */
export function syntheticImage({ width, height, channels, seed, stripe, noise }: SyntheticImage): Uint8Array {
  const pixels = new Uint8Array(width * height * channels);
  const radius = floor(min(width, height) / 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const right = floor((255 * x) / width);
      const down = floor((255 * y) / height);
      const inside = (x - (width >> 1)) ** 2 + (y - (height >> 1)) ** 2 < radius ** 2;
      const bar = stripe > 0 && floor((x + y + seed) / stripe) % 2 === 1;
      const gradients = [right, down, (right + down) >> 1];
      for (let channel = 0; channel < channels; channel++) {
        const gradient = gradients[(channel + seed) % 3]!;
        const base = (inside ? 255 - gradient : gradient) + (bar ? 60 : 0);
        const grain = noise > 0 ? mixed(((y * width + x) * channels + channel) ^ imul(seed, 0x9e3779b1)) % noise : 0;
        pixels[(y * width + x) * channels + channel] = min(255, base + grain);
      }
    }
  }
  return pixels;
}

/** A 32-bit mixing function (Chris Wellons, public domain). */
function mixed(value: number): number {
  let bits = value >>> 0;
  bits = imul(bits ^ (bits >>> 16), 0x7feb352d) >>> 0;
  bits = imul(bits ^ (bits >>> 15), 0x846ca68b) >>> 0;
  return (bits ^ (bits >>> 16)) >>> 0;
}
