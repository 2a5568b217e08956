import { describe, expect, test } from '@jest/globals';
import type { LabFinding, LabRow } from '../../src/analyses/lab-report/finding.ts';
import type { Page } from '../../src/documents/page.ts';
import { scoreDocument } from '../../src/evaluation/score.ts';
import type { Truth, TruthTest } from '../../src/evaluation/truth.ts';
import { numberOf } from '../../src/evaluation/truth-number.ts';
import { findingOf, rowOf, truthOf } from './made.ts';

/** A page on which the values of the rows stand where the rows say. */
function pageOf(rows: readonly LabRow[]): Page {
  const words = rows.map(({ value, boxes }) => ({
    text: value.text,
    box: boxes.value,
    confidence: 1,
    fontSize: 1,
    bold: false,
  }));
  return { number: 1, width: 100, height: 100, unit: 'character', source: 'plain-text', words };
}

function score(truth: Truth, finding: LabFinding) {
  return scoreDocument(truth, { kind: 'finding', finding, pages: [pageOf(finding.rows)] });
}

const one = (test: TruthTest, row: LabRow, rest: Partial<Truth> = {}) =>
  score(truthOf([test], rest), findingOf([row])).counts;

const sodium = { name: 'Sodium', value: '138', unit: 'mmol/L', range: '136 - 145', flag: 'H', loinc: '2951-2' };
const readSodium = rowOf('Sodium', '138', {
  unit: 'mmol/l',
  range: { text: '136–145' },
  flag: { text: '(H)' },
  loinc: '2951-2',
});

describe('one row', () => {
  test('spaces, dashes, case of units and brackets around the whole do not matter', () => {
    expect(one(sodium, readSodium)).toMatchObject({ row3: 1, row5: 1, perfect: 1, codeRight: 1, wrongUnit: 0 });
    expect(one({ ...sodium, unit: 'µmol/L' }, { ...readSodium, unit: 'μmol/L' })).toMatchObject({ row3: 1 });
  });

  test('everything else does', () => {
    expect(one(sodium, { ...readSodium, name: 'SODIUM' })).toMatchObject({ row3: 0, wrongName: 1, rowOfTest: 1 });
    expect(one(sodium, { ...readSodium, range: { text: '136 - 148' } })).toMatchObject({
      row3: 1,
      row5: 0,
      wrongRange: 1,
    });
    expect(one(sodium, { ...readSodium, flag: undefined })).toMatchObject({ row3: 1, row5: 0, wrongFlag: 1 });
    expect(one(sodium, { ...readSodium, unit: undefined })).toMatchObject({ row3: 0, wrongUnit: 1 });
    expect(one(sodium, { ...readSodium, loinc: '2950-4' })).toMatchObject({ row3: 1, coded: 1, codeRight: 0 });
    expect(one(sodium, { ...readSodium, loinc: undefined })).toMatchObject({ codableRead: 1, coded: 0 });
  });

  test('on a scan another print of the same unit is right', () => {
    const platelets = { name: 'Platelets', value: '250', unit: '10^3/µL' };
    const read = rowOf('Platelets', '250', { unit: '10^3/ul', ucum: '10*3/uL' });
    expect(one(platelets, read)).toMatchObject({ wrongUnit: 1, row3: 0 });
    expect(one(platelets, read, { route: 'scan' })).toMatchObject({ wrongUnit: 0, row3: 1 });
  });

  test('a value in an "out of range" column has no printed flag', () => {
    const { flag: _, ...unflagged } = sodium;
    expect(one(unflagged, { ...readSodium, flag: { text: 'Out of range', code: 'A' } })).toMatchObject({ row5: 1 });
  });

  test('an earlier value taken for the current one', () => {
    expect(one({ ...sodium, previous: '140' }, rowOf('Sodium', '140', { unit: 'mmol/L' }))).toMatchObject({
      wrongValue: 1,
      previousAsCurrent: 1,
    });
  });

  test('a comparator lost from the print or from the number', () => {
    const troponin = { name: 'Troponin T', value: '<0.01', unit: 'ng/mL' };
    const unit = { unit: 'ng/mL' };
    expect(one(troponin, rowOf('Troponin T', '0.01', unit))).toMatchObject({ wrongValue: 1, lostComparator: 1 });
    const value = { kind: 'quantity', text: '< 0.01', number: 0.01 } as const;
    expect(one(troponin, rowOf('Troponin T', '', { ...unit, value }))).toMatchObject({ row3: 1, lostComparator: 1 });
    expect(one(troponin, rowOf('Troponin T', '', { ...unit, value: { ...value, comparator: '<' } }))).toMatchObject({
      lostComparator: 0,
    });
  });

  test('a number that is not the one printed is a wrong value although the print is right', () => {
    const platelets = { name: 'Thrombozyten', value: '2.310', unit: '/nL', range: '1,5 - 3,0' };
    const value = { kind: 'quantity', text: '2.310', number: 2.31 } as const;
    expect(one(platelets, rowOf('Thrombozyten', '', { value, unit: '/nL' }))).toMatchObject({
      wrongValue: 1,
      wrongNumber: 1,
      row3: 0,
    });
  });
});

