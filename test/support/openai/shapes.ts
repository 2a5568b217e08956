import type { Dialect } from '../../../src/inference/openai/dialect.ts';

/** A reply with everything that a server says of it. */
export interface Counted {
  readonly model: string;
  readonly pieces: readonly string[];
  readonly finish: string | null;
  readonly reasoning: string | undefined;
  readonly usage: { readonly prompt: number; readonly completion: number } | undefined;
}

type Json = Readonly<Record<string, unknown>>;

interface Shape {
  readonly path: string;
  /** What GET requests find. */
  readonly facts: (model: string) => Readonly<Record<string, Json>>;
  /** The refusal of a request that this server would not take. */
  readonly refuses: (body: Json, model: string) => { readonly status: number; readonly body: Json } | undefined;
  readonly chunks: (reply: Counted) => readonly Json[];
  readonly whole: (reply: Counted) => Json;
}

const created = 1_768_262_400;

const usage = ({ usage: counted }: Counted, more: Json = {}) =>
  counted && {
    prompt_tokens: counted.prompt,
    total_tokens: counted.prompt + counted.completion,
    completion_tokens: counted.completion,
    ...more,
  };

function whole(reply: Counted, id: string, top: Json, message: Json, choice: Json, counts: Json = {}): Json {
  return {
    id,
    object: 'chat.completion',
    created,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.pieces.join(''), ...message },
        finish_reason: reply.finish,
        ...choice,
      },
    ],
    ...(reply.usage ? { usage: usage(reply, counts) } : {}),
    ...top,
  };
}

/** Deltas, one with the reason, one without choices that counts. `shape` adds what is this server's own. */
function chunks(reply: Counted, id: string, top: Json, deltas: { first?: Json; each?: Json; last: Json }): Json[] {
  const chunk = (choices: readonly Json[], more: Json = {}) => ({
    id,
    object: 'chat.completion.chunk',
    created,
    model: reply.model,
    choices,
    ...top,
    ...more,
  });
  const choice = (delta: Json, finish: string | null = null) => ({ index: 0, delta, finish_reason: finish });
  return [
    ...(deltas.first ? [chunk([choice(deltas.first)])] : []),
    ...(reply.reasoning ? [chunk([choice({ reasoning: reply.reasoning, reasoning_content: reply.reasoning })])] : []),
    ...reply.pieces.map((content) => chunk([choice({ ...deltas.each, content })])),
    ...(reply.finish === null ? [] : [chunk([choice(deltas.last, reply.finish)])]),
    ...(reply.usage ? [chunk([], { usage: usage(reply) })] : []),
  ];
}

const notFound = (message: string, type: string) => ({ status: 404, body: { error: { message, type, code: 404 } } });
const knows = (message: string, type: string) => (body: Json, model: string) =>
  body.model === model ? undefined : notFound(message, type);

/** vllm/entrypoints/openai: `ChatCompletionResponse`, `ChatCompletionStreamResponse`, `ModelCard`. */
const vllm: Shape = {
  path: '/v1/chat/completions',
  facts: (model) => ({
    '/version': { version: '0.17.1' },
    '/v1/models': {
      object: 'list',
      data: [
        {
          id: model,
          object: 'model',
          created: Math.floor(Date.now() / 1000),
          owned_by: 'vllm',
          root: model,
          parent: null,
          max_model_len: 32768,
          permission: [],
        },
      ],
    },
  }),
  refuses: knows('The model does not exist.', 'NotFoundError'),
  chunks: (reply) =>
    chunks(reply, 'chatcmpl-4f1c', {}, { first: { role: 'assistant', content: '' }, last: { content: '' } }),
  whole: (reply) =>
    whole(
      reply,
      'chatcmpl-4f1c',
      { service_tier: null, system_fingerprint: null, prompt_logprobs: null, kv_transfer_params: null },
      {
        refusal: null,
        annotations: null,
        audio: null,
        function_call: null,
        tool_calls: [],
        reasoning: reply.reasoning,
      },
      { logprobs: null, stop_reason: reply.finish === 'stop' ? 106 : null },
      { prompt_tokens_details: null },
    ),
};

