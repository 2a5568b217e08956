import { describe, expect, test } from '@jest/globals';
import { IntervalError } from '../../src/errors.ts';
import type { ChatModel, ChatPart, ChatReply, ChatRequest } from '../../src/inference/model.ts';
import { withReplyCache } from '../../src/inference/reply-cache.ts';

const text = (words: string): ChatPart => ({ type: 'text', text: words });
const image = (byte: number, contentType: 'image/png' | 'image/jpeg' = 'image/png'): ChatPart => ({
  type: 'image',
  bytes: new Uint8Array([byte]),
  contentType,
});
const request: ChatRequest = { content: [image(1), text('Read.')], maxTokens: 10, tenant: 'north' };

/** A model that counts what it is asked, and ends a generation when it is told to. */
function model(
  reply: (count: number, request: ChatRequest) => Partial<ChatReply> | Promise<Partial<ChatReply>> = () => ({}),
) {
  const asked: { request: ChatRequest; signal: AbortSignal | undefined }[] = [];
  let closed = false;
  const inner: ChatModel = {
    kind: 'chat',
    id: 'm',
    version: 'v1',
    async generate(asking, signal) {
      asked.push({ request: asking, signal });
      if (closed) {
        throw new IntervalError('cancelled', 'Closed.');
      }
      const count = asked.length;
      const given = await reply(count, asking);
      return { text: `reply ${count}`, finish: 'stop', tokens: { prompt: 1, completion: 1 }, ...given };
    },
    async close() {
      closed = true;
    },
  };
  return { inner, asked };
}

const large = { maxEntries: 100, maxBytes: 1 << 20 };

describe('the same request', () => {
  test('is answered from memory, as a model that looks the same', async () => {
    const { inner, asked } = model();
    const cached = withReplyCache(inner, large);
    expect(cached).toMatchObject({ kind: 'chat', id: 'm', version: 'v1' });
    expect(await cached.generate(request)).toEqual(await cached.generate({ ...request, sampling: undefined }));
    expect(asked).toHaveLength(1);
  });

  test.each<[string, Partial<ChatRequest>]>([
    ['another tenant', { tenant: 'south' }],
    ['no tenant', { tenant: undefined }],
    ['a tenant whose name is empty', { tenant: '' }],
    ['other words', { content: [image(1), text('Read!')] }],
    ['other pixels', { content: [image(2), text('Read.')] }],
    ['another kind of image', { content: [image(1, 'image/jpeg'), text('Read.')] }],
    ['another order', { content: [text('Read.'), image(1)] }],
    ['the same words in two parts', { content: [image(1), text('Re'), text('ad.')] }],
    ['another limit', { maxTokens: 11 }],
    ['a schema', { schema: { type: 'array' } }],
  ])('is not: %s', async (_what, change) => {
    const { inner, asked } = model();
    const cached = withReplyCache(inner, large);
    const [one, two] = [await cached.generate(request), await cached.generate({ ...request, ...change })];
    expect([one.text, two.text]).toEqual(['reply 1', 'reply 2']);
    expect((await cached.generate({ ...request, ...change })).text).toBe('reply 2');
    expect(asked).toHaveLength(2);
  });

  test('nor one that another version answered', async () => {
    const { inner, asked } = model();
    await withReplyCache(inner, large).generate(request);
    await withReplyCache({ ...inner, version: 'v2' }, large).generate(request);
    expect(asked).toHaveLength(2);
  });

  test.each<[string, Partial<ChatReply>]>([
    ['length', { finish: 'length' }],
    ['repetition', { finish: 'repetition' }],
    ['refused', { finish: 'refused' }],
  ])('a reply that ended by %s is not kept', async (_what, reply) => {
    const { inner, asked } = model(() => reply);
    const cached = withReplyCache(inner, large);
    await cached.generate(request);
    await cached.generate(request);
    expect(asked).toHaveLength(2);
  });

  test('what is drawn is neither kept nor shared', async () => {
    const { inner, asked } = model();
    const cached = withReplyCache(inner, large);
    const drawn = { ...request, sampling: { temperature: 0.7 } };
    await Promise.all([cached.generate(drawn), cached.generate(drawn)]);
    expect(asked).toHaveLength(2);
    await cached.generate({ ...request, sampling: { temperature: 0 } });
    await cached.generate({ ...request, sampling: { temperature: 0 } });
    expect(asked).toHaveLength(3);
  });

  test('a failure is not kept', async () => {
    const { inner, asked } = model((count) => {
      if (count === 1) {
        throw new IntervalError('model-unavailable', 'Gone.');
      }
      return {};
    });
    const cached = withReplyCache(inner, large);
    await expect(cached.generate(request)).rejects.toMatchObject({ code: 'model-unavailable' });
    expect((await cached.generate(request)).text).toBe('reply 2');
    expect(asked).toHaveLength(2);
  });
});

