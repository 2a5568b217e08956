import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';

/** Documents made for the tests: synthetic, no patient's data. */
export const rows = [
  ['Sodium', '139', 'mmol/L', '136 - 145'],
  ['Potassium', '6.4 H', 'mmol/L', '3.5 - 5.1'],
  ['Creatinine', '1.32', 'mg/dL', '0.70 - 1.20'],
  ['Haemoglobin', '13.4', 'g/dL', '13.0 - 17.0'],
  ['CRP', '0,8', 'mg/L', '< 5'],
] as const;

export function makePdf(
  draw: (pdf: PDFKit.PDFDocument) => void,
  options: PDFKit.PDFDocumentOptions = {},
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const pdf = new PDFDocument({ size: 'A4', margin: 40, ...options });
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on('error', reject);
    draw(pdf);
    pdf.end();
  });
}

export function drawTable(pdf: PDFKit.PDFDocument): void {
  pdf.font('Helvetica-Bold').fontSize(16).text('Synthetic Laboratory Report', 40, 40);
  pdf.fontSize(10);
  rows.forEach(([name, value, unit, range], index) => {
    const y = 120 + 20 * index;
    pdf.font('Helvetica').text(name, 40, y);
    pdf.font('Helvetica-Bold').text(value, 220, y);
    pdf.font('Helvetica').text(unit, 320, y).text(range, 420, y);
  });
}

export const tablePdf = (): Promise<Uint8Array> => makePdf(drawTable);

/** A PDF from the bodies of its objects, numbered from 1; the first is the catalogue. */
export function rawPdf(
  objects: readonly (string | { readonly head: string; readonly stream: Uint8Array })[],
): Uint8Array {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n', 'latin1')];
  const offsets: number[] = [];
  let length = parts[0]!.length;
  const write = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  objects.forEach((object, index) => {
    offsets.push(length);
    write(Buffer.from(`${index + 1} 0 obj\n${typeof object === 'string' ? object : object.head}\n`, 'latin1'));
    if (typeof object !== 'string') {
      write(Buffer.from('stream\n'));
      write(Buffer.from(object.stream));
      write(Buffer.from('\nendstream\n'));
    }
    write(Buffer.from('endobj\n'));
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  write(
    Buffer.from(
      `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<</Size ${size}/Root 1 0 R>>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}

/** A page whose content grows a thousand-fold when it is inflated. */
export function bombPdf(megabytes: number): Uint8Array {
  const stream = deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '));
  return rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>',
    { head: `<</Length ${stream.length}/Filter/FlateDecode>>`, stream },
  ]);
}

/** One page on which as many rows of results are written as no eye can tell apart. */
export function longPdf(count: number): Uint8Array {
  const lines = Array.from(
    { length: count },
    (_, row) => `1 0 0 1 40 ${(780 - 0.07 * row).toFixed(2)} Tm (Sodium ${row} mmol/L 136-145) Tj`,
  );
  const stream = deflateSync(Buffer.from(`BT /F1 0.4 Tf ${lines.join('\n')} ET`));
  return rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    { head: `<</Length ${stream.length}/Filter/FlateDecode>>`, stream },
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]);
}

/** A page whose text layer says other letters than it shows: its font has a wrong table of characters. */
export function garbledPdf(): Uint8Array {
  const text = rows.map(
    (row, index) => `1 0 0 1 40 ${700 - 24 * index} Tm (${row.join('   ').replace(/[()]/g, '')}) Tj`,
  );
  const page = Buffer.from(`BT /F1 12 Tf ${text.join('\n')} ET`);
  const ranges = '<20><7e><003d>';
  const map = Buffer.from(
    `/CIDInit /ProcSet findresource begin begincmap /CMapName /X def 1 begincodespacerange <00><ff> endcodespacerange 1 beginbfrange ${ranges} endbfrange endcmap end`,
  );
  return rawPdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    { head: `<</Length ${page.length}>>`, stream: page },
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>',
    { head: `<</Length ${map.length}>>`, stream: map },
  ]);
}

/** A 1-bit PNG of any size that weighs next to nothing. */
export function blackPng(width: number, height: number): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const pixels = deflateSync(Buffer.alloc(height * (Math.ceil(width / 8) + 1)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(
    Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]),
  );
}
