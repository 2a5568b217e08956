// node bench/lab-calibrate.ts DIR [DIR…] [--write]: fits the model that turns the reader's confidence into the probability that a
// row is right (name, value, unit) on the rows of datasets, and with --write puts it into src/analyses/lab-report/confidence.json.
// Figures are from ten folds by layout: nothing is scored by a model that has seen a row of the same design.
import { writeFile } from 'node:fs/promises';
import { activate } from '../src/analyses/active.ts';
import { calibration, confidenceFeatures, featuresOfRow } from '../src/analyses/lab-report/confidence.ts';
import { guards } from '../src/analyses/lab-report/guards.ts';
import { labReport } from '../src/analyses/lab-report/index.ts';
import { createDocuments } from '../src/documents/documents.ts';
import { seeded } from '../src/evaluation/bootstrap.ts';
import { loadDataset } from '../src/evaluation/dataset.ts';
import { reliabilityOf } from '../src/evaluation/reliability.ts';
import { type DocumentResult, runDataset } from '../src/evaluation/run.ts';
import { shippedModels } from './lab-generated.ts';

const folds = 10;
/** Pull towards zero, in units of rows; the intercept is free. */
const ridge = 1;

const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
if (folders.length === 0) throw new Error('node bench/lab-calibrate.ts DIR [DIR…] [--write]');

interface Example {
  readonly document: string;
  readonly layout: string;
  readonly scan: boolean;
  readonly features: readonly number[];
  readonly raw: number;
  readonly right: boolean;
}

const documents = createDocuments({ threads: 2 });
const models = shippedModels();
const analysis = labReport({ documents });
// The reader's own confidence, not what an earlier fit made of it.
const active = await activate(
  { ...analysis, guards: guards.filter((guard) => guard !== calibration) },
  'embedded',
  models,
);
const examples: Example[] = [];
for (const folder of folders) {
  const { documents: labelled } = await loadDataset(folder);
  const signal = new AbortController().signal;
  for (const result of await runDataset(active, labelled, { signal, concurrency: 2 })) {
    examples.push(...examplesOf(folder, result));
  }
}
await documents.close();
await models.close();

const layouts = [...new Set(examples.map(({ layout }) => layout))];
const fold = foldsOf(layouts);
const held = Array.from({ length: folds }, (_, at) => fitted(examples.filter(({ layout }) => fold.get(layout) !== at)));
const after = examples.map((one) => ({
  ...one,
  confidence: probability(held[fold.get(one.layout)!]!, one.features),
}));

console.log(
  `${examples.length} rows of ${new Set(examples.map(({ document }) => document)).size} documents in ${layouts.length} layouts, ${folds} folds by layout\n`,
);
console.log(
  '| rows | n | right | Brier before | after | calibration error before | after |\n|---|---|---|---|---|---|---|',
);
line('all', () => true);
line('text', ({ scan }) => !scan);
line('scan', ({ scan }) => scan);
console.log('\n| confidence | rows | mean confidence | right |\n|---|---|---|---|');
for (const { from, to, rows, meanConfidence, right } of reliabilityOf(after)?.bins ?? []) {
  console.log(`| ${from.toFixed(1)}–${to.toFixed(1)} | ${rows} | ${meanConfidence.toFixed(3)} | ${right.toFixed(3)} |`);
}
const [intercept, ...weights] = fitted(examples).map((weight) => Math.round(weight * 1e4) / 1e4);
const model = { intercept, weights: Object.fromEntries(confidenceFeatures.map((name, at) => [name, weights[at]])) };
console.log(`\n${JSON.stringify(model)}`);
if (process.argv.includes('--write')) {
  const file = new URL('../src/analyses/lab-report/confidence.json', import.meta.url);
  await writeFile(file, `${JSON.stringify(model, null, 2)}\n`);
}

function examplesOf(folder: string, { document, outcome, score }: DocumentResult): readonly Example[] {
  if (outcome.kind !== 'finding') return [];
  const scans = new Set(outcome.pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
  return outcome.finding.rows.map((row, at) => ({
    document: `${folder}/${document.id}`,
    layout: document.truth.layout,
    scan: scans.has(row.page),
    features: featuresOfRow(row, { scan: scans.has(row.page) }),
    raw: row.confidence,
    right: score.rows[at]?.row3 ?? false,
  }));
}

function line(title: string, wanted: (example: Example) => boolean): void {
  const some = after.filter(wanted);
  const [one, other] = [reliabilityOf(some.map(({ raw, right }) => ({ confidence: raw, right }))), reliabilityOf(some)];
  if (!one || !other) return;
  const right = some.filter((example) => example.right).length / some.length;
  const cells = [right, one.brier, other.brier, one.expectedError, other.expectedError].map((value) =>
    value.toFixed(3),
  );
  console.log(`| ${title} | ${some.length} | ${cells.join(' | ')} |`);
}

function foldsOf(list: readonly string[]): ReadonlyMap<string, number> {
  const random = seeded(7);
  const shuffled = list.map((name) => ({ name, at: random() })).sort((one, other) => one.at - other.at);
  return new Map(shuffled.map(({ name }, at) => [name, at % folds]));
}

/** Intercept and weights by Newton's method on the penalised likelihood. */
function fitted(rows: readonly Example[]): readonly number[] {
  const size = confidenceFeatures.length + 1;
  let weights: readonly number[] = new Array(size).fill(0);
  for (let step = 0; step < 30; step++) {
    const gradient = weights.map((weight, at) => (at === 0 ? 0 : -ridge * weight));
    const curvature = weights.map((_, at) => weights.map((_, other) => (at === other && at > 0 ? ridge : 1e-9)));
    for (const { features, right } of rows) {
      const p = probability(weights, features);
      const x = [1, ...features];
      for (let at = 0; at < size; at++) {
        gradient[at]! += (Number(right) - p) * x[at]!;
        for (let other = 0; other < size; other++) curvature[at]![other]! += p * (1 - p) * x[at]! * x[other]!;
      }
    }
    const change = solved(curvature, gradient);
    weights = weights.map((weight, at) => weight + change[at]!);
    if (Math.max(...change.map(Math.abs)) < 1e-6) break;
  }
  return weights;
}

function probability([intercept, ...weights]: readonly number[], features: readonly number[]): number {
  return 1 / (1 + Math.exp(-features.reduce((sum, value, at) => sum + value * weights[at]!, intercept!)));
}

/** Gaussian elimination with pivots. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, at) => [...row, right[at]!]);
  for (let at = 0; at < rows.length; at++) {
    const pivot = rows
      .slice(at)
      .reduce((best, row, offset) => (Math.abs(row[at]!) > Math.abs(rows[best]![at]!) ? at + offset : best), at);
    [rows[at], rows[pivot]] = [rows[pivot]!, rows[at]!];
    for (let below = 0; below < rows.length; below++) {
      if (below === at) continue;
      const factor = rows[below]![at]! / rows[at]![at]!;
      for (let column = at; column <= rows.length; column++) rows[below]![column]! -= factor * rows[at]![column]!;
    }
  }
  return rows.map((row, at) => row[rows.length]! / row[at]!);
}
