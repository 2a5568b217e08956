import type { LabRow } from '../analyses/lab-report/finding.ts';
import type { Counts } from './counts.ts';
import type { Dataset } from './dataset.ts';
import { type Figures, figuresOf } from './figures.ts';
import { byLabel, countOutcomes, outcomeName } from './outcome.ts';
import type { ReadingChoice } from './reader.ts';
import { type Reliability, reliabilityOf } from './reliability.ts';
import type { DocumentResult } from './run.ts';
import type { Fault } from './score.ts';
import type { Truth, TruthTest } from './truth.ts';

export const groupings = ['layout', 'route', 'scan', 'generator', 'language'] as const;
export type Grouping = (typeof groupings)[number];

/** A fault with the document it is in; the printed texts only where they were asked for. */
export type ReportedFault = Omit<Fault, 'row'> & {
  readonly document: string;
  readonly printed?: TruthTest;
  readonly read?: Pick<LabRow, 'name' | 'unit' | 'loinc' | 'specimen'> & {
    readonly value: string;
    readonly range?: string;
    readonly flag?: string;
  };
};

export interface ReportedDocument {
  readonly document: string;
  readonly layout: string;
  readonly route: Truth['route'];
  /** `finding`, or the code of the abstention or error. */
  readonly outcome: string;
  readonly milliseconds: number;
  readonly pages: number;
  /** Those that are not zero. */
  readonly counts: Partial<Counts>;
}

/** The whole result of an evaluation, as it is written to JSON. */
export interface EvaluationReport {
  readonly format: 'interval-lab-evaluation';
  readonly version: 1;
  readonly reader: { readonly id: string; readonly version: string };
  readonly options: Pick<ReadingChoice, 'roles' | 'guards'> & { readonly resamples: number };
  readonly scored: number;
  readonly unlabelled: readonly string[];
  readonly unusedLabels: readonly string[];
  /** How many documents ended how. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly total: Figures;
  readonly groups: Readonly<Record<Grouping, Readonly<Record<string, Figures>>>>;
  readonly reliability?: Reliability;
  readonly documents: readonly ReportedDocument[];
  readonly faults: readonly ReportedFault[];
}

export interface ReportInput {
  readonly dataset: Dataset;
  readonly results: readonly DocumentResult[];
  readonly reader: { readonly id: string; readonly version: string };
  readonly choice: ReadingChoice;
  readonly resamples: number;
  /** Printed values in the list of faults: they are a patient's. */
  readonly showValues: boolean;
}

export function reportOf({ dataset, results, reader, choice, resamples, showValues }: ReportInput): EvaluationReport {
  const counts = (some: readonly DocumentResult[]) => some.map(({ score }) => score.counts);
  const figures = (some: readonly DocumentResult[]) => figuresOf(counts(some), resamples);
  const reliability = reliabilityOf(results.flatMap(({ score }) => score.judged));
  return {
    format: 'interval-lab-evaluation',
    version: 1,
    reader: { id: reader.id, version: reader.version },
    options: { roles: choice.roles, guards: choice.guards, resamples },
    scored: results.length,
    unlabelled: dataset.unlabelled,
    unusedLabels: dataset.unusedLabels,
    outcomes: countOutcomes(results.map(({ outcome }) => outcome)),
    total: figures(results),
    groups: Object.fromEntries(
      groupings.map((grouping) => [grouping, byLabel(results, ({ document }) => document.truth[grouping], figures)]),
    ) as EvaluationReport['groups'],
    ...(reliability ? { reliability } : {}),
    documents: results.map(reportedDocument),
    faults: results.flatMap((result) => result.score.faults.map((fault) => reportedFault(fault, result, showValues))),
  };
}

function reportedDocument(result: DocumentResult): ReportedDocument {
  const { document, milliseconds, pages, score } = result;
  const counts = Object.entries(score.counts).filter(([, count]) => count !== 0);
  return {
    document: document.id,
    layout: document.truth.layout,
    route: document.truth.route,
    outcome: outcomeName(result.outcome),
    milliseconds,
    pages,
    counts: Object.fromEntries(counts),
  };
}

function reportedFault({ row, ...fault }: Fault, result: DocumentResult, showValues: boolean): ReportedFault {
  const place = { document: result.document.id, ...fault };
  if (!showValues) return place;
  const printed = fault.test === undefined ? undefined : result.document.truth.tests[fault.test];
  const read = result.outcome.kind === 'finding' && row !== undefined ? result.outcome.finding.rows[row] : undefined;
  return {
    ...place,
    ...(printed ? { printed } : {}),
    ...(read
      ? {
          read: {
            name: read.name,
            value: read.value.text,
            ...(read.unit === undefined ? {} : { unit: read.unit }),
            ...(read.range === undefined ? {} : { range: read.range.text }),
            ...(read.flag === undefined ? {} : { flag: read.flag.text }),
            ...(read.specimen === undefined ? {} : { specimen: read.specimen }),
            ...(read.loinc === undefined ? {} : { loinc: read.loinc }),
          },
        }
      : {}),
  };
}
