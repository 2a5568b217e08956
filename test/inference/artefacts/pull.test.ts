import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createHub } from '../../../src/inference/artefacts/hub.ts';
import { type PullRequest, pull } from '../../../src/inference/artefacts/pull.ts';
import { readSource } from '../../../src/inference/artefacts/source.ts';
import { verify } from '../../../src/inference/artefacts/verify.ts';
import { commit, smallRepository, startHub, type TestHub, type TestHubOptions } from '../../support/hub.ts';

const id = 'google/medgemma-test';
const weights = Buffer.from(smallRepository['model.safetensors'] as Uint8Array);
const now = new Date('2026-03-01T10:00:00Z');

let hub: TestHub;
afterEach(() => hub?.close());

const fresh = () => mkdtempSync(join(tmpdir(), 'interval-pull-'));

async function pullFrom(
  options: TestHubOptions,
  more: {
    request?: Partial<PullRequest>;
    token?: string;
    folder?: string;
    freeBytes?: number;
    signal?: AbortSignal;
  } = {},
) {
  await hub?.close();
  hub = await startHub(options);
  const folder = more.folder ?? fresh();
  const waits: number[] = [];
  const { signal } = more;
  const result = pull(
    { id, revision: 'main', folder: () => folder, accept: async () => undefined, ...more.request },
    {
      hub: createHub({
        endpoint: hub.endpoint,
        token: more.token,
        fetch,
        signal,
        wait: async (milliseconds) => waits.push(milliseconds),
      }),
      clock: () => now,
      signal,
      freeBytes: async () => more.freeBytes ?? 1e12,
    },
  );
  return { folder, waits, result };
}

const failure = (code: string, says = '') => expect.objectContaining({ code, message: expect.stringContaining(says) });
const parts = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.part'));

