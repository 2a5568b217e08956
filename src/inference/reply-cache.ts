import { createHash } from 'node:crypto';
import { IntervalError } from '../errors.ts';
import { createRecent } from '../recent.ts';
import type { ChatModel, ChatReply, ChatRequest } from './model.ts';

export interface ReplyCacheOptions {
  readonly maxEntries: number;
  /** Of the texts that are kept, in UTF-16 units × 2. */
  readonly maxBytes: number;
}

/** One generation that callers with equal requests wait for. */
interface Shared {
  readonly reply: Promise<ChatReply>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * The same model, which answers an equal request from memory: one tenant, one model version, the same bytes, greedy. Only
 * replies that ended by themselves are kept, the least recently used go first. Equal requests at the same time share one
 * generation, which is stopped when the last of their callers has gone.
 */
export function withReplyCache(model: ChatModel, options: ReplyCacheOptions): ChatModel {
  const kept = createRecent<ChatReply>(options.maxBytes, options.maxEntries);
  const running = new Map<string, Shared>();
  let closed = false;

  const start = (key: string, request: ChatRequest): Shared => {
    const stop = new AbortController();
    const done = () => {
      if (running.get(key) === shared) {
        running.delete(key);
      }
    };
    const reply = model.generate(request, stop.signal).then((reply) => {
      if (!closed && reply.finish === 'stop') {
        kept.set(key, reply, reply.text.length * 2);
      }
      return reply;
    });
    const shared: Shared = { reply, stop, waiting: 0 };
    running.set(key, shared);
    reply.then(done, done);
    return shared;
  };

  const leave = (key: string, shared: Shared) => {
    shared.waiting--;
    if (shared.waiting === 0 && running.get(key) === shared) {
      // Whoever asks from now on must not be given the generation that is being stopped.
      running.delete(key);
      shared.stop.abort();
    }
  };

  return {
    ...model,
    async generate(request, signal) {
      if (closed || (request.sampling?.temperature ?? 0) > 0) {
        return model.generate(request, signal);
      }
      if (signal?.aborted) {
        throw cancelled();
      }
      const key = keyOf(model, request);
      const known = kept.get(key);
      if (known) {
        return known;
      }
      const shared = running.get(key) ?? start(key, request);
      shared.waiting++;
      try {
        return await unlessAborted(shared.reply, signal);
      } finally {
        leave(key, shared);
      }
    },
    async close() {
      closed = true;
      await model.close();
    },
  };
}

const cancelled = () => new IntervalError('cancelled', 'The generation was cancelled.');

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) {
    return promise;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(cancelled());
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Requests that name no tenant are a group of their own. Lengths are hashed along, so that parts cannot run together. */
function keyOf(model: ChatModel, request: ChatRequest): string {
  const hash = createHash('sha256');
  const add = (bytes: string | Uint8Array) => hash.update(`${Buffer.byteLength(bytes)}:`).update(bytes);
  const { content, maxTokens, schema, tenant, sampling } = request;
  add(JSON.stringify([model.id, model.version, tenant ?? null, maxTokens, schema ?? null, sampling ?? null]));
  for (const part of content) {
    add(part.type === 'text' ? 'text' : part.contentType);
    add(part.type === 'text' ? part.text : part.bytes);
  }
  return hash.digest('base64url');
}
