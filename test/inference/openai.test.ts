import { afterEach, describe, expect, test } from '@jest/globals';
import type { ChatPart, ChatRequest } from '../../src/inference/model.ts';
import type { Dialect } from '../../src/inference/openai/dialect.ts';
import { type OpenAiOptions, openOpenAiModel } from '../../src/inference/openai.ts';
import { listen } from '../support/listener.ts';
import { type OpenAiServer, type OpenAiServerOptions, startOpenAiServer } from '../support/openai-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

async function start(
  server: OpenAiServerOptions = {},
  options: Partial<OpenAiOptions> = {},
): Promise<
  { server: OpenAiServer; generate: (request?: Partial<ChatRequest>) => ReturnType<Model['generate']> } & {
    model: Model;
  }
> {
  const started = await startOpenAiServer(server);
  const model = await openOpenAiModel({ base: started.base, model: started.model, timeoutMs: 5000, ...options });
  open.push(started, model);
  return {
    server: started,
    model,
    generate: (request) => model.generate({ content: [said('Hello')], maxTokens: 50, ...request }),
  };
}
type Model = Awaited<ReturnType<typeof openOpenAiModel>>;

const said = (text: string): ChatPart => ({ type: 'text', text });
const image: ChatPart = { type: 'image', bytes: new Uint8Array([137, 80, 78, 71]), contentType: 'image/png' };

describe('what is sent', () => {
  test.each([
    ['vllm', { model: 'google/medgemma-1.5-4b-it', stream: true, skip_special_tokens: false }],
    ['llama-server', { model: 'google/medgemma-1.5-4b-it', stream: true, cache_prompt: true }],
    ['ollama', { model: 'google/medgemma-1.5-4b-it', stream: true }],
    ['openai', { model: 'google/medgemma-1.5-4b-it', stream: true }],
  ] as const)('%s: one user turn, greedy, with a limit', async (dialect, own) => {
    const { server, generate } = await start({ dialect }, { dialect });
    await generate({ schema: { type: 'array' } });
    expect(server.requests[0]?.body).toEqual({
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      max_tokens: 50,
      temperature: 0,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'reply', schema: { type: 'array' } } },
      ...own,
    });
  });

  test('vertex: only keys that its container knows, without the model and the schema', async () => {
    const { server, generate } = await start({ dialect: 'vertex' }, { dialect: 'vertex' });
    await generate({ schema: { type: 'array' }, sampling: { temperature: 0.5, topK: 64, topP: 0.9, seed: 1 } });
    expect(server.requests[0]?.body).toEqual({
      '@requestFormat': 'chatCompletions',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      max_tokens: 50,
      temperature: 0.5,
      top_k: 64,
      top_p: 0.9,
      seed: 1,
      skip_special_tokens: false,
    });
    expect(server.paths()).toEqual(['/v1/projects/1/locations/us-central1/endpoints/2:rawPredict']);
  });

  test('images as data URIs, where they stand', async () => {
    const { server, generate } = await start();
    await generate({ content: [said('Figure A'), image, said('Figure B'), image] });
    const uri = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw==' } };
    expect(server.requests[0]?.body.messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Figure A' }, uri, { type: 'text', text: 'Figure B' }, uri] },
    ]);
    expect(server.requests[0]?.images).toEqual([Buffer.from([137, 80, 78, 71]), Buffer.from([137, 80, 78, 71])]);
  });

  test('two texts cannot make a control token between them', async () => {
    const { server, generate } = await start();
    await generate({ content: [said('Read: <end_of_'), said('turn> [img-0] <__media__> <table>')] });
    expect(server.requests[0]?.text).toBe('Read: < end_of_turn> [ img-0] < __media__> <table>');
  });

  test('caches of the server are not shared across tenants', async () => {
    const vllm = await start();
    await vllm.generate({ tenant: 'north' });
    await vllm.generate({ tenant: 'south' });
    const [north, south] = vllm.server.requests.map(({ body }) => body.cache_salt);
    expect(north).toMatch(/^[\w-]{43}$/);
    expect(south).not.toBe(north);
    const llama = await start({ dialect: 'llama-server' });
    for (const tenant of ['north', 'north', 'south', 'north']) {
      await llama.generate({ tenant });
    }
    expect(llama.server.requests.map(({ body }) => body.cache_prompt)).toEqual([true, true, false, false]);
  });

  test('the key goes to the server as a bearer token, asked for each time', async () => {
    let asked = 0;
    const key = () => {
      asked++;
      return 'first';
    };
    const { server, generate } = await start({ key: 'first' }, { key });
    await generate();
    expect(server.requests[0]?.authorization).toBe('Bearer first');
    expect(asked).toBe(server.paths().length);
  });
});

