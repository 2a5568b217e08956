import { crc32, deflateSync } from 'node:zlib';
import PDFDocument from 'pdfkit';
import { type DicomToWrite, writeDicom } from '../../src/imaging/write-dicom.ts';

/** Files that nobody should be able to hurt us with. All made here; no patient is behind them. */

export function pdf(pages: number, options: { readonly userPassword?: string } = {}): Promise<Uint8Array> {
  const document = new PDFDocument({ autoFirstPage: false, ...options });
  const chunks: Buffer[] = [];
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  for (let page = 1; page <= pages; page++) {
    document.addPage().text(`SYNTHETIC SAMPLE, page ${page}: Potassium 6.8 mmol/L 3.5 - 5.1`);
  }
  document.end();
  return whole;
}

/** A grey PNG of one bit a pixel. With `drawn` false the header promises pixels that are not there. */
export function png(width: number, height: number, drawn = true): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc(drawn ? height * (1 + Math.ceil(width / 8)) : 16);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A chest film by its header, with structure in its pixels and nothing of a chest. */
export function dicom(
  header: Partial<DicomToWrite['header']> = {},
  options: { readonly side?: number; readonly attributes?: DicomToWrite['attributes'] } = {},
): Uint8Array {
  const { side = 256, attributes } = options;
  const data = Uint16Array.from({ length: side * side }, (_, index) => {
    const [x, y] = [index % side, Math.floor(index / side)];
    return Math.round(2000 + 1000 * Math.sin((x * 7) / side) * Math.cos((y * 5) / side)) & 0xfff;
  });
  return writeDicom({
    header: {
      sopInstanceUid: '2.25.31',
      studyInstanceUid: '2.25.1',
      seriesInstanceUid: '2.25.2',
      bodyPartExamined: 'CHEST',
      viewPosition: 'PA',
      ...header,
    },
    image: { width: side, height: side, data },
    bitsStored: 12,
    ...(attributes ? { attributes } : {}),
  });
}

/** The same file up to its Pixel Data element (7FE0,0010). */
export function withoutPixels(file: Uint8Array): Uint8Array {
  return file.subarray(0, Buffer.from(file).lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0x00])));
}

/** The same file under another Transfer Syntax UID (0002,0010). */
export function inTransferSyntax(file: Uint8Array, uid: string): Uint8Array {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf(Buffer.from([0x02, 0x00, 0x10, 0x00, 0x55, 0x49]));
  const value = Buffer.from(uid.length % 2 === 0 ? uid : `${uid}\0`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(value.length);
  return Buffer.concat([bytes.subarray(0, at + 6), length, value, bytes.subarray(at + 8 + bytes.readUInt16LE(at + 6))]);
}
