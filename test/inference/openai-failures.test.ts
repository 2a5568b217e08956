import { afterEach, describe, expect, test } from '@jest/globals';
import type { IntervalError } from '../../src/errors.ts';
import type { ChatPart } from '../../src/inference/model.ts';
import { type OpenAiOptions, openOpenAiModel } from '../../src/inference/openai.ts';
import { createLog } from '../../src/log.ts';
import { listen } from '../support/listener.ts';
import { type ScriptedReply, startOpenAiServer } from '../support/openai-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const secret = 'Jane Roe, born 1961-04-03';
const key = 'sk-very-secret';

/** What `generate` throws when the server answers so. */
async function failure(
  scripted: ScriptedReply | ScriptedReply[],
  options: Partial<OpenAiOptions> & { readonly images?: number } = {},
): Promise<IntervalError> {
  const script = [scripted].flat();
  const { images = 0, ...more } = options;
  const server = await startOpenAiServer({ key, reply: ({ index }) => script[index] ?? 'No more.' });
  const model = await openOpenAiModel({ base: server.base, model: server.model, key, timeoutMs: 5000, ...more });
  open.push(server, model);
  const image: ChatPart = { type: 'image', bytes: new Uint8Array(8), contentType: 'image/png' };
  const content: ChatPart[] = [...Array.from({ length: images }, () => image), { type: 'text', text: secret }];
  return model.generate({ content, maxTokens: 50 }).then(
    (reply) => {
      throw new Error(`There was a reply: ${reply.finish}`);
    },
    (error: IntervalError) => error,
  );
}

