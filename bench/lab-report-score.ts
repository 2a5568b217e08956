import type { Synthetic, TruthRow } from '../models/lab-token-roles/generate.ts';
import type { LabFinding, LabRow } from '../src/analyses/lab-report/finding.ts';
import { critical, resolveTest } from '../src/terminology/lab-dictionary.ts';
import { toUcum } from '../src/terminology/units.ts';

/** Counts of one document; see reference labs.md, section 4, for what each means. */
export interface Score {
  readonly truth: number;
  readonly read: number;
  /** Name, value and unit right. */
  readonly row3: number;
  /** row3 with reference range and flag right. */
  readonly row5: number;
  /** row3 with the LOINC code of the truth, of those that have one. */
  readonly coded: number;
  readonly codable: number;
  readonly wrongCode: number;
  readonly wrongValue: number;
  readonly wrongUnit: number;
  readonly lostComparator: number;
  readonly previousAsCurrent: number;
  readonly spurious: number;
  readonly missed: number;
  /** Missed rows whose value stands among the unread lines. */
  readonly missedButSaid: number;
  readonly critical: number;
  readonly missedCritical: number;
}

const squeeze = (text: string | undefined) =>
  (text ?? '')
    .normalize('NFKC')
    .replace(/[\s()[\]]/g, '')
    .replace(/[–—−]/g, '-')
    .replaceAll('μ', 'µ')
    .toLowerCase();

/** Compares as printed: spaces, brackets, kinds of dashes and case aside. Rows are paired by name, the right value first. */
export function scoreDocument(document: Synthetic, finding: LabFinding | undefined): Score {
  const left = [...(finding?.rows ?? [])];
  const count = {
    row3: 0,
    row5: 0,
    coded: 0,
    codable: 0,
    wrongCode: 0,
    wrongValue: 0,
    wrongUnit: 0,
    lostComparator: 0,
    previousAsCurrent: 0,
    missed: 0,
    missedButSaid: 0,
    critical: 0,
    missedCritical: 0,
  };
  const pairs = document.truth.map((row) => ({
    row,
    read: take(
      left,
      (one) => squeeze(one.name) === squeeze(row.name) && squeeze(one.value.text) === squeeze(row.value),
    ),
  }));
  for (const { row, read: exact } of pairs) {
    const read = exact ?? take(left, (one) => squeeze(one.name) === squeeze(row.name));
    const valueRight = read !== undefined && squeeze(read.value.text) === squeeze(row.value);
    const unitRight = read !== undefined && sameUnit(read.unit, row.unit);
    const isCritical = criticalOf(row);
    if (isCritical) count.critical++;
    if (isCritical && !(valueRight && unitRight)) count.missedCritical++;
    if (!read) {
      count.missed++;
      if (finding?.unread.some(({ text }) => squeeze(text).includes(squeeze(row.value)))) count.missedButSaid++;
      continue;
    }
    if (!valueRight) {
      count.wrongValue++;
      if (row.previous && squeeze(read.value.text) === squeeze(row.previous)) count.previousAsCurrent++;
      if (/[<>≤≥]/.test(row.value) && squeeze(read.value.text) === squeeze(row.value.replace(/[<>≤≥=]/g, '')))
        count.lostComparator++;
    } else if (!unitRight) {
      count.wrongUnit++;
    }
    if (valueRight && unitRight) {
      count.row3++;
      if (row.loinc) count.codable++;
      if (row.loinc && read.loinc === row.loinc) count.coded++;
      if (row.loinc && read.loinc && read.loinc !== row.loinc) count.wrongCode++;
      if (
        squeeze(read.range?.text) === squeeze(row.range) &&
        squeeze(read.flag?.text === 'Out of range' ? '' : read.flag?.text) === squeeze(row.flag)
      )
        count.row5++;
    }
  }
  return { truth: document.truth.length, read: finding?.rows.length ?? 0, spurious: left.length, ...count };
}

function take(rows: LabRow[], matches: (row: LabRow) => boolean): LabRow | undefined {
  const at = rows.findIndex(matches);
  return at < 0 ? undefined : rows.splice(at, 1)[0];
}

/** As printed, or the same UCUM code: recognition may print µ as u. */
function sameUnit(read: string | undefined, truth: string | undefined): boolean {
  if (squeeze(read) === squeeze(truth)) return true;
  const code = truth && toUcum(truth)?.code;
  return read !== undefined && code !== undefined && code === toUcum(read)?.code;
}

function criticalOf(row: TruthRow): boolean {
  const entry =
    row.number === undefined || !row.unit ? undefined : resolveTest({ name: row.name, unit: row.unit })?.entry;
  const code = row.unit && toUcum(row.unit)?.code;
  const level = entry && code ? critical(entry, row.number!, code) : undefined;
  return level === 'HH' || level === 'LL';
}

export function total(scores: readonly Score[]): Score {
  const sum = { ...scores[0]! } as Record<keyof Score, number>;
  for (const key of Object.keys(sum) as (keyof Score)[]) sum[key] = scores.reduce((all, score) => all + score[key], 0);
  return sum;
}

/** Share with its 95 % interval, by resampling whole documents 1,000 times: rows of one document are not independent. */
export function share(scores: readonly Score[], part: keyof Score, whole: keyof Score): string {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  const of = (list: readonly Score[]) => {
    const [above, below] = [
      list.reduce((sum, one) => sum + one[part], 0),
      list.reduce((sum, one) => sum + one[whole], 0),
    ];
    return below === 0 ? Number.NaN : above / below;
  };
  const samples = Array.from({ length: 1000 }, () =>
    of(scores.map(() => scores[Math.floor(next() * scores.length)]!)),
  ).sort((a, b) => a - b);
  return `${of(scores).toFixed(3)} [${samples[25]!.toFixed(3)}, ${samples[974]!.toFixed(3)}]`;
}