describe('bounds', () => {
  const about = (words: string) => ({ ...request, content: [text(words)] });

  test('the least recently used entry goes first', async () => {
    const { inner, asked } = model();
    const cached = withReplyCache(inner, { maxEntries: 2, maxBytes: 1 << 20 });
    for (const words of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await cached.generate(about(words));
    }
    expect(asked.map(({ request: { content } }) => (content[0] as { text: string }).text)).toEqual([
      'a',
      'b',
      'c',
      'b',
    ]);
  });

  test('bytes are counted, and a reply larger than all is not kept', async () => {
    const { inner, asked } = model((_count, { content }) => ({ text: (content[0] as { text: string }).text }));
    const cached = withReplyCache(inner, { maxEntries: 100, maxBytes: 20 });
    for (const words of ['12345', '67890', '12345', '67890', '1234567890x', '12345', 'new', '67890', '12345']) {
      await cached.generate(about(words));
    }
    expect(asked.map(({ request: { content } }) => (content[0] as { text: string }).text)).toEqual([
      '12345',
      '67890',
      '1234567890x',
      'new',
      '67890',
      '12345',
    ]);
  });
});

describe('equal requests at the same time', () => {
  function held() {
    const { promise, resolve, reject } = Promise.withResolvers<Partial<ChatReply>>();
    return { ...model((count) => (count === 1 ? promise : {})), resolve, reject };
  }

  test('share one generation', async () => {
    const { inner, asked, resolve } = held();
    const cached = withReplyCache(inner, large);
    const replies = [cached.generate(request), cached.generate(request), cached.generate(request)];
    resolve({ text: 'shared' });
    expect((await Promise.all(replies)).map((reply) => reply.text)).toEqual(['shared', 'shared', 'shared']);
    expect(asked).toHaveLength(1);
  });

  test('whoever leaves does not take the others along', async () => {
    const { inner, asked, resolve } = held();
    const cached = withReplyCache(inner, large);
    const first = new AbortController();
    const [one, two] = [cached.generate(request, first.signal), cached.generate(request, new AbortController().signal)];
    first.abort();
    await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked[0]?.signal?.aborted).toBe(false);
    resolve({ text: 'for the other' });
    expect((await two).text).toBe('for the other');
  });

  test('the last to leave stops it, and who comes then gets a new one', async () => {
    const { inner, asked, reject } = held();
    const cached = withReplyCache(inner, large);
    const [first, second] = [new AbortController(), new AbortController()];
    const replies = [cached.generate(request, first.signal), cached.generate(request, second.signal)];
    first.abort();
    second.abort();
    await Promise.allSettled(replies);
    expect(asked[0]?.signal?.aborted).toBe(true);
    expect((await cached.generate(request)).text).toBe('reply 2');
    reject(new IntervalError('cancelled', 'Stopped.'));
    expect((await cached.generate(request)).text).toBe('reply 2');
  });

  test('a failure reaches them all', async () => {
    const { inner, reject } = held();
    const cached = withReplyCache(inner, large);
    const outcomes = Promise.allSettled([cached.generate(request), cached.generate(request)]);
    reject(new IntervalError('engine-lost', 'Lost.'));
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  test('an abort before the start asks nobody', async () => {
    const { inner, asked } = model();
    const cached = withReplyCache(inner, large);
    await expect(cached.generate(request, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
    expect(asked).toHaveLength(0);
  });
});

test('a closed model answers nothing from memory', async () => {
  const { inner } = model();
  const cached = withReplyCache(inner, large);
  await cached.generate(request);
  await cached.close();
  await expect(cached.generate(request)).rejects.toMatchObject({ code: 'cancelled' });
});
