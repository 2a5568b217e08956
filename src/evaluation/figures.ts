import { type Figure, orNull, withIntervals } from './bootstrap.ts';
import { type CountName, type Counts, countNames, sumCounts } from './counts.ts';
import { type FieldName, fieldNames } from './fields.ts';

type Ratio = (sum: Counts) => number;

/** 2·both / (one + other): F1 of what is right among what was read and what is printed. */
const f1 =
  (right: CountName): Ratio =>
  (sum) =>
    (2 * sum[right]) / (sum.read + sum.truth);
const share =
  (part: CountName, whole: CountName): Ratio =>
  (sum) =>
    sum[part] / sum[whole];
const pooled = (sum: Counts, kind: 'right' | 'wrong' | 'missed') =>
  fieldNames.reduce((total, field) => total + sum[`${field}.${kind}`], 0);
const fieldF1 = (right: number, wrong: number, missed: number) => (2 * right) / (2 * right + wrong + missed);

/** Every figure that is a ratio of sums. Meanings: docs/evaluation.md. */
const figureRatios = {
  macroF1: share('documentF1', 'withRows'),
  microF1: (sum) => fieldF1(pooled(sum, 'right'), pooled(sum, 'wrong'), pooled(sum, 'missed')),
  row3F1: f1('row3'),
  row3Precision: share('row3', 'read'),
  row3Recall: share('row3', 'truth'),
  row5F1: f1('row5'),
  row5Precision: share('row5', 'read'),
  row5Recall: share('row5', 'truth'),
  rowOfTestF1: f1('rowOfTest'),
  perfectDocuments: share('perfect', 'withRows'),
  perfectFieldDocuments: share('perfectFields', 'withRows'),
  wrongValuesOfRead: share('wrongValue', 'read'),
  spuriousOfRead: share('spurious', 'read'),
  codeRightOfCoded: share('codeRight', 'coded'),
  codedOfRead: share('coded', 'codableRead'),
  codedOfTruth: share('coded', 'codable'),
  brier: share('brier', 'read'),
} as const satisfies Record<string, Ratio>;

export type FigureName = keyof typeof figureRatios;

export interface FieldFigures {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** What is said of one set of documents. */
export interface Figures {
  readonly counts: Counts;
  readonly figures: Readonly<Record<FigureName, Figure>>;
  readonly fields: Readonly<Record<FieldName, FieldFigures>>;
}

const names = Object.keys(figureRatios) as FigureName[];

/** Intervals by whole documents: rows of one document are not independent. */
export function figuresOf(documents: readonly Counts[], resamples: number): Figures {
  const valuesOf = (sum: Counts) =>
    Object.fromEntries(names.map((name) => [name, figureRatios[name](sum)])) as Record<FigureName, number>;
  const counts = sumCounts(documents);
  const rows = documents.map((one) => countNames.map((name) => one[name]));
  const figures = withIntervals(valuesOf(counts), rows, (some) => valuesOf(summed(some)), resamples);
  return { counts, figures, fields: fieldFigures(counts) };
}

/** Of plain lists: a resample sums all documents anew. */
function summed(rows: readonly (readonly number[])[]): Counts {
  const sum = countNames.map(() => 0);
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) sum[at]! += row[at]!;
  }
  return Object.fromEntries(countNames.map((name, at) => [name, sum[at]!])) as Counts;
}

function fieldFigures(counts: Counts): Figures['fields'] {
  return Object.fromEntries(
    fieldNames.map((field) => {
      const [right, wrong, missed] = [counts[`${field}.right`], counts[`${field}.wrong`], counts[`${field}.missed`]];
      return [
        field,
        {
          precision: orNull(right / (right + wrong)),
          recall: orNull(right / (right + missed)),
          f1: orNull(fieldF1(right, wrong, missed)),
        },
      ];
    }),
  ) as unknown as Figures['fields'];
}
