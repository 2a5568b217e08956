import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import type { Synthetic } from '../models/lab-token-roles/generate.ts';
import { createRandom } from '../models/lab-token-roles/random.ts';
import type { Truth } from '../src/evaluation/truth.ts';
import type { Models } from '../src/inference/model.ts';
import { openTensorModel } from '../src/inference/onnx/tensor.ts';

/** The shipped models, each opened once; to be closed by whoever made it. */
export function shippedModels(): Models & { close(): Promise<void> } {
  const open = new Map<string, ReturnType<typeof openTensorModel>>();
  return {
    tensor(name) {
      const file = new URL(`../models/${name}/model.onnx`, import.meta.url);
      const model = open.get(name) ?? openTensorModel(name, fileURLToPath(file));
      open.set(name, model);
      return model;
    },
    async close() {
      await Promise.all([...open.values()].map(async (model) => (await model).close()));
    },
  };
}

/** What a generated report shows, as `interval evaluate` wants it. Synthetic: nobody's data. */
export function truthOf(document: Synthetic, route: Truth['route']): Truth {
  const { name, birthDate, identifier } = document.patient;
  return {
    layout: document.family,
    generator: 'lab-token-roles',
    route,
    language: document.language,
    ...(route === 'scan' ? { scan: 'flatbed' } : {}),
    patient: { name, birthDate, identifier },
    collected: document.collected,
    tests: document.truth.map(({ name: test, value, unit, range, flag, loinc, previous }) => ({
      name: printable(test),
      value: printable(value),
      ...(unit ? { unit: printable(unit) } : {}),
      ...(range ? { range: printable(range) } : {}),
      ...(flag ? { flag: printable(flag) } : {}),
      ...(loinc ? { loinc } : {}),
      ...(previous ? { previous } : {}),
    })),
  };
}

/** The standard fonts lack arrows; a report that prints them embeds a font, which this does not carry. */
function printable(text: string): string {
  return text.replaceAll('↑', 'H').replaceAll('↓', 'L').replaceAll('≤', '<=').replaceAll('≥', '>=');
}

/** The report as a PDF with a text layer. */
export function renderPdf(document: Synthetic): Promise<Uint8Array> {
  const [sheet] = document.sheets;
  const mono = sheet!.mono;
  const cell = { x: 5.4, y: 9.6 };
  // Plain text has no pages of its own height: print it on as tall a page as it needs.
  const size = mono ? [sheet!.width * cell.x + 60, sheet!.height * cell.y + 60] : [sheet!.width, sheet!.height];
  const pdf = new PDFDocument({ size: size as [number, number], margin: 0, autoFirstPage: false, compress: true });
  const chunks: Buffer[] = [];
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
  for (const { runs } of document.sheets) {
    pdf.addPage();
    for (const run of runs) {
      const text = printable(run.pieces.map((piece) => piece.text).join(''));
      pdf.font(mono ? 'Courier' : run.bold ? 'Helvetica-Bold' : 'Helvetica').fontSize(mono ? 9 : run.size);
      pdf.text(text, mono ? 30 + run.x * cell.x : run.x, mono ? 30 + run.y * cell.y : run.y, { lineBreak: false });
    }
  }
  pdf.end();
  return new Promise((resolve) => pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks)))));
}

/** A report of character cells as plain text, pages apart by form feeds; undefined for one that is drawn. */
export function renderText({ sheets }: Synthetic): Uint8Array | undefined {
  if (sheets.some(({ mono }) => !mono)) return undefined;
  const pages = sheets.map(({ height, runs }) => {
    const lines: string[] = Array.from({ length: Math.ceil(height) + 1 }, () => '');
    for (const { x, y, pieces } of [...runs].sort((one, other) => one.x - other.x)) {
      const at = Math.round(y);
      lines[at] = `${(lines[at] ?? '').padEnd(Math.round(x))}${pieces.map(({ text }) => text).join('')}`;
    }
    return lines.join('\n');
  });
  return new TextEncoder().encode(pages.join('\f'));
}

/** A picture of a page with a slight turn, blur, noise and JPEG, as a flatbed and a hurry make them. */
export async function scanned(png: Uint8Array, seed: number): Promise<Uint8Array> {
  const random = createRandom(seed + 5);
  const { data, info } = await sharp(png)
    .flatten({ background: '#fff' })
    .greyscale()
    .rotate(random.normal() * 0.5, { background: '#fff' })
    .blur(0.4 + random.next() * 0.4)
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let index = 0; index < data.length; index++)
    data[index] = Math.max(0, Math.min(255, data[index]! - 6 + random.normal() * 7));
  return new Uint8Array(
    await sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
      .jpeg({ quality: 70 })
      .toBuffer(),
  );
}
