import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import type { FileEntry } from '../onnx/manifest.ts';
import { createDigester, digestFile } from './digest.ts';
import type { Hub, HubModel } from './hub.ts';
import type { HubFile } from './hub-answer.ts';

/**
 * One file of a repository into a folder. What is there and right stays; what was begun goes on where it stopped, since
 * the unfinished file carries its digest in its name and so belongs to this content alone. Nothing gets its final name
 * before size and digest are right. `onBytes` hears how many bytes of this file are there, and may hear fewer again.
 */
export async function download(
  file: HubFile,
  folder: string,
  from: { readonly hub: Hub; readonly model: HubModel; readonly signal?: AbortSignal },
  onBytes: (bytes: number) => void = () => undefined,
): Promise<FileEntry> {
  const target = join(folder, file.path);
  const part = `${target}.${file.digest.value.slice(0, 16)}.part`;
  await mkdir(dirname(target), { recursive: true });
  if ((await sizeOf(target)) === file.bytes) {
    const digester = createDigester(file.digest, file.bytes);
    await digestFile(target, digester, { signal: from.signal });
    const { sha256, matches } = digester.end();
    if (matches) {
      onBytes(file.bytes);
      return { path: file.path, bytes: file.bytes, sha256 };
    }
  }
  let before = -1;
  let reached = 0;
  const report = (bytes: number) => {
    reached = bytes;
    onBytes(bytes);
  };
  const sha256 = await from.hub.patiently(
    () => fill(file, part, from, report),
    () => {
      const moved = reached > before;
      before = Math.max(before, reached);
      return moved;
    },
  );
  await rename(part, target);
  return { path: file.path, bytes: file.bytes, sha256 };
}

/** One attempt: returns the SHA-256 of a part that is whole and right. */
async function fill(
  file: HubFile,
  part: string,
  { hub, model, signal }: { readonly hub: Hub; readonly model: HubModel; readonly signal?: AbortSignal },
  report: (bytes: number) => void,
): Promise<string> {
  const left = await sizeOf(part);
  let have = left === undefined || left > file.bytes ? 0 : left;
  const begunWith = have;
  let digester = createDigester(file.digest, file.bytes);
  if (have > 0) {
    await digestFile(part, digester, { signal });
    report(have);
  }
  if (have < file.bytes || left === undefined) {
    const response = await hub.open(model, file.path, have);
    if (response.status === 416 || (response.status === 206 && !startsAt(response, have))) {
      await response.body?.cancel();
      await rm(part, { force: true });
      throw new IntervalError('model-unavailable', `The hub would not go on with ${file.path}; it starts again.`);
    }
    if (response.status !== 206 && have > 0) {
      have = 0;
      digester = createDigester(file.digest, file.bytes);
    }
    const handle = await open(part, have > 0 ? 'a' : 'w');
    try {
      for await (const chunk of chunksOf(response, file.path, signal)) {
        have += chunk.length;
        if (have > file.bytes) {
          throw new IntervalError('model-invalid', `${file.path} is longer than the hub’s list says.`);
        }
        await handle.write(chunk);
        digester.update(chunk);
        report(have);
      }
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (have < file.bytes) {
      throw new IntervalError('model-unavailable', `The connection for ${file.path} ended early.`);
    }
  }
  const { sha256, matches } = digester.end();
  if (!matches) {
    await rm(part);
    if (begunWith > 0) {
      // What an earlier run left may be what is wrong: once more from the start.
      return fill(file, part, { hub, model, signal }, report);
    }
    throw new IntervalError('model-invalid', `${file.path} arrived with another checksum than the hub’s list says.`);
  }
  return sha256;
}

function startsAt(response: Response, byte: number): boolean {
  return response.headers.get('content-range')?.startsWith(`bytes ${byte}-`) ?? false;
}

async function* chunksOf(response: Response, path: string, signal: AbortSignal | undefined) {
  try {
    yield* response.body ?? [];
  } catch (cause) {
    signal?.throwIfAborted();
    throw new IntervalError('model-unavailable', `The connection for ${path} broke.`, { cause });
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch {
    return undefined;
  }
}
