import type { GemmaShape, Rope } from '../onnx/shape.ts';
import type { GraphBuilder, Precision } from './graph.ts';
import type { OnnxGraph, OnnxValue } from './onnx-file.ts';
import type { Weights } from './safetensors.ts';
import type { WeightNames } from './weight-names.ts';

/** The file with the scales of the int8 cache, which calibration writes last. */
export const cacheScalesFile = 'cache_scales.bin';

/**
 * The language model of Gemma 3 (Transformers, `Gemma3TextModel`) for one sequence, with a cache that is written in place.
 *
 * | input | type, shape | is |
 * |---|---|---|
 * | inputs_embeds | float32 [1, S, hidden] | scaled token embeddings and image features |
 * | position_ids | int64 [1, S] | positions in the whole sequence, from 0 |
 * | bias_global, bias_local | float32 [1, 1, S, T] | 0 where a token may attend to a cached or new one, a large negative number where not; each over the tokens that its cache holds, T = held + S |
 * | last_global, last_local | int32 [1] | T − 1 |
 * | total_global, total_local | int32 scalar | T |
 * | logits_at | int64 [n] | rows of S whose logits are wanted |
 * | past_key_values.i.key, .value | int8 [1, keyValueHeads, capacity, headSize] | the first T − S of capacity are read; keys have been turned by their position already |
 *
 * Outputs: logits float32 [1, n, vocabulary]; new.i.key, .value int8 [S, keyValueHeads × headSize], to be put into the
 * cache behind the held ones. Only what is new is given out: the binding copies every output, and a whole cache would cost
 * a fifth of a token. The operator's own joined cache is of one layer at a time and stays in the processor's.
 *
 * The operator's own masks stay off (`causal` 0, no window): the bias says it all, since the tokens of an image attend to
 * each other in both directions, which a causal operator cannot do.
 */
export function decoderGraph(
  graph: GraphBuilder,
  weights: Weights,
  names: WeightNames,
  shape: GemmaShape,
  precision: Precision,
): OnnxGraph {
  const { hidden, heads, keyValueHeads, headSize, feedForward } = shape;

  const embeds = graph.input('inputs_embeds', 'float32', [1, 'S', hidden]);
  const positions = graph.input('position_ids', 'int64', [1, 'S']);
  const scopes = Object.fromEntries(
    (['global', 'local'] as const).map((scope) => [
      scope,
      {
        bias: graph.input(`bias_${scope}`, 'float32', [1, 1, 'S', `T_${scope}`]),
        last: graph.input(`last_${scope}`, 'int32', [1]),
        total: graph.input(`total_${scope}`, 'int32', []),
        ...rotation(graph, positions, scope === 'global' ? shape.ropeGlobal : shape.ropeLocal, headSize),
      },
    ]),
  );
  const logitsAt = graph.input('logits_at', 'int64', ['n']);
  const rows = rowNumbers(graph, positions);

  const norm = (weight: string, size: number) =>
    graph.floats(onePlus(weights.get(weight, [size]).read(0, size)), [size]);
  const rmsNorm = (x: string, gamma: string) =>
    graph.node('SimplifiedLayerNormalization', [x, gamma], { attributes: { axis: -1n, epsilon: shape.normEpsilon } });
  /** x + skip, and its norm. */
  const addNorm = (x: string, skip: string, gamma: string): { sum: string; normed: string } => {
    const normed = `${skip}_normed`;
    const sum = `${skip}_sum`;
    graph.nodes('SkipSimplifiedLayerNormalization', [x, skip, gamma], [normed, '', '', sum], {
      domain: 'com.microsoft',
      attributes: { epsilon: shape.normEpsilon },
    });
    return { sum, normed };
  };

  let residual = embeds;
  let x = rmsNorm(embeds, norm(names.layer(0, 'input_layernorm'), hidden));
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string) => names.layer(layer, part);
    const weight = (part: string, out: number, from: number) => weights.get(name(part), [out, from]);
    const scope = scopes[shape.isGlobal[layer] ? 'global' : 'local']!;

    const parts = [
      ['q', heads],
      ['k', keyValueHeads],
      ['v', keyValueHeads],
    ] as const;
    const [projectedQuery, projectedKey, value] = graph.nodes(
      'Split',
      [
        graph.linear(
          x,
          parts.map(([part, count]) => weight(`self_attn.${part}_proj`, count * headSize, hidden)),
          precision,
        ),
        graph.integers(parts.map(([, count]) => count * headSize)),
      ],
      3,
      { attributes: { axis: 2n } },
    ) as [string, string, string];
    /** Norm over each head, then turned by its position. */
    const turned = (projected: string, part: 'q' | 'k', count: number): string => {
      const split = graph.node('Reshape', [projected, graph.integers([1, -1, count, headSize])]);
      const normed = rmsNorm(split, norm(name(`self_attn.${part}_norm`), headSize));
      const joined = graph.node('Reshape', [normed, graph.integers([1, -1, count * headSize])]);
      return graph.node('RotaryEmbedding', [joined, rows, scope.cos, scope.sin], {
        domain: 'com.microsoft',
        attributes: { num_heads: BigInt(count) },
      });
    };
    const query = turned(projectedQuery, 'q', heads);
    const key = turned(projectedKey, 'k', keyValueHeads);

    const cacheDims = [1, keyValueHeads, 'capacity', headSize];
    const past = (['key', 'value'] as const).map((part) =>
      graph.input(`past_key_values.${layer}.${part}`, 'int8', cacheDims),
    );
    const channels = keyValueHeads * headSize;
    const scales = (['key', 'value'] as const).map((part, index) => {
      const data = { location: cacheScalesFile, offset: (2 * layer + index) * channels * 4, length: channels * 4 };
      const made = [part === 'key' ? key : value, graph.floatsAt(data, [channels]), graph.zeros(channels)];
      const flat = graph.node('Reshape', [made[0]!, graph.integers([-1, channels])]);
      graph.node('QuantizeLinear', [flat, made[1]!, made[2]!], {
        as: `new.${layer}.${part}`,
        attributes: { axis: 1n },
      });
      graph.output(`new.${layer}.${part}`, 'int8', ['S', channels]);
      return graph.floatsAt(data, [1, keyValueHeads, 1, headSize]);
    });
    const attended = `attended_${layer}`;
    graph.nodes(
      'GroupQueryAttention',
      [query, key, value, ...past, scope.last, scope.total, '', '', '', scope.bias, '', ...scales],
      [attended, `joined.${layer}.key`, `joined.${layer}.value`],
      {
        domain: 'com.microsoft',
        attributes: {
          num_heads: BigInt(heads),
          kv_num_heads: BigInt(keyValueHeads),
          scale: shape.queryScalar ** -0.5,
          causal: 0n,
          ...int8Cache,
        },
      },
    );
    const out = graph.linear(attended, weight('self_attn.o_proj', hidden, heads * headSize), precision);
    const afterAttention = addNorm(
      residual,
      rmsNorm(out, norm(name('post_attention_layernorm'), hidden)),
      norm(name('pre_feedforward_layernorm'), hidden),
    );
    const [gate, up] = graph.nodes(
      'Split',
      [
        graph.linear(
          afterAttention.normed,
          ['gate', 'up'].map((part) => weight(`mlp.${part}_proj`, feedForward, hidden)),
          precision,
        ),
        graph.integers([feedForward, feedForward]),
      ],
      2,
      { attributes: { axis: 2n } },
    ) as [string, string];
    const inner = graph.node('Mul', [graph.node('Gelu', [gate], { attributes: { approximate: 'tanh' } }), up]);
    const down = graph.linear(inner, weight('mlp.down_proj', hidden, feedForward), precision);
    const next = layer + 1 < shape.layers ? names.layer(layer + 1, 'input_layernorm') : names.text('norm');
    const afterLayer = addNorm(
      afterAttention.sum,
      rmsNorm(down, norm(name('post_feedforward_layernorm'), hidden)),
      norm(next, hidden),
    );
    residual = afterLayer.sum;
    x = afterLayer.normed;
  }
  const wanted = graph.node('Gather', [x, logitsAt], { attributes: { axis: 1n } });
  const logits = graph.linear(wanted, weights.get(names.text('embed_tokens'), [shape.vocabulary, hidden]), precision);
  graph.node('Identity', [logits], { as: 'logits' });
  graph.output('logits', 'float32', [1, 'n', shape.vocabulary]);
  return graph.build('decoder');
}

