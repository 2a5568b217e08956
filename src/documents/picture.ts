import sharp from 'sharp';
import { IntervalError } from '../errors.ts';
import type { DocumentLimits } from './limits.ts';
import { stretchOfPage, tiffStretches } from './tiff-resolution.ts';

/** One grey picture, row by row, 0 black to 255 white. */
export interface Grey {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

function damaged(cause: unknown): IntervalError {
  const message = cause instanceof Error ? cause.message : '';
  if (/pixel limit/i.test(message)) {
    return new IntervalError('image-too-large', 'The picture has more pixels than are read.', { cause });
  }
  return new IntervalError('document-damaged', 'The picture cannot be decoded.', { cause });
}

function reader(bytes: Uint8Array, limits: DocumentLimits, page: number) {
  return sharp(bytes, { page, limitInputPixels: limits.pixels, failOn: 'error', sequentialRead: true });
}

/** The size at which the pixels of a page are square; undefined where they are. */
async function squareSize(bytes: Uint8Array, limits: DocumentLimits, page: number): Promise<PictureSize | undefined> {
  const { across, down } = stretchOfPage(bytes, page);
  return across === 1 && down === 1 ? undefined : (await pictureSizes(bytes, limits))[page];
}

/**
 * Sizes of all pages as shown, from the headers only: orientation applied, and pixels made square where a TIFF says that
 * they are not.
 */
export async function pictureSizes(bytes: Uint8Array, limits: DocumentLimits): Promise<readonly PictureSize[]> {
  // The headers are read without a pixel limit, so that the refusal can say what it refuses.
  const header = (page: number) =>
    sharp(bytes, { page, limitInputPixels: false, failOn: 'error' })
      .metadata()
      .catch((cause: unknown) => {
        throw damaged(cause);
      });
  const first = await header(0);
  const count = first.pages ?? 1;
  if (count > limits.pages) {
    throw new IntervalError(
      'document-too-many-pages',
      `The document has ${count} pages; at most ${limits.pages} are read.`,
    );
  }
  const stretches = tiffStretches(bytes, count);
  const sizes: PictureSize[] = [];
  for (let page = 0; page < count; page++) {
    const { width, height, orientation } = page === 0 ? first : await header(page);
    const { across, down } = stretches[page] ?? { across: 1, down: 1 };
    const stored = { width: Math.round(width * across), height: Math.round(height * down) };
    if (stored.width * stored.height > limits.pixels) {
      throw new IntervalError(
        'image-too-large',
        `The picture has ${stored.width} × ${stored.height} pixels; at most ${limits.pixels} are read.`,
      );
    }
    if (Math.min(width, height) < limits.side) {
      throw new IntervalError('image-too-small', `The picture has ${width} × ${height} pixels; it cannot hold text.`);
    }
    sizes.push((orientation ?? 1) >= 5 ? { width: stored.height, height: stored.width } : stored);
  }
  return sizes;
}

/** One page in grey, as shown, with square pixels; transparent parts become white. `page` is 0-based. */
export async function decodeGrey(bytes: Uint8Array, limits: DocumentLimits, page: number): Promise<Grey> {
  const size = await squareSize(bytes, limits, page);
  try {
    const shown = reader(bytes, limits, page).autoOrient().flatten({ background: '#ffffff' });
    const { data, info } = await (size ? shown.resize({ ...size, fit: 'fill' }) : shown)
      .toColourspace('b-w')
      .extractChannel(0)
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** One page as a PNG in colour, at most `maxPixels`; `scale` is output pixels for one pixel of the page as shown. */
export async function picturePng(
  bytes: Uint8Array,
  limits: DocumentLimits,
  page: number,
  wantedScale: number,
): Promise<{ readonly png: Uint8Array; readonly width: number; readonly height: number; readonly scale: number }> {
  const size = (await pictureSizes(bytes, limits))[page];
  if (!size) {
    throw new IntervalError('document-unreadable', `The document has no page ${page + 1}.`);
  }
  const width = Math.max(1, Math.round(size.width * Math.min(1, wantedScale)));
  try {
    const { data, info } = await reader(bytes, limits, page)
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .resize({ width, height: Math.max(1, Math.round((size.height * width) / size.width)), fit: 'fill' })
      .toColourspace('srgb')
      .png({ compressionLevel: 6 })
      .toBuffer({ resolveWithObject: true });
    return { png: new Uint8Array(data), width: info.width, height: info.height, scale: info.width / size.width };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** RGBA pixels as a PNG. */
export async function encodePng(data: Uint8ClampedArray, width: number, height: number): Promise<Uint8Array> {
  const buffer = await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .png({ compressionLevel: 6 })
    .toBuffer();
  return new Uint8Array(buffer);
}

/** RGBA pixels, opaque, in grey. */
export function greyOfRgba(rgba: Uint8ClampedArray, width: number, height: number): Grey {
  const data = new Uint8Array(width * height);
  for (let pixel = 0, at = 0; pixel < data.length; pixel++, at += 4) {
    data[pixel] = (rgba[at]! * 77 + rgba[at + 1]! * 150 + rgba[at + 2]! * 29) >> 8;
  }
  return { data, width, height };
}
