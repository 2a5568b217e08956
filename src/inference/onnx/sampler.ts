import type { Sampling } from '../model.ts';

/**
 * Picks the next token. Greedy takes the lowest id among equals, as the reference does.
 * @param mask Bit `id & 31` of word `id >> 5` set where a token is allowed; all are when absent.
 * @returns −1 when no token is allowed
 */
export type Sampler = (logits: Float32Array, mask?: Uint32Array) => number;

export function createSampler(sampling: Sampling = { temperature: 0 }): Sampler {
  if (sampling.temperature <= 0) return argmax;
  const random = generator(sampling.seed ?? 0);
  return (logits, mask) => draw(logits, mask, sampling, random());
}

function argmax(logits: Float32Array, mask?: Uint32Array): number {
  let best = -1;
  let highest = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) {
    if (logits[id]! > highest && isAllowed(mask, id)) {
      highest = logits[id]!;
      best = id;
    }
  }
  return best;
}

/** Whether the bit of a token is set; all are where there is no mask. */
export function isAllowed(mask: Uint32Array | undefined, id: number): boolean {
  return mask === undefined || ((mask[id >> 5] ?? 0) & (1 << (id & 31))) !== 0;
}

/** Temperature, then the k most likely, then the fewest of these that sum to p (as Transformers orders its warpers). */
function draw(logits: Float32Array, mask: Uint32Array | undefined, sampling: Sampling, random: number): number {
  const { temperature, topK = 0, topP = 1 } = sampling;
  const ids = topK > 0 ? mostLikely(logits, mask, topK) : allowedIds(logits.length, mask);
  if (topK <= 0 && topP < 1) ids.sort((one, other) => logits[other]! - logits[one]! || one - other);
  if (ids.length === 0) return -1;
  const highest = ids.reduce((most, id) => Math.max(most, logits[id]!), Number.NEGATIVE_INFINITY);
  const weights = ids.map((id) => Math.exp((logits[id]! - highest) / temperature));
  const all = weights.reduce((sum, one) => sum + one, 0);
  let kept = 0;
  let mass = 0;
  while (kept < ids.length && (kept === 0 || mass < topP * all)) mass += weights[kept++]!;
  let rest = random * mass;
  for (let i = 0; i < kept; i++) {
    rest -= weights[i]!;
    if (rest < 0) return ids[i]!;
  }
  return ids[kept - 1]!;
}

function allowedIds(size: number, mask: Uint32Array | undefined): number[] {
  const ids: number[] = [];
  for (let id = 0; id < size; id++) {
    if (isAllowed(mask, id)) ids.push(id);
  }
  return ids;
}

/** The k most likely, the likeliest first: a vocabulary of 262,208 is not sorted for 64 of it. */
function mostLikely(logits: Float32Array, mask: Uint32Array | undefined, k: number): number[] {
  const top: number[] = [];
  for (let id = 0; id < logits.length; id++) {
    if ((top.length === k && logits[id]! <= logits[top[k - 1]!]!) || !isAllowed(mask, id)) continue;
    let place = top.length;
    while (place > 0 && logits[top[place - 1]!]! < logits[id]!) place--;
    top.splice(place, 0, id);
    if (top.length > k) top.pop();
  }
  return top;
}

/** mulberry32: the same draws for the same seed everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
