import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { IntervalError } from '../../errors.ts';

/** onnxruntime as the engine uses it. */
export interface Runtime {
  /** @param options keepMemory Whether memory of a run is kept for the next one; default true. */
  open(path: string, options?: { readonly keepMemory?: boolean }): Promise<InferenceSession>;
  tensor(type: 'float32' | 'int8' | 'int32' | 'int64', data: TensorData, dims: readonly number[]): OrtTensor;
}

type TensorData = Float32Array | Int8Array | Int32Array | BigInt64Array;

/**
 * The runtime is loaded by whoever needs it and nobody else: it takes 100 MB.
 * @param threads Cores that one run uses; more than there are physical ones only gets in its own way.
 */
export async function openRuntime(threads: number): Promise<Runtime> {
  const ort = await import('onnxruntime-node');
  return {
    async open(path, { keepMemory = true } = {}) {
      try {
        return await ort.InferenceSession.create(path, {
          intraOpNumThreads: threads,
          interOpNumThreads: 1,
          logSeverityLevel: 3,
          executionMode: 'sequential',
          enableCpuMemArena: keepMemory,
        });
      } catch (cause) {
        throw new IntervalError('model-invalid', 'A graph of the model cannot be loaded.', { cause });
      }
    },
    tensor: (type, data, dims) => new ort.Tensor(type, data as never, dims as number[]),
  };
}
