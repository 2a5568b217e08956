import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { asIntervalError, IntervalError } from '../../errors.ts';
import type { Tensor, TensorModel, Tensors } from '../model.ts';

/**
 * One ONNX file as a TensorModel. The file is read and hashed at once, which gives the version; the runtime and the
 * session come up with the first run, so that a process which only needs the version stays small.
 * Throws `reader-unavailable` when the file cannot be read.
 */
export async function openTensorModel(
  id: string,
  path: string,
  options: { readonly threads?: number } = {},
): Promise<TensorModel> {
  const bytes = await readFile(path).catch((cause) => {
    throw new IntervalError('reader-unavailable', `The model file of "${id}" cannot be read.`, { cause });
  });
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  let session: Promise<InferenceSession> | undefined;

  const open = async () => {
    const { InferenceSession: Session } = await import('onnxruntime-node');
    return Session.create(bytes, {
      intraOpNumThreads: options.threads ?? 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  };

  return {
    kind: 'tensor',
    id,
    version,
    async run(inputs, signal) {
      if (signal?.aborted) {
        throw new IntervalError('cancelled', 'The reading was cancelled.');
      }
      try {
        session ??= open();
        const { Tensor: Ort } = await import('onnxruntime-node');
        const feeds = Object.fromEntries(
          Object.entries(inputs).map(([name, tensor]) => [name, new Ort(tensor.type, tensor.data, tensor.dims)]),
        );
        return fromRuntime(await (await session).run(feeds));
      } catch (cause) {
        throw cause instanceof IntervalError
          ? cause
          : new IntervalError('reader-failed', `The model "${id}" failed to run.`, {
              cause: asIntervalError(cause).cause,
            });
      }
    },
    async close() {
      const opened = session;
      session = undefined;
      await (await opened)?.release();
    },
  };
}

function fromRuntime(outputs: InferenceSession.OnnxValueMapType): Tensors {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => {
      const tensor = value as OrtTensor;
      return [name, { type: tensor.type as Tensor['type'], dims: tensor.dims, data: tensor.data as Tensor['data'] }];
    }),
  );
}
