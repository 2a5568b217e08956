import { join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import type { Runtime } from './runtime.ts';
import type { GemmaShape } from './shape.ts';

export interface Vision {
  /**
   * @param pixels float32 [3, image, image], channels first, −1 to 1
   * @param pause Called between parts; throws when the reading is cancelled.
   * @returns float32 [tokensPerImage, text hidden], as the decoder takes them
   */
  features(pixels: Float32Array, pause: () => Promise<void>): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The vision tower, in one graph or in parts that run one after the other. */
export async function openVision(
  runtime: Runtime,
  folder: string,
  files: readonly string[],
  shape: GemmaShape,
): Promise<Vision> {
  const { image } = shape.vision;
  const sessions: InferenceSession[] = [];
  for (const file of files) sessions.push(await runtime.open(join(folder, file)));
  return {
    async features(pixels, pause) {
      let value = runtime.tensor('float32', pixels, [1, 3, image, image]);
      for (const session of sessions) {
        await pause();
        const outputs = await session.run({ [session.inputNames[0]!]: value });
        value = outputs[session.outputNames[0]!] as typeof value;
      }
      return value.data as Float32Array;
    },
    async close() {
      for (const session of sessions) await session.release();
    },
  };
}
