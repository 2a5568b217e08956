import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { getDocument, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import sharp from 'sharp';
import { createRandom } from './thorax/random.ts';

const DPI = 200;

/**
 * The first page of a PDF as a flatbed scanner delivers it: 200 dpi grey JPEG, slightly skewed, on paper that is not
 * quite white, with sensor noise and specks. The same input gives the same noise.
 */
export async function scanPage(
  pdf: Uint8Array,
  options: { readonly skewDegrees: number; readonly seed: number },
): Promise<Uint8Array> {
  const assets = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
  const task = getDocument({
    data: new Uint8Array(pdf),
    standardFontDataUrl: `${join(assets, 'standard_fonts')}/`,
    verbosity: VerbosityLevel.ERRORS,
  });
  try {
    const page = await (await task.promise).getPage(1);
    const viewport = page.getViewport({ scale: DPI / 72 });
    const canvas = createCanvas(Math.round(viewport.width), Math.round(viewport.height));
    const context = canvas.getContext('2d');
    await page.render({ canvas: null, canvasContext: context as unknown as CanvasRenderingContext2D, viewport })
      .promise;
    return await wear(context, canvas.width, canvas.height, options);
  } finally {
    await task.destroy();
  }
}

async function wear(
  context: SKRSContext2D,
  width: number,
  height: number,
  options: { readonly skewDegrees: number; readonly seed: number },
): Promise<Uint8Array> {
  const rgba = context.getImageData(0, 0, width, height).data;
  const grey = new Uint8Array(width * height);
  for (let index = 0; index < grey.length; index++) {
    grey[index] = rgba[index * 4 + 1]!;
  }
  const skewed = await sharp(grey, { raw: { width, height, channels: 1 } })
    .rotate(options.skewDegrees, { background: '#ffffff' })
    .resize(width, height, { fit: 'cover' })
    .blur(0.5)
    .toColourspace('b-w')
    .raw()
    .toBuffer();
  const random = createRandom(options.seed);
  for (let index = 0; index < skewed.length; index++) {
    const paper = 244 - ((index % width) / width) * 10;
    const noise = (random.next() + random.next() - 1) * 5;
    skewed[index] = Math.max(0, Math.min(255, (skewed[index]! / 255) * paper + noise + 4));
  }
  for (let speck = 0; speck < 60; speck++) {
    skewed[Math.floor(random.next() * skewed.length)] = 60;
  }
  return new Uint8Array(
    await sharp(skewed, { raw: { width, height, channels: 1 } })
      .jpeg({ quality: 78 })
      .withMetadata({ density: DPI })
      .toBuffer(),
  );
}
