import { IntervalError } from '../errors.ts';
import type { ChatModel, ChatReply, ChatRequest, Finish } from './model.ts';
import { type Completion, readCompletion } from './openai/completion.ts';
import { addressOf, type Dialect } from './openai/dialect.ts';
import { identify } from './openai/identify.ts';
import { plainParts } from './openai/plain-text.ts';
import { requestBody } from './openai/request-body.ts';
import { createTransport } from './openai/transport.ts';
import { createTurns } from './openai/turns.ts';

export interface OpenAiOptions {
  /** Base URL, with or without `/v1`; for Vertex the endpoint's resource on its dedicated host. */
  readonly base: string;
  /** As the server names it, such as `google/medgemma-1.5-4b-it`. */
  readonly model: string;
  /** Sent as a bearer token to the base only. A function is asked before every request, for tokens that expire. */
  readonly key?: string | (() => string | undefined | Promise<string | undefined>);
  /** Which server it is; `auto` asks it. Default `auto`. */
  readonly dialect?: Dialect | 'auto';
  /** Goes into the version, for servers that cannot tell one deployment of a model from the next (Vertex). */
  readonly revision?: string;
  /** For one reply, once its turn has come. Default 150 s, below the time that a job has. */
  readonly timeoutMs?: number;
  /** Requests that the server gets at the same time. Default 4. */
  readonly concurrency?: number;
  /** Largest answer. Default 4 MiB. */
  readonly maxBytes?: number;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Milliseconds since 1970, for Retry-After dates. Default Date.now. */
  readonly clock?: () => number;
}

/** Each image is this many tokens of the prompt (Gemma 3: 64 × 64 patches, pooled 4 × 4). */
const tokensPerImage = 256;

/**
 * MedGemma behind any server with OpenAI's chat completions. The server is asked at once who it is and whether it has the
 * model.
 *
 * @throws IntervalError `model-invalid`, `model-not-found`, `model-unauthorized`, `model-unavailable`, `model-timeout`.
 */
export async function openOpenAiModel(options: OpenAiOptions, signal?: AbortSignal): Promise<ChatModel> {
  const { model, key, timeoutMs = 150_000, clock = Date.now } = options;
  const address = addressOf(options.base);
  const ask = createTransport({
    fetch: options.fetch ?? globalThis.fetch,
    key: typeof key === 'function' ? key : () => key,
    maxBytes: options.maxBytes ?? 4 << 20,
    clock,
  });
  const closing = new AbortController();
  const { dialect, version } = await identify({
    ask,
    address,
    model,
    dialect: options.dialect ?? 'auto',
    revision: options.revision,
    timeoutMs,
    signal: signal ?? closing.signal,
  });
  const turns = createTurns(options.concurrency ?? 4);
  // Of those seen so far; more than two are not told apart.
  const tenants = new Set<string | undefined>();

  return {
    kind: 'chat',
    id: model,
    version,
    async generate(request, signal) {
      const ended = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
      const leave = await turns.take(ended).catch((cause) => {
        throw new IntervalError('cancelled', 'The generation was cancelled.', { cause });
      });
      try {
        if (tenants.size < 2) {
          tenants.add(request.tenant);
        }
        const body = requestBody(request, { model, dialect, oneTenant: tenants.size === 1 });
        const question = { url: address.chat(dialect), body, timeoutMs, signal: ended };
        return toReply(await ask(question, (answer) => readCompletion(answer, clock)), request);
      } finally {
        leave();
      }
    },
    async close() {
      closing.abort();
    },
  };
}

const finishes: Readonly<Record<string, Finish>> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'refused',
  repetition: 'repetition',
};

function toReply({ text, finish: reason, usage }: Completion, request: ChatRequest): ChatReply {
  const finish = Object.hasOwn(finishes, reason) ? finishes[reason] : undefined;
  if (!finish) {
    throw new IntervalError('model-bad-answer', 'The model server ended the reply for a reason that is not known.');
  }
  const [images, least] = leastTokens(request);
  // A reply that was stopped on the way has no count, and is not used.
  if (images > 0 && finish !== 'repetition' && (usage?.prompt ?? 0) < least) {
    const counted = usage ? `counts ${usage.prompt} prompt tokens` : 'does not count prompt tokens';
    throw new IntervalError(
      'model-image-ignored',
      `The model server ${counted} where ${images} image(s) and the text make at least ${least}: it has not looked at all of them.`,
    );
  }
  return { text, finish, tokens: usage ?? { prompt: 0, completion: 0 } };
}

/** Images, and the tokens that these and the text take at least: no token of Gemma reaches from one word into the next. */
function leastTokens({ content }: ChatRequest): readonly [images: number, tokens: number] {
  const images = content.filter((part) => part.type === 'image').length;
  const words = plainParts(content).flatMap((part) =>
    part.type === 'text' ? (part.text.match(/\S+/g) ?? []) : [],
  ).length;
  return [images, images * tokensPerImage + words];
}
