import { describe, expect, test } from '@jest/globals';
import { noCounts } from '../../src/evaluation/counts.ts';
import { figuresOf } from '../../src/evaluation/figures.ts';
import { reliabilityOf } from '../../src/evaluation/reliability.ts';

const document = (truth: number, read: number, row3: number) => ({
  ...noCounts(),
  documents: 1,
  truth,
  read,
  row3,
  withRows: 1,
  documentF1: (2 * row3) / (truth + read),
});

describe('figures', () => {
  test('precision, recall and F1 of rows; macro as the mean of documents', () => {
    const { figures } = figuresOf([document(10, 8, 6), document(2, 2, 2)], 200);
    expect(figures.row3Precision.value).toBe(0.8);
    expect(figures.row3Recall.value).toBeCloseTo(8 / 12, 6);
    expect(figures.row3F1.value).toBeCloseTo(16 / 22, 6);
    expect(figures.macroF1.value).toBeCloseTo((12 / 18 + 1) / 2, 6);
  });

  test('intervals hold the value, are the same each time, and closed where all documents are alike', () => {
    const documents = Array.from({ length: 30 }, (_, at) => document(10, 10, at % 5 === 0 ? 4 : 10));
    const [first, second] = [figuresOf(documents, 500), figuresOf(documents, 500)];
    expect(first).toEqual(second);
    const { value, low, high } = first.figures.row3F1;
    expect(low!).toBeLessThan(value!);
    expect(high!).toBeGreaterThan(value!);
    expect(figuresOf([document(4, 4, 2), document(4, 4, 2)], 500).figures.row3F1).toEqual({
      value: 0.5,
      low: 0.5,
      high: 0.5,
    });
  });

  test('nothing to divide by is null, one document has no interval', () => {
    expect(figuresOf([], 200).figures.row3F1).toEqual({ value: null, low: null, high: null });
    expect(figuresOf([document(4, 4, 2)], 200).figures.row3F1).toEqual({ value: 0.5, low: null, high: null });
  });
});

test('reliability: Brier score, expected calibration error, bins', () => {
  const judged = [
    { confidence: 1, right: true },
    { confidence: 0.95, right: true },
    { confidence: 0.35, right: false },
    { confidence: 0.35, right: true },
  ];
  const { brier, expectedError, bins } = reliabilityOf(judged)!;
  expect(brier).toBeCloseTo((0 + 0.0025 + 0.1225 + 0.4225) / 4, 9);
  expect(expectedError).toBeCloseTo(0.5 * 0.15 + 0.5 * 0.025, 9);
  expect(bins.map(({ from, rows, right }) => [from, rows, right])).toEqual([
    [0.3, 2, 0.5],
    [0.9, 2, 1],
  ]);
  expect(reliabilityOf([])).toBeUndefined();
});