describe('pulling a model', () => {
  test('takes what a conversion needs, checks it, and records the commit', async () => {
    const progress: { done: number; total: number }[] = [];
    const { folder, result } = await pullFrom({}, { request: { onProgress: (one) => progress.push(one) } });
    const { record } = await result;
    const wanted = ['chat_template.jinja', 'config.json', 'model.safetensors', 'tokenizer.json'];
    expect(readdirSync(folder).sort()).toEqual([...wanted, 'interval-source.json'].sort());
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    expect(record).toMatchObject({ id, revision: commit, pulled: now.toISOString() });
    expect(record.files.map(({ path }) => path)).toEqual(wanted);
    expect(await readSource(folder)).toEqual(record);
    expect((await verify(folder)).problems).toEqual([]);
    expect(progress.at(-1)!.done).toBe(progress.at(-1)!.total);
  });

  test('asks for the revision that was named', async () => {
    const { result } = await pullFrom({}, { request: { revision: commit } });
    await result;
    expect(hub.requests[0]!.path).toBe(`/api/models/${id}/revision/${commit}`);
  });

  test('refuses another commit than the one that was named', async () => {
    const { result } = await pullFrom({}, { request: { revision: 'f'.repeat(40) } });
    await expect(result).rejects.toEqual(failure('model-bad-answer', 'another revision'));
  });

  test('sends the token to the hub and to no other origin', async () => {
    const { result } = await pullFrom({ token: 'hf_secret' }, { token: 'hf_secret' });
    await result;
    expect(new Set(hub.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer hf_secret']));
    expect(hub.elsewhere).toEqual([{ path: 'model.safetensors', authorization: undefined, range: undefined }]);
  });

  test('goes on where the connection broke', async () => {
    const { folder, waits, result } = await pullFrom({
      serve: (_path, nth) => (nth < 2 ? { cutAt: 100_000 * (nth + 1) } : undefined),
    });
    await result;
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
    expect(hub.elsewhere.map(({ range }) => range)).toEqual([undefined, 'bytes=100000-', 'bytes=200000-']);
    expect(waits.length).toBe(2);
  });

  test('gives up when nothing moves on, and goes on in the next run', async () => {
    const first = await pullFrom({ serve: (_path, nth) => ({ cutAt: nth === 0 ? 120_000 : 0 }) });
    await expect(first.result).rejects.toEqual(failure('model-unavailable'));
    expect(parts(first.folder)).toHaveLength(1);
    expect(existsSync(join(first.folder, 'interval-source.json'))).toBe(false);
    const second = await pullFrom({}, { folder: first.folder });
    await second.result;
    expect(hub.elsewhere).toMatchObject([{ range: 'bytes=120000-' }]);
    expect(hub.requests.filter(({ path }) => path.includes('/resolve/'))).toHaveLength(1);
    expect(parts(first.folder)).toEqual([]);
  });

  test('starts again where the server knows no ranges', async () => {
    const { folder, result } = await pullFrom({
      serve: (_path, nth) => (nth === 0 ? { cutAt: 100_000 } : { ignoreRange: true }),
    });
    await result;
    expect(readFileSync(join(folder, 'model.safetensors')).equals(weights)).toBe(true);
  });

  test('starts again when what an earlier run left is wrong', async () => {
    const first = await pullFrom({ serve: () => ({ cutAt: 120_000 }) }, { request: {} });
    await expect(first.result).rejects.toEqual(failure('model-unavailable'));
    writeFileSync(join(first.folder, parts(first.folder)[0]!), Buffer.alloc(120_000, 7));
    await (await pullFrom({}, { folder: first.folder })).result;
    expect(readFileSync(join(first.folder, 'model.safetensors')).equals(weights)).toBe(true);
  });

  test.each([
    ['other bytes', Buffer.alloc(weights.length, 1)],
    ['more bytes', Buffer.concat([weights, Buffer.from('more')])],
  ])('%s than the list says: nothing gets its name', async (_name, bytes) => {
    const { folder, result } = await pullFrom({ serve: () => ({ bytes }) });
    await expect(result).rejects.toEqual(failure('model-invalid', 'model.safetensors'));
    expect(existsSync(join(folder, 'model.safetensors'))).toBe(false);
    expect(existsSync(join(folder, 'interval-source.json'))).toBe(false);
  });

  test('a small file is held to its Git name', async () => {
    const entry = { type: 'file', path: 'extra.json', size: 2, oid: 'a'.repeat(40) };
    const { result } = await pullFrom({ listed: [entry], files: { ...smallRepository, 'extra.json': '{}' } });
    await expect(result).rejects.toEqual(failure('model-invalid', 'extra.json'));
  });

  test.each([
    [401, undefined],
    [403, 'hf_wrong'],
  ])('%i: says what to do, and never the token', async (status, token) => {
    const { result } = await pullFrom({ token: 'hf_right' }, { token });
    const error = await result.catch((thrown) => thrown);
    expect(error).toEqual(failure('model-unauthorized', `${status}`));
    expect(error.message).toContain('HF_TOKEN');
    expect(error.message).toContain(`${hub.endpoint}/${id}`);
    expect(error.message).not.toContain('hf_wrong');
  });

  test('no such model', async () => {
    const { result } = await pullFrom({ statuses: [{ status: 404 }] });
    await expect(result).rejects.toEqual(failure('model-not-found'));
  });

  test('waits as long as it is asked to, then longer and longer', async () => {
    const { waits, result } = await pullFrom({
      statuses: [{ status: 429, headers: { 'retry-after': '7' } }, { status: 503 }, { status: 500 }],
    });
    await result;
    expect(waits).toEqual([7000, 2000, 4000]);
  });

  test('a hub that stays away', async () => {
    const { result } = await pullFrom({ statuses: Array.from({ length: 9 }, () => ({ status: 503 })) });
    await expect(result).rejects.toEqual(failure('model-unavailable', '503'));
  });

  test.each(['../evil.json', '/etc/evil.json', 'a/../../evil.json', 'C:\\evil.json', 'a\\..\\evil.json'])(
    'a file named %s stops everything',
    async (path) => {
      const { folder, result } = await pullFrom({ listed: [{ type: 'file', path, size: 2, oid: 'a'.repeat(40) }] });
      await expect(result).rejects.toEqual(failure('model-invalid', 'outside'));
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test.each([
    ['no digest', { type: 'file', path: 'x.json', size: 2 }],
    ['a size that is none', { type: 'file', path: 'x.json', size: -2, oid: 'a'.repeat(40) }],
  ])('a list with %s is no answer', async (_name, entry) => {
    const { result } = await pullFrom({ listed: [entry] });
    await expect(result).rejects.toEqual(failure('model-bad-answer'));
  });

  test('without the licence nothing is asked for', async () => {
    const { folder, result } = await pullFrom(
      {},
      {
        request: {
          async accept({ url }) {
            throw new Error(url);
          },
        },
      },
    );
    await expect(result).rejects.toThrow('health-ai-developer-foundations/terms');
    expect(hub.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('too little room is said before anything is downloaded', async () => {
    const { result } = await pullFrom({}, { freeBytes: 1e6 });
    await expect(result).rejects.toEqual(failure('config-invalid', 'MB more'));
    expect(hub.elsewhere).toEqual([]);
  });

  test('a folder that cannot be made', async () => {
    const folder = fresh();
    writeFileSync(join(folder, 'file'), '');
    const { result } = await pullFrom({}, { folder: join(folder, 'file', 'below') });
    await expect(result).rejects.toEqual(failure('config-invalid', 'ENOTDIR'));
  });

  test('a repository without safetensors is none that can be converted', async () => {
    const { result } = await pullFrom({ files: { 'config.json': '{}', 'model.gguf': 'GGUF' } });
    await expect(result).rejects.toEqual(failure('model-invalid', 'safetensors'));
  });

  test('ends when it is told to, and keeps what it has', async () => {
    const stop = new AbortController();
    const { folder, result } = await pullFrom(
      { serve: () => ({ cutAt: 50_000 }) },
      {
        signal: stop.signal,
        request: { onProgress: ({ file }) => file === 'model.safetensors' && stop.abort(new Error('enough')) },
      },
    );
    await expect(result).rejects.toThrow('enough');
    expect(parts(folder)).toHaveLength(1);
  });

  test('empty files and folders below are fine', async () => {
    const folder = fresh();
    mkdirSync(join(folder, 'sub'));
    const { result } = await pullFrom(
      { files: { ...smallRepository, 'sub/NOTICE': '', 'LICENSE.md': 'terms' } },
      { folder },
    );
    expect((await result).record.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['sub/NOTICE', 'LICENSE.md']),
    );
  });

  test.each(['http://hub.example', 'ftp://hub.example', 'https://user:word@hub.example', 'hub'])(
    'the endpoint %s is refused: a token goes over TLS',
    (endpoint) => {
      expect(() => createHub({ endpoint, fetch })).toThrow(failure('config-invalid'));
    },
  );

  test('a hub that cannot be reached', async () => {
    const away = createHub({ endpoint: 'http://127.0.0.1:9', fetch, wait: async () => undefined });
    await expect(away.model(id, 'main')).rejects.toEqual(failure('model-unavailable'));
    await expect(away.model('../etc', 'main')).rejects.toEqual(failure('model-not-found'));
  });
});
