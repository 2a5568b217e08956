import { afterAll, describe, expect, jest, test } from '@jest/globals';
import sharp from 'sharp';
import { createDocuments } from '../../src/documents/documents.ts';
import { suspicious } from '../../src/documents/legible.ts';
import { merged } from '../../src/documents/merge.ts';
import type { Page, Word } from '../../src/documents/page.ts';
import { drawTable, garbledPdf, makePdf, rows, tablePdf } from './made.ts';

// Recognition takes seconds a page, and more where much else runs.
jest.setTimeout(120_000);

const documents = createDocuments();
afterAll(() => documents.close());
const signal = new AbortController().signal;
const wordsOf = (page: Page | undefined) => page!.words.map(({ text }) => text);
const table = async () => Buffer.from((await documents.render(await tablePdf(), { page: 1, dpi: 200, signal })).png);

describe('text layers that are not what the page shows', () => {
  test('a table as a picture below a heading as text: both are read, no word twice', async () => {
    const picture = await sharp(await table())
      .extract({ left: 60, top: 300, width: 1500, height: 500 })
      .png()
      .toBuffer();
    const bytes = await makePdf(
      (pdf) => {
        pdf.fontSize(10);
        for (let line = 0; line < 6; line++) {
          pdf.text(`Heading number ${line} of the synthetic laboratory report`, 40, 40 + 12 * line);
        }
        pdf.image(picture, 40, 420, { width: 515 });
      },
      { margin: 0 },
    );
    const [page] = (await documents.open(bytes, { signal })).pages;
    expect(page).toMatchObject({ source: 'ocr', unit: 'point' });
    const words = wordsOf(page);
    expect(words.filter((word) => word === 'Heading')).toHaveLength(6);
    expect(words.filter((word) => word === 'Creatinine')).toHaveLength(1);
    const value = page!.words.find(({ text }) => text === '1.32')!;
    expect(value.box[1]).toBeGreaterThan(420);
    expect(value.confidence).toBeLessThan(1);
  });

  test('words that another program put behind a scan are judged against the picture', async () => {
    const picture = await table();
    const bytes = await makePdf(
      (pdf) => {
        pdf.image(picture, 0, 0, { width: 595.28 }).addContent('3 Tr').fontSize(10);
        rows.forEach(([name], index) => void pdf.text(`${name} qqxzvw 999`, 40, 120 + 20 * index));
      },
      { margin: 0 },
    );
    const [page] = (await documents.open(bytes, { signal })).pages;
    expect(page!.source).toBe('ocr');
    expect(wordsOf(page)).toContain('1.32');
    expect(wordsOf(page)).not.toContain('999');
  });

  test('a font with a wrong table of characters: the page is read from its picture', async () => {
    const [page] = (await documents.open(garbledPdf(), { signal })).pages;
    expect(page!.source).toBe('ocr');
    expect(wordsOf(page)).toEqual(expect.arrayContaining(['Creatinine', '1.32', 'Haemoglobin']));
  });

  test('text that is not drawn and stands on no scan is left out', async () => {
    const bytes = await makePdf((pdf) => {
      drawTable(pdf);
      pdf.addContent('3 Tr').text('Sodium 999 mmol/L', 40, 400);
      pdf.addContent('0 Tr').text('Chloride 101 mmol/L', 40, 440);
    });
    const [page] = (await documents.open(bytes, { signal })).pages;
    expect(page!.source).toBe('text-layer');
    expect(wordsOf(page)).toEqual(expect.arrayContaining(['139', '101']));
    expect(wordsOf(page)).not.toContain('999');
  });

  test('a small picture does not send a page to recognition; an owner password does not close it', async () => {
    const logo = await sharp({ create: { width: 200, height: 60, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    const bytes = await makePdf(
      (pdf) => {
        drawTable(pdf);
        pdf.image(logo, 400, 20, { width: 150 });
      },
      { ownerPassword: 'synthetic', permissions: {} },
    );
    const [page] = (await documents.open(bytes, { signal })).pages;
    expect(page!.source).toBe('text-layer');
    expect(page!.words.length).toBeGreaterThan(25);
  });
});

const word = (text: string, box: Word['box']): Word => ({ text, box, confidence: 1, fontSize: 10, bold: false });

describe('judging and merging', () => {
  const said = (text: string) => text.split(' ').map((one, index) => word(one, [index, 0, index + 1, 1]));

  test('garbage is told from reports with leaders, ranges and abbreviations', () => {
    expect(
      suspicious(said('Sodium ............................ 138 mmol/L (136–145) MCHC 33,1 g/dL [0.4-1.2] 12/03/2025:')),
    ).toBe(false);
    expect(suspicious(said('fr?  N ,UT? ,OP \ue012\ue013 6?/,'))).toBe(true);
    const shifted = [
      ...'Potassium Creatinine Haemoglobin Leukocytes Thrombocytes Triglycerides Cholesterol Bilirubin reference',
    ].map((one) => (one === ' ' ? ' ' : String.fromCharCode(97 + ((one.toLowerCase().charCodeAt(0) - 97 + 3) % 26))));
    expect(suspicious(said(shifted.join('')))).toBe(true);
  });

  test('a picture that lies another way round stays out', () => {
    const page: Page = {
      number: 1,
      width: 100,
      height: 100,
      unit: 'point',
      source: 'text-layer',
      words: [word('Na', [1, 1, 5, 5])],
    };
    const found = {
      ...page,
      words: [word('Na', [1, 1, 5, 5]), word('140', [50, 50, 60, 55]), word('K', [80, 1, 85, 5])],
    };
    const picture = [[40, 40, 70, 70]] as const;
    expect(wordsOf(merged(page, found, picture))).toEqual(['Na', '140']);
    expect(merged(page, { ...found, uprightBy: 90 }, picture)).toBe(page);
    expect(wordsOf(merged(page, { ...found, uprightBy: 359 }, picture))).toEqual(['Na', '140']);
  });
});

describe('fax', () => {
  test('group 4 of two pages, half as many lines as columns to the inch: pixels are made square', async () => {
    const grey = await sharp(await table())
      .extract({ left: 60, top: 60, width: 1500, height: 800 })
      .greyscale()
      .resize(1500, 384, { fit: 'fill' })
      .threshold(150)
      .raw()
      .toBuffer();
    const pages = Buffer.concat([grey, Buffer.alloc(grey.length, 255)]);
    const tiff = await sharp(pages, { raw: { width: 1500, height: 768, channels: 1, pageHeight: 384 } })
      .toColourspace('b-w')
      .tiff({ compression: 'ccittfax4', bitdepth: 1, xres: 204 / 25.4, yres: 98 / 25.4, resolutionUnit: 'inch' })
      .toBuffer();
    const document = await documents.open(new Uint8Array(tiff), { signal });
    expect(document.pages.map(({ width, height }) => [width, height])).toEqual([
      [1500, 799],
      [1500, 799],
    ]);
    expect(wordsOf(document.pages[0])).toEqual(expect.arrayContaining(['Sodium', 'Creatinine', '1.32', 'Haemoglobin']));
    expect(document.pages[1]!.words).toEqual([]);
    const drawn = await documents.render(new Uint8Array(tiff), { page: 1, dpi: 204, signal });
    expect(drawn.width / drawn.height).toBeCloseTo(1500 / 799, 2);
  });
});
