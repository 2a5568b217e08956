import { mkdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import type { FileEntry } from '../onnx/manifest.ts';
import { download } from './download.ts';
import type { Hub } from './hub.ts';
import type { HubFile } from './hub-answer.ts';
import { type Licence, licenceOf } from './licence.ts';
import { isWanted } from './paths.ts';
import { type SourceRecord, writeSource } from './source.ts';

export interface PullRequest {
  readonly id: string;
  /** Commit, branch or tag; the commit that it stands for is recorded. */
  readonly revision: string;
  /** Where the files go, once the commit is known. */
  readonly folder: (revision: string) => string;
  /** Throws `model-licence` to stop before anything is downloaded. */
  readonly accept: (licence: Licence) => Promise<void>;
  readonly onProgress?: (progress: { readonly file: string; readonly done: number; readonly total: number }) => void;
}

export interface PullWorld {
  readonly hub: Hub;
  readonly clock: () => Date;
  readonly signal?: AbortSignal;
  /** Bytes that may still be written below a folder. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Left free beside the model. */
const SPARE_BYTES = 256 * 1024 * 1024;

/** A repository's weights, configuration, tokenizer and licence at one commit, each file checked, into a folder. */
export async function pull(
  request: PullRequest,
  world: PullWorld,
): Promise<{ readonly folder: string; readonly record: SourceRecord }> {
  const { hub, freeBytes = freeBytesOf } = world;
  const model = await hub.model(request.id, request.revision);
  const licence = licenceOf(model);
  await request.accept(licence);

  // Small files first: what is refused is refused before gigabytes are there.
  const files = (await hub.files(model)).filter(({ path }) => isWanted(path)).sort((a, b) => a.bytes - b.bytes);
  if (!files.some(({ path }) => path.endsWith('.safetensors')) || !files.some(({ path }) => path === 'config.json')) {
    throw new IntervalError('model-invalid', `${request.id} holds no safetensors weights with a config.json.`);
  }
  const folder = request.folder(model.revision);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  try {
    await mkdir(folder, { recursive: true });
    const missing = total - (await bytesThere(folder, files));
    const free = await freeBytes(folder);
    if (missing + SPARE_BYTES > free) {
      throw new IntervalError(
        'config-invalid',
        `${request.id} needs ${megabytes(missing + SPARE_BYTES)} MB more below ${folder}, and ${megabytes(free)} MB are free.`,
      );
    }
    const entries: FileEntry[] = [];
    let before = 0;
    for (const file of files) {
      const done = before;
      entries.push(
        await download(file, folder, { hub, model, signal: world.signal }, (bytes) =>
          request.onProgress?.({ file: file.path, done: done + bytes, total }),
        ),
      );
      before += file.bytes;
    }
    const record: SourceRecord = {
      format: 1,
      id: request.id,
      revision: model.revision,
      licence: { name: licence.name, url: licence.url, notice: licence.notice },
      pulled: world.clock().toISOString(),
      files: entries.sort((one, other) => one.path.localeCompare(other.path)),
    };
    await writeSource(folder, record);
    return { folder, record };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (cause instanceof IntervalError || !/^E[A-Z]+$/.test(code ?? '')) {
      throw cause;
    }
    throw new IntervalError('config-invalid', `The folder ${folder} cannot be written (${code}).`, { cause });
  }
}

/** What whole files of an earlier run take already; those begun are not counted, to be on the safe side. */
async function bytesThere(folder: string, files: readonly HubFile[]): Promise<number> {
  const sizes = await Promise.all(
    files.map(async ({ path, bytes }) => {
      const size = (await stat(join(folder, path)).catch(() => undefined))?.size;
      return size === bytes ? bytes : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
