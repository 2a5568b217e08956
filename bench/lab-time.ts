// node bench/lab-time.ts DIR [ROUNDS] [FILES]: time a page for the PDF and the scans of a dataset, beside the plain calls alone in the
// same run: pdfjs getTextContent, and tesseract.js on the same picture. Files alternate, and so does who comes first. Peak
// resident memory is that of a process of its own for each, which opens the same files once.
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { createWorker } from 'tesseract.js';
import { isAbstention } from '../src/analyses/analysis.ts';
import { createDocuments } from '../src/documents/documents.ts';
import { loadDataset } from '../src/evaluation/dataset.ts';
import { openReading, shipped } from '../src/evaluation/reader.ts';
import { shippedModels } from './lab-generated.ts';

/** Somebody who takes a file and returns how many pages it has. */
interface Side {
  read(bytes: Uint8Array): Promise<number>;
  close(): Promise<unknown>;
}

const [folder, rounds = '3', most = '20', alone] = process.argv.slice(2);
if (!folder) throw new Error('node bench/lab-time.ts DIR [ROUNDS] [FILES]');
const labelled = (await loadDataset(folder)).documents.filter(({ truth }) => truth.expect === undefined);
const files = {
  text: await bytesOf(({ path, route }) => route === 'text' && /\.pdf$/i.test(path), Number(most)),
  // A scan inside a PDF or of several pages is no picture that the plain call could be given.
  scan: await bytesOf(
    ({ path, route }) => route === 'scan' && /\.(?:png|jpe?g)$/i.test(path),
    Math.ceil(Number(most) / 2),
  ),
};
const kinds = {
  text: { title: 'PDF page with a text layer', plain: pdfjs, said: 'getTextContent' },
  scan: { title: 'scanned page', plain: tesseract, said: 'tesseract.js' },
} as const;
type Kind = keyof typeof kinds;

if (alone) await peakOf(alone);
else await compare();

async function compare(): Promise<void> {
  console.log(
    `Node ${process.version}, ${availableParallelism()} cores; ${files.text.length} PDF, ${files.scan.length} scans, ${rounds} rounds after one that is not counted. Milliseconds a page, one document at a time: median [quartiles]. Memory: peak resident megabytes.\n`,
  );
  console.log('| | Interval | plain call | ratio of medians | median of ratios | memory | memory of the plain call |');
  console.log('|---|---|---|---|---|---|---|');
  for (const kind of ['text', 'scan'] as const) {
    if (files[kind].length === 0) continue;
    const { own, other, ratios } = await times(kind);
    const said = (list: readonly number[]) =>
      `${quantile(list, 0.5).toFixed(0)} [${quantile(list, 0.25).toFixed(0)}, ${quantile(list, 0.75).toFixed(0)}]`;
    const cells = [
      `${kinds[kind].title}, beside ${kinds[kind].said}`,
      said(own),
      said(other),
      (quantile(own, 0.5) / quantile(other, 0.5)).toFixed(2),
      quantile(ratios, 0.5).toFixed(2),
      peakAlone(`own-${kind}`),
      peakAlone(`plain-${kind}`),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function times(kind: Kind) {
  const sides = [await interval(), await kinds[kind].plain()] as const;
  const result = { own: [] as number[], other: [] as number[], ratios: [] as number[] };
  for (let round = 0; round <= Number(rounds); round++) {
    for (const [at, bytes] of files[kind].entries()) {
      const order = (round + at) % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
      const taken = [0, 0];
      for (const side of order) taken[side] = await timed(() => sides[side].read(bytes));
      // The first round warms up both sides.
      if (round === 0) continue;
      result.own.push(taken[0]!);
      result.other.push(taken[1]!);
      result.ratios.push(taken[0]! / taken[1]!);
    }
  }
  for (const side of sides) await side.close();
  return result;
}

async function timed(work: () => Promise<number>): Promise<number> {
  const begun = performance.now();
  const pages = await work();
  return (performance.now() - begun) / pages;
}

function peakAlone(side: string): string {
  const self = fileURLToPath(import.meta.url);
  return execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', self, folder!, rounds, most, side], {
    encoding: 'utf8',
  }).trim();
}

/** In a process of its own: the high-water mark of the resident set, threads included. */
async function peakOf(side: string): Promise<void> {
  const kind: Kind = side.endsWith('text') ? 'text' : 'scan';
  const reader = side.startsWith('own') ? await interval() : await kinds[kind].plain();
  for (const bytes of files[kind]) await reader.read(bytes);
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
  await reader.close();
}

async function interval(): Promise<Side> {
  const { signal } = new AbortController();
  const documents = createDocuments();
  const models = shippedModels();
  const active = await openReading(documents, models, shipped);
  return {
    async read(bytes) {
      const input = await active.analysis.open({ file: bytes }, signal);
      if (isAbstention(input)) return 1;
      await active.read(input, signal);
      return input.document.pages.length;
    },
    close: () => Promise.all([documents.close(), models.close()]),
  };
}

async function pdfjs(): Promise<Side> {
  return {
    async read(bytes) {
      const task = getDocument({ data: bytes.slice(), verbosity: 0, useSystemFonts: false, disableFontFace: true });
      const pdf = await task.promise;
      for (let page = 1; page <= pdf.numPages; page++) await (await pdf.getPage(page)).getTextContent();
      const pages = pdf.numPages;
      await task.destroy();
      return pages;
    },
    close: async () => undefined,
  };
}

async function tesseract(): Promise<Side> {
  const worker = await createWorker('eng', 1, {
    langPath: fileURLToPath(new URL('./4.0.0_best_int', import.meta.resolve('@tesseract.js-data/eng/package.json'))),
    gzip: true,
    cacheMethod: 'none',
    logger: () => {},
    errorHandler: () => {},
  });
  return {
    async read(bytes) {
      await worker.recognize(Buffer.from(bytes), {}, { blocks: true, text: false });
      return 1;
    },
    close: () => worker.terminate(),
  };
}

/** The files that are wanted, at most so many, evenly taken from the whole list. */
async function bytesOf(
  wanted: (file: { readonly path: string; readonly route: string }) => boolean,
  count: number,
): Promise<readonly Uint8Array[]> {
  const paths = labelled.filter(({ path, truth }) => wanted({ path, route: truth.route })).map(({ path }) => path);
  const step = Math.max(1, paths.length / count);
  const some = Array.from({ length: Math.min(count, paths.length) }, (_, at) => paths[Math.floor(at * step)]!);
  return Promise.all(some.map(async (path) => new Uint8Array(await readFile(path))));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
