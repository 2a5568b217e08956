import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import type { ReaderId } from '../analyses/analysis.ts';
import { loadConfig } from '../config.ts';
import { createDocuments } from '../documents/documents.ts';
import { type ErrorCode, errorTable, IntervalError } from '../errors.ts';
import { loadDataset } from '../evaluation/dataset.ts';
import { markdownOf } from '../evaluation/markdown.ts';
import { plotOf } from '../evaluation/plot.ts';
import { openReading, type ReadingChoice } from '../evaluation/reader.ts';
import { type EvaluationReport, reportOf } from '../evaluation/report.ts';
import { runDataset } from '../evaluation/run.ts';
import { createModels } from '../models.ts';
import { addEvaluateComparison } from './evaluate-comparison.ts';
import { resampleCount } from './resamples.ts';
import { createBar, type Output, untilInterrupted } from './terminal.ts';

interface LabReportOptions {
  readonly dataset: string;
  readonly labels?: string;
  readonly out?: string;
  readonly reader: ReaderId;
  readonly resamples: number;
  readonly roles: ReadingChoice['roles'];
  readonly guards: ReadingChoice['guards'];
  readonly showValues?: true;
  readonly json?: true;
}

/** `interval evaluate …`: measures an analysis against documents whose truth is known. */
export function addEvaluateCommands(program: Command, output: Output): void {
  const evaluate = program
    .command('evaluate')
    .description('Measure a reader against documents or films whose truth is known (docs/evaluation.md).');
  addEvaluateComparison(evaluate, output);
  evaluate
    .command('lab-report')
    .description('Read every document of a dataset and print how well, as Markdown.')
    .requiredOption('--dataset <dir>', 'folder of documents, each with its <name>.truth.json beside it')
    .option('--labels <dir>', 'the truth files, where they do not stand beside the documents')
    .option('--out <dir>', 'write evaluation.json, evaluation.md and evaluation.svg into this folder')
    .addOption(new Option('--reader <reader>', 'who reads').choices(['embedded', 'medgemma']).default('embedded'))
    .option('--resamples <count>', 'bootstrap resamples for the 95 % intervals', resampleCount, 2000)
    .option('--json', 'print the whole result as JSON instead of Markdown')
    .option('--show-values', 'put printed and read values into the list of faults: they are the patients’')
    .addOption(
      new Option('--roles <who>', 'ablation: who decides what a word is')
        .choices(['rules', 'model', 'both'])
        .default('both'),
    )
    .addOption(new Option('--guards <state>', 'ablation').choices(['on', 'off']).default('on'))
    .action((options: LabReportOptions) => evaluateLabReports(options, output));
}

async function evaluateLabReports(options: LabReportOptions, output: Output): Promise<void> {
  const { reader, roles, guards, resamples, showValues = false } = options;
  if (roles !== 'both' && reader !== 'embedded') {
    throw new IntervalError('config-invalid', 'Option --roles is of the embedded reader alone.');
  }
  const choice: ReadingChoice = { reader, roles, guards };
  const dataset = await loadDataset(options.dataset, options.labels);
  const config = loadConfig({
    environment: process.env,
    given: { labReportReader: reader, chestXrayReader: 'embedded' },
  });
  const threads = Math.min(2, availableParallelism());
  const documents = createDocuments({ threads });
  const models = await createModels(config);
  try {
    await untilInterrupted(async (signal) => {
      const active = await openReading(documents, models, choice);
      const bar = createBar();
      const results = await runDataset(active, dataset.documents, {
        signal,
        concurrency: threads,
        onProgress: (done, total) => bar.show(`${done} of ${total} documents`, done, total),
      }).finally(() => bar.stop());
      const report = reportOf({ dataset, results, reader: active.reader, choice, resamples, showValues });
      await write(report, options.out);
      output.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : markdownOf(report));
      for (const warning of warningsOf(report)) output.err(`warning: ${warning}\n`);
    });
  } finally {
    await documents.close();
    await models.close();
  }
}

async function write(report: EvaluationReport, folder: string | undefined): Promise<void> {
  if (folder === undefined) return;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'evaluation.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(join(folder, 'evaluation.md'), markdownOf(report));
    await writeFile(join(folder, 'evaluation.svg'), plotOf(report));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new IntervalError('config-invalid', `The folder of --out cannot be written (${code}).`, { cause });
  }
}

/** Outcomes that are no verdict on a document: something of ours broke, and the figures are not to be used. */
const ownFaults = (Object.keys(errorTable) as ErrorCode[]).filter((code) => errorTable[code].kind === 'internal');

function warningsOf({ scored, unlabelled, unusedLabels, outcomes }: EvaluationReport): readonly string[] {
  const broken = ownFaults.filter((code) => outcomes[code] !== undefined);
  return [
    ...broken.map((code) => `${outcomes[code]} documents failed with ${code}, which is no fault of theirs.`),
    ...(scored === 0 ? ['no document has a truth: nothing was scored.'] : []),
    ...(unlabelled.length > 0 ? [`${unlabelled.length} documents have no truth; they are listed in the JSON.`] : []),
    ...(unusedLabels.length > 0 ? [`${unusedLabels.length} label files belong to no document of the dataset.`] : []),
  ];
}
