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

/** Side of the coarse cells on which scatter and dynamic range are computed. */
const CELL = 8;
/** Part of the slow variation of density that the plate reader takes out, so that lung and belly both show. */
const COMPRESSION = 0.42;

/**
 * Line integrals → a processed 12-bit picture: scatter veils what is dense, quantum noise is strongest where few photons
 * arrive, the plate reader evens out the slow variation and compresses with a sigmoid whose centre follows the picture.
 */
export function expose(integrals: Float32Array, width: number, height: number, settings: FilmSettings): Uint16Array {
  const sw = Math.ceil(width / CELL);
  const sh = Math.ceil(height / CELL);
  const primary = new Float32Array(sw * sh);
  for (let y = 0; y < sh; y++) {
    for (let x = 0; x < sw; x++) {
      const px = Math.min(width - 1, x * CELL + CELL / 2);
      const py = Math.min(height - 1, y * CELL + CELL / 2);
      primary[y * sw + x] = Math.exp(-integrals[py * width + px]!);
    }
  }
  const veil = blur(primary, sw, sh, Math.max(1, Math.round(sw * 0.06))).map((photons) => VEIL * photons);
  const density = primary.map((photons, i) => -Math.log(photons + veil[i]!));
  const slow = blur(density, sw, sh, Math.max(1, Math.round(sw * 0.09)));
  // what lies behind the middle of the patient sets the window, as a plate reader's histogram does
  const middle: number[] = [];
  for (let y = Math.floor(sh * 0.12); y < sh * 0.88; y++) {
    for (let x = Math.floor(sw * 0.16); x < sw * 0.84; x++) {
      const i = y * sw + x;
      if (primary[i]! < 0.45) {
        middle.push(density[i]! - COMPRESSION * slow[i]!);
      }
    }
  }
  middle.sort((p, q) => p - q);
  const clear = middle[Math.floor(middle.length * 0.04)] ?? 0;
  const dense = middle[Math.floor(middle.length * 0.96)] ?? 1;
  const centre = clear + (dense - clear) * (0.52 - 0.13 * settings.exposure);
  const slope = (3.7 - 1.1 * Math.abs(settings.exposure)) / Math.max(0.4, dense - clear);
  const gain = slow.map((value) => Math.exp(centre + COMPRESSION * value));
  const random = createRandom(settings.seed);
  const table = Float32Array.from({ length: 8192 }, () => random.normal());
  const dose = 0.0042 * 2 ** (-settings.exposure * 0.35);
  const data = new Uint16Array(width * height);
  for (let y = 0, i = 0; y < height; y++) {
    const sy = Math.min(sh - 1.001, Math.max(0, (y - CELL / 2) / CELL));
    const y0 = Math.floor(sy);
    const fy = sy - y0;
    let walk = Math.floor(random.next() * 8192);
    let before = 0;
    for (let x = 0; x < width; x++, i++) {
      const sx = Math.min(sw - 1.001, Math.max(0, (x - CELL / 2) / CELL));
      const x0 = Math.floor(sx);
      const fx = sx - x0;
      const q = y0 * sw + x0;
      const w00 = (1 - fx) * (1 - fy);
      const w01 = fx * (1 - fy);
      const w10 = (1 - fx) * fy;
      const w11 = fx * fy;
      const photons =
        Math.exp(-integrals[i]!) + veil[q]! * w00 + veil[q + 1]! * w01 + veil[q + sw]! * w10 + veil[q + sw + 1]! * w11;
      const local = gain[q]! * w00 + gain[q + 1]! * w01 + gain[q + sw]! * w10 + gain[q + sw + 1]! * w11;
      walk = (walk + 1) & 8191;
      // neighbouring detector elements share some noise
      const fresh = table[walk]!;
      const grain = 0.8 * fresh + 0.5 * before;
      before = fresh;
      // the sigmoid of the optical density, −ln(photons), without the logarithm
      const value = 1 / (1 + (photons * (1 - (grain * dose) / Math.sqrt(photons)) * local) ** slope);
      data[i] = Math.max(0, Math.min(4095, Math.round(60 + 3950 * value)));
    }
  }
  return data;
}