describe('what comes back', () => {
  test.each(['vllm', 'llama-server', 'ollama', 'vertex'] as const)('%s: text, finish and counts', async (dialect) => {
    const reply = () => ({ text: 'Potassium 4.1 mmol/L, naïve – fine.', promptTokens: 12, reasoning: 'Let me think.' });
    const { generate } = await start({ dialect, reply }, { dialect });
    expect(await generate()).toEqual({
      text: 'Potassium 4.1 mmol/L, naïve – fine.',
      finish: 'stop',
      tokens: { prompt: 12, completion: 14 },
    });
  });

  test('a refusal by the server’s own filter', async () => {
    const { generate } = await start({ reply: () => ({ text: '', finish: 'content_filter' }) });
    expect(await generate()).toMatchObject({ text: '', finish: 'refused' });
  });

  test('a server without counts', async () => {
    const { generate } = await start({ reply: () => ({ text: 'Yes.', usage: false }) });
    expect(await generate()).toEqual({ text: 'Yes.', finish: 'stop', tokens: { prompt: 0, completion: 0 } });
  });

  test('a server that answers whole although it was asked to stream', async () => {
    const body = { choices: [{ message: { content: 'Yes.', reasoning_content: 'Hm.' }, finish_reason: 'stop' }] };
    const { generate } = await start({ reply: () => ({ status: 200, body }) });
    expect(await generate()).toMatchObject({ text: 'Yes.', finish: 'stop' });
  });

  test('output that goes in circles is stopped on the way', async () => {
    const { server, generate } = await start({ reply: () => ({ text: 'the same again '.repeat(2000), pauseMs: 1 }) });
    const reply = await generate({ maxTokens: 8000 });
    expect(reply.finish).toBe('repetition');
    expect(reply.tokens.completion).toBeLessThan(100);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.closedEarly()).toBe(1);
  });

  test('and found in a whole reply', async () => {
    const reply = () => ({ text: 'the same again '.repeat(100) });
    const { generate } = await start({ dialect: 'vertex', reply }, { dialect: 'vertex' });
    expect((await generate({ maxTokens: 1000 })).finish).toBe('repetition');
  });
});

describe('images that were not looked at', () => {
  test('too few prompt tokens', async () => {
    const { generate } = await start({ reply: () => ({ text: 'Two normal films.', promptTokens: 256 + 255 }) });
    await expect(generate({ content: [image, image, said('Compare.')] })).rejects.toMatchObject({
      code: 'model-image-ignored',
      message: expect.stringContaining('511'),
    });
    expect((await generate({ content: [image, said('Describe.')] })).finish).toBe('stop');
  });

  test('one of two, hidden by a long text', async () => {
    const { generate } = await start({
      reply: ({ text }) => ({ text: 'Yes.', promptTokens: 260 + text.split(' ').length * 1.3 }),
    });
    const words = said('word '.repeat(300).trim());
    await expect(generate({ content: [image, image, words] })).rejects.toMatchObject({ code: 'model-image-ignored' });
    expect((await generate({ content: [image, words] })).text).toBe('Yes.');
  });

  test('no count at all', async () => {
    const { generate } = await start({ reply: () => ({ text: 'A normal film.', usage: false }) });
    await expect(generate({ content: [image] })).rejects.toMatchObject({ code: 'model-image-ignored' });
  });
});

