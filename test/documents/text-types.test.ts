import { afterAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { sniff } from '../../src/documents/content-type.ts';
import { createDocuments } from '../../src/documents/documents.ts';
import { tablePdf } from './made.ts';
import { bytes, cda, observation, organizer, oru } from './text/made.ts';

const documents = createDocuments();
afterAll(() => documents.close());
const signal = new AbortController().signal;

const rtf = String.raw`{\rtf1\ansi\tx3000 Sodium\tab 138\par}`;
const html = '<table><tr><td>Sodium<td>138</table>';
const xml = cda(
  '',
  organizer(
    observation({ code: '<code displayName="Sodium"/>', value: '<value xsi:type="PQ" value="138" unit="mmol/L"/>' }),
  ),
);
const message = Buffer.from(oru('OBX|1|NM|1^Sodium||138|mmol/L')).toString();

describe('types are told by the content', () => {
  test.each([
    ['RTF', rtf, 'text/rtf'],
    ['RTF claimed as text', `\n${rtf}`, 'text/rtf'],
    ['HTML', `<!-- x --><!DOCTYPE html>\n<html>${html}</html>`, 'text/html'],
    ['a piece of HTML', html, 'text/html'],
    ['XHTML', `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>`, 'text/html'],
    ['CDA', xml, 'application/cda+xml'],
    [
      'a section of CDA',
      `<!-- x --><section><templateId root="2.16.840.1.113883.10.20.22.2.3.1"/></section>`,
      'application/cda+xml',
    ],
    [
      'CDA with prefixes',
      '<?xml version="1.0"?><n1:ClinicalDocument xmlns:n1="urn:hl7-org:v3"/>',
      'application/cda+xml',
    ],
    ['HL7 version 2', message, 'application/hl7-v2'],
    ['an HL7 batch', `FHS|^~\\&|\rBHS|^~\\&|\r${message}`, 'application/hl7-v2'],
    ['HL7 in transport framing', `\v${message}\u001c\r`, 'application/hl7-v2'],
    ['text that is near', 'MSH is no segment here\n<5 mg/L', 'text/plain'],
    ['text with a limit first', '<5 mg/L CRP', 'text/plain'],
  ])('%s', (_name, text, type) => {
    expect(sniff(bytes(text), 'text/plain')).toBe(type);
    expect(sniff(Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le')))).toBe(
      type === 'text/rtf' ? 'text/rtf' : type,
    );
  });
});

test.each([
  ['text/rtf', rtf],
  ['text/html', html],
  ['application/cda+xml', xml],
  ['application/hl7-v2', message],
  ['text/plain', 'Sodium   138 mmol/L'],
])('%s: pages of characters, and a picture on which each word stands in its box', async (type, text) => {
  const document = await documents.open(bytes(text), { signal });
  expect(document.contentType).toBe(type);
  const [page] = document.pages;
  expect(page).toMatchObject({ unit: 'character', source: 'plain-text', number: 1 });
  const value = page!.words.find((word) => word.text === '138')!;
  expect(value.box[2] - value.box[0]).toBe(3);
  const { png, width, height } = await documents.render(bytes(text), { page: 1, dpi: 130, signal });
  const [across, down] = [width / page!.width, height / page!.height];
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  const ink = ([x0, y0, x1, y1]: readonly number[]) => {
    let dark = 0;
    for (let y = Math.floor(y0! * down); y < Math.min(info.height, y1! * down); y++) {
      for (let x = Math.floor(x0! * across); x < Math.min(info.width, x1! * across); x++) {
        dark += data[(y * info.width + x) * info.channels]! < 128 ? 1 : 0;
      }
    }
    return dark;
  };
  expect(ink(value.box)).toBeGreaterThan(20);
  expect(ink([value.box[0] - 2, value.box[1], value.box[0], value.box[3]])).toBe(0);
});

test('a PDF inside a message: its pages, its picture, and the hash of the message', async () => {
  const pdf = Buffer.from(await tablePdf()).toString('base64');
  const carrier = oru(`OBX|1|ED|PDF^Report||LIS^AP^PDF^Base64^${pdf}||||||F`);
  const document = await documents.open(carrier, { signal });
  expect(document).toMatchObject({
    contentType: 'application/hl7-v2',
    pages: [{ source: 'text-layer', unit: 'point' }],
  });
  expect(document.pages[0]!.words.map(({ text }) => text)).toContain('Creatinine');
  expect((await documents.render(carrier, { page: 1, dpi: 100, signal })).width).toBe(827);
});

test.each([
  [
    'a message in a message',
    `OBX|1|ED|X||A^B^C^Base64^${Buffer.from(message.padEnd(300)).toString('base64')}`,
    'document-unsupported',
  ],
  [
    'no file that is read',
    `OBX|1|ED|X||A^B^C^Base64^${Buffer.from(Buffer.alloc(300, 1)).toString('base64')}`,
    'document-unsupported',
  ],
])('%s', async (_name, segment, code) => {
  await expect(documents.open(oru(segment), { signal })).rejects.toMatchObject({ code });
});
