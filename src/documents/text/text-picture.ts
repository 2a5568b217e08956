import { fileURLToPath } from 'node:url';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import type { Page } from '../page.ts';
import type { Picture } from '../reading.ts';

const regular = 'Interval Text';
const heavy = 'Interval Text Bold';
/** Height of a line by the width of a character. */
const lineRatio = 10 / 6;
/** Longest side that the canvas can have. */
const maxSide = 32_000;

function registerFonts(): void {
  if (!GlobalFonts.has(regular)) {
    const folder = new URL('./standard_fonts/', import.meta.resolve('pdfjs-dist/package.json'));
    GlobalFonts.registerFromPath(fileURLToPath(new URL('LiberationSans-Regular.ttf', folder)), regular);
    GlobalFonts.registerFromPath(fileURLToPath(new URL('LiberationSans-Bold.ttf', folder)), heavy);
  }
}

/**
 * A page of characters drawn at ten characters and six lines to the inch, each word in its own cells, so that the boxes
 * of the page fit. A cell is drawn taller than wide: `scale` is pixels for one character across, the lines are
 * `height / page.height` apart. Large pages are drawn smaller.
 */
export function textPicture(page: Page, dpi: number, maxPixels: number): Picture {
  registerFonts();
  const scale = Math.min(
    dpi / 10,
    maxSide / page.width,
    maxSide / (page.height * lineRatio),
    Math.sqrt(maxPixels / (page.width * page.height * lineRatio)),
  );
  const lineHeight = scale * lineRatio;
  const width = Math.max(1, Math.round(page.width * scale));
  const height = Math.max(1, Math.round(page.height * lineHeight));
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#000000';
  for (const { text, box, bold } of page.words) {
    context.font = `${scale * 1.45}px "${bold ? heavy : regular}"`;
    // The face is narrower than the cells: a word is widened towards its own, or narrowed into them.
    const room = (box[2] - box[0]) * scale;
    const stretch = Math.min(1.3, (0.97 * room) / Math.max(1, context.measureText(text).width));
    context.setTransform(stretch, 0, 0, 1, box[0] * scale, (box[1] + 0.78) * lineHeight);
    context.fillText(text, 0, 0);
  }
  return { png: new Uint8Array(canvas.toBuffer('image/png')), width, height, scale };
}
