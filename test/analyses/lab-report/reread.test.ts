import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { rereadWith } from '../../../src/analyses/lab-report/reread.ts';
import type { Page } from '../../../src/documents/page.ts';
import { documentOf } from './support.ts';

const { signal } = new AbortController();
const page: Page = { number: 1, width: 200, height: 100, unit: 'pixel', source: 'ocr', words: [] };

/** A grey page with one black bar at [80, 40, 120, 60]. */
const bar = sharp({ create: { width: 200, height: 100, channels: 3, background: '#c8c8c8' } })
  .composite([{ input: { create: { width: 40, height: 20, channels: 3, background: '#000000' } }, left: 80, top: 40 }])
  .png()
  .toBuffer();

async function seen(given: Page, box: readonly [number, number, number, number]) {
  const pictures: Uint8Array[] = [];
  let drawn = 0;
  const documents = {
    open: async (bytes: Uint8Array) => {
      pictures.push(bytes);
      const words = [
        { text: '5', box: [30, 0, 40, 10] as const, confidence: 1, fontSize: 10, bold: false },
        { text: '13', box: [0, 0, 20, 10] as const, confidence: 1, fontSize: 10, bold: false },
      ];
      return { ...documentOf({ ...page, words }), contentType: 'image/png' as const };
    },
  };
  const draw = async () => {
    drawn++;
    return { png: new Uint8Array(await bar), width: 200, height: 100, scale: 1 };
  };
  const reread = rereadWith(documents, documentOf(given), draw);
  const text = await reread(1, box, signal);
  await reread(1, box, signal);
  const { data, info } = await sharp(pictures[0]).greyscale().raw().toBuffer({ resolveWithObject: true });
  const ink = [...data].flatMap((shade, index) =>
    shade < 60 ? [[index % info.width, Math.floor(index / info.width)] as const] : [],
  );
  const across = ink.map(([x]) => x);
  const down = ink.map(([, y]) => y);
  return {
    text,
    drawn,
    paper: data[0],
    width: info.width,
    height: info.height,
    ink: [Math.min(...across), Math.min(...down), Math.max(...across) + 1, Math.max(...down) + 1],
  };
}

test('a box is cut out, brought to one height and put on the shade of its paper; a page is drawn once', async () => {
  // 20 high becomes 40; half of that on either side, then an empty border of 40.
  expect(await seen(page, [80, 40, 120, 60])).toEqual({
    text: '13 5',
    drawn: 1,
    paper: 200,
    width: 200,
    height: 144,
    ink: [60, 52, 140, 92],
  });
});

test('a page that lies on its side is turned, and the box with it', async () => {
  const lying = await seen({ ...page, uprightBy: 90 }, [80, 40, 120, 60]);
  // The bar stands upright then, 40 high and 20 wide.
  expect([lying.width, lying.height]).toEqual([140, 144]);
  expect(lying.ink).toEqual([60, 52, 80, 92]);
});

test('a page that is not there has nothing to read', async () => {
  const none = rereadWith({ open: async () => documentOf(page) }, documentOf(), async () => {
    throw new Error('Nothing is drawn.');
  });
  expect(await none(1, [0, 0, 1, 1], signal)).toBeUndefined();
});
