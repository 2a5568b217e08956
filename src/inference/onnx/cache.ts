import type { CacheType } from './manifest.ts';

/** A cache's numbers. */
export type Values = Int8Array | Float32Array;

/** Buffers grow by this many tokens: each run of the binding copies whole buffers, so they are kept tight. */
const STEP = 64;
const up = (tokens: number) => Math.ceil(tokens / STEP) * STEP;

/** Keys and values of layers that look back equally far. */
export interface LayerCache {
  /** Layers in the order of the model; each [heads, capacity, size], row-major. */
  readonly layers: readonly { readonly layer: number; key: Values; value: Values }[];
  /** Tokens that a buffer can hold. */
  readonly capacity: number;
  /** Tokens that it holds. */
  readonly held: number;
  /** Position in the sequence of the first of them. */
  readonly start: number;
  /** Makes room for `count` more; tokens that no later one looks back on leave first. */
  reserve(count: number): void;
  /**
   * Puts `count` tokens behind the held ones; there must be room.
   * @param of What is new of a layer, [count, heads × size], row-major.
   */
  append(count: number, of: (layer: number, part: 'key' | 'value') => Values): void;
  /** Holds only tokens before `position` from now on. False, and nothing done, where tokens are missing that would be looked back on. */
  truncate(position: number): boolean;
  copy(): LayerCache;
  readonly bytes: number;
}

export interface CacheOptions {
  readonly layers: readonly number[];
  readonly heads: number;
  readonly size: number;
  readonly type: CacheType;
  /** Tokens that a token looks back on, itself included; Infinity for global layers. */
  readonly window: number;
}

export function createLayerCache(options: CacheOptions): LayerCache {
  return cacheOf(
    options,
    options.layers.map((layer) => ({ layer, key: allocate(options.type, 0), value: allocate(options.type, 0) })),
    { capacity: 0, held: 0, start: 0 },
  );
}

function allocate(type: CacheType, length: number): Values {
  return type === 'int8' ? new Int8Array(length) : new Float32Array(length);
}

function cacheOf(
  options: CacheOptions,
  layers: LayerCache['layers'],
  state: { capacity: number; held: number; start: number },
): LayerCache {
  const { heads, size, type, window } = options;
  /** Tokens from `first` on, `count` of them, into buffers of another capacity or to the front of the same. */
  const move = (first: number, count: number, capacity: number) => {
    for (const one of layers) {
      for (const part of ['key', 'value'] as const) {
        const from = one[part];
        const to = capacity === state.capacity ? from : allocate(type, heads * capacity * size);
        for (let head = 0; head < heads; head++) {
          const begin = (head * state.capacity + first) * size;
          const target = head * capacity * size;
          if (to === from) from.copyWithin(target, begin, begin + count * size);
          else to.set(from.subarray(begin, begin + count * size), target);
        }
        one[part] = to;
      }
    }
    state.start += first;
    state.held = count;
    state.capacity = capacity;
  };
  return {
    layers,
    get capacity() {
      return state.capacity;
    },
    get held() {
      return state.held;
    },
    get start() {
      return state.start;
    },
    get bytes() {
      return layers.reduce((sum, { key, value }) => sum + key.byteLength + value.byteLength, 0);
    },
    reserve(count) {
      if (state.held + count <= state.capacity) return;
      const keep = Math.min(state.held, window - 1);
      // Behind a full window one step of room is kept, so that tokens are moved once in so many steps.
      move(state.held - keep, keep, up(keep + count + (keep === window - 1 ? STEP : 0)));
    },
    append(count, of) {
      const { capacity, held } = state;
      for (const one of layers) {
        for (const part of ['key', 'value'] as const) {
          const from = of(one.layer, part);
          for (let token = 0; token < count; token++) {
            for (let head = 0; head < heads; head++) {
              const begin = (token * heads + head) * size;
              one[part].set(from.subarray(begin, begin + size), (head * capacity + held + token) * size);
            }
          }
        }
      }
      state.held += count;
    },
    truncate(position) {
      const needed = Math.max(0, position - (window - 1));
      if (position > state.start + state.held || state.start > needed) return false;
      state.held = position - state.start;
      return true;
    },
    copy: () =>
      cacheOf(
        options,
        layers.map(({ layer, key, value }) => ({ layer, key: key.slice(), value: value.slice() })),
        { ...state },
      ),
  };
}
