import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { main } from '../src/cli.ts';
import { startHub, type TestHub } from './support/hub.ts';
import { writeTinyGemma } from './support/tiny-gemma/write.ts';

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const id = 'google/medgemma-test';
let models: string;
let hub: TestHub | undefined;

beforeEach(() => {
  models = mkdtempSync(join(tmpdir(), 'interval-cli-model-'));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
});

function interval(arguments_: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/interval.js', ...arguments_], {
      env: { ...process.env, INTERVAL_MODELS_DIRECTORY: models, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** The same in this process, for what needs no process of its own. */
async function quick(arguments_: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const before = { ...process.env };
  Object.assign(process.env, { INTERVAL_MODELS_DIRECTORY: models }, environment);
  let [out, err] = ['', ''];
  try {
    const code = await main(arguments_, {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
    });
    return { code, out, err };
  } finally {
    process.env = before;
  }
}

/** A small model that can be run, as the files of a repository. */
function tinyRepository(): Record<string, Uint8Array> {
  const folder = join(models, 'original');
  mkdirSync(folder);
  writeTinyGemma(folder);
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

describe('interval model', () => {
  test('pull → verify → convert → verify → list → bench', async () => {
    hub = await startHub({ files: tinyRepository(), token: 'hf_right' });
    const pulled = await interval(['model', 'pull', id, '--accept-licence', '--endpoint', hub.endpoint], {
      HF_TOKEN: 'hf_right',
    });
    expect(pulled).toMatchObject({ code: 0, out: expect.stringContaining('0123456789abcdef') });
    expect(pulled.err).toContain('https://developers.google.com/health-ai-developer-foundations/terms');
    expect(pulled.out + pulled.err).not.toContain('hf_right');
    expect(await quick(['model', 'verify', id])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^right: google\/medgemma-test at 0123/),
    });

    const converted = await interval(['model', 'convert', id, '--weights', 'float32', '--vision', 'float32']);
    expect(converted).toMatchObject({ code: 0, out: expect.stringContaining(`Modified from ${id}`) });
    expect(converted.err).toContain('HAI-DEF is provided under');
    const folder = join(models, id, 'float32-vision-float32');
    const manifest = JSON.parse(readFileSync(join(folder, 'interval-model.json'), 'utf8'));
    expect(manifest).toMatchObject({
      id,
      source: { revision: '0123456789abcdef0123456789abcdef01234567' },
      licence: { name: expect.stringContaining('Health AI') },
    });
    expect(await quick(['model', 'verify', folder])).toMatchObject({ code: 0 });

    const again = await quick(['model', 'convert', id, '--weights', 'float32', '--vision', 'float32']);
    expect(again).toMatchObject({ code: 2, err: expect.stringMatching(/^config-invalid: .*--force/) });

    const list = await quick(['model', 'list', '--json']);
    expect(JSON.parse(list.out).models).toMatchObject([
      { id, kind: 'converted', weights: 'float32', vision: 'float32', verified: expect.stringMatching(/^2/), folder },
      { id, kind: 'source', verified: expect.stringMatching(/^2/) },
    ]);

    const bench = await interval(['model', 'bench', id, '--tokens', '4'], { INTERVAL_MODEL_CONTEXT: '4096' });
    expect({ code: bench.code, err: bench.err }).toEqual({ code: 0, err: '' });
    expect(bench.out).toMatch(/^\| google\/medgemma-test \| \|\n/);
    const result = JSON.parse(bench.out.slice(bench.out.indexOf('{')));
    expect(result.prefillTokensPerSecond).toBeGreaterThan(0);
    expect(result.residentMiB).toBeGreaterThan(10);
  }, 120_000);

  test('the licence is asked for once', async () => {
    hub = await startHub({ files: tinyRepository() });
    const endpoint = { HF_ENDPOINT: hub.endpoint };
    const refused = await interval(['model', 'pull', id], endpoint);
    expect(refused).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^model-licence: .*--accept-licence/m),
    });
    expect(hub.elsewhere).toEqual([]);
    expect(await quick(['model', 'pull', id, '--accept-licence'], endpoint)).toMatchObject({ code: 0 });
    expect(await quick(['model', 'pull', id, '--to', join(models, 'copy')], endpoint)).toMatchObject({
      code: 0,
      err: '',
    });
    const records = JSON.parse(readFileSync(join(models, 'records.json'), 'utf8'));
    expect(records.licences).toEqual([
      {
        model: id,
        licence: 'Health AI Developer Foundations Terms of Use',
        url: 'https://developers.google.com/health-ai-developer-foundations/terms',
        accepted: expect.stringMatching(/^\d{4}-/),
      },
    ]);
  }, 60_000);

  test('a gated model without a token: what to do, exit 1', async () => {
    hub = await startHub({ token: 'hf_right' });
    const { code, out, err } = await quick(['model', 'pull', id, '--accept-licence', '--endpoint', hub.endpoint], {
      HF_TOKEN: '',
      HUGGING_FACE_HUB_TOKEN: 'hf_other',
    });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^model-unauthorized: .*HF_TOKEN/m);
    expect(err).not.toContain('hf_other');
  }, 60_000);

  test('interrupted, it says so and keeps what it has', async () => {
    hub = await startHub({ serve: () => ({ cutAt: 0 }) });
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        'bin/interval.js',
        'model',
        'pull',
        id,
        '--accept-licence',
        '--endpoint',
        hub.endpoint,
      ],
      { env: { ...process.env, INTERVAL_MODELS_DIRECTORY: models }, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    while (hub.elsewhere.length === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, said: /^cancelled: /m.test(err) }).toEqual({ code: 1, said: true });
  }, 60_000);

  test('verify finds what is wrong: exit 1', async () => {
    hub = await startHub({ files: tinyRepository() });
    const folder = join(models, 'weights');
    await quick(['model', 'pull', id, '--accept-licence', '--to', folder, '--endpoint', hub.endpoint]);
    writeFileSync(join(folder, 'config.json'), '{}');
    const { code, out } = await quick(['model', 'verify', folder]);
    expect(code).toBe(1);
    expect(out).toMatch(/^NOT RIGHT: /);
    expect(out).toContain('config.json has 2 bytes instead of');
  }, 60_000);

  test('verify warns of a community folder', async () => {
    const folder = join(models, 'community');
    mkdirSync(join(folder, 'onnx'), { recursive: true });
    for (const name of ['config.json', 'tokenizer.json', 'onnx/embed_tokens.onnx', 'onnx/vision_encoder.onnx']) {
      writeFileSync(join(folder, name), '{}');
    }
    writeFileSync(join(folder, 'onnx', 'decoder_model_merged.onnx'), 'graph');
    const { code, err } = await quick(['model', 'verify', folder]);
    expect(code).toBe(0);
    expect(err).toMatch(/^warning: .*image mask/m);
  }, 60_000);

  test('convert keeps off folders that it did not make, and leaves nothing behind when it fails', async () => {
    const original = join(models, 'weights');
    mkdirSync(original);
    writeTinyGemma(original);
    const taken = join(models, 'taken');
    mkdirSync(taken);
    writeFileSync(join(taken, 'thesis.txt'), 'years of work');
    const runs = [
      await quick(['model', 'convert', original, '--to', taken, '--force']),
      await quick(['model', 'convert', original, '--to', original]),
      await quick(['model', 'convert', taken, '--to', join(models, 'made')]),
      await quick(['model', 'convert', 'google/not-there']),
    ];
    expect(runs.map(({ code, err }) => [code, err.split(':')[0]])).toEqual([
      [2, 'config-invalid'],
      [2, 'config-invalid'],
      [2, 'model-invalid'],
      [1, 'model-not-found'],
    ]);
    expect(readdirSync(taken)).toEqual(['thesis.txt']);
    expect(existsSync(join(models, 'made.unfinished'))).toBe(false);
  }, 60_000);

  test('list names the server, never its key; and works before readers have their model', async () => {
    const settings = {
      INTERVAL_MODEL_URL: 'http://127.0.0.1:8000/v1/',
      INTERVAL_MODEL_NAME: 'google/medgemma-1.5-4b-it',
      INTERVAL_MODEL_KEY: 'hunter2',
    };
    const { code, out, err } = await quick(['model', 'list'], settings);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(`Models in ${models}: none`);
    expect(out).toContain('google/medgemma-1.5-4b-it at http://127.0.0.1:8000/v1 (auto)');
    expect(out).not.toContain('hunter2');
    expect(await quick(['model', 'list'], { INTERVAL_LAB_REPORT_READER: 'medgemma' })).toMatchObject({ code: 0 });
  }, 60_000);

  test('arguments that are wrong: exit 2 and say so', async () => {
    const wrong = [
      ['pull'],
      ['pull', 'medgemma'],
      ['pull', '../../etc/passwd'],
      ['convert', '.', '--block', '48'],
      ['convert', '.', '--weights', 'float16'],
      ['bench', '.', '--tokens', 'many'],
      ['verify'],
      ['frobnicate'],
    ];
    for (const arguments_ of wrong) {
      const { code, out, err } = await quick(['model', ...arguments_]);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(/^error: /);
    }
  }, 60_000);

  test.each<[string, readonly string[], Record<string, string>, number, string]>([
    ['a hub without TLS', ['pull', id, '--endpoint', 'http://hub.example'], {}, 2, 'config-invalid'],
    ['a model that is not there', ['verify', 'google/nothing'], {}, 1, 'model-not-found'],
    ['a folder without a model', ['verify', 'docs'], {}, 2, 'model-invalid'],
    ['a folder that cannot be run', ['bench', 'docs'], {}, 2, 'model-invalid'],
    ['settings that are wrong', ['list'], { INTERVAL_MODEL_DIALECT: 'latin' }, 2, 'config-invalid'],
  ])(
    '%s',
    async (_name, arguments_, environment, code, expected) => {
      const ran = await quick(['model', ...arguments_], environment);
      expect({ code: ran.code, out: ran.out }).toEqual({ code, out: '' });
      expect(ran.err).toMatch(new RegExp(`^${expected}: .+\\n$`));
    },
    60_000,
  );
});
