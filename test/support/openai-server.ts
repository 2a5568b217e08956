import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dialect } from '../../src/inference/openai/dialect.ts';
import { listen } from './listener.ts';
import { type Counted, shapes } from './openai/shapes.ts';

/**
 * A model server on a free loopback port, that speaks as vLLM, llama-server, Ollama or Vertex's container do:
 *
 *     const server = await startOpenAiServer({ dialect: 'vllm', reply: ({ text, images }) => '[{"name": "Potassium"}]' });
 *     const model = await openOpenAiModel({ base: server.base, model: server.model });
 *     …
 *     server.requests[0].text; server.requests[0].images; await server.close();
 *
 * `reply` is called for every chat completion and says what comes back: a text, a text with its circumstances, or a way to
 * misbehave. Texts longer than the request's limit are cut, with finish `length`, as a server would.
 */
export async function startOpenAiServer(options: OpenAiServerOptions = {}): Promise<OpenAiServer> {
  const { dialect = 'vllm', model = 'google/medgemma-1.5-4b-it', reply = () => 'A reply.' } = options;
  const requests: SentRequest[] = [];
  const shape = shapes[dialect];
  let closedEarly = 0;

  const listener = await listen(async (request, response) => {
    response.on('close', () => {
      closedEarly += response.writableFinished ? 0 : 1;
    });
    if (options.key !== undefined && request.headers.authorization !== `Bearer ${options.key}`) {
      return json(response, 401, { error: { message: 'Invalid API key', type: 'authentication_error', code: 401 } });
    }
    if (request.method === 'GET') {
      const found = shape.facts(model)[request.url ?? ''];
      return found ? json(response, 200, found) : json(response, 404, { detail: 'Not Found' });
    }
    if (request.url !== shape.path) {
      return json(response, 404, { detail: 'Not Found' });
    }
    const sent = sentRequest(await bodyOf(request), request, requests.length);
    requests.push(sent);
    const refusal = shape.refuses(sent.body, model);
    return refusal
      ? json(response, refusal.status, refusal.body)
      : answer(await reply(sent), sent, response, dialect, model);
  });

  return {
    base: dialect === 'vertex' ? `${listener.base}${shape.path.replace(':rawPredict', '')}` : `${listener.base}/v1`,
    model,
    requests,
    paths: () => listener.requests.map(({ path }) => path),
    closedEarly: () => closedEarly,
    close: () => listener.close(),
  };
}

export interface OpenAiServerOptions {
  /** Default `vllm`. */
  readonly dialect?: Dialect;
  /** Default `google/medgemma-1.5-4b-it`. */
  readonly model?: string;
  /** When given, requests without it get 401. */
  readonly key?: string;
  readonly reply?: (request: SentRequest) => ScriptedReply | Promise<ScriptedReply>;
}

export interface OpenAiServer {
  /** For `openOpenAiModel({ base })`. */
  readonly base: string;
  readonly model: string;
  /** Chat completions that were asked for, in their order. */
  readonly requests: readonly SentRequest[];
  /** Every path that was asked for, probes included. */
  paths(): readonly string[];
  /** Answers whose connection the client closed before their end. */
  closedEarly(): number;
  close(): Promise<void>;
}

export interface SentRequest {
  /** 0 for the first. */
  readonly index: number;
  /** All text parts, joined, and one by one. */
  readonly text: string;
  readonly texts: readonly string[];
  /** The bytes of each image part, in order. */
  readonly images: readonly Uint8Array[];
  /** Of `response_format`. */
  readonly schema: object | undefined;
  readonly maxTokens: number;
  readonly authorization: string | undefined;
  /** As it came. */
  readonly body: Readonly<Record<string, unknown>>;
}

