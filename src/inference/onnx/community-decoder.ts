import { join } from 'node:path';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { IntervalError } from '../../errors.ts';
import type { Decoder, DecoderState } from './decoder.ts';
import type { Runtime } from './runtime.ts';
import type { GemmaShape } from './shape.ts';

interface State extends DecoderState {
  readonly caches: Map<string, OrtTensor>;
}

/**
 * A decoder in the layout of the ONNX community (`decoder_model_merged`: inputs_embeds, attention_mask, position_ids from
 * 1, past_key_values.i.key/value that grow): whole, but slower, and without any way to say which tokens are an image's.
 * Inputs are given as far as the graph has them.
 */
export async function openCommunityDecoder(
  runtime: Runtime,
  folder: string,
  file: string,
  shape: GemmaShape,
): Promise<Decoder> {
  const session = await runtime.open(join(folder, file));
  const { hidden, keyValueHeads: heads, headSize: size } = shape;
  const names = new Set(session.inputNames);
  const past = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
  const allowed = ['inputs_embeds', 'attention_mask', 'position_ids', 'num_logits_to_keep', 'token_type_ids'];
  const unknown = session.inputNames.find((name) => !past.includes(name) && !allowed.includes(name));
  const outputs = ['logits', ...past.map(presentOf)];
  const missing = outputs.find((name) => !session.outputNames.includes(name));
  if (
    past.length !== 2 * shape.layers ||
    !names.has('inputs_embeds') ||
    unknown !== undefined ||
    missing !== undefined
  ) {
    throw new IntervalError(
      'model-invalid',
      `The decoder's inputs and outputs are not those of a Gemma 3 export${unknown ? `: ${unknown}` : ''}.`,
    );
  }
  const empty = () => runtime.tensor('float32', new Float32Array(0), [1, heads, 0, size]);

  function stateOf(caches: Map<string, OrtTensor>, start: number): State {
    let position = start;
    return {
      caches,
      get position() {
        return position;
      },
      set position(value) {
        position = value;
      },
      get bytes() {
        return [...caches.values()].reduce((sum, one) => sum + (one.data as Float32Array).byteLength, 0);
      },
      truncate(to) {
        if (to > position) return false;
        for (const [name, cache] of caches) caches.set(name, cut(cache, to));
        position = to;
        return true;
      },
      copy: () => stateOf(new Map(caches), position),
    };
  }
  function cut(cache: OrtTensor, tokens: number): OrtTensor {
    const held = cache.dims[2]!;
    if (held <= tokens) return cache;
    const out = new Float32Array(heads * tokens * size);
    for (let head = 0; head < heads; head++) {
      const begin = head * held * size;
      out.set((cache.data as Float32Array).subarray(begin, begin + tokens * size), head * tokens * size);
    }
    return runtime.tensor('float32', out, [1, heads, tokens, size]);
  }

  return {
    seesImagesWhole: names.has('token_type_ids'),
    stateBytes: (tokens) => 2 * shape.layers * heads * size * 4 * tokens,
    start: () => stateOf(new Map(past.map((name) => [name, empty()])), 0),
    async run(given, { embeddings, images, logitsAt }) {
      const state = given as State & { position: number };
      const count = images.length;
      const total = state.position + count;
      const feeds: Record<string, OrtTensor> = {
        inputs_embeds: runtime.tensor('float32', embeddings, [1, count, hidden]),
        ...Object.fromEntries(state.caches),
      };
      const integers = (values: BigInt64Array) => runtime.tensor('int64', values, [1, values.length]);
      if (names.has('attention_mask')) feeds.attention_mask = integers(new BigInt64Array(total).fill(1n));
      if (names.has('position_ids')) {
        feeds.position_ids = integers(BigInt64Array.from(images, (_, i) => BigInt(state.position + i + 1)));
      }
      if (names.has('token_type_ids')) {
        feeds.token_type_ids = integers(BigInt64Array.from(images, (image) => (image < 0 ? 0n : 1n)));
      }
      const onlyLast = names.has('num_logits_to_keep') && logitsAt.every((at) => at === count - 1);
      if (names.has('num_logits_to_keep')) {
        feeds.num_logits_to_keep = runtime.tensor('int64', BigInt64Array.of(onlyLast ? 1n : 0n), []);
      }
      const outputs: InferenceSession.OnnxValueMapType = await session.run(feeds);
      for (const name of past) {
        state.caches.set(name, outputs[presentOf(name)] as OrtTensor);
      }
      state.position = total;
      const logits = (outputs.logits as OrtTensor).data as Float32Array;
      const rows = onlyLast ? 1 : count;
      const width = logits.length / rows;
      if (rows === logitsAt.length) return logits;
      const wanted = new Float32Array(logitsAt.length * width);
      for (const [i, at] of logitsAt.entries()) wanted.set(logits.subarray(at * width, (at + 1) * width), i * width);
      return wanted;
    },
    close: () => session.release(),
  };
}

function presentOf(past: string): string {
  return past.replace('past_key_values', 'present');
}
