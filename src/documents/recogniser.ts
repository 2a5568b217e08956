import { fileURLToPath } from 'node:url';
import { createWorker } from 'tesseract.js';
import type { Box, Word } from './page.ts';
import type { Grey } from './picture.ts';

/** Tesseract page segmentation: 3 automatic, 4 one column of text of any size, 6 one block of text. */
export type PageMode = '3' | '4' | '6';

/** A word and which line of the recognition it stands in. */
export interface Found extends Word {
  readonly line: number;
}

export interface Recogniser {
  /** Words with boxes in pixels of the picture. */
  recognise(picture: Grey, mode: PageMode): Promise<readonly Found[]>;
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
      // A PGM costs nothing to write and to read.
      const image = Buffer.concat([Buffer.from(`P5\n${picture.width} ${picture.height}\n255\n`), picture.data]);
      await worker.setParameters({
        tessedit_pageseg_mode: mode as never,
        preserve_interword_spaces: '1',
        user_defined_dpi: '200',
        // Sauvola: each spot of the page has a threshold of its own.
        thresholding_method: '2' as never,
      });
      const { data } = await worker.recognize(image, {}, { blocks: true, text: false });
      return (data.blocks ?? [])
        .flatMap((block) => block.paragraphs)
        .flatMap((paragraph) => paragraph.lines)
        .flatMap((line, index) => foundOf(line, index))
        .filter((word) => word.text !== '' && !/^[|_—¦]+$/.test(word.text));
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

interface RecognisedLine {
  readonly rowAttributes: { readonly rowHeight: number };
  readonly words: readonly {
    readonly text: string;
    readonly confidence: number;
    readonly bbox: { readonly x0: number; readonly y0: number; readonly x1: number; readonly y1: number };
  }[];
}

function foundOf({ rowAttributes, words }: RecognisedLine, line: number): readonly Found[] {
  return words.map(({ text, confidence, bbox: { x0, y0, x1, y1 } }) => ({
    text: text.trim(),
    box: [x0, y0, x1, y1],
    confidence: Math.min(1, Math.max(0, confidence / 100)),
    fontSize: rowAttributes.rowHeight || y1 - y0,
    bold: false,
    line,
  }));
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
