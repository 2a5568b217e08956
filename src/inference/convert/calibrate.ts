import sharp from 'sharp';
import { createPromptWriter } from '../onnx/chat-prompt.ts';
import { openDecoder } from '../onnx/decoder.ts';
import { openEmbedding } from '../onnx/embedding.ts';
import { pixelValues } from '../onnx/image.ts';
import { chunksOf, prefillPart } from '../onnx/prefill.ts';
import { openRuntime } from '../onnx/runtime.ts';
import type { GemmaShape } from '../onnx/shape.ts';
import { openTokenizer } from '../onnx/tokenizer.ts';
import { createVision } from '../onnx/vision.ts';

/** Room above the largest value that was seen: what is larger still is cut off. */
const MARGIN = 1.1;

/** Written for this purpose; names and values are nobody's. */
const text = `Compare the two films and list each test with its result, unit and range.
Haemoglobin 13.4 g/dL (12.0 - 15.5); leucocytes 6.2 x10^9/L; platelets 254 10*3/uL; potassium 6.8 mmol/L HH.
[{"name": "Sodium", "result": "139", "unit": "mmol/L", "range": "135 - 145", "specimen": "serum"}]
The right lower zone shows an opacity with blunting of the costophrenic angle; the heart is enlarged. Final Answer: (C) Worsened.
Glukose nüchtern 5,4 mmol/l; créatinine 88 µmol/L; proteína C reactiva < 0,5 mg/dL.`;

/**
 * Scales of the int8 cache: a synthetic picture and a text are taken with the cache in float32, and the largest absolute
 * value of each channel of keys and values is what 127 stands for. A key's channels i and i + headSize/2 are turned into
 * each other by later positions, so both get the larger of the two.
 * @returns float32, for each layer keys then values, [keyValueHeads × headSize] each: the bytes of `cache_scales.bin`
 */
export async function calibrateCache(
  folder: string,
  shape: GemmaShape,
  graphs: { readonly embedding: string; readonly vision: readonly string[]; readonly decoder: string },
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const runtime = await openRuntime(2);
  const pause = async () => signal?.throwIfAborted();
  const pixels = await pixelValues(await picture(shape.vision.image), shape.vision.image);
  const features = await createVision(runtime, folder, graphs.vision, shape).features([pixels], pause);

  const writer = createPromptWriter(folder, openTokenizer(folder), shape.tokensPerImage);
  const prompt = writer.write([{ type: 'image' }, { type: 'text', text }]);
  const embedding = await openEmbedding(runtime, folder, graphs.embedding);
  const decoder = await openDecoder(runtime, folder, graphs.decoder, shape, 'float32');
  const peaks = new Float32Array(shape.layers * 2 * shape.keyValueHeads * shape.headSize);
  const state = decoder.start();
  for (const part of chunksOf(prompt.images, 0)) {
    await pause();
    await prefillPart({ decoder, embedding, shape }, state, prompt, features, part);
    decoder.measure(state, peaks);
  }
  await decoder.close();
  await embedding.close();

  const { headSize } = shape;
  const half = headSize / 2;
  const scales = peaks.map((peak, index) => {
    const channel = index % headSize;
    const isKey = Math.floor(index / (shape.keyValueHeads * headSize)) % 2 === 0;
    const other = isKey ? peaks[index - channel + ((channel + half) % headSize)]! : peak;
    return (Math.max(peak, other, 1e-6) * MARGIN) / 127;
  });
  return new Uint8Array(scales.buffer);
}

/** Shades, edges and noise, the same everywhere. */
async function picture(side: number): Promise<Uint8Array> {
  const pixels = new Uint8Array(side * side);
  let seed = 1;
  for (let i = 0; i < pixels.length; i++) {
    const x = (i % side) / side;
    const y = Math.floor(i / side) / side;
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const lung = Math.min((x - 0.3) ** 2, (x - 0.7) ** 2) * 12 + (y - 0.5) ** 2 * 4 < 0.35 ? 60 : 190;
    pixels[i] = Math.min(255, lung + 40 * y + (seed >>> 28));
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .png()
    .toBuffer();
}
