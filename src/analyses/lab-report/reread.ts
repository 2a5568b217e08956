import { type Pixels, uprightPixels } from '../../documents/cut.ts';
import type { Documents } from '../../documents/documents.ts';
import type { Box, PagedDocument } from '../../documents/page.ts';
import { encodePng } from '../../documents/picture.ts';
import { upright } from '../../documents/upright.ts';
import type { LabInput } from './input.ts';

/** Height in pixels to which a line of print is brought, and the empty border around it: what recognition reads best. */
const lineHeight = 40;
const border = 40;
const dpi = 300;

/**
 * A second reading of one box: cut out of the page, brought to another size, put on an empty ground and recognised alone.
 * Costs one recognition of a small picture; the last page that was drawn is kept.
 */
export function rereadWith(
  documents: Pick<Documents, 'open'>,
  { pages }: PagedDocument,
  draw: NonNullable<LabInput['draw']>,
): NonNullable<LabInput['reread']> {
  let drawn: { readonly page: number; readonly pixels: Promise<Pixels> } | undefined;
  return async (number, box, signal) => {
    const page = pages.find((one) => one.number === number);
    if (!page) return undefined;
    if (drawn?.page !== number) {
      drawn = { page: number, pixels: draw(number, dpi, signal).then((picture) => uprightPixels(picture, page)) };
    }
    // On a page that was scanned askew both the picture and the box are turned upright.
    const place = { text: '', box, confidence: 1, fontSize: 1, bold: false };
    const turned = upright({ ...page, words: [place] }).words[0]!.box;
    const cut = isolated(await drawn.pixels, turned);
    const png = await encodePng(cut.data, cut.width, cut.height);
    const read = await documents.open(png, { contentType: 'image/png', signal });
    const words = [...(read.pages[0]?.words ?? [])].sort((a, b) => a.box[0] - b.box[0]);
    return words.length > 0 ? words.map(({ text }) => text).join(' ') : undefined;
  };
}

interface Rgba {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** The box with a little around it, scaled to one height of line, on a ground of the paper's own shade. */
function isolated(page: Pixels, box: Box): Rgba {
  const [x0, y0, x1, y1] = box.map((edge) => edge * page.scale) as [number, number, number, number];
  const high = Math.max(1, y1 - y0);
  const [left, top] = [x0 - 0.5 * high, y0 - 0.3 * high];
  const factor = lineHeight / high;
  const [across, down] = [x1 + 0.5 * high - left, y1 + 0.3 * high - top].map((length) =>
    Math.min(4000, Math.max(1, Math.round(length * factor))),
  ) as [number, number];
  const [width, height] = [across + 2 * border, down + 2 * border];
  const paper = shadeOf(page, [left, top, left + across / factor, top + down / factor]);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = x >= border && x < border + across && y >= border && y < border + down;
      const [sx, sy] = [left + (x - border + 0.5) / factor - 0.5, top + (y - border + 0.5) / factor - 0.5];
      const shade = inside ? sample(page, sx, sy) : paper;
      data.fill(shade, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { data, width, height };
}

/** Grey of a pixel; the nearest one of the page beyond its edge. */
function grey({ data, width, height }: Pixels, x: number, y: number): number {
  const at = (Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))) * 3;
  return (data[at]! + data[at + 1]! + data[at + 2]!) / 3;
}

/** Grey between four pixels. */
function sample(page: Pixels, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [dx, dy] = [x - left, y - top];
  const upper = grey(page, left, top) * (1 - dx) + grey(page, left + 1, top) * dx;
  const lower = grey(page, left, top + 1) * (1 - dx) + grey(page, left + 1, top + 1) * dx;
  return upper * (1 - dy) + lower * dy;
}

/** The paper: the median along the edges of the cut, where there is hardly any ink. */
function shadeOf(page: Pixels, [x0, y0, x1, y1]: Box): number {
  const shades: number[] = [];
  for (let x = Math.round(x0); x <= x1; x++) {
    shades.push(grey(page, x, Math.round(y0)), grey(page, x, Math.round(y1)));
  }
  return shades.sort((a, b) => a - b)[Math.floor(shades.length / 2)] ?? 255;
}
