import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import { type FileEntry, type ModelManifest, manifestName } from '../onnx/manifest.ts';

/** `interval-source.json` in a folder that was pulled: which commit of which repository it is, file by file. */
export interface SourceRecord {
  readonly format: 1;
  readonly id: string;
  /** Commit, 40 hexadecimal digits. */
  readonly revision: string;
  readonly licence: { readonly name: string; readonly url: string; readonly notice: string };
  /** ISO instant. */
  readonly pulled: string;
  /** Every file of the folder but this one. */
  readonly files: readonly FileEntry[];
}

export const sourceName = 'interval-source.json';

/** What was pulled into a folder; undefined where nothing was. Throws `model-invalid` for a damaged record. */
export function readSource(folder: string): Promise<SourceRecord | undefined> {
  return readRecord<SourceRecord>(folder, sourceName);
}

/** What was converted into a folder; undefined where nothing was. Throws `model-invalid` for a damaged manifest. */
export async function readManifest(folder: string): Promise<ModelManifest | undefined> {
  const manifest = await readRecord<ModelManifest>(folder, manifestName);
  if (manifest && !(manifest.source && manifest.graphs?.decoder && Array.isArray(manifest.graphs.vision))) {
    throw unreadable(manifestName);
  }
  return manifest;
}

export function writeSource(folder: string, record: SourceRecord): Promise<void> {
  return writeFile(join(folder, sourceName), `${JSON.stringify(record, null, 2)}\n`);
}

async function readRecord<T extends SourceRecord | ModelManifest>(
  folder: string,
  name: string,
): Promise<T | undefined> {
  const text = await textOf(join(folder, name));
  if (text === undefined) {
    return undefined;
  }
  const record = parsed(text) as Partial<SourceRecord> | null;
  const whole =
    record?.format === 1 &&
    typeof record.id === 'string' &&
    Array.isArray(record.files) &&
    record.files.every((one) => typeof one?.path === 'string' && typeof one.sha256 === 'string' && one.bytes >= 0);
  if (!whole) {
    throw unreadable(name);
  }
  return record as T;
}

function unreadable(name: string): IntervalError {
  return new IntervalError('model-invalid', `${name} cannot be read as what this version writes.`);
}

/** A file's text, or undefined where there is none. */
export async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes((cause as NodeJS.ErrnoException).code ?? '')) {
      return undefined;
    }
    throw new IntervalError(
      'model-invalid',
      `A model’s folder cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  }
}

/** JSON, or null for what is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
