import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createDocuments, openDocument } from '../../src/documents/documents.ts';
import type { Page, PagedDocument } from '../../src/documents/page.ts';
import { upright } from '../../src/documents/upright.ts';
import { blackPng, bombPdf, drawTable, longPdf, makePdf, rows, tablePdf } from './made.ts';

const documents = createDocuments();
afterAll(() => documents.close());
const signal = new AbortController().signal;
const open = (bytes: Uint8Array, more: object = {}): Promise<PagedDocument> =>
  documents.open(bytes, { signal, ...more });
const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: { code: string }) => error.code,
  );
const text = (value: string) => new TextEncoder().encode(value);

/** Lines of a page as it is laid out, words joined by one space. */
function lines(page: Page): readonly string[] {
  const groups: { y: number; words: { x: number; text: string }[] }[] = [];
  for (const word of [...upright(page).words].sort((a, b) => a.box[1] - b.box[1])) {
    const y = (word.box[1] + word.box[3]) / 2;
    const x = word.box[0];
    const group = groups.find((other) => Math.abs(other.y - y) < word.fontSize / 2);
    group ? group.words.push({ x, text: word.text }) : groups.push({ y, words: [{ x, text: word.text }] });
  }
  return groups.map((group) =>
    group.words
      .sort((a, b) => a.x - b.x)
      .map((word) => word.text)
      .join(' '),
  );
}

