import type { LabRow } from './finding.ts';
import { doubted, keep, type LabGuard, scannedPages } from './guard-tools.ts';
import { type Check, checksOf, suspectOf } from './identities.ts';
import type { LabInput } from './input.ts';

/** Boxes of one document that are read a second time at most: each costs a recognition. */
const mostRereads = 12;

/**
 * Numbers of one specimen must agree with each other. What contradicts is read again where there is a picture: a box in
 * which another number is seen the second time is not taken. On a scan the one number that explains several contradictions
 * is not taken either. All others stay and are marked; no number is changed. What agrees gains a little.
 */
export const consistent: LabGuard = (finding, input, signal) => {
  const checks = checksOf(finding.rows);
  if (checks.length === 0) return finding;
  const failed = new Set(checks.flatMap(({ holds, items }) => (holds ? [] : items)));
  const scanned = scannedPages(input);
  const again = finding.rows.filter(({ item, page }) => failed.has(item) && scanned.has(page)).slice(0, mostRereads);
  const finish = (misread: ReadonlySet<string>) =>
    keep(finding, (row) => (misread.has(row.item) ? 'readings-disagree' : weighed(row, withoutItems(checks, misread))));
  return input.reread && again.length > 0
    ? rereadAll(again, input.reread, signal).then((misread) => {
        const suspect = suspectOf(withoutItems(checks, misread));
        return finish(scannedSuspect(finding.rows, suspect, scanned, misread));
      })
    : finish(scannedSuspect(finding.rows, suspectOf(checks), scanned, new Set()));
};

function weighed(row: LabRow, checks: readonly Check[]): LabRow {
  const own = checks.filter(({ items }) => items.includes(row.item));
  if (own.some(({ holds }) => !holds)) return doubted(row, 'contradicts-other-results', 0.6);
  return own.length > 0 ? { ...row, confidence: row.confidence + 0.25 * (1 - row.confidence) } : row;
}

/** A contradiction with a number that is not taken says nothing against the others. */
function withoutItems(checks: readonly Check[], gone: ReadonlySet<string>): readonly Check[] {
  return checks.filter(({ items }) => !items.some((item) => gone.has(item)));
}

/** A text layer is not misread: there the document contradicts itself, and only a person can say where. */
function scannedSuspect(
  rows: readonly LabRow[],
  suspect: string | undefined,
  scanned: ReadonlySet<number>,
  misread: ReadonlySet<string>,
): ReadonlySet<string> {
  const row = rows.find(({ item }) => item === suspect);
  return row && scanned.has(row.page) ? new Set([...misread, row.item]) : misread;
}

/** Items whose box shows other digits the second time. What cannot be read again stays as it was read. */
async function rereadAll(
  rows: readonly LabRow[],
  reread: NonNullable<LabInput['reread']>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const misread = new Set<string>();
  for (const row of rows) {
    signal.throwIfAborted();
    const second = await reread(row.page, row.boxes.value, signal);
    if (second !== undefined && sameNumber(second, row.value.text) === false) misread.add(row.item);
  }
  return misread;
}

/**
 * Same digits, decimal sign at the same place, same comparator; what stands around the number does not count. Undefined
 * where the second reading shows no number: that is no second opinion.
 */
function sameNumber(second: string, first: string): boolean | undefined {
  const core = (text: string) => {
    const plain = text.replace(/\s+/g, '').replace('≤', '<=').replace('≥', '>=');
    const number = /[<>]?=?[-+]?\d(?:[\d.,:]*\d)?/.exec(plain)?.[0];
    return number?.replace(/[,:]/g, '.');
  };
  const [a, b] = [core(first), core(second)];
  return a === undefined || b === undefined ? undefined : a === b;
}
