import type { GemmaShape } from '../onnx/shape.ts';
import type { GraphBuilder, Precision } from './graph.ts';
import type { OnnxGraph } from './onnx-file.ts';
import { product, type Weights } from './safetensors.ts';
import type { WeightNames } from './weight-names.ts';

/**
 * Layers of one part of the tower: a run cannot be stopped, so an image is read in parts, between which a cancelled job
 * ends and messages are answered.
 */
export const LAYERS_PER_PART = 3;

export function visionParts(shape: GemmaShape): number {
  return Math.ceil(shape.vision.layers / LAYERS_PER_PART);
}

/**
 * One part of SigLIP's vision tower (Transformers, `SiglipVisionTransformer`), with Gemma's projector behind the last.
 *
 * The first takes `pixel_values` float32 [1, 3, image, image] (channels first, −1 to 1), the others `hidden`
 * float32 [1, patches, hidden]; the last gives `image_features` float32 [1, tokensPerImage, text hidden], not scaled, the
 * others `hidden_out`.
 */
export function visionGraph(
  graph: GraphBuilder,
  weights: Weights,
  names: WeightNames,
  shape: GemmaShape,
  precision: Precision,
  part: number,
): OnnxGraph {
  const { hidden, heads, feedForward, layers, normEpsilon } = shape.vision;
  const patches = (shape.vision.image / shape.vision.patch) ** 2;
  const isLast = part === visionParts(shape) - 1;

  const floats = (name: string, dims: readonly number[]) =>
    graph.floats(weights.get(names.vision(name), dims).read(0, product(dims)), dims);
  const layerNorm = (x: string, name: string) =>
    graph.node('LayerNormalization', [x, floats(`${name}.weight`, [hidden]), floats(`${name}.bias`, [hidden])], {
      attributes: { axis: -1n, epsilon: normEpsilon },
    });
  const linear = (x: string, name: string, to: number, from: number) =>
    graph.linear(x, weights.get(names.vision(`${name}.weight`), [to, from]), precision, floats(`${name}.bias`, [to]));

  let x = part === 0 ? patchEmbedding() : graph.input('hidden', 'float32', [1, patches, hidden]);
  for (let layer = part * LAYERS_PER_PART; layer < Math.min(layers, (part + 1) * LAYERS_PER_PART); layer++) {
    const name = `encoder.layers.${layer}`;
    const normed = layerNorm(x, `${name}.layer_norm1`);
    const [query, key, value] = ['q', 'k', 'v'].map((one) =>
      linear(normed, `${name}.self_attn.${one}_proj`, hidden, hidden),
    );
    const attended = graph.node('MultiHeadAttention', [query!, key!, value!], {
      domain: 'com.microsoft',
      attributes: { num_heads: BigInt(heads) },
    });
    x = graph.node('Add', [x, linear(attended, `${name}.self_attn.out_proj`, hidden, hidden)]);
    const inner = graph.node(
      'Gelu',
      [linear(layerNorm(x, `${name}.layer_norm2`), `${name}.mlp.fc1`, feedForward, hidden)],
      {
        attributes: { approximate: 'tanh' },
      },
    );
    x = graph.node('Add', [x, linear(inner, `${name}.mlp.fc2`, hidden, feedForward)]);
  }
  if (isLast) {
    graph.node('Identity', [projected(layerNorm(x, 'post_layernorm'))], { as: 'image_features' });
    graph.output('image_features', 'float32', [1, shape.tokensPerImage, shape.hidden]);
  } else {
    graph.node('Identity', [x], { as: 'hidden_out' });
    graph.output('hidden_out', 'float32', [1, patches, hidden]);
  }
  return graph.build(`vision_${part}`);

  function patchEmbedding(): string {
    const { image, patch } = shape.vision;
    const pixels = graph.input('pixel_values', 'float32', [1, 3, image, image]);
    const kernel = floats('embeddings.patch_embedding.weight', [hidden, 3, patch, patch]);
    const grid = graph.node('Conv', [pixels, kernel, floats('embeddings.patch_embedding.bias', [hidden])], {
      attributes: { kernel_shape: [patch, patch], strides: [patch, patch] },
    });
    const rows = graph.node('Transpose', [graph.node('Reshape', [grid, graph.integers([1, hidden, patches])])], {
      attributes: { perm: [0, 2, 1] },
    });
    return graph.node('Add', [rows, floats('embeddings.position_embedding.weight', [patches, hidden])]);
  }

  /** `Gemma3MultiModalProjector`: mean of squares of patches, norm, one matrix. */
  function projected(rows: string): string {
    const grid = Math.sqrt(patches);
    const kernel = grid / Math.sqrt(shape.tokensPerImage);
    const picture = graph.node('Reshape', [
      graph.node('Transpose', [rows], { attributes: { perm: [0, 2, 1] } }),
      graph.integers([1, hidden, grid, grid]),
    ]);
    const pooled = graph.node('AveragePool', [picture], {
      attributes: { kernel_shape: [kernel, kernel], strides: [kernel, kernel] },
    });
    const tokens = graph.node(
      'Transpose',
      [graph.node('Reshape', [pooled, graph.integers([1, hidden, shape.tokensPerImage])])],
      { attributes: { perm: [0, 2, 1] } },
    );
    const gamma = weights.get(names.projector('mm_soft_emb_norm.weight'), [hidden]).read(0, hidden);
    const normed = graph.node(
      'SimplifiedLayerNormalization',
      [
        tokens,
        graph.floats(
          Float32Array.from(gamma, (one) => 1 + one),
          [hidden],
        ),
      ],
      { attributes: { axis: -1n, epsilon: normEpsilon } },
    );
    // Small beside the tower, and all that the language model sees of a picture: kept in float32.
    const matrix = weights.get(names.projector('mm_input_projection_weight'), [hidden, shape.hidden]);
    return graph.node('MatMul', [normed, graph.floats(matrix.read(0, hidden * shape.hidden), [hidden, shape.hidden])]);
  }
}
