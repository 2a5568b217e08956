import { IntervalError } from '../../errors.ts';
import type { CompiledSchema, ConstraintEngine } from '../constraint/constraint.ts';
import { createConstraintEngine } from '../constraint/engine.ts';
import type { ChatReply, ChatRequest } from '../model.ts';
import { createPromptWriter } from './chat-prompt.ts';
import { openCommunityDecoder } from './community-decoder.ts';
import { type Decoder, type DecoderState, openDecoder } from './decoder.ts';
import { openEmbedding } from './embedding.ts';
import { createFeatures } from './features.ts';
import type { ModelFolder } from './folder.ts';
import { generateReply } from './generate.ts';
import type { CacheType } from './manifest.ts';
import { chunksOf, prefillPart } from './prefill.ts';
import { createPrefixes, type SeenPrompt } from './prefixes.ts';
import { openRuntime } from './runtime.ts';
import { createSampler } from './sampler.ts';
import { openTokenizer } from './tokenizer.ts';
import { createVision } from './vision.ts';

export interface EngineOptions {
  /** Cores that the runtime uses. */
  readonly threads: number;
  /** Tokens of prompt and reply together. */
  readonly contextLength: number;
  readonly cache: CacheType;
  /** Bytes that the process may still take for one reply; what would take more is refused before it starts. */
  readonly availableMemory: () => number;
  /** Bytes of image features, and of decoder states, that are kept. */
  readonly featureCacheBytes: number;
  readonly prefixCacheBytes: number;
}

export interface Engine {
  /** False when the decoder has no way to let the tokens of an image see each other: readings of images are then worse. */
  readonly seesImagesWhole: boolean;
  generate(request: ChatRequest, signal: AbortSignal): Promise<ChatReply>;
  close(): Promise<void>;
}

/**
 * One model, loaded into this process. A run of the runtime blocks the thread that calls it: the service never builds this
 * in its own process (see engine-client.ts). Replies are made one at a time.
 */
export async function loadEngine(model: ModelFolder, options: EngineOptions): Promise<Engine> {
  const { folder, shape } = model;
  const tokenizer = openTokenizer(folder);
  const writer = createPromptWriter(folder, tokenizer, shape.tokensPerImage);
  const runtime = await openRuntime(options.threads);
  const type = model.decoder[options.cache] ? options.cache : 'float32';
  const decoder: Decoder =
    model.layout === 'interval'
      ? await openDecoder(runtime, folder, model.decoder[type]!, shape, type)
      : await openCommunityDecoder(runtime, folder, model.decoder.float32!, shape);
  const embedding = await openEmbedding(runtime, folder, model.embedding);
  const vision = createVision(runtime, folder, model.vision, shape);
  const features = createFeatures(vision, shape.vision.image, options.featureCacheBytes);
  const prefixes = createPrefixes(options.prefixCacheBytes);
  const end = new Set(shape.endTokens);
  const shown = new Set(['<unused94>', '<unused95>'].flatMap((one) => tokenizer.controls.get(one) ?? []));
  // Made with the first schema: it walks the whole vocabulary.
  let constraints: ConstraintEngine | undefined;
  const parts = { decoder, embedding, shape };

  return {
    seesImagesWhole: decoder.seesImagesWhole,
    async generate(request, signal) {
      try {
        return await reply(request, signal);
      } catch (cause) {
        // What the runtime throws by itself, memory that it did not get above all, may pass.
        throw cause instanceof IntervalError
          ? cause
          : new IntervalError('reader-failed', 'The model failed to run.', { cause });
      }
    },
    async close() {
      await decoder.close();
      await embedding.close();
    },
  };

  async function reply(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    /** Lets messages in, so that a cancelled reply ends here, between two steps. */
    const pause = async () => {
      await new Promise(setImmediate);
      if (signal.aborted) throw new IntervalError('cancelled', 'The reading was cancelled.');
    };
    await pause();
    const tenant = request.tenant ?? '';
    const prompt = writer.write(request.content);
    check(prompt.ids.length, request);
    const schema = request.schema ? compile(request.schema, request.maxTokens) : undefined;

    const pictures = request.content.flatMap((part) => (part.type === 'image' ? [part.bytes] : []));
    const looked = await features.of(tenant, pictures, pause);
    const given: SeenPrompt = { ...prompt, pictures: looked.map(({ hash }) => hash) };
    const seen = looked.map((one) => one.features);
    const state = prefixes.find(tenant, given) ?? decoder.start();
    const logits = await prefill(state, given, seen, tenant, pause);
    const { ids, finish } = await generateReply({
      first: logits,
      maxTokens: request.maxTokens,
      end,
      sampler: createSampler(request.sampling),
      ...(schema ? { constraint: schema.start() } : {}),
      pause,
      async feed(next) {
        const step = { embeddings: await embedding.of(next), images: new Int32Array(next.length).fill(-1) };
        return decoder.run(state, { ...step, logitsAt: [next.length - 1] });
      },
    });
    return {
      text: tokenizer.decode(ids, shown),
      finish,
      tokens: { prompt: prompt.ids.length, completion: ids.length },
    };
  }

  function check(prompt: number, { maxTokens }: ChatRequest): void {
    const most = Math.min(options.contextLength, shape.maxPositions);
    if (prompt + maxTokens > most) {
      throw new IntervalError(
        'prompt-too-long',
        `The prompt takes ${prompt} tokens and the reply up to ${maxTokens}; the model is set to ${most}.`,
      );
    }
    // The state, a second one while buffers grow, and a copy for the next prompt that begins alike.
    const needed = 3 * decoder.stateBytes(prompt + maxTokens) + workspace(model);
    if (needed > options.availableMemory()) {
      throw new IntervalError(
        'model-memory',
        `A reply needs about ${Math.ceil(needed / 2 ** 20)} MB more than the process holds, which are not there.`,
      );
    }
  }

  function compile(schema: object, maxTokens: number): CompiledSchema {
    const { size, bytes, encode } = tokenizer;
    constraints ??= createConstraintEngine({ size, bytes, encode, end: shape.endTokens });
    const compiled = constraints.compile(schema);
    if (compiled.least > maxTokens) {
      throw new IntervalError(
        'prompt-too-long',
        'The shortest reply that the schema allows is over the limit of tokens.',
      );
    }
    return compiled;
  }

  async function prefill(
    state: DecoderState,
    prompt: SeenPrompt,
    seen: readonly Float32Array[],
    tenant: string,
    pause: () => Promise<void>,
  ): Promise<Float32Array> {
    // Questions about the same pictures differ behind the last of them.
    const afterImages = prompt.images.findLastIndex((image) => image >= 0) + 1;
    const cuts = afterImages > state.position && afterImages < prompt.ids.length ? [afterImages] : [];
    let logits: Float32Array | undefined;
    for (const until of [...cuts, prompt.ids.length]) {
      for (const part of chunksOf(prompt.images.subarray(0, until), state.position)) {
        await pause();
        logits = await prefillPart(parts, state, prompt, seen, part);
      }
      prefixes.keep(tenant, prompt, state);
    }
    return logits!;
  }
}

/** Activations of the largest step, roughly: attention scores and feed-forward of the vision tower. */
function workspace({ shape: { vision } }: ModelFolder): number {
  const patches = (vision.image / vision.patch) ** 2;
  return 4 * patches * (vision.feedForward * 3 + vision.hidden * 8);
}
