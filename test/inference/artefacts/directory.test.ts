import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  folderToConvert,
  folderToRun,
  idOf,
  type ModelsDirectory,
  openModelsDirectory,
} from '../../../src/inference/artefacts/directory.ts';
import { listed, listedLine } from '../../../src/inference/artefacts/listing.ts';
import { defaultModelsDirectory, isInnerPath, isModelId, isWanted } from '../../../src/inference/artefacts/paths.ts';

const id = 'google/medgemma-test';
const [older, newer] = ['a', 'b'].map((digit) => digit.repeat(40)) as [string, string];
let directory: ModelsDirectory;

const pulled = (revision: string, at: string) => {
  const folder = directory.sourceFolder(id, revision);
  mkdirSync(folder, { recursive: true });
  const files = [{ path: 'config.json', bytes: 2, sha256: '' }];
  writeFileSync(join(folder, 'interval-source.json'), JSON.stringify({ format: 1, id, revision, pulled: at, files }));
  return folder;
};
const converted = (block: number) => {
  const how = { weights: 'int4', block, vision: 'int8' } as const;
  const folder = directory.convertedFolder(id, how);
  mkdirSync(folder, { recursive: true });
  const files = [{ path: 'decoder.onnx', bytes: 2_400_000_000, sha256: '' }];
  const graphs = { embedding: 'e', vision: ['v'], decoder: { int8: 'd' } };
  const manifest = { format: 1, id, source: { revision: newer, files: [] }, ...how, graphs, files };
  writeFileSync(join(folder, 'interval-model.json'), JSON.stringify(manifest));
  return folder;
};
const failure = (code: string, says = '') => expect.objectContaining({ code, message: expect.stringContaining(says) });

beforeEach(() => {
  directory = openModelsDirectory(mkdtempSync(join(tmpdir(), 'interval-models-')));
});

describe('the models directory', () => {
  test('lists what was pulled and converted, and says how', async () => {
    pulled(older, '2026-01-01T00:00:00Z');
    const folder = converted(32);
    const models = await directory.list();
    expect(models.map((model) => [model.kind, idOf(model)])).toEqual([
      ['converted', id],
      ['source', id],
    ]);
    await directory.recordVerified(folder, '2026-02-02T02:02:02Z');
    const { verified } = await directory.records();
    expect(listedLine(listed(models[0]!, verified[models[0]!.folder]))).toBe(
      `${id} at bbbbbbbbbbbb: weights int4 in blocks of 32, vision int8, 2400 MB, verified 2026-02-02T02:02:02Z\n  ${folder}\n`,
    );
    expect(listedLine(listed(models[1]!, undefined))).toContain('original weights, 0.0 MB, not verified yet');
  });

  test('is empty where there is none', async () => {
    expect(await openModelsDirectory(join(directory.path, 'nothing')).list()).toEqual([]);
  });

  test('runs the one converted model of an id, or a folder', async () => {
    await expect(folderToRun(id, directory)).rejects.toEqual(
      failure('model-not-found', 'neither a folder nor a model'),
    );
    pulled(newer, '2026-01-01T00:00:00Z');
    await expect(folderToRun(id, directory)).rejects.toEqual(failure('model-not-found', 'interval model convert'));
    const folder = converted(32);
    expect(await folderToRun(id, directory)).toBe(folder);
    expect(await folderToRun(folder, directory)).toBe(folder);
    converted(128);
    await expect(folderToRun(id, directory)).rejects.toEqual(
      failure('config-invalid', 'int4-128-vision-int8, int4-32-vision-int8'),
    );
  });

  test('converts what was pulled last', async () => {
    converted(32);
    await expect(folderToConvert(id, directory)).rejects.toEqual(failure('model-not-found', 'interval model pull'));
    const last = pulled(newer, '2026-02-01T00:00:00Z');
    pulled(older, '2026-01-01T00:00:00Z');
    expect(await folderToConvert(id, directory)).toBe(last);
  });

  test('remembers licences beside what was verified', async () => {
    await directory.recordVerified('/models/x', '2026-01-01T00:00:00Z');
    const entry = { model: id, licence: 'terms', url: 'https://terms.example', accepted: '2026-01-02T00:00:00Z' };
    await directory.recordLicence(entry);
    expect(await openModelsDirectory(directory.path).records()).toEqual({
      licences: [entry],
      verified: { '/models/x': '2026-01-01T00:00:00Z' },
    });
  });

  test('does not take damaged records for none', async () => {
    writeFileSync(join(directory.path, 'records.json'), '{');
    await expect(directory.records()).rejects.toEqual(failure('model-invalid', 'records.json'));
  });

  test('lies in the cache directory of the user', () => {
    expect(defaultModelsDirectory({ XDG_CACHE_HOME: '/cache' })).toBe(join('/cache', 'interval', 'models'));
    expect(defaultModelsDirectory({})).toBe(join(homedir(), '.cache', 'interval', 'models'));
  });
});

describe('names', () => {
  test.each(['google/medgemma-1.5-4b-it', 'a/b', 'onnx-community/x_y.z'])('%s is an id', (text) => {
    expect(isModelId(text)).toBe(true);
  });
  test.each(['medgemma', '/a', 'a/', 'a/b/c', '../b', 'a/..', 'a/b..c', 'a b/c', '-a/b', 'https://a/b'])(
    '%s is none',
    (text) => {
      expect(isModelId(text)).toBe(false);
    },
  );
  test.each(['a', 'a/b.json', '.gitattributes'])('%s stays inside', (path) => {
    expect(isInnerPath(path)).toBe(true);
  });
  test.each(['', '/a', '../a', 'a/../b', 'a//b', './a', 'a\\b', 'C:a', 'a/', 'a\u0000b', 'a\nb'])(
    '%j does not stay inside',
    (path) => {
      expect(isInnerPath(path)).toBe(false);
    },
  );
  test('what a conversion needs', () => {
    const all = [
      'model-00001-of-00002.safetensors',
      'config.json',
      'tokenizer.model',
      'chat_template.jinja',
      'LICENSE',
      'NOTICE.txt',
      'Licence.md',
    ];
    expect(all.filter(isWanted)).toEqual(all);
    expect(
      ['README.md', 'pytorch_model.bin', 'model.gguf', '.gitattributes', 'run.py', 'licenses.py'].filter(isWanted),
    ).toEqual([]);
  });
});