describe('PDF with a text layer', () => {
  test('gives words with boxes in points, bold, and no watermark', async () => {
    const bytes = await makePdf((pdf) => {
      drawTable(pdf);
      pdf
        .save()
        .rotate(45, { origin: [300, 400] })
        .fontSize(60)
        .text('WATERMARK', 150, 400)
        .restore();
    });
    const document = await open(bytes);
    expect(document.contentType).toBe('application/pdf');
    expect(document.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    const [page] = document.pages;
    expect(page).toMatchObject({ number: 1, unit: 'point', source: 'text-layer' });
    expect(page!.width).toBeCloseTo(595.28, 1);
    expect(lines(page!)).toEqual(['Synthetic Laboratory Report', ...rows.map((row) => row.join(' '))]);
    const value = page!.words.find((word) => word.text === '1.32')!;
    expect(value).toMatchObject({ bold: true, confidence: 1, fontSize: 10 });
    expect(value.box[0]).toBeCloseTo(220, 0);
    expect(value.box[2] - value.box[0]).toBeCloseTo(19.5, 0);
    expect(page!.words.find((word) => word.text === 'mmol/L')).toMatchObject({ bold: false });
  });

  test('a run is split at its spaces in proportion', async () => {
    const [page] = (
      await open(await makePdf((pdf) => pdf.font('Helvetica').fontSize(10).text('Glucose 95 mg/dL', 40, 40)))
    ).pages;
    expect(page!.words.map((word) => word.text)).toEqual(['Glucose', '95', 'mg/dL']);
    const [, number] = page!.words;
    // pdfkit says that the number starts 40.0 points after the run.
    expect(number!.box[0]).toBeGreaterThan(76);
    expect(number!.box[0]).toBeLessThan(82);
  });

  test('a page written on its side says so', async () => {
    const bytes = await makePdf((pdf) => {
      pdf.rotate(90, { origin: [0, 0] }).translate(0, -595);
      drawTable(pdf);
    });
    const [page] = (await open(bytes)).pages;
    expect(page!.uprightBy).toBe(270);
    expect(lines(page!)).toContain('Creatinine 1.32 mg/dL 0.70 - 1.20');
  });
});

describe('plain text', () => {
  test('cells, tabs and form feeds, in UTF-8, Latin-1 and UTF-16', async () => {
    const utf8 = await open(text('Kreatinin\t1,2 mg/dl\nHämoglobin 14\fSeite 2\f\n'));
    expect(utf8.contentType).toBe('text/plain');
    expect(utf8.pages.map((page) => page.words.map((word) => word.text))).toEqual([
      ['Kreatinin', '1,2', 'mg/dl', 'Hämoglobin', '14'],
      ['Seite', '2'],
    ]);
    expect(utf8.pages[0]!.words[1]).toEqual({
      text: '1,2',
      box: [16, 0, 19, 1],
      confidence: 1,
      fontSize: 1,
      bold: false,
    });
    const latin1 = await open(Uint8Array.from(Buffer.from('H\xe4moglobin 14', 'latin1')));
    const utf16 = await open(Uint8Array.from(Buffer.from('\ufeffHämoglobin 14', 'utf16le')));
    for (const document of [latin1, utf16]) {
      expect(document.pages[0]!.words.map((word) => word.text)).toEqual(['Hämoglobin', '14']);
    }
  });
});

describe('scans', () => {
  const words = ['Sodium', '139', 'Potassium', 'Creatinine', '1.32', 'Haemoglobin', '13.4', 'mg/dL'];

  test('on its side and skewed: read, and boxes are those of the scan', async () => {
    const { png } = await documents.render(await tablePdf(), { page: 1, dpi: 200, signal });
    const grey = await sharp(png).extract({ left: 60, top: 60, width: 1500, height: 800 }).greyscale().png().toBuffer();
    const scan = new Uint8Array(await sharp(grey).rotate(92, { background: '#ffffff' }).png().toBuffer());
    const [page] = (await open(scan)).pages;
    expect(page).toMatchObject({ unit: 'pixel', source: 'ocr' });
    expect(page!.uprightBy).toBeCloseTo(268, 0);
    const found = page!.words.map((word) => word.text);
    expect(words.filter((word) => !found.includes(word))).toEqual([]);
    expect(lines(page!).some((line) => /^Creatinine 1\.32 mg\/dL/.test(line))).toBe(true);
    // On the scan the name stands at the right edge of its own row, which runs from top to bottom.
    const { width, height } = await sharp(scan).metadata();
    const name = page!.words.find((word) => word.text === 'Creatinine')!;
    expect(name.box[3] - name.box[1]).toBeGreaterThan(3 * (name.box[2] - name.box[0]));
    expect([page!.width, page!.height]).toEqual([width, height]);
  });

  test('fax noise in a multi-page TIFF, and an empty page behind it', async () => {
    const { png } = await documents.render(await tablePdf(), { page: 1, dpi: 200, signal });
    const { data, info } = await sharp(png)
      .extract({ left: 60, top: 60, width: 1500, height: 800 })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 4294967296;
    };
    const noisy = data.map((value) => {
      const bit = value > 140 ? 255 : 0;
      return random() < 0.02 ? 255 - bit : bit;
    });
    const blank = Buffer.alloc(noisy.length, 255);
    const tiff = await sharp(Buffer.concat([noisy, blank]), {
      raw: { width: info.width, height: 2 * info.height, channels: 1, pageHeight: info.height },
    })
      .tiff({ compression: 'lzw' })
      .toBuffer();
    const document = await open(new Uint8Array(tiff));
    expect(document.contentType).toBe('image/tiff');
    expect(document.pages.map((page) => page.number)).toEqual([1, 2]);
    const found = document.pages[0]!.words.map((word) => word.text);
    expect(words.filter((word) => !found.includes(word))).toEqual([]);
    expect(document.pages[1]!.words).toEqual([]);
  });

  test('a PDF that holds only a picture is recognised; boxes are in points; one pass is enough', async () => {
    const { png } = await documents.render(await tablePdf(), { page: 1, dpi: 200, signal });
    const bytes = await makePdf((pdf) => pdf.image(Buffer.from(png), 0, 0, { width: 595.28 }), { margin: 0 });
    let asked = 0;
    const [page] = (await open(bytes, { ocr: { score: (list: readonly unknown[]) => ++asked && list.length } })).pages;
    // A page that reads well at once needs no judge.
    expect(asked).toBe(0);
    expect(page).toMatchObject({ source: 'ocr', unit: 'point' });
    const name = page!.words.find((word) => word.text === 'Creatinine')!;
    expect(name.box[0]).toBeCloseTo(40, -1);
    expect(Math.abs(name.box[1] - 161)).toBeLessThan(6);
  });
});

