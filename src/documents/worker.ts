import { parentPort } from 'node:worker_threads';
import { asIntervalError, IntervalError } from '../errors.ts';
import { bandsTurned } from './clean.ts';
import { type DocumentType, sniff } from './content-type.ts';
import { inkOf, letterHeight, marksOf, printOf, specked } from './ink.ts';
import { inkRadius, type Level, levelled } from './level.ts';
import type { DocumentLimits } from './limits.ts';
import type { Page } from './page.ts';
import { type OpenPdf, openPdf } from './pdf.ts';
import { decodeGrey, encodePng, type Grey, greyOfRgba, picturePng, pictureSizes } from './picture.ts';
import { contrasted, evenLight, speckle, turned } from './prepare.ts';
import type { Answer, OpenedPage, Prepared, Request } from './reading.ts';
import { boxOnPage, createRecogniser, type Recogniser } from './recogniser.ts';
import { reconciled } from './reconciled.ts';
import { findTilt, inkThreshold, type Tilt } from './skew.ts';
import { standing } from './standing.ts';
import type { Embedded } from './text/hl7-values.ts';
import { textPicture } from './text/text-picture.ts';
import { isTextType, openText } from './text/text-types.ts';
import { createWordReader, type WordReader } from './word-reader.ts';

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
  /** The last picture made ready for recognition; passes over the same quarter share it. */
  ready?: { readonly key: string; readonly level: Level };
}

const recognitionDpi = 200;
const recognitionPixels = 16_000_000;
/** A picture with a longer shorter side is reduced to this: about 220 dpi of a full page. */
const mostAcross = 1800;

let held: Held | undefined;
let drawn: Drawn | undefined;
let recogniser: Recogniser | undefined;
let wordReader: Promise<WordReader> | undefined;

function current(): Held {
  if (!held) {
    throw new IntervalError('internal', 'No document is open in the reading thread.');
  }
  return held;
}

/** What a message carries may be read, but not another message. */
function typeOfFile({ bytes, contentType }: Embedded): DocumentType {
  const type = sniff(bytes, contentType);
  if (type === 'application/hl7-v2' || type === 'application/cda+xml') {
    throw new IntervalError('document-unsupported', 'The file in the message is a message itself.');
  }
  return type;
}

async function open({
  bytes,
  contentType,
  limits,
}: Extract<Request, { kind: 'open' }>): Promise<readonly OpenedPage[]> {
  if (isTextType(contentType)) {
    const content = openText(bytes, contentType, limits);
    if ('bytes' in content) {
      return open({ kind: 'open', bytes: content.bytes, contentType: typeOfFile(content), limits });
    }
    const pages = content.map((page) => ({ ...page, needsRecognition: false }));
    held = { bytes, contentType, limits, pages };
    return pages;
  }
  if (contentType === 'application/pdf') {
    // pdfjs takes the buffer away: it gets a copy.
    const pdf = await openPdf(bytes.slice(), limits);
    const pages: OpenedPage[] = [];
    for (let number = 1; number <= pdf.count; number++) {
      const { width, height, words, uprightBy, needsRecognition, recogniseIn } = await pdf.page(number);
      pages.push({
        number,
        width,
        height,
        unit: 'point',
        source: 'text-layer',
        words,
        needsRecognition,
        ...(uprightBy ? { uprightBy } : {}),
        ...(recogniseIn.length > 0 ? { recogniseIn } : {}),
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
  const shorter = Math.min(grey.width, grey.height);
  if (shorter > mostAcross) {
    const reduced = await turned(grey, mostAcross / shorter, 0);
    pixelsPerUnit *= reduced.width / grey.width;
    grey = reduced;
  }
  grey = contrasted(grey);
  const ink = inkOf(grey, inkRadius);
  const found = marksOf(ink);
  const letter = letterHeight(found.marks);
  const even = evenLight(letter === undefined ? grey : bandsTurned(grey, letter));
  const threshold = inkThreshold(even);
  const dark = even.data.reduce((count, value) => count + (value <= threshold && value < 160 ? 1 : 0), 0);
  const tilt =
    letter === undefined ? { sideways: false, degrees: 0 } : findTilt(printOf(ink, found, letter), found.marks, letter);
  drawn = { page, grey: even, pixelsPerUnit, tilt };
  return { sideways: tilt.sideways, blank: dark < 60, speckle: specked(found.marks, letter) ? 1 : speckle(even) };
}

/** The page made level for one quarter turn; several passes may read it. */
async function levelOf(quarter: number, despeckle: boolean): Promise<Level> {
  if (!drawn) {
    throw new IntervalError('internal', 'No page is prepared in the reading thread.');
  }
  const key = `${quarter} ${despeckle}`;
  if (drawn.ready?.key !== key) {
    const { grey, tilt } = drawn;
    // The slope was measured along the direction of the lines; across it there is nothing to level.
    const slope = (quarter % 180 === 90) === tilt.sideways ? tilt.degrees : 0;
    drawn.ready = { key, level: await levelled(grey, quarter - slope, despeckle) };
  }
  return drawn.ready.level;
}

async function recognise({
  quarter,
  mode,
  despeckle,
}: Extract<Request, { kind: 'recognise' }>): Promise<Answer<Extract<Request, { kind: 'recognise' }>>> {
  const level = await levelOf(quarter, despeckle);
  const { grey, page, pixelsPerUnit } = drawn!;
  const { degrees, scale, picture } = level;
  recogniser ??= await createRecogniser();
  wordReader ??= createWordReader();
  const seen = await recogniser.recognise(picture, mode);
  const places = standing(seen, scale, level.marks, level.letter);
  const readings = await (await wordReader).read(level.fine, places);
  const found = reconciled(seen, readings, level.fine, places, inkThreshold(level.fine));
  const work = { width: picture.width, height: picture.height, scale, degrees };
  const words = found.map(({ text, box, confidence, fontSize, bold }) => {
    const at = boxOnPage(box, work, grey);
    return {
      text,
      box: [at[0] / pixelsPerUnit, at[1] / pixelsPerUnit, at[2] / pixelsPerUnit, at[3] / pixelsPerUnit] as const,
      confidence,
      fontSize: fontSize / scale / pixelsPerUnit,
      bold,
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
  if (isTextType(contentType)) {
    return textPicture(page, dpi, limits.pixels / 4);
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
