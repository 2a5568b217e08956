import type { Figure } from './bootstrap.ts';
import type { CountName } from './counts.ts';
import { fieldNames } from './fields.ts';
import type { FigureName, Figures } from './figures.ts';
import { type EvaluationReport, groupings } from './report.ts';
import { withInterval as intervalOf, outcomesInWords, share as shareOf, table } from './table.ts';

const DIGITS = 3;
const share = (value: number | null) => shareOf(value, DIGITS);
const withInterval = (figure: Figure) => intervalOf(figure, DIGITS);

const shown: readonly (readonly [FigureName, string])[] = [
  ['row3F1', 'row3 F1 (name, value, unit)'],
  ['row3Precision', 'row3 precision'],
  ['row3Recall', 'row3 recall'],
  ['row5F1', 'row5 F1 (with range and flag)'],
  ['rowOfTestF1', 'value and unit right under the right test, F1'],
  ['macroF1', 'document F1, macro (paper)'],
  ['microF1', 'field F1, micro (paper)'],
  ['perfectDocuments', 'documents with every row right (row3)'],
  ['perfectFieldDocuments', 'documents with every field right'],
  ['wrongValuesOfRead', 'wrong values among rows written'],
  ['spuriousOfRead', 'spurious among rows written'],
  ['codeRightOfCoded', 'LOINC right of those coded'],
  ['codedOfRead', 'coded, of rows written that have a code'],
  ['codedOfTruth', 'coded, of printed rows that have a code'],
  ['brier', 'Brier score of the confidence'],
];

const safety: readonly (readonly [CountName, string])[] = [
  ['truth', 'rows printed'],
  ['read', 'rows written'],
  ['wrongValue', 'wrong value'],
  ['wrongNumber', '– of these the number, the print being right'],
  ['wrongUnit', 'wrong unit'],
  ['wrongName', 'wrong name'],
  ['lostComparator', 'lost comparator'],
  ['previousAsCurrent', 'previous as current'],
  ['spurious', 'spurious'],
  ['missed', 'missed'],
  ['missedSaid', '– of these said to be unread'],
  ['missedRefused', '– of these in a document that was refused or failed'],
  ['critical', 'critical values printed'],
  ['missedCritical', 'missed critical'],
  ['missedCriticalUnsaid', '– of these with nothing said'],
  ['ungrounded', 'values that do not stand in their box'],
  ['toRefuse', 'documents to be refused'],
  ['refusedRight', '– refused with the right code'],
  ['refusedOther', '– refused with another code'],
  ['notRefused', '– not refused'],
  ['refusedWrong', 'reports refused that should be read'],
  ['failed', 'documents that failed'],
];

/** The figures as Markdown; no document's content, no ids but those without a truth are counted only. */
export function markdownOf(report: EvaluationReport): string {
  const { total, reader, options, reliability } = report;
  const parts = [
    '# Lab reports',
    `Reader ${reader.id} ${reader.version}, roles ${options.roles}, guards ${options.guards}; ${report.scored} documents scored, ${report.unlabelled.length} without a truth. In brackets 95 % intervals (bootstrap over documents, ${options.resamples} resamples).`,
    `Outcomes: ${outcomesInWords(report.outcomes)}.`,
    table(
      ['figure', 'value'],
      shown.map(([name, label]) => [label, withInterval(total.figures[name])]),
    ),
    table(
      ['count', 'n'],
      safety.map(([name, label]) => [label, total.counts[name]]),
    ),
    table(
      ['field', 'precision', 'recall', 'F1'],
      fieldNames.map((field) => {
        const { precision, recall, f1 } = total.fields[field];
        return [field, share(precision), share(recall), share(f1)];
      }),
    ),
    ...groupings.flatMap((grouping) => {
      const groups = Object.entries(report.groups[grouping]);
      return groups.length === 0 ? [] : [`## By ${grouping}`, groupTable(grouping, groups)];
    }),
  ];
  if (reliability) {
    parts.push(
      '## Confidence',
      `${reliability.rows} rows, Brier ${share(reliability.brier)}, expected calibration error ${share(reliability.expectedError)}.`,
      table(
        ['confidence', 'rows', 'mean confidence', 'right (row3)'],
        reliability.bins.map(({ from, to, rows, meanConfidence, right }) => [
          `${from.toFixed(1)}–${to.toFixed(1)}`,
          rows,
          share(meanConfidence),
          share(right),
        ]),
      ),
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function groupTable(grouping: string, groups: readonly (readonly [string, Figures])[]): string {
  return table(
    [
      grouping,
      'documents',
      'rows',
      'row3 F1',
      'row5 F1',
      'macro F1',
      'wrong value',
      'wrong unit',
      'previous',
      'spurious',
      'missed',
      'critical missed',
    ],
    groups.map(([label, { counts, figures }]) => [
      label,
      counts.documents,
      counts.truth,
      withInterval(figures.row3F1),
      share(figures.row5F1.value),
      share(figures.macroF1.value),
      counts.wrongValue,
      counts.wrongUnit,
      counts.previousAsCurrent,
      counts.spurious,
      counts.missed,
      `${counts.missedCritical} of ${counts.critical}`,
    ]),
  );
}