describe('bad input', () => {
  const table: readonly (readonly [string, () => Uint8Array | Promise<Uint8Array>, string, object?])[] = [
    ['empty', () => new Uint8Array(0), 'document-empty'],
    ['white space', () => text(' \n '), 'document-empty'],
    ['encrypted PDF', () => makePdf((pdf) => pdf.text('secret'), { userPassword: 'x' }), 'document-encrypted'],
    ['truncated PDF', async () => (await tablePdf()).slice(0, -300), 'document-damaged'],
    ['not a PDF', () => text('hello'), 'document-damaged', { contentType: 'application/pdf' }],
    ['PDF head only', () => text('%PDF-1.4 hello\n%%EOF'), 'document-damaged'],
    ['XML of no kind that is read', () => text('<?xml version="1.0"?><Bundle/>'), 'document-unsupported'],
    ['SVG', () => text('<svg xmlns="http://www.w3.org/2000/svg"></svg>'), 'document-unsupported'],
    ['JSON', () => text('{ "resourceType": "Bundle" }'), 'document-unsupported'],
    ['HTML in place of a PDF', () => text('<html></html>'), 'document-damaged', { contentType: 'application/pdf' }],
    ['HTML without text', () => text('<html><body></body></html>'), 'document-empty'],
    ['10,000 rows', () => text('Sodium 140 mmol/L 136 - 145\n'.repeat(10_000)), 'document-too-large'],
    [
      '10,000 rows of HTML',
      () => text(`<table>${'<tr><td>Na<td>140<td>mmol/L<td>136-145'.repeat(10_000)}`),
      'document-too-large',
    ],
    ['10,000 rows of PDF', () => longPdf(10_000), 'document-too-large'],
    ['unknown bytes', () => Uint8Array.of(1, 2, 3, 0, 0, 0, 5, 6), 'document-unsupported'],
    [
      'too many pages',
      () => makePdf((pdf) => Array.from({ length: 60 }, () => pdf.addPage())),
      'document-too-many-pages',
    ],
    ['500 pages', () => makePdf((pdf) => Array.from({ length: 499 }, () => pdf.addPage())), 'document-too-many-pages'],
    ['too many form feeds', () => text('a\f'.repeat(60)), 'document-too-many-pages'],
    ['too large', () => new Uint8Array(1000), 'document-too-large', { limits: { bytes: 999 } }],
    ['1 × 1', () => blackPng(1, 1), 'image-too-small'],
    ['20,000 × 20,000', () => blackPng(20_000, 20_000), 'image-too-large'],
    ['truncated picture', () => blackPng(400, 400).slice(0, 60), 'document-damaged'],
    ['decompression bomb', () => bombPdf(500), 'document-unreadable', { limits: { megabytes: 250 } }],
    ['out of time', () => tablePdf(), 'document-unreadable', { limits: { milliseconds: 1 } }],
  ];
  test.each(table)('%s', async (_name, make, expected, more = {}) => {
    expect(await code(open(await make(), more))).toBe(expected);
  });

  test('the next document is read after each of these', async () => {
    expect((await open(await tablePdf())).pages[0]!.words.length).toBeGreaterThan(20);
  });

  test('an abandoned reading ends at once', async () => {
    const controller = new AbortController();
    const reading = code(documents.open(await tablePdf(), { signal: controller.signal }));
    controller.abort();
    expect(await reading).toBe('cancelled');
    expect(await code(documents.open(await tablePdf(), { signal: controller.signal }))).toBe('cancelled');
  });
});

test('a page drawn: its scale turns boxes into pixels', async () => {
  const { png, width, height, scale } = await documents.render(await tablePdf(), { page: 1, dpi: 100, signal });
  expect(scale).toBeCloseTo(100 / 72, 5);
  expect([width, height]).toEqual([827, 1169]);
  expect(await sharp(png).metadata()).toMatchObject({ width, height, format: 'png' });
  expect(await code(documents.render(await tablePdf(), { page: 2, dpi: 100, signal }))).toBe('document-unreadable');
});

test('one document on a thread of its own', async () => {
  const document = await openDocument(text('Sodium 140 mmol/L'), { signal });
  expect(document.pages[0]!.words).toHaveLength(3);
});

test('more readings than threads wait for their turn; one that leaves the queue wakes nobody in vain', async () => {
  const gone = new AbortController();
  const first = open(text('first 1'));
  const second = code(documents.open(text('second 2'), { signal: gone.signal }));
  const third = open(text('third 3'));
  gone.abort();
  expect(await second).toBe('cancelled');
  expect((await first).pages[0]!.words[0]!.text).toBe('first');
  expect((await third).pages[0]!.words[0]!.text).toBe('third');
});
