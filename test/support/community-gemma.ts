import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDataFile } from '../../src/inference/convert/data-file.ts';
import { cacheScalesFile, decoderGraph, withFloatCache } from '../../src/inference/convert/decoder-graph.ts';
import { createGraph, type GraphBuilder, type Precision } from '../../src/inference/convert/graph.ts';
import { type OnnxGraph, type OnnxNode, type OnnxValue, writeOnnx } from '../../src/inference/convert/onnx-file.ts';
import { openSafetensors } from '../../src/inference/convert/safetensors.ts';
import { visionGraph, visionParts } from '../../src/inference/convert/vision-graph.ts';
import { weightNames } from '../../src/inference/convert/weight-names.ts';
import { type GemmaShape, readShape } from '../../src/inference/onnx/shape.ts';

/**
 * Writes a folder as the ONNX community lays Gemma 3 out, for our engine and for transformers.js: three graphs under
 * onnx/, keys and values that grow, attention that is causal over images too.
 * @param from Hugging Face folder with safetensors
 * @param precision `q4`: four bits a weight in blocks of 32, in files with that suffix
 */
export function writeCommunityGemma(from: string, to: string, precision: 'float32' | 'q4' = 'float32'): void {
  const json = (name: string) => JSON.parse(readFileSync(join(from, name), 'utf8')) as Record<string, unknown>;
  const shape = readShape(json('config.json'), json('generation_config.json'));
  const suffix = precision === 'q4' ? '_q4' : '';
  const kept: Precision = suffix ? { kind: 'integer', bits: 4, block: 32 } : { kind: 'float32' };
  const weights = openSafetensors(from);
  const names = weightNames(weights);
  const files: string[] = [];
  const write = (name: string, build: (graph: GraphBuilder) => OnnxGraph) => {
    const file = `${name}${suffix}.onnx`;
    const data = createDataFile(join(to, 'onnx', `${file}_data`));
    const graph = build(createGraph(data));
    data.close();
    writeFileSync(join(to, 'onnx', file), writeOnnx(graph));
    files.push(file);
  };

  mkdirSync(join(to, 'onnx'), { recursive: true });
  write('embed_tokens', (graph) => {
    const ids = graph.input('input_ids', 'int64', [1, 'S']);
    const rows = graph.gather(ids, weights.get(names.text('embed_tokens'), [shape.vocabulary, shape.hidden]), kept);
    graph.node('Mul', [rows, graph.floats(Float32Array.of(Math.sqrt(shape.hidden)), [1])], { as: 'inputs_embeds' });
    graph.output('inputs_embeds', 'float32', [1, 'S', shape.hidden]);
    return graph.build('embed_tokens');
  });
  write('vision_encoder', (graph) => {
    const whole = inOnePiece(graph);
    const parts = Array.from({ length: visionParts(shape) }, (_, part) =>
      visionGraph(whole, weights, names, shape, kept, part),
    );
    return parts.at(-1)!;
  });
  write('decoder_model_merged', (graph) =>
    asCommunityDecoder(decoderGraph(graph, weights, names, shape, kept), graph, shape),
  );
  weights.close();

  for (const name of readdirSync(from).filter((one) => !/safetensors|^config\.json$/.test(one))) {
    copyFileSync(join(from, name), join(to, name));
  }
  const external = { use_external_data_format: Object.fromEntries(files.map((file) => [file, 1])) };
  writeFileSync(
    join(to, 'config.json'),
    JSON.stringify({ ...json('config.json'), 'transformers.js_config': external }),
  );
}

/** A builder in which each part of the vision tower goes on where the one before it ended. */
function inOnePiece(graph: GraphBuilder): GraphBuilder {
  let hidden = '';
  return {
    ...graph,
    input: (name, type, dims) => (name === 'hidden' ? hidden : graph.input(name, type, dims)),
    output: (name, type, dims) => (name === 'hidden_out' ? undefined : graph.output(name, type, dims)),
    node(op, inputs, options) {
      if (options?.as !== 'hidden_out') return graph.node(op, inputs, options);
      hidden = inputs[0]!;
      return hidden;
    },
  };
}

/** Our decoder over the same weights with the community's inputs: the operator masks, and nothing says where an image is. */
function asCommunityDecoder(own: OnnxGraph, graph: GraphBuilder, shape: GemmaShape): OnnxGraph {
  const ours = withFloatCache(own);
  const before = ours.nodes.length;
  const mask = graph.input('attention_mask', 'int64', [1, 'total']);
  const kept = graph.input('num_logits_to_keep', 'int64', []);
  const int32 = (value: string) => graph.node('Cast', [value], { attributes: { to: 6n } });
  const sum = graph.node('ReduceSum', [mask, graph.integers([1])], { attributes: { keepdims: 0n } });
  const last = int32(graph.node('Sub', [sum, graph.integers([1])]));
  const size = graph.node('Shape', [mask], { attributes: { start: 1n, end: 2n } });
  const total = int32(graph.node('Squeeze', [size]));
  // The last `kept` rows, all of them where it is 0.
  const first = graph.node('Reshape', [graph.node('Neg', [kept]), graph.integers([1])]);
  const rowsTo = graph.integers([2 ** 31]);
  const { nodes, inputs, tensors } = graph.build('');
  const made = nodes.slice(before);

  const isOurs = ({ name }: OnnxValue) => /^(bias|last|total|logits)_/.test(name);
  const isNew = (name: string) => name.startsWith('new.');
  const caches = ours.inputs.filter(({ name }) => name.startsWith('past_key_values.'));
  const grown = (prefix: string, tokens: string): readonly OnnxValue[] =>
    caches.map(({ name, type }) => ({
      name: name.replace('past_key_values', prefix),
      type,
      dims: [1, shape.keyValueHeads, tokens, shape.headSize],
    }));
  let layers = 0;
  const rewritten = ours.nodes
    .filter(({ outputs }) => !outputs.some(isNew))
    .map((node): OnnxNode => {
      if (node.op === 'Gather' && node.inputs[1] === 'logits_at') {
        return { op: 'Slice', inputs: [node.inputs[0]!, first, rowsTo, graph.integers([1])], outputs: node.outputs };
      }
      if (node.op !== 'GroupQueryAttention') return node;
      const layer = layers++;
      return {
        ...node,
        inputs: [...node.inputs.slice(0, 5), last, total],
        outputs: [node.outputs[0]!, `present.${layer}.key`, `present.${layer}.value`],
        // −1: a layer looks back on everything.
        attributes: {
          ...node.attributes,
          causal: 1n,
          local_window_size: shape.isGlobal[layer] ? -1n : BigInt(shape.window),
        },
      };
    });
  return {
    name: 'decoder_model_merged',
    nodes: [...made, ...rewritten],
    inputs: [
      ...inputs.filter((one) => !caches.some(({ name }) => name === one.name) && !isOurs(one)),
      ...grown('past_key_values', 'past'),
    ],
    outputs: [...ours.outputs.filter(({ name }) => name === 'logits'), ...grown('present', 'total')],
    tensors: tensors.filter(({ data }) => data instanceof Uint8Array || data.location !== cacheScalesFile),
  };
}