/** llama.cpp `tools/server`: README, and the answers quoted in its issues. */
const llamaServer: Shape = {
  path: '/v1/chat/completions',
  facts: (model) => ({
    '/props': {
      default_generation_settings: { id: 0, n_ctx: 16384, params: { temperature: 0.8, top_k: 40 } },
      total_slots: 1,
      model_path: '/models/medgemma-1.5-4b-it-Q8_0.gguf',
      chat_template: '{{ bos_token }}…',
      modalities: { vision: true, audio: false },
      media_marker: '<__media_YoNhud46VdDqbuFmKYEO9PY7A4ARzRfg__>',
      build_info: 'b7634-f1768d8f0',
    },
    '/v1/models': {
      object: 'list',
      data: [
        {
          id: model,
          object: 'model',
          created: Math.floor(Date.now() / 1000),
          owned_by: 'llamacpp',
          meta: {
            vocab_type: 1,
            n_vocab: 262208,
            n_ctx_train: 131072,
            n_embd: 2560,
            n_params: 3880263168,
            size: 4120000000,
          },
        },
      ],
    },
  }),
  // A server of one model answers whatever the name.
  refuses: () => undefined,
  chunks: (reply) => {
    const top = { system_fingerprint: 'b7634-f1768d8f0' };
    const all = chunks(reply, 'chatcmpl-apbK', top, { first: { role: 'assistant', content: null }, last: {} });
    return all.map((chunk) => (chunk.usage ? { ...chunk, timings: timings(reply) } : chunk));
  },
  whole: (reply) =>
    whole(reply, 'chatcmpl-apbK', { system_fingerprint: 'b7634-f1768d8f0', timings: timings(reply) }, {}, {}),
};

const timings = ({ usage: counted = { prompt: 0, completion: 0 } }: Counted) => ({
  cache_n: 0,
  prompt_n: counted.prompt,
  prompt_ms: 4.817,
  predicted_n: counted.completion,
  predicted_ms: 107.9,
});

/** ollama `openai/openai.go`: `ToChatCompletion`, `ToChunk`; `docs/api`: tags and version. */
const ollama: Shape = {
  path: '/v1/chat/completions',
  facts: (model) => ({
    '/api/version': { version: '0.34.2' },
    '/api/tags': {
      models: [
        {
          name: model.includes(':') ? model : `${model}:latest`,
          model: model.includes(':') ? model : `${model}:latest`,
          modified_at: '2026-01-20T10:00:00Z',
          size: 3300000000,
          digest: '8f2a3c5d9e10b4c7a6d1e2f3948576a0b1c2d3e4f5061728394a5b6c7d8e9f01',
          details: { format: 'gguf', family: 'gemma3', parameter_size: '4.3B', quantization_level: 'Q4_K_M' },
        },
      ],
    },
  }),
  refuses: knows('model not found', 'not_found_error'),
  chunks: (reply) =>
    chunks(
      reply,
      'chatcmpl-512',
      { system_fingerprint: 'fp_ollama' },
      { each: { role: 'assistant' }, last: { role: 'assistant', content: '' } },
    ),
  whole: (reply) =>
    whole(
      reply,
      'chatcmpl-512',
      { system_fingerprint: 'fp_ollama' },
      reply.reasoning ? { reasoning: reply.reasoning } : {},
      {},
    ),
};

/** Keys that Vertex's MedGemma container takes (Google-Health/medgemma `python/serving`); it refuses all others. */
const vertexKeys: ReadonlySet<string> = new Set([
  '@requestFormat',
  'messages',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'seed',
  'n',
  'best_of',
  'stop',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'min_tokens',
  'ignore_eos',
  'skip_special_tokens',
  'truncate_prompt_tokens',
  'add_generation_prompt',
]);

const vertex: Shape = {
  path: '/v1/projects/1/locations/us-central1/endpoints/2:rawPredict',
  facts: () => ({}),
  refuses: (body) =>
    body['@requestFormat'] === 'chatCompletions' && Object.keys(body).every((key) => vertexKeys.has(key))
      ? undefined
      : { status: 400, body: { error: { code: 400, message: 'Unexpected key.', status: 'INVALID_ARGUMENT' } } },
  chunks: () => [],
  whole: (reply) => vllm.whole({ ...reply, model: 'medgemma' }),
};

/** What all of them have in common, with nothing but a model list. */
const openai: Shape = { ...vllm, facts: (model) => ({ '/v1/models': vllm.facts(model)['/v1/models'] ?? {} }) };

export const shapes: Readonly<Record<Dialect, Shape>> = { vllm, 'llama-server': llamaServer, ollama, vertex, openai };
