import { parentPort } from 'node:worker_threads';
import { asIntervalError, IntervalError } from '../errors.ts';
import type { DocumentType } from './content-type.ts';
import type { DocumentLimits } from './limits.ts';
import type { Page } from './page.ts';
import { type OpenPdf, openPdf } from './pdf.ts';
import { decodeGrey, encodePng, type Grey, greyOfRgba, picturePng, pictureSizes } from './picture.ts';
import { textPages } from './plain-text.ts';
import { despeckled, evenLight, speckle, turned, workingScale } from './prepare.ts';
import type { Answer, OpenedPage, Prepared, Request } from './reading.ts';
import { boxOnPage, createRecogniser, type Recogniser } from './recogniser.ts';
import { secondLook } from './second-look.ts';
import { findTilt, inkThreshold, type Tilt } from './skew.ts';

/**
 * The reading thread: whatever a hostile file does to pdfjs, libvips or Tesseract happens here, under resource limits
 * and a deadline that the other side keeps. It holds one document at a time.
 */
interface Held {
  readonly bytes: Uint8Array;
  readonly contentType: DocumentType;
  readonly limits: DocumentLimits;
  readonly pages: readonly OpenedPage[];
  readonly pdf?: OpenPdf;
}

/** The page being recognised: its picture, and how many of its pixels make one unit of the page's boxes. */
interface Drawn {
  readonly page: Page;
  readonly grey: Grey;
  readonly pixelsPerUnit: number;
  readonly tilt: Tilt;
  /** The picture without speckle, once a pass asked for it. */
  clean?: Grey;
}

const recognitionDpi = 200;
const recognitionPixels = 16_000_000;

let held: Held | undefined;
let drawn: Drawn | undefined;
let recogniser: Recogniser | undefined;

function current(): Held {
  if (!held) {
    throw new IntervalError('internal', 'No document is open in the reading thread.');
  }
  return held;
}

async function open({
  bytes,
  contentType,
  limits,
}: Extract<Request, { kind: 'open' }>): Promise<readonly OpenedPage[]> {
  if (contentType === 'text/plain') {
    const pages = textPages(bytes, limits).map((page) => ({ ...page, needsRecognition: false }));
    held = { bytes, contentType, limits, pages };
    return pages;
  }
  if (contentType === 'application/pdf') {
    // pdfjs takes the buffer away: it gets a copy.
    const pdf = await openPdf(bytes.slice(), limits);
    const pages: OpenedPage[] = [];
    for (let number = 1; number <= pdf.count; number++) {
      const { width, height, words, uprightBy, needsRecognition } = await pdf.page(number);
      pages.push({
        number,
        width,
        height,
        unit: 'point',
        source: 'text-layer',
        words,
        needsRecognition,
        ...(uprightBy ? { uprightBy } : {}),
      });
    }
    held = { bytes, contentType, limits, pages, pdf };
    return pages;
  }
  const sizes = await pictureSizes(bytes, limits);
  const pages = sizes.map(
    ({ width, height }, index): OpenedPage => ({
      number: index + 1,
      width,
      height,
      unit: 'pixel',
      source: 'ocr',
      words: [],
      needsRecognition: true,
    }),
  );
  held = { bytes, contentType, limits, pages };
  return pages;
}

function pageOf(number: number): OpenedPage {
  const page = current().pages[number - 1];
  if (!page) {
    throw new IntervalError('document-unreadable', `The document has no page ${number}.`);
  }
  return page;
}

async function prepare(number: number): Promise<Prepared> {
  const { bytes, limits, pdf } = current();
  const page = pageOf(number);
  let grey: Grey;
  let pixelsPerUnit = 1;
  if (pdf) {
    const picture = await pdf.render(number, recognitionDpi, recognitionPixels);
    grey = greyOfRgba(picture.data, picture.width, picture.height);
    pixelsPerUnit = picture.scale;
  } else {
    grey = await decodeGrey(bytes, limits, number - 1);
  }
  const even = evenLight(grey);
  const threshold = inkThreshold(even);
  const dark = even.data.reduce((count, value) => count + (value <= threshold && value < 160 ? 1 : 0), 0);
  const tilt = findTilt(even);
  drawn = { page, grey: even, pixelsPerUnit, tilt };
  return { sideways: tilt.sideways, blank: dark < 60, speckle: speckle(even) };
}

async function recognise({
  quarter,
  mode,
  despeckle,
}: Extract<Request, { kind: 'recognise' }>): Promise<Answer<Extract<Request, { kind: 'recognise' }>>> {
  if (!drawn) {
    throw new IntervalError('internal', 'No page is prepared in the reading thread.');
  }
  const { grey, page, pixelsPerUnit, tilt } = drawn;
  // The slope was measured along the direction of the lines; across it there is nothing to level.
  const slope = (quarter % 180 === 90) === tilt.sideways ? tilt.degrees : 0;
  const degrees = quarter - slope;
  const scale = workingScale(grey.width, grey.height);
  // Before scaling: enlarged, a speck is no longer one pixel that its neighbours outvote.
  if (despeckle) {
    drawn.clean ??= await despeckled(grey);
  }
  const picture = await turned(despeckle ? drawn.clean! : grey, scale, degrees);
  recogniser ??= await createRecogniser();
  const found = await secondLook(recogniser, picture, await recogniser.recognise(picture, mode));
  const work = { width: picture.width, height: picture.height, scale, degrees };
  const words = found.map((word) => {
    const box = boxOnPage(word.box, work, grey);
    return {
      ...word,
      box: [box[0] / pixelsPerUnit, box[1] / pixelsPerUnit, box[2] / pixelsPerUnit, box[3] / pixelsPerUnit] as const,
      fontSize: word.fontSize / scale / pixelsPerUnit,
    };
  });
  const uprightBy = Math.round((((degrees % 360) + 360) % 360) * 100) / 100;
  return {
    words: words.filter(({ box }) => box[2] > 0 && box[3] > 0 && box[0] < page.width && box[1] < page.height),
    ...(uprightBy ? { uprightBy } : {}),
  };
}

async function render({
  page: number,
  dpi,
}: Extract<Request, { kind: 'render' }>): Promise<Answer<Extract<Request, { kind: 'render' }>>> {
  const { bytes, contentType, limits, pdf } = current();
  const page = pageOf(number);
  if (pdf) {
    const picture = await pdf.render(number, dpi, limits.pixels / 4);
    const png = await encodePng(picture.data, picture.width, picture.height);
    return { png, width: picture.width, height: picture.height, scale: picture.scale };
  }
  if (contentType === 'text/plain') {
    throw new IntervalError('document-unsupported', 'Plain text has no picture.');
  }
  // A scan says nothing certain about its size on paper: an A4 page's shorter side is taken for its own.
  const scale = (dpi * 8.27) / Math.min(page.width, page.height);
  return picturePng(bytes, limits, number - 1, scale);
}

async function close(): Promise<null> {
  drawn = undefined;
  const pdf = held?.pdf;
  held = undefined;
  await pdf?.close();
  return null;
}

function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'open':
      return open(request);
    case 'prepare':
      return prepare(request.page);
    case 'recognise':
      return recognise(request);
    case 'render':
      return render(request);
    case 'close':
      return close();
  }
}

parentPort?.on('message', (request: Request) => {
  answer(request).then(
    (value) => parentPort!.postMessage({ value }),
    (thrown: unknown) => {
      const error = asIntervalError(thrown);
      const detail = thrown instanceof IntervalError ? (thrown.cause as Error | undefined) : (thrown as Error);
      parentPort!.postMessage({ error: { code: error.code, message: error.message, cause: detail?.message } });
    },
  );
});
