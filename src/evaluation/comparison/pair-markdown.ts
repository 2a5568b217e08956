import { changes } from '../../analyses/chest-xray-comparison/finding.ts';
import { outcomesInWords, share, table, withInterval } from '../table.ts';
import type { PairFigureName, PairFigures } from './pair-figures.ts';
import type { PairReport, TargetReport } from './pair-report.ts';

const DIGITS = 2;

const shown: readonly (readonly [PairFigureName, string])[] = [
  ['macroAccuracy', 'macro accuracy'],
  ['accuracy', 'accuracy'],
  ['coverage', 'coverage'],
  ['macroAccuracyAt80', 'macro at 80 %'],
  ['accuracyAt80', 'accuracy at 80 %'],
  ['macroAccuracyAt50', 'macro at 50 %'],
  ['accuracyAt50', 'accuracy at 50 %'],
  ['tau', 'tau-b'],
  ['weightedKappa', 'weighted kappa'],
  ['opposite', 'said the opposite'],
];

/** The figures as Markdown; no file and no patient is named. */
export function pairMarkdownOf(report: PairReport): string {
  const { reader, dataset, options, total, zones, toRefuse, milliseconds } = report;
  const line = (name: string, figures: PairFigures, labels: number | string): readonly (string | number)[] => [
    name,
    labels,
    ...shown.map(([figure]) => withInterval(figures[figure], DIGITS)),
  ];
  const head = ['', 'labels', ...shown.map(([, label]) => label)];
  const parts = [
    '# Chest X-ray comparison',
    `Reader ${reader.id} ${reader.version}; ${dataset.pairs} pairs (${dataset.format}), ${dataset.patients} patients; answers: ${options.answers}. In brackets 95 % intervals (bootstrap over patients, ${options.resamples} resamples).`,
    `Outcomes: ${outcomesInWords(report.outcomes)}. Seconds a pair: median ${(milliseconds.median / 1000).toFixed(2)}, longest ${(milliseconds.longest / 1000).toFixed(2)}.`,
    ...(toRefuse.pairs > 0 ? [`Pairs that must be refused: ${toRefuse.refused} of ${toRefuse.pairs} were.`] : []),
    table(head, [
      line(`reader ${reader.id}`, total.figures, total.labels),
      ...Object.entries(report.baselines).map(([name, figures]) => line(name, figures, total.labels)),
    ]),
    ...several('## By finding', report.targets, head, line),
    ...several('## By group', report.groups, head, line),
    '## What was said to which label',
    ...Object.entries(report.targets).flatMap(([name, one]) => [`${name}:`, confusion(one)]),
    ...(zones
      ? [
          '## Zones',
          `${zones.zones} zones of scored pairs: Kendall's tau-b of measured and scored change ${withInterval(zones.tau, DIGITS)}; same direction where the experts saw two points or more ${withInterval(zones.direction, DIGITS)}.`,
        ]
      : []),
    ...(report.curve.length > 0
      ? [
          '## Answering only the surest',
          table(
            ['coverage', 'labels', 'accuracy', 'macro accuracy'],
            report.curve.map((point) => [
              point.coverage.toFixed(2),
              point.judged,
              share(point.accuracy, DIGITS),
              share(point.macroAccuracy, DIGITS),
            ]),
          ),
        ]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function several(
  title: string,
  groups: Readonly<Record<string, TargetReport>>,
  head: readonly string[],
  line: (name: string, figures: PairFigures, labels: number) => readonly (string | number)[],
): readonly string[] {
  const entries = Object.entries(groups);
  return entries.length < 2
    ? []
    : [
        title,
        table(
          head,
          entries.map(([name, one]) => line(name, one.figures, one.labels)),
        ),
      ];
}

function confusion({ confusion: counts }: TargetReport): string {
  return table(
    ['label', ...changes.map((change) => `said ${change}`)],
    counts.map((cells, at) => [`${changes[at]} (${cells.reduce((sum, one) => sum + one, 0)} answered)`, ...cells]),
  );
}
