import { join } from 'node:path';
import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { createLayerCache, type LayerCache } from './cache.ts';
import type { CacheType } from './manifest.ts';
import type { Runtime } from './runtime.ts';
import type { GemmaShape } from './shape.ts';

/** What a sequence has left behind in the decoder: keys and values of its tokens. */
export interface DecoderState {
  /** Tokens that the decoder has taken. */
  readonly position: number;
  /** Forgets the tokens from `position` on. False where that is no longer possible. */
  truncate(position: number): boolean;
  copy(): DecoderState;
  readonly bytes: number;
}

export interface DecoderStep {
  /** [S, hidden], row-major: scaled token embeddings, image features as they are. */
  readonly embeddings: Float32Array;
  /** For each of the S tokens the number of its image, −1 for text. An image is never split over two steps. */
  readonly images: Int32Array;
  /** Rows of S whose logits are wanted. */
  readonly logitsAt: readonly number[];
}

/** A decoder whose cache can be looked into. */
export interface MeasuredDecoder extends Decoder {
  /** Raises `peaks` to the largest absolute value of each channel: for each layer keys then values [heads × size]. */
  measure(state: DecoderState, peaks: Float32Array): void;
}

/** The language model, one sequence at a time. */
export interface Decoder {
  /** Whether the tokens of an image attend to each other in both directions, as the model was trained. */
  readonly seesImagesWhole: boolean;
  /** Bytes that a token costs in a state, the window of local layers considered. */
  stateBytes(tokens: number): number;
  start(): DecoderState;
  /** Takes S tokens. Returns logits [logitsAt.length, vocabulary], row-major. */
  run(state: DecoderState, step: DecoderStep): Promise<Float32Array>;
  close(): Promise<void>;
}

interface State extends DecoderState {
  readonly caches: { readonly global: LayerCache; readonly local: LayerCache };
}

/** Far below every score, far from overflowing float32 when it is added to one. */
const NEVER = -1e30;

/**
 * The decoder graph of src/inference/convert/decoder-graph.ts. It reads the buffers of the past where they lie and gives
 * out what is new, which is put behind it.
 */
export async function openDecoder(
  runtime: Runtime,
  folder: string,
  file: string,
  shape: GemmaShape,
  type: CacheType,
): Promise<MeasuredDecoder> {
  const session = await runtime.open(join(folder, file));
  const { hidden, keyValueHeads: heads, headSize: size, window } = shape;
  const layersOf = (isGlobal: boolean) => shape.isGlobal.flatMap((one, layer) => (one === isGlobal ? layer : []));
  const kinds = {
    global: { layers: layersOf(true), window: Number.POSITIVE_INFINITY },
    local: { layers: layersOf(false), window },
  };
  const { tensor } = runtime;

  function stateOf(caches: State['caches']): State {
    return {
      caches,
      get position() {
        const { start, held } = caches.global;
        return start + held;
      },
      get bytes() {
        return caches.global.bytes + caches.local.bytes;
      },
      truncate: (position) => caches.local.truncate(position) && caches.global.truncate(position),
      copy: () => stateOf({ global: caches.global.copy(), local: caches.local.copy() }),
    };
  }

  return {
    seesImagesWhole: true,
    stateBytes(tokens) {
      const each = 2 * heads * size * (type === 'int8' ? 1 : 4);
      return each * (kinds.global.layers.length * tokens + kinds.local.layers.length * Math.min(tokens, window + 512));
    },
    start: () =>
      stateOf({
        global: createLayerCache({ ...kinds.global, heads, size, type }),
        local: createLayerCache({ ...kinds.local, heads, size, type }),
      }),
    async run(given, { embeddings, images, logitsAt }) {
      const { caches, position } = given as State;
      const count = images.length;
      const feeds: Record<string, OrtTensor> = {
        inputs_embeds: tensor('float32', embeddings, [1, count, hidden]),
        position_ids: tensor(
          'int64',
          BigInt64Array.from(images, (_, i) => BigInt(position + i)),
          [1, count],
        ),
        logits_at: tensor('int64', BigInt64Array.from(logitsAt, BigInt), [logitsAt.length]),
      };
      for (const scope of ['global', 'local'] as const) {
        const cache = caches[scope];
        cache.reserve(count);
        const total = cache.held + count;
        const bias = attentionBias(images, cache, kinds[scope].window);
        feeds[`bias_${scope}`] = tensor('float32', bias, [1, 1, count, total]);
        feeds[`last_${scope}`] = tensor('int32', Int32Array.of(total - 1), [1]);
        feeds[`total_${scope}`] = tensor('int32', Int32Array.of(total), []);
        const dims = [1, heads, cache.capacity, size];
        for (const { layer, key, value } of cache.layers) {
          feeds[`past_key_values.${layer}.key`] = tensor(type, key, dims);
          feeds[`past_key_values.${layer}.value`] = tensor(type, value, dims);
        }
      }
      const outputs = await session.run(feeds);
      for (const cache of [caches.global, caches.local]) {
        cache.append(count, (layer, part) => (outputs[`new.${layer}.${part}`] as OrtTensor).data as Int8Array);
      }
      return (outputs.logits as OrtTensor).data as Float32Array;
    },
    measure(given, peaks) {
      const { caches } = given as State;
      for (const cache of [caches.global, caches.local]) {
        for (const { layer, key, value } of cache.layers) {
          for (const [part, values] of [key, value].entries()) {
            const base = (2 * layer + part) * heads * size;
            for (let head = 0; head < heads; head++) {
              for (let i = 0; i < cache.held * size; i++) {
                const channel = base + head * size + (i % size);
                peaks[channel] = Math.max(peaks[channel]!, Math.abs(values[head * cache.capacity * size + i]!));
              }
            }
          }
        }
      }
    },
    close: () => session.release(),
  };
}

/**
 * 0 where a new token may attend, `NEVER` where not [count, held + count]: to every token before it within its window, to
 * itself, and to those of its own image behind it (Transformers, `create_masks_for_vision_model`: global layers
 * OR(causal, same image), local layers AND(window, OR(causal, same image))).
 */
export function attentionBias(images: Int32Array, cache: Pick<LayerCache, 'held'>, window: number): Float32Array {
  const { held } = cache;
  const count = images.length;
  const total = held + count;
  const bias = new Float32Array(count * total);
  for (let row = 0; row < count; row++) {
    const self = held + row;
    let last = self;
    if (images[row]! >= 0) {
      while (last + 1 < total && images[last + 1 - held] === images[row]) last++;
    }
    const first = Math.max(0, self - window + 1);
    bias.fill(NEVER, row * total, row * total + first);
    bias.fill(NEVER, row * total + last + 1, (row + 1) * total);
  }
  return bias;
}
