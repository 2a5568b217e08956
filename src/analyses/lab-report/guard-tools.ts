import type { LookingGuard } from '../analysis.ts';
import type { LabFinding, LabRow, UnreadRow } from './finding.ts';
import type { LabInput } from './input.ts';

export type LabGuard = LookingGuard<LabInput, LabFinding>;

/** Rows that pass, changed or not; what a check names a reason for goes to `unread` with it. */
export function keep(finding: LabFinding, check: (row: LabRow) => LabRow | string): LabFinding {
  const rows: LabRow[] = [];
  const unread = [...finding.unread];
  for (const row of finding.rows) {
    const checked = check(row);
    if (typeof checked === 'string') {
      unread.push(unreadOf(row, checked));
    } else {
      rows.push(checked);
    }
  }
  return { ...finding, rows, unread };
}

function unreadOf(row: LabRow, reason: string): UnreadRow {
  return { text: `${row.name}  ${row.value.text}`.slice(0, 400), page: row.page, box: row.boxes.value, reason };
}

/** The row with one more reason to look at it, and less weight. */
export function doubted(row: LabRow, issue: string, factor: number): LabRow {
  return row.issues.includes(issue)
    ? row
    : { ...row, confidence: row.confidence * factor, issues: [...row.issues, issue] };
}

export function withCaveat(finding: LabFinding, caveat: string): LabFinding {
  return { ...finding, document: { ...finding.document, caveats: [...finding.document.caveats, caveat] } };
}

/** Numbers of the pages whose words come from optical recognition. */
export function scannedPages({ document }: LabInput): ReadonlySet<number> {
  return new Set(document.pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
}
