import { join } from 'node:path';
import type { Runtime } from './runtime.ts';
import type { GemmaShape } from './shape.ts';

export interface Vision {
  /**
   * @param images Each float32 [3, image, image], channels first, −1 to 1
   * @param pause Called before each part of each image; throws when the reading is cancelled.
   * @returns For each image float32 [tokensPerImage, text hidden], as the decoder takes them
   */
  features(images: readonly Float32Array[], pause: () => Promise<void>): Promise<readonly Float32Array[]>;
}

/**
 * The vision tower, in one graph or in parts that run one after the other. A part is loaded when the images of a request
 * come to it and given back behind them: loading costs a fiftieth of reading one image, and the tower's half gigabyte is
 * not held beside the language model.
 */
export function createVision(runtime: Runtime, folder: string, files: readonly string[], shape: GemmaShape): Vision {
  const { image } = shape.vision;
  return {
    async features(images, pause) {
      let values = images.map((pixels) => runtime.tensor('float32', pixels, [1, 3, image, image]));
      for (const file of files) {
        await pause();
        const session = await runtime.open(join(folder, file), { keepMemory: false });
        try {
          const next: typeof values = [];
          for (const value of values) {
            await pause();
            const outputs = await session.run({ [session.inputNames[0]!]: value });
            next.push(outputs[session.outputNames[0]!] as typeof value);
          }
          values = next;
        } finally {
          await session.release();
        }
      }
      return values.map(({ data }) => data as Float32Array);
    },
  };
}
