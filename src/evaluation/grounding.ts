import type { LabRow } from '../analyses/lab-report/finding.ts';
import type { Page } from '../documents/page.ts';

/**
 * Whether the value stands in the words that touch the box it is claimed to come from: the digits of each of its parts,
 * in order; a part without digits letter by letter. Written apart from the reader's guard, which it checks.
 */
export function isGrounded(row: LabRow, pages: readonly Page[]): boolean {
  const page = pages.find(({ number }) => number === row.page);
  if (!page) return false;
  const [left, top, right, bottom] = row.boxes.value;
  const slack = Math.max(0.2, (bottom - top) * 0.3);
  // A word may be wider than the value (138mmol/L), the value may span several words (1 530).
  const inside = page.words
    .filter(({ box: [x0, y0, x1, y1] }) => {
      const middle = (y0 + y1) / 2;
      return x0 < right + slack && x1 > left - slack && middle > top - slack && middle < bottom + slack;
    })
    .sort((a, b) => (Math.abs(a.box[1] - b.box[1]) > 2 * slack ? a.box[1] - b.box[1] : a.box[0] - b.box[0]));
  const printed = inside.map(({ text }) => text.normalize('NFKC')).join('');
  const printedDigits = printed.replace(/\D/g, '');
  return row.value.text
    .normalize('NFKC')
    .split(/\s+/)
    .every((part) => {
      const digits = part.replace(/\D/g, '');
      return digits === '' ? printed.includes(part) : printedDigits.includes(digits);
    });
}
