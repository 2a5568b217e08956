import { createHash } from 'node:crypto';
import type { ChatPart, ChatRequest } from '../model.ts';
import type { Dialect } from './dialect.ts';
import { plainParts } from './plain-text.ts';

export interface RequestContext {
  readonly model: string;
  readonly dialect: Dialect;
  /** Whether all requests so far were made for the same tenant. */
  readonly oneTenant: boolean;
}

/**
 * The body of a chat completion. One user turn and no system turn (technical report, appendix B). The temperature is always
 * sent: Ollama's endpoint takes 1.0 where it is missing, llama-server 0.8. The limit too: Vertex takes 500.
 */
export function requestBody(
  request: ChatRequest,
  { model, dialect, oneTenant }: RequestContext,
): Readonly<Record<string, unknown>> {
  const { temperature, topK, topP, seed } = request.sampling ?? { temperature: 0 };
  return {
    messages: [{ role: 'user', content: plainParts(request.content).map(wirePart) }],
    max_tokens: request.maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(seed === undefined ? {} : { seed }),
    // Neither OpenAI's API nor Ollama's copy of it has top_k.
    ...(topK === undefined || dialect === 'openai' || dialect === 'ollama' ? {} : { top_k: topK }),
    ...(dialect === 'vertex' ? { '@requestFormat': 'chatCompletions' } : streamed(request, model)),
    ...extra(request, dialect, oneTenant),
  };
}

/** Vertex's container knows none of these keys, and refuses a request with one that it does not know. */
function streamed(request: ChatRequest, model: string) {
  return {
    model,
    stream: true,
    stream_options: { include_usage: true },
    ...(request.schema === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: request.schema } } }),
  };
}

function extra({ tenant }: ChatRequest, dialect: Dialect, oneTenant: boolean) {
  switch (dialect) {
    case 'vllm':
      return {
        // Thought markers must be seen to be taken off.
        skip_special_tokens: false,
        // Prefixes are shared only among requests with the same salt.
        ...(tenant === undefined ? {} : { cache_salt: createHash('sha256').update(tenant).digest('base64url') }),
      };
    case 'vertex':
      return { skip_special_tokens: false };
    case 'llama-server':
      // A slot keeps the last prompt, whoever sent it, and knows no salt.
      return { cache_prompt: oneTenant };
    default:
      return {};
  }
}

function wirePart(part: ChatPart) {
  if (part.type === 'text') {
    return part;
  }
  const base64 = Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength).toString('base64');
  return { type: 'image_url', image_url: { url: `data:${part.contentType};base64,${base64}` } };
}
