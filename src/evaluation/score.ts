import type { LabFinding, UnreadRow } from '../analyses/lab-report/finding.ts';
import type { Box, Page } from '../documents/page.ts';
import { type CountName, type Counts, noCounts } from './counts.ts';
import { plain } from './equality.ts';
import { countFields, fieldNames } from './fields.ts';
import { isGrounded } from './grounding.ts';
import { type Matched, matchRows } from './match.ts';
import type { NoFinding } from './outcome.ts';
import { type RowScore, scoreRow } from './score-row.ts';
import type { Truth, TruthTest } from './truth.ts';
import { decimalSignOf, isCritical } from './truth-number.ts';

/** What came of one document. Where it failed all its rows were missed. */
export type Outcome =
  | { readonly kind: 'finding'; readonly finding: LabFinding; readonly pages: readonly Page[] }
  | NoFinding;

export type FaultKind =
  | 'wrong-name'
  | 'wrong-value'
  | 'wrong-number'
  | 'wrong-unit'
  | 'wrong-range'
  | 'wrong-flag'
  | 'wrong-code'
  | 'not-coded'
  | 'lost-comparator'
  | 'previous-as-current'
  | 'spurious'
  | 'missed'
  | 'missed-but-said'
  | 'ungrounded'
  | 'missed-critical';

/** One thing that is wrong, by place. */
export interface Fault {
  readonly kind: FaultKind;
  readonly page?: number;
  /** Of the value that was read, in units of the page. */
  readonly box?: Box;
  /** Index into the tests of the truth. */
  readonly test?: number;
  readonly confidence?: number;
  readonly issues?: readonly string[];
  /** Index into the rows read. */
  readonly row?: number;
}

/** Confidence that was given, and whether the row was right (row3). */
export interface Judged {
  readonly confidence: number;
  readonly right: boolean;
}

export interface DocumentScore {
  readonly counts: Counts;
  readonly faults: readonly Fault[];
  readonly judged: readonly Judged[];
  /** Of each row read, in order; undefined for spurious rows. */
  readonly rows: readonly (RowScore | undefined)[];
}

export function scoreDocument(truth: Truth, outcome: Outcome): DocumentScore {
  const finding = outcome.kind === 'finding' ? outcome.finding : undefined;
  const matched = matchRows(truth.tests, finding?.rows ?? []);
  const counts = noCounts();
  const faults: Fault[] = [];
  countOutcome(counts, truth, outcome);
  const rows = countPairs(counts, faults, truth, finding, matched);
  countMissed(counts, faults, truth, finding, matched);
  countSpurious(counts, faults, finding, matched);
  if (outcome.kind === 'finding') countUngrounded(counts, faults, outcome);
  const judged = (finding?.rows ?? []).map(({ confidence }, at) => ({ confidence, right: rows[at]?.row3 ?? false }));
  counts.brier = judged.reduce((sum, { confidence, right }) => sum + (confidence - Number(right)) ** 2, 0);
  countDocument(counts, truth, finding, matched);
  return { counts, faults, judged, rows };
}

function countOutcome(counts: Counts, truth: Truth, outcome: Outcome): void {
  counts.documents = 1;
  counts.truth = truth.tests.length;
  const said = outcome.kind === 'abstention' ? outcome.reason : outcome.kind === 'failed' ? outcome.code : undefined;
  if (outcome.kind === 'failed' && said !== truth.expect) counts.failed = 1;
  if (truth.expect !== undefined) {
    counts.toRefuse = 1;
    if (said === truth.expect) counts.refusedRight = 1;
    else if (said !== undefined) counts.refusedOther = 1;
    else counts.notRefused = 1;
  } else if (outcome.kind === 'abstention' && truth.tests.length > 0) {
    counts.refusedWrong = 1;
  }
}

