import type { DataFile } from './data-file.ts';
import type {
  ElementType,
  ExternalData,
  OnnxAttribute,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './onnx-file.ts';
import { quantizeRows } from './quantize.ts';
import { product, type Weight } from './safetensors.ts';

/** How the weights of a linear layer are kept. */
export type Precision =
  | { readonly kind: 'float32' }
  | { readonly kind: 'integer'; readonly bits: 4 | 8; readonly block: number };

/** Values of a tensor that are in memory at the same time: 16 MB as float32. */
const SLAB = 4 * 1024 * 1024;
/** Tensors above this many bytes lie in the data file. */
const INLINE = 1024;

/** Builds one graph; names are made here, so that callers hold values and not strings of their own. */
export interface GraphBuilder {
  input(name: string, type: ElementType, dims: readonly (number | string)[]): string;
  output(name: string, type: ElementType, dims: readonly (number | string)[]): void;
  /** One node with one output. `as` names the output. */
  node(op: string, inputs: readonly string[], options?: NodeOptions): string;
  /** One node with several outputs, under names that are given or, for a number of them, made. */
  nodes(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[] | number,
    options?: NodeOptions,
  ): readonly string[];
  floats(values: Float32Array, dims: readonly number[]): string;
  /** float32 that lie in a file of their own. */
  floatsAt(data: ExternalData, dims: readonly number[]): string;
  integers(values: readonly number[]): string;
  /** int8, all zero. */
  zeros(count: number): string;
  /**
   * x [1, S, columns] × weightᵀ (+ bias) → [1, S, rows]; a weight is [rows, columns]. Several weights of the same columns
   * are one product with their rows one after the other: fewer and larger products keep more of the cores busy.
   */
  linear(x: string, weights: Weight | readonly Weight[], precision: Precision, bias?: string): string;
  /** Rows of the table [rows, columns] by their index [1, S] → [1, S, columns]. */
  gather(indices: string, table: Weight, precision: Precision): string;
  build(name: string): OnnxGraph;
}

interface NodeOptions {
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly as?: string;
}

export function createGraph(data: DataFile): GraphBuilder {
  const nodes: OnnxNode[] = [];
  const inputs: OnnxValue[] = [];
  const outputs: OnnxValue[] = [];
  const tensors: OnnxTensor[] = [];
  let names = 0;
  const fresh = () => `v${names++}`;

  const tensor = (type: ElementType, dims: readonly number[], bytes: Uint8Array): string => {
    const name = fresh();
    if (bytes.byteLength <= INLINE) {
      // A copy: what was read from a file stands in a buffer that the next read uses again.
      tensors.push({ name, type, dims, data: bytes.slice() });
      return name;
    }
    data.begin();
    data.write(bytes);
    tensors.push({ name, type, dims, data: data.end() });
    return name;
  };

  /** Weights in integers: packed values stream to the file, scales follow. */
  const integerWeight = (
    weights: readonly Weight[],
    { bits, block }: { bits: 4 | 8; block: number },
    dims: readonly number[],
  ) => {
    const columns = weights[0]!.dims[1]!;
    const perRow = Math.ceil(columns / block);
    const scales = new Float32Array(rowsOf(weights) * perRow);
    const step = Math.max(1, Math.floor(SLAB / columns));
    let done = 0;
    data.begin();
    for (const weight of weights) {
      const rows = weight.dims[0]!;
      for (let row = 0; row < rows; row += step) {
        const count = Math.min(step, rows - row);
        const slab = quantizeRows(weight.read(row * columns, count * columns), count, columns, block, bits);
        data.write(slab.packed);
        scales.set(slab.scales, done * perRow);
        done += count;
      }
    }
    const name = fresh();
    tensors.push({ name, type: 'uint8', dims, data: data.end() });
    return { name, scales: tensor('float32', [done, perRow], bytesOf(scales)) };
  };

  const floatWeight = (weights: readonly Weight[]): string => {
    data.begin();
    for (const weight of weights) {
      const count = product(weight.dims);
      for (let at = 0; at < count; at += SLAB) {
        data.write(bytesOf(weight.read(at, Math.min(SLAB, count - at))));
      }
    }
    const name = fresh();
    tensors.push({ name, type: 'float32', dims: [rowsOf(weights), weights[0]!.dims[1]!], data: data.end() });
    return name;
  };

  const graph: GraphBuilder = {
    input(name, type, dims) {
      inputs.push({ name, type, dims });
      return name;
    },
    output(name, type, dims) {
      outputs.push({ name, type, dims });
    },
    node(op, given, { as = fresh(), ...options } = {}) {
      nodes.push({ op, inputs: given, outputs: [as], ...options });
      return as;
    },
    nodes(op, given, outputs, options = {}) {
      const made = typeof outputs === 'number' ? Array.from({ length: outputs }, fresh) : outputs;
      nodes.push({ op, inputs: given, outputs: made, ...options });
      return made;
    },
    floats: (values, dims) => tensor('float32', dims, bytesOf(values)),
    floatsAt(data, dims) {
      const name = fresh();
      tensors.push({ name, type: 'float32', dims, data });
      return name;
    },
    zeros: (count) => tensor('int8', [count], new Uint8Array(count)),
    integers: (values) => tensor('int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    linear(x, given, precision, bias) {
      const weights = [given].flat() as readonly Weight[];
      const rows = rowsOf(weights);
      const columns = weights[0]!.dims[1]!;
      if (precision.kind === 'float32') {
        const flat = graph.node('Reshape', [x, graph.integers([-1, columns])]);
        const product2d = graph.node('Gemm', [flat, floatWeight(weights), ...(bias ? [bias] : [])], {
          attributes: { transB: 1n },
        });
        return graph.node('Reshape', [product2d, graph.integers([1, -1, rows])]);
      }
      const { bits, block } = precision;
      const packed = integerWeight(weights, precision, [rows, Math.ceil(columns / block), (block * bits) / 8]);
      return graph.node('MatMulNBits', [x, packed.name, packed.scales, ...(bias ? ['', '', bias] : [])], {
        domain: 'com.microsoft',
        attributes: {
          K: BigInt(columns),
          N: BigInt(rows),
          bits: BigInt(bits),
          block_size: BigInt(block),
          // Activations in 8 bits with a scale a block, sums in float32: Gemma's activations overflow float16.
          accuracy_level: 4n,
        },
      });
    },
    gather(indices, table, precision) {
      if (precision.kind === 'float32') {
        return graph.node('Gather', [floatWeight([table]), indices]);
      }
      const [rows, columns] = table.dims as [number, number];
      const { bits, block } = precision;
      const packed = integerWeight([table], precision, [rows, (columns * bits) / 8]);
      return graph.node('GatherBlockQuantized', [packed.name, indices, packed.scales], {
        domain: 'com.microsoft',
        attributes: { bits: BigInt(bits), block_size: BigInt(block), gather_axis: 0n, quantize_axis: 1n },
      });
    },
    build: (name) => ({ name, nodes, inputs, outputs, tensors }),
  };
  return graph;
}

function rowsOf(weights: readonly Weight[]): number {
  return weights.reduce((sum, { dims }) => sum + dims[0]!, 0);
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
