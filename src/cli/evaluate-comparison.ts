import { type Command, Option } from 'commander';
import { activate } from '../analyses/active.ts';
import { chestXrayComparison } from '../analyses/chest-xray-comparison/index.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import type { AnswerRule } from '../evaluation/comparison/answer.ts';
import { loadPairs } from '../evaluation/comparison/pair-dataset.ts';
import { pairMarkdownOf } from '../evaluation/comparison/pair-markdown.ts';
import { pairPlotOf } from '../evaluation/comparison/pair-plot.ts';
import { type PairReport, pairReportOf } from '../evaluation/comparison/pair-report.ts';
import { runPairs } from '../evaluation/comparison/run-pairs.ts';
import { createDecoder } from '../imaging/decoder.ts';
import { addEvaluationOptions, type EvaluationOptions, evaluate } from './evaluation.ts';
import type { Output } from './terminal.ts';

interface ComparisonOptions extends EvaluationOptions {
  readonly images?: string;
  readonly answers: AnswerRule;
}

/** `interval evaluate chest-xray-comparison`: measures a reader against pairs of films whose change experts judged. */
export function addEvaluateComparison(parent: Command, output: Output): void {
  addEvaluationOptions(
    parent
      .command('chest-xray-comparison')
      .description('Compare every labelled pair of films of a dataset and print how well, as Markdown.')
      .requiredOption('--dataset <dir>', 'folder with pairs.csv, or with the table of MS-CXR-T')
      .option('--images <dir>', 'where the films of MS-CXR-T lie (the folder that holds files/)'),
  )
    .addOption(
      new Option(
        '--answers <rule>',
        'own: what the reader says of each finding; density: opacity of both lungs for all',
      )
        .choices(['own', 'density'])
        .default('own'),
    )
    .action((options: ComparisonOptions) => evaluateComparison(options, output));
}

async function evaluateComparison(options: ComparisonOptions, output: Output): Promise<void> {
  const { reader, answers, resamples } = options;
  const dataset = await loadPairs(options.dataset, options.images);
  const decoder = createDecoder();
  try {
    await evaluate(
      options,
      {
        units: 'pairs',
        readers: { labReportReader: 'embedded', chestXrayReader: reader },
        async run(models, signal, onProgress) {
          const active = await activate(chestXrayComparison({ decoder }), reader, models);
          const results = await runPairs(active, dataset.pairs, { decoder, signal, onProgress });
          return pairReportOf({ dataset, results, reader: active.reader, answers, resamples });
        },
        markdown: pairMarkdownOf,
        plot: pairPlotOf,
        warnings: warningsOf,
      },
      output,
    );
  } finally {
    await decoder.close();
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
