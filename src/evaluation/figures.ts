import { type CountName, type Counts, countNames, sumCounts } from './counts.ts';
import { type FieldName, fieldNames } from './fields.ts';

/** One figure with its 95 % interval by resampling documents; null where there is nothing to divide by. */
export interface Figure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

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

const orNull = (value: number) => (Number.isFinite(value) ? Math.round(value * 1e6) / 1e6 : null);

/** The interval is percentile bootstrap over whole documents: rows of one document are not independent. Seeded. */
export function figuresOf(documents: readonly Counts[], resamples: number): Figures {
  const counts = sumCounts(documents);
  const names = Object.keys(figureRatios) as FigureName[];
  const drawn = new Map(names.map((name) => [name, [] as number[]]));
  const random = seeded(20_250_301);
  const rows = documents.map((one) => countNames.map((name) => one[name]));
  for (let round = 0; round < resamples && documents.length > 1; round++) {
    const sum = countNames.map(() => 0);
    for (let draw = 0; draw < rows.length; draw++) {
      const row = rows[Math.floor(random() * rows.length)]!;
      for (let at = 0; at < row.length; at++) sum[at]! += row[at]!;
    }
    const sums = Object.fromEntries(countNames.map((name, at) => [name, sum[at]!])) as Counts;
    for (const name of names) {
      const value = figureRatios[name](sums);
      if (Number.isFinite(value)) drawn.get(name)!.push(value);
    }
  }
  const figures = Object.fromEntries(
    names.map((name) => [name, figureOf(figureRatios[name](counts), drawn.get(name)!)]),
  ) as Record<FigureName, Figure>;
  return { counts, figures, fields: fieldFigures(counts) };
}

function figureOf(value: number, drawn: number[]): Figure {
  drawn.sort((one, other) => one - other);
  const at = (share: number) =>
    orNull(drawn[Math.min(drawn.length - 1, Math.floor(share * drawn.length))] ?? Number.NaN);
  return { value: orNull(value), low: at(0.025), high: at(0.975) };
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

/** Mulberry32: numbers from 0 to 1, the same for the same seed on every machine. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
