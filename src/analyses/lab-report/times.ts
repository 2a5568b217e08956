import type { LabFinding, LabRow } from './finding.ts';

/** When a row was collected: its column's own date, with the time of the document's collection on the same day. */
export function timeOf(row: LabRow, { document }: LabFinding): string | undefined {
  return row.collected === undefined || document.collected?.startsWith(row.collected)
    ? document.collected
    : row.collected;
}
