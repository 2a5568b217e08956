import PDFDocument from 'pdfkit';
import type { Moment } from '../calendar.ts';
import { NOTICE } from '../lab-document.ts';

export type Sheet = PDFKit.PDFDocument;

export interface Cell {
  readonly text: string;
  readonly x: number;
  /** Column width in points; the text is right-aligned in it when `align` says so. */
  readonly width: number;
  readonly align?: 'left' | 'right' | 'center';
  readonly bold?: boolean;
  readonly color?: string;
}

/**
 * One A4 or Letter page in points, drawn by `draw`, with the synthetic notice at its foot. The same input gives the same
 * bytes: the creation date is an argument and PDFKit derives the file id from it.
 */
export function printSheet(
  options: { readonly title: string; readonly created: Date; readonly size: 'A4' | 'LETTER' },
  draw: (sheet: Sheet) => void,
): Promise<Uint8Array> {
  const sheet = new PDFDocument({
    size: options.size,
    margin: 40,
    info: { Title: options.title, Author: NOTICE, CreationDate: options.created, ModDate: options.created },
  });
  const chunks: Uint8Array[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    sheet.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    sheet.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))));
    sheet.on('error', reject);
  });
  draw(sheet);
  sheet.font('Helvetica').fontSize(7).fillColor('#555555');
  sheet.text(NOTICE, 40, sheet.page.height - 52, { width: sheet.page.width - 80, align: 'center', lineBreak: false });
  sheet.end();
  return done;
}

/** Cells of one line; `y` is the top of the text. Plain and bold faces of Helvetica. */
export function line(sheet: Sheet, y: number, size: number, cells: readonly Cell[]): void {
  for (const cell of cells) {
    sheet
      .font(cell.bold ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(size)
      .fillColor(cell.color ?? '#111111');
    const indent =
      cell.align === 'right'
        ? cell.width - sheet.widthOfString(cell.text)
        : cell.align === 'center'
          ? (cell.width - sheet.widthOfString(cell.text)) / 2
          : 0;
    sheet.text(cell.text, cell.x + indent, y, { lineBreak: false });
  }
}

export function rule(sheet: Sheet, y: number, x0: number, x1: number, width = 0.5, color = '#444444'): void {
  sheet.moveTo(x0, y).lineTo(x1, y).lineWidth(width).strokeColor(color).stroke();
}

/** 03/14/2026 */
export function usDate(moment: Pick<Moment, 'year' | 'month' | 'day'>): string {
  return `${two(moment.month)}/${two(moment.day)}/${moment.year}`;
}

/** 14.03.2026 */
export function germanDate(moment: Pick<Moment, 'year' | 'month' | 'day'>): string {
  return `${two(moment.day)}.${two(moment.month)}.${moment.year}`;
}

/** Mar 14, 2026 */
export function wordDate(moment: Pick<Moment, 'year' | 'month' | 'day'>): string {
  const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return `${names[moment.month - 1]} ${moment.day}, ${moment.year}`;
}

/** A plain FHIR date as parts, for the formats above. */
export function parts(date: string): Pick<Moment, 'year' | 'month' | 'day'> {
  const [year, month, day] = date.split('-').map(Number);
  return { year: year!, month: month!, day: day! };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
