import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { IntervalError } from '../../errors.ts';
import { type FileEntry, manifestName } from '../onnx/manifest.ts';
import { createDigester, digestFile } from './digest.ts';
import { isInnerPath } from './paths.ts';
import { parsed, readManifest, readSource, sourceName, textOf } from './source.ts';

export interface Verification {
  readonly kind: 'converted' | 'source' | 'community';
  readonly id?: string;
  readonly revision?: string;
  readonly files: number;
  readonly bytes: number;
  /** What is wrong, one sentence each; empty: the folder is what it says. */
  readonly problems: readonly string[];
  /** What cannot be known here, or is known to make answers worse. */
  readonly warnings: readonly string[];
}

interface Options {
  readonly onProgress?: (progress: { readonly file: string; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/**
 * A converted or pulled folder, file by file: present, size, SHA-256, nothing beside; a folder laid out as the ONNX
 * community does it, as far as that can be checked. Throws `model-invalid` for a folder that is none of these.
 */
export async function verify(folder: string, options: Options = {}): Promise<Verification> {
  const manifest = await readManifest(folder);
  if (manifest) {
    const { embedding, vision, decoder } = manifest.graphs;
    const graphs = [embedding, ...vision, ...Object.values<string>(decoder)];
    const listed = new Set(manifest.files.map(({ path }) => path));
    return {
      kind: 'converted',
      id: manifest.id,
      revision: manifest.source?.revision,
      ...(await checkFiles(folder, manifest.files, manifestName, options, [
        ...graphs.filter((graph) => !listed.has(graph)).map((graph) => `${graph} is a graph that is not listed.`),
      ])),
      warnings: [],
    };
  }
  const source = await readSource(folder);
  if (source) {
    return {
      kind: 'source',
      id: source.id,
      revision: source.revision,
      ...(await checkFiles(folder, source.files, sourceName, options)),
      warnings: [],
    };
  }
  return checkCommunity(folder);
}

async function checkFiles(
  folder: string,
  files: readonly FileEntry[],
  own: string,
  { onProgress, signal }: Options,
  before: readonly string[] = [],
): Promise<Pick<Verification, 'files' | 'bytes' | 'problems'>> {
  const problems = [...before];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, bytes, sha256 } of files) {
    if (!isInnerPath(path)) {
      problems.push(`${own} lists a file outside the folder.`);
      continue;
    }
    const size = (await stat(join(folder, path)).catch(() => undefined))?.size;
    if (size === undefined) {
      problems.push(`${path} is missing.`);
    } else if (size !== bytes) {
      problems.push(`${path} has ${size} bytes instead of ${bytes}.`);
    } else {
      const digester = createDigester({ kind: 'sha256', value: sha256 }, bytes);
      let read = 0;
      await digestFile(join(folder, path), digester, {
        signal,
        onBytes(count) {
          read += count;
          onProgress?.({ file: path, done: done + read, total });
        },
      });
      if (!digester.end().matches) {
        problems.push(`${path} has another checksum.`);
      }
    }
    done += bytes;
  }
  const listed = new Set([own, ...files.map(({ path }) => path)]);
  for (const path of await pathsIn(folder)) {
    if (!listed.has(path)) {
      problems.push(`${path} is not listed.`);
    }
  }
  return { files: files.length, bytes: total, problems };
}

const communityGraphs = ['embed_tokens', 'vision_encoder', 'decoder_model_merged'] as const;

/** `onnx/<graph><precision>.onnx` with external data beside it, config.json and tokenizer.json. */
async function checkCommunity(folder: string): Promise<Verification> {
  const paths = await pathsIn(folder);
  const graphs = paths.filter((path) => /^onnx\/[^/]+\.onnx$/.test(path));
  if (graphs.length === 0) {
    throw new IntervalError(
      'model-invalid',
      `The folder holds no model: neither ${manifestName} nor ${sourceName} nor an onnx folder.`,
    );
  }
  const there = new Set(paths);
  const problems = ['config.json', 'tokenizer.json']
    .filter((path) => !there.has(path))
    .map((path) => `${path} is missing.`);
  const config = parsed((await textOf(join(folder, 'config.json'))) ?? '{}') as Record<string, unknown> | null;
  if (config === null) {
    problems.push('config.json is not JSON.');
  }
  const settings = config?.['transformers.js_config'] as { use_external_data_format?: unknown } | undefined;
  for (const name of communityGraphs) {
    const found = graphs.filter((path) => new RegExp(`^onnx/${name}(_[a-z0-9]+)?\\.onnx$`).test(path));
    if (found.length === 0) {
      problems.push(`onnx/${name}*.onnx is missing.`);
    }
    for (const path of found) {
      const parts = externalParts(settings?.use_external_data_format, path.slice('onnx/'.length), name);
      for (const data of Array.from({ length: parts }, (_, i) => `${path}_data${i === 0 ? '' : `_${i}`}`)) {
        if (!there.has(data)) {
          problems.push(`${data} is missing.`);
        }
      }
    }
  }
  const sizes = await Promise.all(paths.map(async (path) => (await stat(join(folder, path))).size));
  return {
    kind: 'community',
    files: paths.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    problems,
    warnings: [
      'The folder lists no checksums: that its files are whole cannot be known here.',
      'The decoder has no input for an image mask: the tokens of an image do not see each other in both directions, which makes answers about images worse. Convert the original weights instead.',
    ],
  };
}

/** Files of external data of one graph: a number, or a table by the graph's base or full name (transformers.js). */
function externalParts(format: unknown, file: string, base: string): number {
  const value =
    typeof format === 'object' && format !== null
      ? ((format as Record<string, unknown>)[file] ?? (format as Record<string, unknown>)[base])
      : format;
  return Number(value ?? 0) || 0;
}

/** Every file below a folder, relative, forward slashes. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  } catch (cause) {
    throw new IntervalError('model-invalid', `The folder cannot be read (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
    });
  }
}