describe('statuses', () => {
  test.each([
    [400, 'model-rejected', false],
    [401, 'model-unauthorized', false],
    [403, 'model-unauthorized', false],
    [404, 'model-not-found', false],
    [408, 'model-timeout', true],
    [413, 'prompt-too-long', false],
    [422, 'model-rejected', false],
    [429, 'model-throttled', true],
    [500, 'model-unavailable', true],
    [502, 'model-unavailable', true],
    [503, 'model-unavailable', true],
    [504, 'model-timeout', true],
  ] as const)('%i → %s', async (status, code, retry) => {
    const error = await failure({ status, body: { error: { message: `Cannot read ${secret}`, code: status } } });
    expect(error).toMatchObject({ code, retry });
    expect(error.message).toContain(String(status));
  });

  test.each([
    ['seconds', 429, '20', 20_000],
    ['a date', 503, 'Tue, 20 Jan 2026 10:00:30 GMT', 30_000],
    ['a date that is past', 429, 'Tue, 20 Jan 2026 09:00:00 GMT', 0],
    ['a week', 429, '604800', 3_600_000],
    ['nonsense', 429, 'soon', undefined],
  ])('Retry-After: %s', async (_what, status, header, retryAfterMs) => {
    const clock = () => Date.parse('2026-01-20T10:00:00Z');
    expect(await failure({ status, headers: { 'retry-after': header } }, { clock })).toMatchObject({ retryAfterMs });
  });

  test.each([
    [
      400,
      { message: "This model's maximum context length is 32768 tokens. However, your messages resulted in 40000." },
    ],
    [400, { message: 'request (25837 tokens) exceeds the available context size', type: 'exceed_context_size_error' }],
    [500, { message: 'the request exceeds the available context size', type: 'exceed_context_size_error' }],
    [400, { message: 'the input length exceeds the context length' }],
  ])('a context that is too small, as servers say it with %i', async (status, error) => {
    expect(await failure({ status, body: { error } })).toMatchObject({ code: 'prompt-too-long', kind: 'input' });
  });

  test.each([
    [500, 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj'],
    [500, 'Failed to create new sequence: this model is missing data required for image input'],
    [400, 'At most 0 image(s) may be provided in one prompt.'],
  ])('a model without its image encoder (%i)', async (status, message) => {
    expect(await failure({ status, body: { error: { message } } }, { images: 1 })).toMatchObject({
      code: 'model-image-ignored',
      retry: false,
    });
  });

  test('a limit of images', async () => {
    const message = 'At most 1 image(s) may be provided in one prompt.';
    const error = await failure({ status: 400, body: { error: { message } } }, { images: 2 });
    expect(error).toMatchObject({ code: 'model-rejected', message: expect.stringContaining('fewer images') });
  });
});

describe('answers that are none', () => {
  const whole = (body: unknown) => ({ status: 200, body });
  const choice = (more: object) => ({
    choices: [{ index: 0, message: { content: 'Yes.' }, finish_reason: 'stop', ...more }],
  });
  const stream = (...events: unknown[]) => ({
    status: 200,
    headers: { 'content-type': 'text/event-stream' },
    body: events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join(''),
  });

  test.each([
    ['HTML', whole('<html>gateway</html>')],
    ['half of a JSON', whole('{"choices": [')],
    ['nothing', whole('')],
    ['null', whole('null')],
    ['a list', whole([])],
    ['no choices', whole({})],
    ['choices that are empty', whole({ choices: [] })],
    ['choices that are none', whole({ choices: 'Yes.' })],
    ['a choice that is none', whole({ choices: [null] })],
    ['no message', whole({ choices: [{ finish_reason: 'stop' }] })],
    ['content that is a number', whole(choice({ message: { content: 7 } }))],
    ['a finish reason that is a number', whole(choice({ finish_reason: 7 }))],
    ['no finish reason', whole(choice({ finish_reason: null }))],
    ['a tool call', whole(choice({ finish_reason: 'tool_calls' }))],
    ['the name of a built-in', whole(choice({ finish_reason: 'constructor' }))],
    ['counts that are texts', whole({ ...choice({}), usage: { prompt_tokens: '12', completion_tokens: 1 } })],
    ['counts below zero', whole({ ...choice({}), usage: { prompt_tokens: -1, completion_tokens: 1 } })],
    ['a stream of nothing', stream()],
    ['a stream that ends early', stream({ choices: [{ delta: { content: 'Yes' }, finish_reason: null }] })],
    ['a stream that says no more than that it is done', stream('[DONE]')],
    ['a stream of half a JSON', stream('{"choices": [')],
    ['a stream of numbers', stream(1, 2, 3)],
  ])('%s', async (_what, scripted) => {
    expect(await failure(scripted)).toMatchObject({ code: 'model-bad-answer' });
  });

  test('an error inside an answer', async () => {
    const error = { code: 400, message: 'exceeds the available context size', type: 'exceed_context_size_error' };
    expect(await failure(stream({ choices: [{ delta: { content: 'Y' } }] }, { error }))).toMatchObject({
      code: 'prompt-too-long',
    });
    expect(await failure(whole({ error: { code: 429, message: 'Busy' } }))).toMatchObject({ code: 'model-throttled' });
    expect(await failure(whole({ error: 'Out of memory' }))).toMatchObject({ code: 'model-unavailable' });
  });

  test('larger than the cap, declared or not', async () => {
    const body = JSON.stringify(choice({ message: { content: 'x'.repeat(70_000) } }));
    expect(await failure({ status: 200, body }, { maxBytes: 65_536 })).toMatchObject({ code: 'model-bad-answer' });
    expect(await failure({ wrong: 'endless' })).toMatchObject({
      code: 'model-bad-answer',
      message: expect.stringContaining('4194304'),
    });
  });
});

describe('connections', () => {
  test('closed without an answer', async () => {
    expect(await failure({ wrong: 'drop' })).toMatchObject({ code: 'model-unavailable' });
  });

  test('closed in the middle of one', async () => {
    const error = await failure({ text: 'A long answer to a short question.', cut: true });
    expect(['model-unavailable', 'model-bad-answer']).toContain(error.code);
    expect(error.retry).toBe(true);
  });

  test('nobody there', async () => {
    const gone = await listen();
    await gone.close();
    await expect(openOpenAiModel({ base: gone.base, model: 'm' })).rejects.toMatchObject({ code: 'model-unavailable' });
  });

  test.each([
    ['silent', { wrong: 'silent' }],
    ['slow', { text: 'One word after the other.', pauseMs: 60 }],
  ] as const)('%s', async (_what, scripted) => {
    const start = performance.now();
    expect(await failure(scripted, { timeoutMs: 200 })).toMatchObject({ code: 'model-timeout', retry: true });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const elsewhere = await listen();
    open.push(elsewhere);
    const error = await failure({ status, headers: { location: `${elsewhere.base}/v1/chat/completions` } });
    expect(error).toMatchObject({ code: 'model-rejected', retry: false });
    expect(elsewhere.requests).toEqual([]);
  });

  test('a failure leaves its place to the next', async () => {
    const server = await startOpenAiServer({ reply: ({ index }) => (index < 3 ? { wrong: 'drop' } : 'Yes.') });
    const model = await openOpenAiModel({ base: server.base, model: server.model, concurrency: 1 });
    open.push(server, model);
    const ask = () => model.generate({ content: [{ type: 'text', text: 'Hello' }], maxTokens: 5 });
    await Promise.allSettled([ask(), ask(), ask()]);
    expect((await ask()).text).toBe('Yes.');
  });
});

describe('secrets', () => {
  test('neither the key nor what was asked is in an error or in the log', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'debug', destination: { write: (line: string) => lines.push(line) } });
    const echo = `${secret} ${key}`;
    const errors = [
      await failure({ status: 400, body: { error: { message: echo } } }),
      await failure({ status: 500, body: echo }),
      await failure({ status: 200, body: echo }),
      await failure({ status: 200, body: { choices: [{ message: { content: 'x' }, finish_reason: echo }] } }),
      await failure({ status: 302, headers: { location: `http://127.0.0.1:1/${key}` } }),
      await failure({ wrong: 'drop' }),
    ];
    for (const error of errors) {
      log.error('The reading failed.', {}, error);
      for (let at: unknown = error; at instanceof Error; at = at.cause) {
        expect(`${at.message} ${at.stack}`).not.toMatch(/Jane|very-secret/);
      }
    }
    expect(lines).toHaveLength(errors.length);
    expect(lines.join('\n')).not.toMatch(/Jane|very-secret/);
  });

  test('a key that no header can carry is refused without being quoted', async () => {
    const server = await startOpenAiServer();
    open.push(server);
    const error = await openOpenAiModel({ base: server.base, model: server.model, key: `${key}\nx` }).catch(
      (thrown: IntervalError) => thrown,
    );
    expect(error).toMatchObject({ code: 'model-invalid' });
    expect(String(error)).not.toContain('very-secret');
  });
});
