import type { Evidence } from '../analysis.ts';
import type { LabFinding } from './finding.ts';
import type { LabInput } from './input.ts';

/** One piece per printed field of each row, the value first. */
export function evidence(finding: LabFinding, input: LabInput): readonly Evidence[] {
  const sizes = new Map(input.document.pages.map(({ number, width, height }) => [number, { width, height }]));
  return finding.rows.flatMap((row): readonly Evidence[] => {
    const place = { item: row.item, page: row.page, ...sizes.get(row.page) };
    const field = (label: string, box: Evidence['box'], text: string | undefined) =>
      box && text ? [{ ...place, label, box, text }] : [];
    return [
      ...field('value', row.boxes.value, row.value.text),
      ...field('name', row.boxes.name, row.name),
      ...field('unit', row.boxes.unit, row.unit),
      ...field('range', row.boxes.range, row.range?.text),
      ...field('flag', row.boxes.flag, row.flag?.text),
    ];
  });
}