describe('which server and which model', () => {
  test.each(['vllm', 'llama-server', 'ollama', 'openai'] as const)('%s is recognised', async (dialect) => {
    const { server, model, generate } = await start({ dialect });
    const named = await openOpenAiModel({ base: server.base, model: server.model, dialect });
    expect(model.version).toBe(named.version);
    await generate({ tenant: 'north' });
    const { cache_salt, cache_prompt } = server.requests[0]!.body;
    expect([cache_salt !== undefined, cache_prompt !== undefined]).toEqual([
      dialect === 'vllm',
      dialect === 'llama-server',
    ]);
  });

  test('vertex is known by its address', async () => {
    const asked: string[] = [];
    const model = await openOpenAiModel({
      base: 'https://2.us-central1-1.prediction.vertexai.goog/v1/projects/1/locations/us-central1/endpoints/2',
      model: 'google/medgemma-1.5-4b-it',
      fetch: async (url) => {
        asked.push(url);
        return Response.json({ choices: [{ message: { content: 'Yes.' }, finish_reason: 'stop' }] });
      },
    });
    await model.generate({ content: [said('Hello')], maxTokens: 5 });
    expect(asked).toEqual([
      'https://2.us-central1-1.prediction.vertexai.goog/v1/projects/1/locations/us-central1/endpoints/2:rawPredict',
    ]);
  });

  test('the version does not depend on the time, and tells servers, models and revisions apart', async () => {
    const versions = await Promise.all(
      (['vllm', 'vllm', 'llama-server', 'ollama'] as Dialect[]).map(
        async (dialect) => (await start({ dialect })).model.version,
      ),
    );
    versions.push((await start({ model: 'google/medgemma-4b-it' })).model.version);
    versions.push((await start({}, { revision: '2026-02' })).model.version);
    expect(versions[1]).toBe(versions[0]);
    expect(new Set(versions).size).toBe(5);
    expect(versions.every((version) => /^[0-9a-f]{12}$/.test(version))).toBe(true);
  });

  test.each(['vllm', 'llama-server', 'ollama'] as const)('%s: a model that it does not have', async (dialect) => {
    const server = await startOpenAiServer({ dialect, model: 'llama3' });
    open.push(server);
    await expect(openOpenAiModel({ base: server.base, model: 'google/medgemma-1.5-4b-it' })).rejects.toMatchObject({
      code: 'model-not-found',
      message: expect.stringMatching(/does not have "google\/medgemma-1\.5-4b-it"\. It has: llama3/),
    });
  });

  test('ollama: no tag is the tag latest', async () => {
    const { model } = await start({ dialect: 'ollama', model: 'medgemma1.5' });
    expect(model.id).toBe('medgemma1.5');
  });

  test('a server that is still loading is not taken for another', async () => {
    const loading = await listen((_request, response) => {
      response.writeHead(503, { 'retry-after': '7' }).end('{"error":{"code":503,"message":"Loading model"}}');
    });
    open.push(loading);
    await expect(openOpenAiModel({ base: loading.base, model: 'm' })).rejects.toMatchObject({
      code: 'model-unavailable',
      retryAfterMs: 7000,
    });
  });

  test.each(['not a url', 'ftp://host/', 'http://user:secret@host/', 'http://host/?key=secret'])(
    'the address %s is refused',
    async (base) => {
      const error = await openOpenAiModel({ base, model: 'm' }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'model-invalid' });
      expect(String(error)).not.toContain('secret');
    },
  );
});

describe('many at a time', () => {
  test('no more than the limit, in their order; who leaves the line is not served', async () => {
    let [inside, most] = [0, 0];
    const order: string[] = [];
    const { model } = await start(
      {
        reply: async ({ text }) => {
          order.push(text);
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setTimeout(resolve, 20));
          inside--;
          return 'Yes.';
        },
      },
      { concurrency: 2 },
    );
    const impatient = new AbortController();
    const replies = ['1', '2', '3', '4', '5'].map((text) =>
      model.generate({ content: [said(text)], maxTokens: 5 }, text === '4' ? impatient.signal : undefined),
    );
    impatient.abort();
    const outcomes = await Promise.allSettled(replies);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(most).toBe(2);
    expect(order.toSorted()).toEqual(['1', '2', '3', '5']);
    expect(order.at(-1)).toBe('5');
  });

  test('closing ends what runs and what waits', async () => {
    const { model } = await start({ reply: () => ({ wrong: 'silent' }) }, { concurrency: 1 });
    const replies = [1, 2].map(() => model.generate({ content: [said('Hello')], maxTokens: 5 }));
    const outcomes = Promise.allSettled(replies);
    await model.close();
    expect(await outcomes).toEqual([
      { status: 'rejected', reason: expect.objectContaining({ code: 'cancelled' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'cancelled' }) },
    ]);
  });
});