export type ScriptedReply =
  | string
  | {
      readonly text: string;
      /** Default `stop`, or `length` when the text was cut at the limit. */
      readonly finish?: string | null;
      /** Default: words and signs of the text, and 256 for each image. */
      readonly promptTokens?: number;
      /** Leave the counts out. */
      readonly usage?: false;
      /** What a reasoning parser sets apart. */
      readonly reasoning?: string;
      /** Between two parts of a streamed reply, or before a whole one. */
      readonly pauseMs?: number;
      /** Closes the connection after half of the reply. */
      readonly cut?: true;
    }
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** A text is sent as it is, anything else as JSON. */
      readonly body?: unknown;
    }
  /** drop: closes without an answer; silent: never answers; endless: never stops. */
  | { readonly wrong: 'drop' | 'silent' | 'endless' };

async function answer(
  scripted: ScriptedReply,
  sent: SentRequest,
  response: ServerResponse,
  dialect: Dialect,
  model: string,
): Promise<void> {
  if (typeof scripted === 'string') {
    return answer({ text: scripted }, sent, response, dialect, model);
  }
  if ('wrong' in scripted) {
    return misbehave(scripted.wrong, response);
  }
  if ('status' in scripted) {
    const { status, headers, body = '' } = scripted;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
    return;
  }
  const tokens = tokensOf(scripted.text);
  const kept = tokens.slice(0, sent.maxTokens);
  const counted: Counted = {
    model,
    pieces: kept,
    finish: scripted.finish === undefined ? (kept.length < tokens.length ? 'length' : 'stop') : scripted.finish,
    reasoning: scripted.reasoning,
    usage:
      scripted.usage === false
        ? undefined
        : {
            prompt: scripted.promptTokens ?? sent.texts.flatMap(tokensOf).length + 256 * sent.images.length,
            completion: kept.length,
          },
  };
  const streams = sent.body.stream === true;
  const parts = streams
    ? [...shapes[dialect].chunks(counted).map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n']
    : [JSON.stringify(shapes[dialect].whole(counted))];
  response.writeHead(200, { 'content-type': streams ? 'text/event-stream; charset=utf-8' : 'application/json' });
  await write(parts, response, scripted);
}

const tokensOf = (text: string): readonly string[] => text.match(/\s*\w+|\s*[^\w\s]|\s+/g) ?? [];

async function write(
  parts: readonly string[],
  response: ServerResponse,
  { pauseMs, cut }: { readonly pauseMs?: number; readonly cut?: true },
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const bytes = Buffer.from(parts.join(''));
  if (cut) {
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    return;
  }
  for (const part of parts) {
    if (pauseMs !== undefined) {
      await delay(pauseMs, undefined, { signal: gone.signal }).catch(() => undefined);
    }
    if (response.destroyed) {
      return;
    }
    response.write(part);
  }
  response.end();
}

function misbehave(wrong: 'drop' | 'silent' | 'endless', response: ServerResponse): void {
  if (wrong === 'drop') {
    response.destroy();
  } else if (wrong === 'endless') {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!response.destroyed && response.write('[ '.repeat(1 << 15))) {
        // until the socket is full
      }
    };
    response.on('drain', more);
    more();
  }
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

type Part = { readonly type: 'text'; readonly text: string } | { readonly image_url: { readonly url: string } };

function sentRequest(body: Record<string, unknown>, request: IncomingMessage, index: number): SentRequest {
  const [message] = body.messages as { readonly content: readonly Part[] }[];
  const parts = message?.content ?? [];
  const texts = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  const format = body.response_format as { readonly json_schema?: { readonly schema: object } } | undefined;
  return {
    index,
    text: texts.join(''),
    texts,
    images: parts.flatMap((part) =>
      'image_url' in part ? [Buffer.from(part.image_url.url.replace(/^data:[^,]*;base64,/, ''), 'base64')] : [],
    ),
    schema: format?.json_schema?.schema,
    maxTokens: (body.max_tokens as number | undefined) ?? 500,
    authorization: request.headers.authorization,
    body,
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
