import { generalScore } from '../../documents/legible.ts';
import type { Page, Word } from '../../documents/page.ts';
import { readByRules } from './read-pages.ts';
import { toFinding } from './results.ts';

/**
 * How much of a recognised page reads as laboratory results: known tests, known units, ranges, and values that keep
 * their decimal sign where the range has one. Recognition drops that sign without losing confidence, so that a page may
 * look legible and be wrong by a factor of ten.
 */
export function pageScore(words: readonly Word[]): number {
  const general = generalScore(words) / 50;
  if (words.length === 0) {
    return general;
  }
  const page: Page = {
    number: 1,
    width: Math.max(...words.map(({ box }) => box[2])),
    height: Math.max(...words.map(({ box }) => box[3])),
    unit: 'pixel',
    source: 'ocr',
    words,
  };
  const finding = toFinding(readByRules([page]));
  const rows = finding.rows.reduce((sum, { loinc, ucum, range, value, issues }) => {
    const signs = Number(/\d[.,]\d/.test(value.text)) + Number(/\d[.,]\d/.test(range?.text ?? ''));
    return (
      sum +
      4 +
      (loinc ? 6 : 0) +
      (ucum ? 3 : 0) +
      (range?.low !== undefined || range?.high !== undefined ? 3 : 0) +
      4 * signs -
      issues.length
    );
  }, 0);
  return general + rows;
}
