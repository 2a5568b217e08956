import { fileURLToPath } from 'node:url';
import { getDocument, type PDFDocumentProxy, type PDFPageProxy, Util } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { IntervalError } from '../errors.ts';
import { suspicious } from './legible.ts';
import type { DocumentLimits } from './limits.ts';
import type { Box, Word } from './page.ts';
import { seenRuns, surveyPdf } from './pdf-survey.ts';
import { pdfWords, type TextRun } from './pdf-words.ts';

/** Runs in the reading thread only: nothing here is safe against a hostile file by itself. */
export interface OpenPdf {
  readonly count: number;
  page(number: number): Promise<PdfPage>;
  /** Pixels of a page, RGBA, white behind. */
  render(number: number, dpi: number, maxPixels: number): Promise<RenderedPage>;
  close(): Promise<void>;
}

export interface PdfPage {
  readonly width: number;
  readonly height: number;
  readonly words: readonly Word[];
  /** Clockwise turn that makes the text upright. */
  readonly uprightBy: number;
  /** No text, far too little beside a picture, glyph garbage, or text that is not drawn: the page has to be recognised. */
  readonly needsRecognition: boolean;
  /** Pictures beside sound text that may hold a table: what is recognised there comes to the words of the text. */
  readonly recogniseIn: readonly Box[];
}

export interface RenderedPage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  /** Pixels per point. */
  readonly scale: number;
}

const folder = (name: string) => fileURLToPath(new URL(`./${name}/`, import.meta.resolve('pdfjs-dist/package.json')));

export async function openPdf(bytes: Uint8Array, limits: DocumentLimits): Promise<OpenPdf> {
  const tail = new TextDecoder('latin1').decode(bytes.subarray(-2048));
  if (!tail.includes('%%EOF')) {
    // pdfjs would recover what it finds and drop the rest without a word; part of a report is worse than none.
    throw new IntervalError('document-damaged', 'The PDF ends before its end mark: it is truncated.');
  }
  const task = getDocument({
    data: bytes,
    verbosity: 0,
    enableXfa: false,
    stopAtErrors: false,
    useSystemFonts: false,
    disableFontFace: true,
    fontExtraProperties: true,
    maxImageSize: limits.pixels,
    standardFontDataUrl: folder('standard_fonts'),
    cMapUrl: folder('cmaps'),
    cMapPacked: true,
    wasmUrl: folder('wasm'),
    iccUrl: folder('iccs'),
  });
  const document = await task.promise.catch((cause: unknown) => {
    const name = (cause as Error).name;
    if (name === 'PasswordException') {
      throw new IntervalError('document-encrypted', 'The PDF is encrypted and needs a password.');
    }
    throw new IntervalError('document-damaged', 'The PDF cannot be parsed.', { cause });
  });
  if (document.numPages > limits.pages) {
    const count = document.numPages;
    await task.destroy();
    throw new IntervalError(
      'document-too-many-pages',
      `The document has ${count} pages; at most ${limits.pages} are read.`,
    );
  }
  return {
    count: document.numPages,
    page: (number) => readPage(document, number),
    render: (number, dpi, maxPixels) => renderPage(document, number, dpi, maxPixels),
    close: () => task.destroy(),
  };
}

async function getPage(document: PDFDocumentProxy, number: number): Promise<PDFPageProxy> {
  try {
    return await document.getPage(number);
  } catch (cause) {
    throw new IntervalError('document-damaged', `Page ${number} of the PDF cannot be parsed.`, { cause });
  }
}

/** Text as drawn outlines leaves no words but many paths. */
const manyPaths = 200;
/** Confidence in words that another program recognised and put behind the picture of a scan. */
const hiddenLayer = 0.8;

/** Pictures of a twelfth of the page and more, taller than a letterhead, in which hardly any words stand. */
function wordless(
  pictures: readonly Box[],
  words: readonly Word[],
  { width, height }: { width: number; height: number },
) {
  return pictures.filter(([x0, y0, x1, y1]) => {
    const large = (x1 - x0) * (y1 - y0) > (width * height) / 12 && y1 - y0 > 0.08 * height && x1 - x0 > 0.2 * width;
    const inside = words.filter(({ box }) => {
      const [x, y] = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      return x > x0 && x < x1 && y > y0 && y < y1;
    });
    return large && inside.length < 4;
  });
}

