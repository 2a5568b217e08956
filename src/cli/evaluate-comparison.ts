import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { activate } from '../analyses/active.ts';
import type { ReaderId } from '../analyses/analysis.ts';
import { chestXrayComparison } from '../analyses/chest-xray-comparison/index.ts';
import { loadConfig } from '../config.ts';
import { type ErrorCode, errorTable, IntervalError } from '../errors.ts';
import type { AnswerRule } from '../evaluation/comparison/answer.ts';
import { loadPairs } from '../evaluation/comparison/pair-dataset.ts';
import { pairMarkdownOf } from '../evaluation/comparison/pair-markdown.ts';
import { pairPlotOf } from '../evaluation/comparison/pair-plot.ts';
import { type PairReport, pairReportOf } from '../evaluation/comparison/pair-report.ts';
import { runPairs } from '../evaluation/comparison/run-pairs.ts';
import { createDecoder } from '../imaging/decoder.ts';
import { createModels } from '../models.ts';
import { resampleCount } from './resamples.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

interface ComparisonOptions {
  readonly dataset: string;
  readonly images?: string;
  readonly out?: string;
  readonly reader: ReaderId;
  readonly resamples: number;
  readonly answers: AnswerRule;
  readonly json?: true;
}

/** `interval evaluate chest-xray-comparison`: measures a reader against pairs of films whose change experts judged. */
export function addEvaluateComparison(evaluate: Command, output: Output): void {
  evaluate
    .command('chest-xray-comparison')
    .description('Compare every labelled pair of films of a dataset and print how well, as Markdown.')
    .requiredOption('--dataset <dir>', 'folder with pairs.csv, or with the table of MS-CXR-T')
    .option('--images <dir>', 'where the films of MS-CXR-T lie (the folder that holds files/)')
    .option('--out <dir>', 'write evaluation.json, evaluation.md and evaluation.svg into this folder')
    .addOption(new Option('--reader <reader>', 'who reads').choices(['embedded', 'medgemma']).default('embedded'))
    .addOption(
      new Option(
        '--answers <rule>',
        'own: what the reader says of each finding; density: opacity of both lungs for all',
      )
        .choices(['own', 'density'])
        .default('own'),
    )
    .option('--resamples <count>', 'bootstrap resamples for the 95 % intervals', resampleCount, 2000)
    .option('--json', 'print the whole result as JSON instead of Markdown')
    .action((options: ComparisonOptions) => evaluateComparison(options, output));
}

async function evaluateComparison(options: ComparisonOptions, output: Output): Promise<void> {
  const { reader, answers, resamples } = options;
  const dataset = await loadPairs(options.dataset, options.images);
  await prepare(options.out);
  const config = loadConfig({
    environment: process.env,
    given: { labReportReader: 'embedded', chestXrayReader: reader },
  });
  const decoder = createDecoder();
  const models = await createModels(config);
  try {
    await untilInterrupted(async (signal) => {
      const active = await activate(chestXrayComparison({ decoder }), reader, models);
      const bar = createBar();
      const results = await runPairs(active, dataset.pairs, {
        decoder,
        signal,
        onProgress: (done, total) => bar.show(`${done} of ${total} pairs`, done, total),
      }).finally(() => bar.stop());
      const report = pairReportOf({ dataset, results, reader: active.reader, answers, resamples });
      await write(report, options.out);
      output.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : pairMarkdownOf(report));
      for (const warning of warningsOf(report)) {
        output.err(`warning: ${warning}\n`);
      }
    });
  } finally {
    await decoder.close();
    await models.close();
  }
}

/** Made before anything is read: nobody shall wait for figures that cannot be kept. */
async function prepare(folder: string | undefined): Promise<void> {
  if (folder !== undefined) {
    await mkdir(folder, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
      throw new IntervalError('config-invalid', `The folder of --out cannot be made (${cause.code}).`, { cause });
    });
  }
}

async function write(report: PairReport, folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    return;
  }
  try {
    await writeFile(join(folder, 'evaluation.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(join(folder, 'evaluation.md'), pairMarkdownOf(report));
    await writeFile(join(folder, 'evaluation.svg'), pairPlotOf(report));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new IntervalError('config-invalid', `The folder of --out cannot be written (${code}).`, { cause });
  }
}

function warningsOf({ outcomes, total, toRefuse }: PairReport): readonly string[] {
  const failed = (Object.keys(errorTable) as ErrorCode[]).filter((code) => outcomes[code] !== undefined);
  const missed = toRefuse.pairs - toRefuse.refused;
  return [
    ...failed.map((code) => `${outcomes[code]} pairs failed with ${code}; they count as not answered.`),
    ...(total.labels === 0 ? ['no pair has a label: nothing was scored.'] : []),
    ...(missed > 0 ? [`${missed} pairs that must be refused were compared.`] : []),
  ];
}
