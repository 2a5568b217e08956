import { createRandom } from './random.ts';

/** Mean over a window of 2·radius+1 in both directions, borders held; two passes make it nearly a triangle. */
function blur(source: Float32Array, width: number, height: number, radius: number): Float32Array {
  let from = source;
  for (let pass = 0; pass < 2; pass++) {
    const across = new Float32Array(source.length);
    for (let y = 0; y < height; y++) {
      const base = y * width;
      let sum = from[base]! * (radius + 1);
      for (let x = 0; x < radius; x++) {
        sum += from[base + Math.min(width - 1, x)]!;
      }
      for (let x = 0; x < width; x++) {
        sum += from[base + Math.min(width - 1, x + radius)]!;
        across[base + x] = sum / (2 * radius + 1);
        sum -= from[base + Math.max(0, x - radius)]!;
      }
    }
    const down = new Float32Array(source.length);
    for (let x = 0; x < width; x++) {
      let sum = across[x]! * (radius + 1);
      for (let y = 0; y < radius; y++) {
        sum += across[Math.min(height - 1, y) * width + x]!;
      }
      for (let y = 0; y < height; y++) {
        sum += across[Math.min(height - 1, y + radius) * width + x]!;
        down[y * width + x] = sum / (2 * radius + 1);
        sum -= across[Math.max(0, y - radius) * width + x]!;
      }
    }
    from = down;
  }
  return from;
}

/** Scattered photons per primary photon of the neighbourhood. */
const VEIL = 0.3;

export interface FilmSettings {
  readonly seed: number;
  /** −1 to 1, see ChestParameters. */
  readonly exposure: number;
}

/**
 * Line integrals → a processed 12-bit picture: scatter veils what is dense, quantum noise is strongest where few photons
 * arrive, the reader's plate compresses with a sigmoid whose centre follows the picture, as a CR reader does.
 */
export function expose(integrals: Float32Array, width: number, height: number, settings: FilmSettings): Uint16Array {
  const quarter = 8;
  const sw = Math.ceil(width / quarter);
  const sh = Math.ceil(height / quarter);
  const small = new Float32Array(sw * sh);
  for (let y = 0; y < sh; y++) {
    for (let x = 0; x < sw; x++) {
      const px = Math.min(width - 1, x * quarter + 4);
      const py = Math.min(height - 1, y * quarter + 4);
      small[y * sw + x] = Math.exp(-integrals[py * width + px]!);
    }
  }
  const scatter = blur(small, sw, sh, Math.max(1, Math.round(sw * 0.06)));
  // what lies behind the middle of the patient sets the window, as a plate reader's histogram does
  const middle: number[] = [];
  for (let y = Math.floor(sh * 0.12); y < sh * 0.88; y++) {
    for (let x = Math.floor(sw * 0.16); x < sw * 0.84; x++) {
      const photons = small[y * sw + x]!;
      if (photons < 0.45) {
        middle.push(-Math.log(photons + VEIL * scatter[y * sw + x]!));
      }
    }
  }
  middle.sort((p, q) => p - q);
  const clear = middle[Math.floor(middle.length * 0.05)] ?? 1;
  const dense = middle[Math.floor(middle.length * 0.95)] ?? 4;
  const centre = clear + (dense - clear) * (0.5 - 0.13 * settings.exposure);
  const slope = (3.7 - 1.1 * Math.abs(settings.exposure)) / Math.max(0.6, dense - clear);
  const lift = Math.exp(centre);
  const random = createRandom(settings.seed);
  const table = Float32Array.from({ length: 8192 }, () => random.normal());
  const dose = 0.0042 * 2 ** (-settings.exposure * 0.35);
  const data = new Uint16Array(width * height);
  let walk = Math.floor(random.next() * 8192);
  for (let y = 0, i = 0; y < height; y++) {
    const sy = Math.min(sh - 1.001, Math.max(0, (y - 4) / quarter));
    const y0 = Math.floor(sy);
    const fy = sy - y0;
    walk = Math.floor(random.next() * 8192);
    let before = 0;
    for (let x = 0; x < width; x++, i++) {
      const sx = Math.min(sw - 1.001, Math.max(0, (x - 4) / quarter));
      const x0 = Math.floor(sx);
      const fx = sx - x0;
      const base = y0 * sw + x0;
      const top = scatter[base]! * (1 - fx) + scatter[base + 1]! * fx;
      const below = Math.min(base + sw, sw * sh - 2);
      const low = scatter[below]! * (1 - fx) + scatter[below + 1]! * fx;
      const veil = VEIL * (top * (1 - fy) + low * fy);
      const photons = Math.exp(-integrals[i]!) + veil;
      walk = (walk + 1) & 8191;
      // neighbouring detector elements share some noise
      const fresh = table[walk]!;
      const grain = 0.8 * fresh + 0.5 * before;
      before = fresh;
      // the sigmoid of the optical density, −ln(photons), without the logarithm
      const value = 1 / (1 + (photons * (1 - (grain * dose) / Math.sqrt(photons)) * lift) ** slope);
      data[i] = Math.max(0, Math.min(4095, Math.round(60 + 3950 * value)));
    }
  }
  return data;
}