/** The runs of the text layer. The operator list must be known: it makes the fonts known by name, where bold stands. */
async function runsOf(page: PDFPageProxy, transform: readonly number[]): Promise<readonly TextRun[]> {
  const { items } = await page.getTextContent({ includeMarkedContent: false });
  const bold = new Map<string, boolean>();
  const isBold = (font: string): boolean => {
    if (!bold.has(font)) {
      const face = page.commonObjs.has(font) ? page.commonObjs.get(font) : undefined;
      bold.set(
        font,
        Boolean(face?.bold || face?.black || /bold|black|heavy|semibold|demi\b|\bbd\b/i.test(face?.name ?? '')),
      );
    }
    return bold.get(font)!;
  };
  return items.flatMap((item): readonly TextRun[] => {
    if (!('str' in item) || item.str === '') {
      return [];
    }
    const matrix = Util.transform([...transform], item.transform) as number[];
    return [
      {
        text: item.str,
        x: matrix[4]!,
        y: matrix[5]!,
        width: item.width,
        fontSize: Math.hypot(matrix[2]!, matrix[3]!),
        angle: (Math.atan2(matrix[1]!, matrix[0]!) * 180) / Math.PI,
        bold: isBold(item.fontName),
      },
    ];
  });
}

async function readPage(document: PDFDocumentProxy, number: number): Promise<PdfPage> {
  const page = await getPage(document, number);
  const viewport = page.getViewport({ scale: 1 });
  try {
    const operators = await page.getOperatorList();
    const runs = await runsOf(page, viewport.transform);
    const { pictures, paths, invisible, written } = surveyPdf(operators, viewport);
    const drawn = pictures.length > 0 || paths > manyPaths;
    // Over a scan, or letters drawn as outlines, text that is not drawn says what is there; elsewhere nobody sees it.
    const hidden = invisible > 0.5 && drawn;
    const seen =
      invisible > 0 && !hidden
        ? seenRuns(
            runs.map(({ text }) => text),
            written,
          )
        : undefined;
    const unclear = invisible > 0 && !hidden && seen === undefined;
    const { words, direction } = pdfWords(seen ? runs.filter((_, index) => seen[index]) : runs);
    const few = words.length < 25 && drawn;
    const needsRecognition = few || hidden || unclear || suspicious(words);
    return {
      width: viewport.width,
      height: viewport.height,
      // Where nothing tells what of the text is drawn, only the picture of the page can.
      words: unclear ? [] : hidden ? words.map((word) => ({ ...word, confidence: hiddenLayer })) : words,
      uprightBy: (360 - direction) % 360,
      needsRecognition,
      recogniseIn: needsRecognition ? [] : wordless(pictures, words, viewport),
    };
  } catch (cause) {
    throw new IntervalError('document-damaged', `Page ${number} of the PDF cannot be parsed.`, { cause });
  } finally {
    page.cleanup();
  }
}

async function renderPage(
  document: PDFDocumentProxy,
  number: number,
  dpi: number,
  maxPixels: number,
): Promise<RenderedPage> {
  const page = await getPage(document, number);
  const size = page.getViewport({ scale: 1 });
  const scale = Math.min(dpi / 72, Math.sqrt(maxPixels / (size.width * size.height)));
  const viewport = page.getViewport({ scale });
  const width = Math.max(1, Math.round(viewport.width));
  const height = Math.max(1, Math.round(viewport.height));
  const factory = document.canvasFactory as {
    create(width: number, height: number): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D };
    destroy(pair: unknown): void;
  };
  const pair = factory.create(width, height);
  try {
    await page.render({ canvas: pair.canvas, canvasContext: pair.context, viewport, background: '#ffffff' }).promise;
    const { data } = pair.context.getImageData(0, 0, width, height);
    return { data, width, height, scale };
  } catch (cause) {
    throw new IntervalError('document-unreadable', `Page ${number} of the PDF cannot be drawn.`, { cause });
  } finally {
    factory.destroy(pair);
    page.cleanup();
  }
}