function countPairs(
  counts: Counts,
  faults: Fault[],
  truth: Truth,
  finding: LabFinding | undefined,
  { pairs }: Matched,
): (RowScore | undefined)[] {
  const sign = decimalSignOf(truth);
  const all = finding?.rows ?? [];
  const rows: (RowScore | undefined)[] = all.map(() => undefined);
  counts.read = all.length;
  for (const { truth: at, read } of pairs) {
    const [test, row] = [truth.tests[at]!, all[read]!];
    const score = scoreRow(test, row, sign, truth.route);
    rows[read] = score;
    const place = { page: row.page, box: row.boxes.value, test: at, row: read };
    const fault = (wrong: boolean, name: CountName | undefined, kind: FaultKind) => {
      if (!wrong) return;
      if (name) counts[name]++;
      faults.push({ kind, ...place, confidence: row.confidence, issues: row.issues });
    };
    if (score.row3) counts.row3++;
    if (score.row5) counts.row5++;
    if (score.rowOfTest) counts.rowOfTest++;
    if (!score.valueRight) counts.wrongValue++;
    fault(!score.valueRight && !score.numberWrong, undefined, 'wrong-value');
    fault(score.numberWrong, 'wrongNumber', 'wrong-number');
    fault(score.comparatorLost, 'lostComparator', 'lost-comparator');
    fault(score.previousTaken, 'previousAsCurrent', 'previous-as-current');
    fault(!score.nameRight, 'wrongName', 'wrong-name');
    fault(!score.unitRight, 'wrongUnit', 'wrong-unit');
    fault(!score.rangeRight, 'wrongRange', 'wrong-range');
    fault(!score.flagRight, 'wrongFlag', 'wrong-flag');
    countCode(counts, score.code);
    fault(score.code === 'wrong', undefined, 'wrong-code');
    fault(score.code === 'absent', undefined, 'not-coded');
    if (isCritical(test, sign)) {
      counts.critical++;
      fault(!score.row3, 'missedCritical', 'missed-critical');
      if (!score.valueRight || !score.unitRight) counts.missedCriticalUnsaid++;
    }
  }
  counts.codable = truth.tests.filter(({ loinc }) => loinc !== undefined).length;
  return rows;
}

function countCode(counts: Counts, code: RowScore['code']): void {
  if (code === 'unjudged') counts.codeUnjudged++;
  if (code === 'right' || code === 'wrong' || code === 'absent') counts.codableRead++;
  if (code === 'right' || code === 'wrong') counts.coded++;
  if (code === 'right') counts.codeRight++;
}

/** A document that was refused or failed says so as a whole; else a row is said where its value stands among the unread. */
function countMissed(
  counts: Counts,
  faults: Fault[],
  truth: Truth,
  finding: LabFinding | undefined,
  { missed }: Matched,
): void {
  const sign = decimalSignOf(truth);
  for (const at of missed) {
    const test = truth.tests[at]!;
    const said = finding?.unread.some((row) => mentions(row, test)) ?? false;
    const place = { test: at, ...(test.page === undefined ? {} : { page: test.page }) };
    counts.missed++;
    if (!finding) counts.missedRefused++;
    else if (said) counts.missedSaid++;
    faults.push({ kind: said ? 'missed-but-said' : 'missed', ...place });
    if (isCritical(test, sign)) {
      counts.critical++;
      counts.missedCritical++;
      if (finding && !said) counts.missedCriticalUnsaid++;
      faults.push({ kind: 'missed-critical', ...place });
    }
  }
}

/** Whether the value stands in the unread line, not as part of a longer number or word. */
function mentions({ text, page }: UnreadRow, { value, page: printed }: TruthTest): boolean {
  if (printed !== undefined && printed !== page) return false;
  const escaped = plain(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const words = text.normalize('NFKC').split(/\s+/).map(plain);
  const alone = new RegExp(`(?<![\\p{L}\\d.,])${escaped}(?![\\p{L}\\d]|[.,]\\d)`, 'u');
  // A value of several words is looked for in the line without its spaces.
  return words.some((word) => alone.test(word)) || (/\s/.test(value.trim()) && plain(text).includes(plain(value)));
}

function countSpurious(counts: Counts, faults: Fault[], finding: LabFinding | undefined, { spurious }: Matched): void {
  counts.spurious = spurious.length;
  for (const at of spurious) {
    const { page, boxes, confidence, issues } = finding!.rows[at]!;
    faults.push({ kind: 'spurious', page, box: boxes.value, confidence, issues, row: at });
  }
}

function countUngrounded(
  counts: Counts,
  faults: Fault[],
  { finding, pages }: Extract<Outcome, { kind: 'finding' }>,
): void {
  finding.rows.forEach((row, at) => {
    if (isGrounded(row, pages)) return;
    counts.ungrounded++;
    faults.push({ kind: 'ungrounded', page: row.page, box: row.boxes.value, confidence: row.confidence, row: at });
  });
}

/** The paper's figure of one document, and whether nothing in it is wrong. */
function countDocument(counts: Counts, truth: Truth, finding: LabFinding | undefined, matched: Matched): void {
  const fields = countFields(truth, finding, matched);
  const sum = { right: 0, wrong: 0, missed: 0 };
  for (const name of fieldNames) {
    for (const kind of ['right', 'wrong', 'missed'] as const) {
      counts[`${name}.${kind}`] = fields[name][kind];
      sum[kind] += fields[name][kind];
    }
  }
  const all = 2 * sum.right + sum.wrong + sum.missed;
  // A document that holds no result and of which none was read has no F1.
  if (all === 0) return;
  counts.withRows = 1;
  counts.documentF1 = (2 * sum.right) / all;
  if (counts.documentF1 === 1) counts.perfectFields = 1;
  if (counts.row3 === counts.truth && counts.spurious === 0) counts.perfect = 1;
}
