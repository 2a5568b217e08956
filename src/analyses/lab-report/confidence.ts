import { resolveTest } from '../../terminology/lab-dictionary.ts';
import model from './confidence.json' with { type: 'json' };
import type { LabRow } from './finding.ts';
import { keep, type LabGuard } from './guard-tools.ts';

/** What is known of the page that a row stands on. */
export interface RowFacts {
  /** Read by optical recognition. */
  readonly scan: boolean;
}

/** Names of what the model sees of a row, in the order of its weights. All is known before anybody knows the truth. */
export const confidenceFeatures = [
  'raw',
  'scan',
  'rawOnScan',
  'issues',
  'coded',
  'nameUnknown',
  'unitUnknown',
  'unitMissing',
  'rangeRead',
  'flagAgrees',
  'flagContradicts',
  'text',
  'comparator',
] as const;

export type ConfidenceModel = {
  readonly intercept: number;
  readonly weights: Readonly<Record<(typeof confidenceFeatures)[number], number>>;
};

/** The features of one row; `row.confidence` is the reader's own. */
export function featuresOfRow(row: LabRow, { scan }: RowFacts): readonly number[] {
  const raw = Math.min(0.995, Math.max(0.02, row.confidence));
  // Log odds, moved so that a row that the reader is sure of lies near zero.
  const odds = Math.log(raw / (1 - raw)) - 3;
  const { number, comparator, kind } = row.value;
  const { low, high } = row.range ?? {};
  const limited = number !== undefined && (low !== undefined || high !== undefined);
  const outside = limited && ((low !== undefined && number < low) || (high !== undefined && number > high));
  const flagged = /^(?:H|L|A)/.test(row.flag?.code ?? '');
  const is = (condition: boolean) => Number(condition);
  return [
    odds,
    is(scan),
    scan ? odds : 0,
    Math.min(3, row.issues.length),
    is(row.loinc !== undefined),
    is(row.loinc === undefined && resolveTest({ name: row.name, unit: row.unit }) === undefined),
    is(row.unit !== undefined && row.ucum === undefined),
    is(row.unit === undefined && kind === 'quantity'),
    is(limited),
    is(limited && outside === flagged),
    is(limited && outside !== flagged && row.flag !== undefined),
    is(kind === 'text'),
    is(comparator !== undefined),
  ];
}

/**
 * Probability that name, value and unit of a row are all right, from a small logistic model fitted to readings of generated
 * reports (`node bench/lab-calibrate.ts`); 0 to 1, three decimals. The model card says how far that carries.
 */
export function calibrated(row: LabRow, facts: RowFacts, { intercept, weights }: ConfidenceModel = model): number {
  const features = featuresOfRow(row, facts);
  const sum = confidenceFeatures.reduce((total, name, at) => total + weights[name] * features[at]!, intercept);
  return Math.round(1000 / (1 + Math.exp(-sum))) / 1000;
}

/** Below this a row is more likely wrong than not: of a hundred such rows of the development set, ten were right. */
const leastProbability = 0.35;

/**
 * Puts the calibrated confidence in the place of the reader's own, and leaves out what is more likely wrong; after every
 * guard that looks at the reader's own.
 */
export const calibration: LabGuard = (finding, { document }) => {
  const scans = new Set(document.pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
  return keep(finding, (row) => {
    const confidence = calibrated(row, { scan: scans.has(row.page) });
    return confidence < leastProbability ? 'confidence-low' : { ...row, confidence };
  });
};
