import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { createWorker } from 'tesseract.js';
import type { Box, Word } from './page.ts';
import type { Grey } from './picture.ts';

/** Tesseract page segmentation: 3 automatic, 4 one column of text of any size, 6 one block of text. */
export type PageMode = '3' | '4' | '6';

export interface Recogniser {
  /** Words with boxes in pixels of the picture. */
  recognise(picture: Grey, mode: PageMode): Promise<readonly Word[]>;
  /** One line of text in a region, enlarged. */
  readLine(picture: Grey, region: Box, scale: number): Promise<string>;
  close(): Promise<void>;
}

const languageData = fileURLToPath(
  new URL('./4.0.0_best_int', import.meta.resolve('@tesseract.js-data/eng/package.json')),
);

/** Tesseract with the language data of the npm package: nothing is downloaded, nothing is cached on disk. */
export async function createRecogniser(): Promise<Recogniser> {
  const worker = await createWorker('eng', 1, {
    langPath: languageData,
    gzip: true,
    cacheMethod: 'none',
    logger: () => {},
    errorHandler: () => {},
  });
  return {
    async recognise(picture, mode) {
      const image = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 1 } })
        .png({ compressionLevel: 1 })
        .toBuffer();
      await worker.setParameters({
        tessedit_pageseg_mode: mode as never,
        preserve_interword_spaces: '1',
        user_defined_dpi: '200',
      });
      const { data } = await worker.recognize(image, {}, { blocks: true, text: false });
      return (data.blocks ?? [])
        .flatMap((block) => block.paragraphs)
        .flatMap((paragraph) => paragraph.lines)
        .flatMap((line) =>
          line.words.map((word): Word => {
            const { x0, y0, x1, y1 } = word.bbox;
            const height = line.rowAttributes.rowHeight || y1 - y0;
            return {
              text: word.text.trim(),
              box: [x0, y0, x1, y1],
              confidence: Math.min(1, Math.max(0, word.confidence / 100)),
              fontSize: height,
              bold: false,
            };
          }),
        )
        .filter((word) => word.text !== '' && !/^[|_—¦]+$/.test(word.text));
    },
    async readLine(picture, region, scale) {
      const margin = 14;
      const left = Math.max(0, Math.floor(region[0]) - margin);
      const top = Math.max(0, Math.floor(region[1]) - margin);
      const width = Math.min(picture.width, Math.ceil(region[2]) + margin) - left;
      const height = Math.min(picture.height, Math.ceil(region[3]) + margin) - top;
      const image = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 1 } })
        .extract({ left, top, width, height })
        .resize({ width: Math.round(width * scale), kernel: 'cubic' })
        .png({ compressionLevel: 1 })
        .toBuffer();
      await worker.setParameters({ tessedit_pageseg_mode: '7' as never });
      const { data } = await worker.recognize(image, {}, { text: true });
      return data.text.trim();
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

/**
 * Boxes of a working picture → boxes of the page it was made from. The working picture is the page, in pixels of the
 * page's picture, scaled and then turned clockwise about its centre.
 */
export function boxOnPage(
  box: Box,
  work: { readonly width: number; readonly height: number; readonly scale: number; readonly degrees: number },
  page: { readonly width: number; readonly height: number },
): Box {
  const angle = (-work.degrees * Math.PI) / 180;
  const xs: number[] = [];
  const ys: number[] = [];
  for (const [x, y] of [
    [box[0], box[1]],
    [box[2], box[1]],
    [box[2], box[3]],
    [box[0], box[3]],
  ] as const) {
    const u = (x - work.width / 2) / work.scale;
    const v = (y - work.height / 2) / work.scale;
    xs.push(u * Math.cos(angle) - v * Math.sin(angle) + page.width / 2);
    ys.push(u * Math.sin(angle) + v * Math.cos(angle) + page.height / 2);
  }
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
