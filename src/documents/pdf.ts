import { fileURLToPath } from 'node:url';
import { getDocument, OPS, type PDFDocumentProxy, type PDFPageProxy, Util } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { IntervalError } from '../errors.ts';
import { legibility } from './legible.ts';
import type { DocumentLimits } from './limits.ts';
import type { Word } from './page.ts';
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
  /** No text, far too little beside a picture, or glyph garbage: the page has to be recognised. */
  readonly needsRecognition: boolean;
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

const imageOperators = new Set([
  OPS.paintImageXObject,
  OPS.paintInlineImageXObject,
  OPS.paintImageMaskXObject,
  OPS.paintImageXObjectRepeat,
]);

async function readPage(document: PDFDocumentProxy, number: number): Promise<PdfPage> {
  const page = await getPage(document, number);
  const viewport = page.getViewport({ scale: 1 });
  try {
    // The operator list makes the fonts known by name, which is where bold stands.
    const operators = await page.getOperatorList();
    const content = await page.getTextContent({ includeMarkedContent: false });
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
    const runs: TextRun[] = [];
    for (const item of content.items) {
      if (!('str' in item) || item.str === '') {
        continue;
      }
      const matrix = Util.transform(viewport.transform, item.transform) as number[];
      runs.push({
        text: item.str,
        x: matrix[4]!,
        y: matrix[5]!,
        width: item.width,
        fontSize: Math.hypot(matrix[2]!, matrix[3]!),
        angle: (Math.atan2(matrix[1]!, matrix[0]!) * 180) / Math.PI,
        bold: isBold(item.fontName),
      });
    }
    const { words, direction } = pdfWords(runs);
    const pictures = operators.fnArray.some((operator) => imageOperators.has(operator));
    // Text as drawn outlines leaves no words but many paths.
    const paths = operators.fnArray.filter((operator) => operator === OPS.constructPath).length;
    const few = words.length < 25 && (pictures || paths > 200);
    const garbage = words.length > 0 && legibility(words) < 0.5;
    return {
      width: viewport.width,
      height: viewport.height,
      words,
      uprightBy: (360 - direction) % 360,
      needsRecognition: few || garbage,
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
