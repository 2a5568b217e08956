/** Deterministic randomness: the same seed gives the same person and the same film, on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Standard normal. */
  normal(): number;
}

/** mulberry32: 32 bits of state, good enough for pictures, not for secrets. */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed | 0, 0x9e3779b1) ^ 0x5bf03635) >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

/** Smooth noise over the plane, about −1 to 1, one hump per unit length. */
export function createNoise(seed: number): (x: number, y: number) => number {
  const random = createRandom(seed);
  const size = 64;
  const grid = Float32Array.from({ length: size * size }, () => random.next() * 2 - 1);
  return (x, y) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const sx = fx * fx * (3 - 2 * fx);
    const sy = fy * fy * (3 - 2 * fy);
    const left = x0 & 63;
    const right = (x0 + 1) & 63;
    const top = (y0 & 63) * size;
    const bottom = ((y0 + 1) & 63) * size;
    const upper = grid[top + left]! * (1 - sx) + grid[top + right]! * sx;
    const lower = grid[bottom + left]! * (1 - sx) + grid[bottom + right]! * sx;
    return upper * (1 - sy) + lower * sy;
  };
}
