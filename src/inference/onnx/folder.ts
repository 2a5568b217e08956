import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import { type CacheType, type ModelManifest, manifestName } from './manifest.ts';
import { type GemmaShape, readShape } from './shape.ts';

/** What a model's folder holds, found without loading any of it. */
export interface ModelFolder {
  readonly folder: string;
  /** Who made the graphs: `interval model convert`, or an export in the layout of the ONNX community. */
  readonly layout: 'interval' | 'community';
  readonly id: string;
  /** Digest of what would be run, 12 hex digits. */
  readonly version: string;
  readonly shape: GemmaShape;
  readonly embedding: string;
  readonly vision: readonly string[];
  readonly decoder: Readonly<Partial<Record<CacheType, string>>>;
  readonly manifest?: ModelManifest;
}

/** Suffixes of the community's files, from the smallest whose arithmetic is float32; float16 overflows in Gemma. */
const precisions = ['_q4', '_quantized', '_int8', '_uint8', '_bnb4', ''];

/** Throws `model-invalid` where a folder holds no model that can be run. */
export function readModelFolder(folder: string): ModelFolder {
  const json = (name: string): Record<string, unknown> => {
    try {
      return JSON.parse(readFileSync(join(folder, name), 'utf8'));
    } catch (cause) {
      throw new IntervalError('model-invalid', `The model's folder lacks a readable ${name}.`, { cause });
    }
  };
  if (!existsSync(folder)) {
    throw new IntervalError('model-invalid', 'The folder of the model is not there.');
  }
  const shape = readShape(
    json('config.json'),
    existsSync(join(folder, 'generation_config.json')) ? json('generation_config.json') : {},
  );
  if (existsSync(join(folder, manifestName))) {
    const manifest = json(manifestName) as unknown as ModelManifest;
    if (manifest.format !== 1) {
      throw new IntervalError('model-invalid', 'The manifest of the model is of a later version.');
    }
    const { embedding, vision, decoder } = manifest.graphs;
    const version = digest(manifest.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort());
    return { folder, layout: 'interval', id: manifest.id, version, shape, embedding, vision, decoder, manifest };
  }
  return { folder, layout: 'community', shape, ...communityFiles(folder) };
}

function communityFiles(folder: string): Omit<ModelFolder, 'folder' | 'layout' | 'shape'> {
  const find = (name: string): string => {
    const found = precisions
      .map((suffix) => `onnx/${name}${suffix}.onnx`)
      .find((file) => existsSync(join(folder, file)));
    if (!found) {
      throw new IntervalError(
        'model-invalid',
        `The folder holds neither ${manifestName} nor a graph ${name} in float32.`,
      );
    }
    return found;
  };
  const [embedding, vision, decoder] = ['embed_tokens', 'vision_encoder', 'decoder_model_merged'].map(find);
  // Gigabytes are not read again at each start for a name: sizes and the graphs tell exports apart.
  const listed = readdirSync(join(folder, 'onnx')).sort();
  const sizes = listed.map((name) => `${name} ${statSync(join(folder, 'onnx', name)).size}`);
  const graphs = [embedding, vision, decoder].map((file) => graphDigest(join(folder, file!)));
  return {
    id: basename(folder),
    version: digest([...sizes, ...graphs]),
    embedding: embedding!,
    vision: [vision!],
    decoder: { float32: decoder! },
  };
}

/** Graphs with external data are small; of one that is not, its size says enough. */
function graphDigest(path: string): string {
  return statSync(path).size < 64 * 1024 * 1024 ? digest([readFileSync(path).toString('latin1')]) : '';
}

function digest(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12);
}
