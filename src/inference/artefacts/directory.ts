import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { IntervalError } from '../../errors.ts';
import type { ModelManifest } from '../onnx/manifest.ts';
import { isModelId } from './paths.ts';
import { parsed, readManifest, readSource, type SourceRecord, textOf } from './source.ts';

/** A folder that `pull` or `convert` made. */
export type Model =
  | { readonly kind: 'source'; readonly folder: string; readonly record: SourceRecord }
  | { readonly kind: 'converted'; readonly folder: string; readonly manifest: ModelManifest };

/** What is remembered about models: licences that were accepted, and when which folder was found right. */
interface Records {
  readonly licences: readonly {
    readonly model: string;
    readonly licence: string;
    readonly url: string;
    readonly accepted: string;
  }[];
  /** By folder, ISO instants. */
  readonly verified: Readonly<Record<string, string>>;
}

export interface ModelsDirectory {
  readonly path: string;
  /** `<owner>/<name>/source-<first digits of the commit>` */
  sourceFolder(id: string, revision: string): string;
  /** `<owner>/<name>/int4-32-vision-int8` */
  convertedFolder(id: string, options: Pick<ModelManifest, 'weights' | 'block' | 'vision'>): string;
  /** Every model in the directory, by folder. */
  list(): Promise<readonly Model[]>;
  /** What was pulled and converted of an id. Throws `model-not-found`. */
  find(id: string): Promise<readonly Model[]>;
  records(): Promise<Records>;
  recordLicence(entry: Records['licences'][number]): Promise<void>;
  recordVerified(folder: string, at: string): Promise<void>;
}

export function openModelsDirectory(path: string): ModelsDirectory {
  const root = resolve(path);
  const recordsPath = join(root, 'records.json');

  const records = async (): Promise<Records> => {
    const found = parsed((await textOf(recordsPath)) ?? '{}') as Partial<Records> | null;
    if (found === null) {
      // An acceptance must not get lost in silence.
      throw new IntervalError('model-invalid', 'records.json in the models directory cannot be read as JSON.');
    }
    return { licences: found.licences ?? [], verified: found.verified ?? {} };
  };
  const write = async (changed: Records) => {
    await mkdir(root, { recursive: true });
    const unfinished = `${recordsPath}.${process.pid}.new`;
    await writeFile(unfinished, `${JSON.stringify(changed, null, 2)}\n`);
    await rename(unfinished, recordsPath);
  };
  const list = async () => {
    const folders: string[] = [];
    for (const owner of await foldersIn(root)) {
      for (const name of await foldersIn(owner)) {
        folders.push(...(await foldersIn(name)));
      }
    }
    return (await Promise.all(folders.map(modelIn))).filter((model) => model !== undefined);
  };

  return {
    path: root,
    sourceFolder: (id, revision) => join(root, id, `source-${revision.slice(0, 12)}`),
    convertedFolder: (id, { weights, block, vision }) =>
      join(root, id, `${weights}${weights === 'int4' ? `-${block}` : ''}-vision-${vision}`),
    list,
    async find(id) {
      const found = isModelId(id) ? (await list()).filter((model) => idOf(model) === id) : [];
      if (found.length === 0) {
        throw new IntervalError(
          'model-not-found',
          `${id} is neither a folder nor a model in ${root}; "interval model list" says what is there.`,
        );
      }
      return found;
    },
    records,
    async recordLicence(entry) {
      const known = await records();
      await write({ ...known, licences: [...known.licences, entry] });
    },
    async recordVerified(folder, at) {
      const known = await records();
      await write({ ...known, verified: { ...known.verified, [resolve(folder)]: at } });
    },
  };
}

export function idOf(model: Model): string {
  return model.kind === 'source' ? model.record.id : model.manifest.id;
}

/**
 * The one folder to run: a folder as it is, converted or laid out as the ONNX community does it, or the converted model
 * of an id. Throws `model-not-found`, and `config-invalid` where an id has been converted in several ways.
 */
export async function folderToRun(name: string, directory: ModelsDirectory): Promise<string> {
  if (await isFolder(name)) {
    return resolve(name);
  }
  const converted = (await directory.find(name)).filter((model) => model.kind === 'converted');
  const [only, ...others] = converted;
  if (!only) {
    throw new IntervalError(
      'model-not-found',
      `${name} has been pulled but not converted: "interval model convert ${name}".`,
    );
  }
  if (others.length > 0) {
    const names = converted.map((model) => basename(model.folder)).join(', ');
    throw new IntervalError(
      'config-invalid',
      `${name} has been converted in several ways (${names}): give the folder.`,
    );
  }
  return only.folder;
}

/** The folder to convert: a folder as it is, or what was pulled last of an id. Throws `model-not-found`. */
export async function folderToConvert(name: string, directory: ModelsDirectory): Promise<string> {
  if (await isFolder(name)) {
    return resolve(name);
  }
  const pulled = (await directory.find(name))
    .filter((model) => model.kind === 'source')
    .sort((one, other) => other.record.pulled.localeCompare(one.record.pulled));
  if (!pulled[0]) {
    throw new IntervalError('model-not-found', `${name} has not been pulled: "interval model pull ${name}".`);
  }
  return pulled[0].folder;
}

async function modelIn(folder: string): Promise<Model | undefined> {
  const manifest = await readManifest(folder);
  if (manifest) {
    return { kind: 'converted', folder, manifest };
  }
  const record = await readSource(folder);
  return record && { kind: 'source', folder, record };
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function foldersIn(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name))
    .sort();
}
