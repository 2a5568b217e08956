import { clean } from './groups.ts';
import type { Line } from './layout.ts';
import type { Names, RuledRole } from './role.ts';

/**
 * "Sodium" over "Normal range: 135 - 146 mmol/L" over "137": a number that a line begins with, under the name of a test that
 * stands alone, is its value. Bare numbers are page numbers elsewhere.
 */
export function onCard(
  lines: readonly Line[],
  index: number,
  ruled: readonly RuledRole[],
  names: Names,
): readonly RuledRole[] {
  const first = ruled[0];
  if (first?.role !== 'value' || !/^[<>≤≥]?\d/.test(lines[index]!.tokens[0]!.text)) return ruled;
  const above = lines.slice(Math.max(0, index - 2), index).reverse();
  const name = above.find((line) => line.cells.length === 1 && names.isTest(clean(line.cells[0]!.text)));
  const between = above.slice(0, name ? above.indexOf(name) : 0);
  const near = name !== undefined && lines[index]!.box[1] - name.box[1] < 5 * (name.box[3] - name.box[1]);
  const limits = between.every(({ tokens }) => tokens.some(({ text }) => /\d/.test(text)));
  if (!near || !limits) return ruled;
  const sure: RuledRole = { ...first, weight: Math.max(first.weight, 6) };
  return ruled.map((one) => (one === first ? sure : one));
}
