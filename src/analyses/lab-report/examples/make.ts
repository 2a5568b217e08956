// node src/analyses/lab-report/examples/make.ts: draws the PDF and PNG examples. Invented people, invented results.
import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import PDFDocument from 'pdfkit';

interface Text {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly bold?: boolean;
}

const head = (patient: string, born: string, id: string, collected: string): Text[] => [
  { x: 40, y: 40, text: 'Example Laboratory (invented)', bold: true },
  { x: 40, y: 60, text: `Patient: ${patient}` },
  { x: 300, y: 60, text: `DOB: ${born}` },
  { x: 40, y: 74, text: `MRN: ${id}` },
  { x: 300, y: 74, text: `Collected: ${collected}` },
  { x: 40, y: 800, text: 'SYNTHETIC EXAMPLE - NOT A REAL PATIENT' },
];

/** Rows of cells at these x, from y downwards. */
const grid = (y: number, xs: readonly number[], rows: readonly (readonly string[])[]): Text[] =>
  rows.flatMap((row, line) =>
    row.flatMap((text, column) => (text === '' ? [] : [{ x: xs[column]!, y: y + line * 16, text, bold: line === 0 }])),
  );

const pages: Readonly<Record<string, readonly Text[]>> = {
  'critical-potassium': [
    ...head('Example, Ada', '18 Apr 1957', 'X-1001', '12 Nov 2026 07:40'),
    ...grid(
      120,
      [40, 230, 300, 350, 430],
      [
        ['Test', 'Result', 'Flag', 'Units', 'Reference Range'],
        ['Sodium', '136', '', 'mmol/L', '136 - 145'],
        ['Potassium', '6.8', 'HH', 'mmol/L', '3.5 - 5.1'],
        ['Creatinine', '2.30', 'H', 'mg/dL', '0.57 - 1.00'],
        ['Glucose', '118', 'H', 'mg/dL', '70 - 99'],
      ],
    ),
  ],
  'previous-column': [
    ...head('Example, Ben', '27 Jan 1948', 'X-1002', '11 Nov 2026 08:05'),
    ...grid(
      120,
      [40, 180, 260, 380, 450],
      [
        ['Test', 'Result', 'Previous 02 Aug 2026', 'Units', 'Reference Interval'],
        ['Creatinine', '1.62 H', '1.05', 'mg/dL', '0.70 - 1.20'],
        ['Potassium', '4.9', '4.4', 'mmol/L', '3.5 - 5.1'],
        ['Calcium', '9.4', '9.2', 'mg/dL', '8.6 - 10.3'],
      ],
    ),
  ],
  'in-out-range': [
    ...head('Example, Cleo', '02 Sep 1969', 'X-1003', '09 Nov 2026'),
    ...grid(
      120,
      [40, 230, 310, 410],
      [
        ['Test Name', 'In Range', 'Out Of Range', 'Reference Range'],
        ['CHOLESTEROL, TOTAL', '', '228 H', '<200 mg/dL'],
        ['HDL CHOLESTEROL', '47', '', '>40 mg/dL'],
        ['TRIGLYCERIDES', '', '182 H', '<150 mg/dL'],
      ],
    ),
  ],
  german: [
    { x: 40, y: 40, text: 'Labor Musterstadt (erfunden)', bold: true },
    { x: 40, y: 60, text: 'Patient: Beispiel, Dora' },
    { x: 300, y: 60, text: 'geb. am: 02.09.1969' },
    { x: 300, y: 74, text: 'Entnahme: 09.08.2026 07:40' },
    { x: 40, y: 800, text: 'SYNTHETISCHES BEISPIEL - KEIN ECHTER PATIENT' },
    ...grid(
      120,
      [40, 200, 280, 360],
      [
        ['Untersuchung', 'Ergebnis', 'Einheit', 'Referenzbereich'],
        ['Kalium', '4,4', 'mmol/l', '3,5 - 5,1'],
        ['Kreatinin', '97', 'µmol/l', '59 - 104'],
        ['Glukose', '8,1 +', 'mmol/l', '3,9 - 5,6'],
        ['CRP', '<0,6', 'mg/l', '< 5,0'],
      ],
    ),
  ],
};

for (const [name, texts] of Object.entries(pages)) {
  const pdf = new PDFDocument({ size: 'A4', margin: 0, info: { CreationDate: new Date(0) } });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  pdf.on('end', () => writeFileSync(new URL(`${name}.pdf`, import.meta.url), Buffer.concat(chunks)));
  for (const { x, y, text, bold } of texts) {
    pdf
      .font(bold ? 'Helvetica-Bold' : 'Helvetica')
      .fontSize(10)
      .text(text, x, y, { lineBreak: false });
  }
  pdf.end();
}

// A clean scan: large letters, so that the example tests the way and not the recognition.
const scan: readonly Text[] = [
  { x: 60, y: 70, text: 'Example Laboratory (invented)', bold: true },
  { x: 60, y: 115, text: 'Patient: Example, Finn' },
  { x: 620, y: 115, text: 'Collected: 10 Nov 2026' },
  ...grid(
    180,
    [60, 400, 600, 820],
    [
      ['Test', 'Result', 'Units', 'Reference Range'],
      ['Sodium', '141', 'mmol/L', '136 - 145'],
      ['Glucose', '146', 'mg/dL', '70 - 99'],
      ['Platelets', '468', 'K/uL', '150 - 400'],
    ],
  ).map((one) => ({ ...one, y: 180 + (one.y - 180) * 2.8 })),
  { x: 60, y: 440, text: 'SYNTHETIC EXAMPLE - NOT A REAL PATIENT' },
];
const canvas = createCanvas(1200, 480);
const context = canvas.getContext('2d');
context.fillStyle = '#fff';
context.fillRect(0, 0, 1200, 480);
context.fillStyle = '#111';
for (const { x, y, text, bold } of scan) {
  context.font = `${bold ? 'bold ' : ''}26px sans-serif`;
  context.fillText(text, x, y);
}
writeFileSync(new URL('scan.png', import.meta.url), canvas.toBuffer('image/png'));