test.each([
  ['138', 'unknown', 138],
  ['2,35,000', '.', 235_000],
  ['2.310', ',', 2310],
  ['2.310', 'unknown', undefined],
  ['1 530,5', ',', 1530.5],
  ['≥ 16', '.', 16],
  ['-3.2', '.', -3.2],
  ['1:80', '.', undefined],
  ['Negative', '.', undefined],
] as const)('the number of %s with sign %s', (value, sign, number) => {
  expect(numberOf(value, sign)).toBe(number);
});

describe('rows missed', () => {
  const truth = truthOf([sodium, { name: 'Potassium', value: '6.8', unit: 'mmol/L', page: 1 }]);
  const unread = (text: string) => [{ text, page: 1, box: [0, 0, 1, 1] as const, reason: 'implausible' }];

  test('said where their value stands alone among the unread', () => {
    expect(score(truth, findingOf([readSodium], { unread: unread('Potassium  6.8') })).counts).toMatchObject({
      missed: 1,
      missedSaid: 1,
      critical: 1,
      missedCritical: 1,
      missedCriticalUnsaid: 0,
    });
    expect(score(truth, findingOf([readSodium], { unread: unread('Potassium  16.8') })).counts).toMatchObject({
      missedSaid: 0,
      missedCriticalUnsaid: 1,
    });
  });

  test('of a document that failed or was refused are all missed, and said as a whole', () => {
    for (const outcome of [
      { kind: 'failed', code: 'document-damaged' },
      { kind: 'abstention', reason: 'no-result-rows' },
    ] as const) {
      const { counts } = scoreDocument(truth, outcome);
      expect(counts).toMatchObject({
        missed: 2,
        missedRefused: 2,
        missedCritical: 1,
        missedCriticalUnsaid: 0,
        read: 0,
      });
      expect(counts).toMatchObject(outcome.kind === 'failed' ? { failed: 1 } : { refusedWrong: 1 });
    }
  });
});

test('documents that must be refused', () => {
  const letter = truthOf([], { expect: 'not-a-lab-report' });
  const counts = (outcome: Parameters<typeof scoreDocument>[1]) => scoreDocument(letter, outcome).counts;
  expect(counts({ kind: 'abstention', reason: 'not-a-lab-report' })).toMatchObject({ toRefuse: 1, refusedRight: 1 });
  expect(counts({ kind: 'abstention', reason: 'no-text' })).toMatchObject({ refusedOther: 1, refusedRight: 0 });
  expect(score(letter, findingOf([readSodium])).counts).toMatchObject({ notRefused: 1, spurious: 1, documentF1: 0 });
});

test('a value that does not stand in its box is counted', () => {
  const finding = findingOf([readSodium]);
  const pages = [pageOf([rowOf('Sodium', '188')])];
  const { counts, faults } = scoreDocument(truthOf([sodium]), { kind: 'finding', finding, pages });
  expect(counts.ungrounded).toBe(1);
  expect(faults).toContainEqual(expect.objectContaining({ kind: 'ungrounded', page: 1, box: [12, 0, 16, 1] }));
});

test('the fields of the paper: specimen in other words, time to the minute, what is missed and what is spurious', () => {
  const truth = truthOf(
    [
      { ...sodium, specimen: 'SERUM' },
      { name: 'Zinc', value: '12' },
    ],
    { collected: '2025-03-01T08:30' },
  );
  const finding = findingOf([{ ...readSodium, specimen: 'Serum' }, rowOf('Account', '8812')], {
    document: { decimal: 'dot', patient: {}, caveats: [], collected: '2025-03-01T08:30:00' },
  });
  const { counts } = score(truth, finding);
  expect(counts).toMatchObject({
    'name.right': 1,
    'name.wrong': 1,
    'name.missed': 1,
    'unit.right': 1,
    'unit.wrong': 0,
    'specimen.right': 1,
    'time.right': 1,
    'time.wrong': 1,
    'time.missed': 1,
  });
  // 5 fields right (name, result, unit, specimen, time), 3 of the spurious row, 3 of the missed one.
  expect(counts.documentF1).toBeCloseTo(10 / 16, 9);
});