const int8Cache = { k_quant_type: 'PER_CHANNEL', v_quant_type: 'PER_CHANNEL', kv_cache_bit_width: 8n } as const;

/** The same decoder over the same weights with a cache in float32: four times the memory, nothing rounded. */
export function withFloatCache(graph: OnnxGraph): OnnxGraph {
  const inFloat = (values: readonly OnnxValue[]) =>
    values.map((one): OnnxValue => (one.type === 'int8' ? { ...one, type: 'float32' } : one));
  return {
    ...graph,
    inputs: inFloat(graph.inputs),
    outputs: inFloat(graph.outputs),
    tensors: graph.tensors.filter(({ data }) => data instanceof Uint8Array || data.location !== cacheScalesFile),
    nodes: graph.nodes.map((node) => {
      if (node.op === 'QuantizeLinear') {
        return { op: 'Identity', inputs: node.inputs.slice(0, 1), outputs: node.outputs };
      }
      if (node.op !== 'GroupQueryAttention') return node;
      const attributes = Object.entries(node.attributes ?? {}).filter(([name]) => !Object.hasOwn(int8Cache, name));
      return { ...node, inputs: node.inputs.slice(0, 11), attributes: Object.fromEntries(attributes) };
    }),
  };
}

/** cos and sin [S, headSize / 2] of every position, as `Gemma3RotaryEmbedding` computes them, in float32. */
function rotation(graph: GraphBuilder, positions: string, rope: Rope, headSize: number): { cos: string; sin: string } {
  const frequencies = Float32Array.from({ length: headSize / 2 }, (_, i) =>
    Math.fround(Math.fround(1 / Math.fround(rope.theta ** ((2 * i) / headSize))) / rope.factor),
  );
  const column = graph.node('Reshape', [
    graph.node('Cast', [positions], { attributes: { to: 1n } }),
    graph.integers([-1, 1]),
  ]);
  const angles = graph.node('Mul', [column, graph.floats(frequencies, [1, headSize / 2])]);
  return { cos: graph.node('Cos', [angles]), sin: graph.node('Sin', [angles]) };
}

/** [1, S] of 0, 1, 2, …: rows of cos and sin. */
function rowNumbers(graph: GraphBuilder, positions: string): string {
  const first = graph.node('Slice', [positions, graph.integers([0]), graph.integers([1]), graph.integers([1])]);
  // Positions of one step follow each other.
  return graph.node('Sub', [positions, first]);
}

/** Gemma's norms multiply by 1 + weight. */
function onePlus(weight: Float32Array): Float32Array {
  return Float32Array.from(weight, (value) => 1 + value);
}
