import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { createDocuments } from '../documents/documents.ts';
import { type ErrorCode, errorTable, IntervalError } from '../errors.ts';
import { loadDataset } from '../evaluation/dataset.ts';
import { markdownOf } from '../evaluation/markdown.ts';
import { plotOf } from '../evaluation/plot.ts';
import { openReading, type ReadingChoice } from '../evaluation/reader.ts';
import { type EvaluationReport, reportOf } from '../evaluation/report.ts';
import { runDataset } from '../evaluation/run.ts';
import { addEvaluateComparison } from './evaluate-comparison.ts';
import { addEvaluationOptions, type EvaluationOptions, evaluate } from './evaluation.ts';
import type { Output } from './terminal.ts';

interface LabReportOptions extends EvaluationOptions {
  readonly labels?: string;
  readonly roles: ReadingChoice['roles'];
  readonly guards: ReadingChoice['guards'];
  readonly showValues?: true;
}

/** `interval evaluate …`: measures an analysis against documents whose truth is known. */
export function addEvaluateCommands(program: Command, output: Output): void {
  const parent = program
    .command('evaluate')
    .description('Measure a reader against documents or films whose truth is known (docs/evaluation.md).');
  addEvaluateComparison(parent, output);
  addEvaluationOptions(
    parent
      .command('lab-report')
      .description('Read every document of a dataset and print how well, as Markdown.')
      .requiredOption('--dataset <dir>', 'folder of documents, each with its <name>.truth.json beside it')
      .option('--labels <dir>', 'the truth files, where they do not stand beside the documents'),
  )
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
  const concurrency = Math.min(2, availableParallelism());
  const documents = createDocuments({ threads: concurrency });
  try {
    await evaluate(
      options,
      {
        units: 'documents',
        readers: { labReportReader: reader, chestXrayReader: 'embedded' },
        async run(models, signal, onProgress) {
          const active = await openReading(documents, models, choice);
          const results = await runDataset(active, dataset.documents, { signal, concurrency, onProgress });
          return reportOf({ dataset, results, reader: active.reader, choice, resamples, showValues });
        },
        markdown: markdownOf,
        plot: plotOf,
        warnings: warningsOf,
      },
      output,
    );
  } finally {
    await documents.close();
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
