import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntervalError } from '../../errors.ts';
import { type FileEntry, type ModelManifest, manifestName } from '../onnx/manifest.ts';
import { readShape } from '../onnx/shape.ts';
import { calibrateCache } from './calibrate.ts';
import { createDataFile } from './data-file.ts';
import { cacheScalesFile, decoderGraph, withFloatCache } from './decoder-graph.ts';
import { createGraph, type GraphBuilder, type Precision } from './graph.ts';
import { type OnnxGraph, writeOnnx } from './onnx-file.ts';
import { openSafetensors } from './safetensors.ts';
import { visionGraph, visionParts } from './vision-graph.ts';
import { weightNames } from './weight-names.ts';

export interface ConvertOptions {
  /** Folder with config.json, tokenizer.json and safetensors. */
  readonly from: string;
  /** Folder to make; what stands there already is an error of the caller's. */
  readonly to: string;
  readonly weights: 'int4' | 'float32';
  /** Weights that share a scale; 32 keeps more of the model, 128 is smaller and faster. */
  readonly block: 32 | 64 | 128;
  readonly vision: 'int8' | 'int4' | 'float32';
  readonly id: string;
  /** Where the files come from; revision `local` and no files where nobody knows. */
  readonly source: ModelManifest['source'];
  readonly licence?: ModelManifest['licence'];
  /** Of this software, for the manifest. */
  readonly version: string;
  readonly onProgress?: (progress: { readonly stage: string; readonly done: number; readonly total: number }) => void;
  readonly signal?: AbortSignal;
}

/** Files that travel with the weights as they are. */
const companions = [
  'config.json',
  'generation_config.json',
  'preprocessor_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'chat_template.json',
  'LICENSE',
  'NOTICE',
  'Notice',
];
const needed = ['config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * Hugging Face safetensors → a folder of ONNX graphs that src/inference/onnx runs. Weights pass through in slabs, so that
 * memory stays far below the model's size. The manifest is written last: a folder without one is not whole.
 * Throws `model-invalid`, and `cancelled` between graphs.
 */
export async function convertModel(options: ConvertOptions): Promise<ModelManifest> {
  const { from, to, onProgress } = options;
  const missing = needed.find((name) => !existsSync(join(from, name)));
  if (missing) {
    throw new IntervalError('model-invalid', `The folder lacks ${missing}.`);
  }
  const json = (name: string) =>
    existsSync(join(from, name)) ? (JSON.parse(readFileSync(join(from, name), 'utf8')) as Record<string, unknown>) : {};
  const shape = readShape(json('config.json'), json('generation_config.json'));
  const weights = openSafetensors(from);
  try {
    const names = weightNames(weights);
    mkdirSync(to, { recursive: true });
    rmSync(join(to, manifestName), { force: true });
    const text: Precision =
      options.weights === 'float32' ? { kind: 'float32' } : { kind: 'integer', bits: 4, block: options.block };
    const tower: Precision =
      options.vision === 'float32'
        ? { kind: 'float32' }
        : { kind: 'integer', bits: options.vision === 'int8' ? 8 : 4, block: options.block };
    // A token is looked up, not multiplied: 8 bits cost no time, and no memory but the pages that are touched.
    const table: Precision = text.kind === 'float32' ? text : { kind: 'integer', bits: 8, block: 32 };

    const files: FileEntry[] = [];
    const parts = visionParts(shape);
    const total = parts + 3;
    const write = (name: string, build: (graph: GraphBuilder) => OnnxGraph): OnnxGraph => {
      options.signal?.throwIfAborted();
      onProgress?.({ stage: name, done: files.length, total: 2 * total });
      const data = createDataFile(join(to, `${name}.onnx_data`));
      const graph = build(createGraph(data));
      const entry = data.close();
      if (entry.bytes > 0) files.push(entry);
      else rmSync(join(to, entry.path));
      files.push(writeFile(to, `${name}.onnx`, writeOnnx(graph)));
      return graph;
    };

    write('embed_tokens', (graph) => {
      const ids = graph.input('input_ids', 'int64', [1, 'S']);
      const rows = graph.gather(ids, weights.get(names.text('embed_tokens'), [shape.vocabulary, shape.hidden]), table);
      const scale = graph.floats(Float32Array.of(Math.sqrt(shape.hidden)), [1]);
      graph.node('Mul', [rows, scale], { as: 'inputs_embeds' });
      graph.output('inputs_embeds', 'float32', [1, 'S', shape.hidden]);
      return graph.build('embed_tokens');
    });
    const vision = Array.from({ length: parts }, (_, part) => `vision_encoder_${part}`);
    for (const [part, name] of vision.entries()) {
      write(name, (graph) => visionGraph(graph, weights, names, shape, tower, part));
      await new Promise(setImmediate);
    }
    const decoder = write('decoder', (graph) => decoderGraph(graph, weights, names, shape, text));
    files.push(writeFile(to, 'decoder_float_cache.onnx', writeOnnx(withFloatCache(decoder))));
    for (const name of companions.filter((one) => existsSync(join(from, one)))) {
      copyFileSync(join(from, name), join(to, name));
      files.push(describe(to, name));
    }
    onProgress?.({ stage: 'calibration', done: 2 * total - 2, total: 2 * total });
    const graphs = { embedding: 'embed_tokens.onnx', vision: vision.map((name) => `${name}.onnx`) };
    const scales = await calibrateCache(to, shape, { ...graphs, decoder: 'decoder_float_cache.onnx' }, options.signal);
    files.push(writeFile(to, cacheScalesFile, scales));

    const manifest: ModelManifest = {
      format: 1,
      id: options.id,
      source: options.source,
      modified: notice(options),
      ...(options.licence ? { licence: options.licence } : {}),
      converter: { version: options.version },
      weights: options.weights,
      ...(options.weights === 'int4' ? { block: options.block } : {}),
      vision: options.vision,
      graphs: { ...graphs, decoder: { int8: 'decoder.onnx', float32: 'decoder_float_cache.onnx' } },
      files,
    };
    writeFileSync(join(to, manifestName), `${JSON.stringify(manifest, null, 2)}\n`);
    onProgress?.({ stage: 'done', done: 2 * total, total: 2 * total });
    return manifest;
  } finally {
    weights.close();
  }
}

function notice({ id, weights, block, vision }: ConvertOptions): string {
  const how = weights === 'float32' ? 'as float32' : `rounded to 4-bit integers in blocks of ${block}`;
  return `Modified from ${id}: the graph was rewritten as ONNX, the language model's weights are kept ${how}, the vision tower's as ${vision}.`;
}

function writeFile(folder: string, name: string, bytes: Uint8Array): FileEntry {
  writeFileSync(join(folder, name), bytes);
  return { path: name, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function describe(folder: string, name: string): FileEntry {
  const bytes = readFileSync(join(folder, name));
  return { path: name, bytes: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}
