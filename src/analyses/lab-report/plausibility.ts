import { plausible } from '../../terminology/lab-dictionary.ts';
import type { LabRange, LabRow } from './finding.ts';
import { keep, type LabGuard, scannedPages } from './guard-tools.ts';
import { type KnownTest, testOf } from './row-test.ts';
import { usualRanges } from './usual-ranges.ts';

/** From so many lost signs on, no number of that page without one is believed. */
const unreliable = 3;

/** "Base excess   - 3.2": a dash apart from its number is a sign where the value may be below zero, elsewhere a leader. */
export const signed: LabGuard = (finding, { document }) => {
  const dashes = new Map(
    document.pages.map(({ number, words }) => [number, words.filter(({ text }) => /^[-–−]$/.test(text))]),
  );
  return keep(finding, (row) => {
    const { number, text } = row.value;
    if (number === undefined || number <= 0 || !/^\d/.test(text)) return row;
    const [left, top, , bottom] = row.boxes.value;
    const dash = dashes.get(row.page)?.some(({ box: [, y0, x1, y1] }) => {
      const [middle, gap] = [(y0 + y1) / 2, left - x1];
      return middle > top && middle < bottom && gap >= 0 && gap < 1.5 * (bottom - top);
    });
    const below = () => (row.range?.low ?? 0) < 0 || isPlausible(row, -number) === true;
    return dash && below() ? 'sign-doubtful' : row;
  });
};

/** A value that no living patient has is a misread digit, a lost decimal sign or a wrong unit. */
export const physically: LabGuard = (finding, input) => {
  const scans = scannedPages(input);
  const signs = new Map(finding.rows.filter(({ page }) => scans.has(page)).map((row) => [row.item, signOf(row)]));
  const lost = (page: number) =>
    finding.rows.filter((row) => row.page === page && signs.get(row.item) === 'lost').length;
  const leaks = new Map([...scans].map((page) => [page, lost(page)]));
  return keep(finding, (row) => {
    const { kind, number } = row.value;
    if (kind !== 'quantity' || number === undefined) return row;
    // "<2" and ">1000" are limits of the method, not of a patient.
    if (!row.value.comparator && isPlausible(row, number) === false) return 'implausible';
    const leak = leaks.get(row.page) ?? 0;
    const sign = signs.get(row.item);
    return sign === 'lost' || (sign === 'open' && leak > 0) || (sign === 'bare' && leak >= unreliable)
      ? 'decimal-sign-doubtful'
      : row;
  });
};

/**
 * A printed flag and limits that say the opposite: on a scan the limits have lost their decimal sign ("115 - 145" for
 * 11.5 - 14.5), elsewhere the print contradicts itself. The limits then stay as text and say nothing.
 */
export const limitsFit: LabGuard = (finding) =>
  keep(finding, (row) => {
    const { number, comparator } = row.value;
    const { low, high } = row.range ?? {};
    const code = row.flag?.code ?? '';
    const against =
      number !== undefined &&
      comparator === undefined &&
      ((/^H/.test(code) && high !== undefined && number < high) ||
        (/^L/.test(code) && low !== undefined && number > low));
    return against && row.range
      ? {
          ...row,
          range: { text: row.range.text },
          flagDerived: undefined,
          issues: [...row.issues, 'limits-contradict-flag'],
        }
      : row;
  });

/** Whether a patient may have this number in the row's test, specimen and unit; undefined where that is not known. */
function isPlausible(row: LabRow, number: number): boolean | undefined {
  const test = row.ucum ? testOf(row) : undefined;
  if (!test || !row.ucum) return undefined;
  const { entry } = test;
  const limits = inOwnSpecimen(row, test) ? entry.plausible : entry.plausibleIn?.[familyOf(row, test)];
  return limits && plausible({ ...entry, plausible: limits }, number, row.ucum);
}

/** Family of specimens whose limits count: urine sodium is not serum sodium. */
function familyOf({ specimen }: LabRow, { entry, system }: KnownTest): string {
  return family(system ?? specimen ?? entry.specimen);
}

function inOwnSpecimen(row: LabRow, test: KnownTest): boolean {
  return familyOf(row, test) === family(test.entry.specimen);
}

/** `Urine` → urine, `CSF` → csf, `Plr fld` → fluid; blood, serum and plasma are one. */
function family(specimen: string): string {
  const found = /urine|csf|stool|fluid|\bfld|semen|saliva|sweat|respiratory|genital|swab|stone|breath/i.exec(
    specimen,
  )?.[0];
  return found?.toLowerCase().replace('fld', 'fluid') ?? 'blood';
}

/**
 * What a scan says of the decimal sign of a value: `kept`; `lost`, its limits or its test say so; `open`, nothing tells
 * whether there was one; `bare`, results of this test have none.
 */
type Sign = 'kept' | 'lost' | 'open' | 'bare';

function signOf(row: LabRow): Sign {
  const { number, text, kind } = row.value;
  if (kind !== 'quantity' || number === undefined || /[.,]/.test(text)) return 'kept';
  if (beyond(number, row.range)) return 'lost';
  if (number < 10 || /\d[.,]\d/.test(row.range?.text ?? '')) return 'kept';
  const test = testOf(row);
  const usual = test && row.ucum && inOwnSpecimen(row, test) ? usualRanges[test.entry.key]?.[row.ucum] : undefined;
  if (usual && (tenfold(number, usual) || (row.range && tenfoldRange(row.range, usual)))) return 'lost';
  return test ? 'bare' : 'open';
}

/** A scanned "71" beside a range of 6.4 – 8.3: the engine drops decimal signs without lowering its confidence. */
function beyond(number: number, range: LabRange | undefined): boolean {
  if (!range || !/\d[.,]\d/.test(range.text)) return false;
  const high = range.high ?? (range.low === undefined ? undefined : range.low * 3);
  return high !== undefined && high > 0 && number > 4 * high;
}

/** Far above what is usual, and usual with the sign put back: 118 where 11.8 is meant. */
function tenfold(number: number, [low, high]: readonly [number, number]): boolean {
  return (
    number > 4 * high && [10, 100, 1000].some((factor) => number / factor >= low / 4 && number / factor <= 4 * high)
  );
}

/** "40 - 110" for 4.0 - 11.0: then the value beside it has lost its sign with them. */
function tenfoldRange({ low, high, text }: LabRange, usual: readonly [number, number]): boolean {
  const limit = high ?? low;
  const known = high === undefined ? usual[0] : usual[1];
  return limit !== undefined && known > 0 && !/\d[.,]\d/.test(text) && limit > 4 * known && limit < 40 * known;
}
