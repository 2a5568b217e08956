import type { LabRow } from './finding.ts';

interface Identity {
  /** LOINC codes of what takes part, in the order of `holds`. */
  readonly codes: readonly (readonly string[])[];
  /** Relative difference of the two sides. */
  readonly differs: (values: readonly number[]) => number;
  /** What printed rounding and different methods may account for. */
  readonly tolerance: number;
}

const relative = (a: number, b: number) => Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-9);

/** Hb in g/dL, Hct in %, RBC in 10*6/uL, and the like: rows in other units take no part. */
const units: Readonly<Record<string, readonly string[]>> = {
  '718-7': ['g/dL'],
  '4544-3': ['%'],
  '789-8': ['10*6/uL', '10*12/L', '/pL'],
  '787-2': ['fL'],
  '785-6': ['pg'],
  '786-4': ['g/dL'],
  '2885-2': ['g/dL'],
  '1751-7': ['g/dL'],
  '10834-0': ['g/dL'],
  '2336-6': ['g/dL'],
  '1975-2': ['mg/dL'],
  '1968-7': ['mg/dL'],
  '1971-1': ['mg/dL'],
};

const identities: readonly Identity[] = [
  {
    codes: [['787-2'], ['4544-3'], ['789-8']],
    differs: ([mcv, hct, rbc]) => relative(mcv!, (hct! / rbc!) * 10),
    tolerance: 0.06,
  },
  {
    codes: [['785-6'], ['718-7'], ['789-8']],
    differs: ([mch, hb, rbc]) => relative(mch!, (hb! / rbc!) * 10),
    tolerance: 0.06,
  },
  {
    codes: [['786-4'], ['718-7'], ['4544-3']],
    differs: ([mchc, hb, hct]) => relative(mchc!, (hb! / hct!) * 100),
    tolerance: 0.06,
  },
  {
    codes: [['2885-2'], ['1751-7'], ['10834-0', '2336-6']],
    differs: ([total, albumin, globulin]) => relative(total!, albumin! + globulin!),
    tolerance: 0.05,
  },
  {
    codes: [['1975-2'], ['1968-7'], ['1971-1']],
    differs: ([total, direct, indirect]) => relative(total!, direct! + indirect!),
    tolerance: 0.2,
  },
];

const differential: readonly (readonly string[])[] = [['770-8'], ['736-9'], ['5905-5'], ['713-8'], ['706-2']];

/**
 * Items of the rows whose numbers contradict each other. The document itself may be wrong: rows are flagged for review,
 * never corrected. Only rows of one specimen time take part.
 */
export function contradicted(rows: readonly LabRow[]): ReadonlySet<string> {
  const found = new Set<string>();
  const times = new Set(rows.map(({ collected }) => collected));
  for (const time of times) {
    const group = rows.filter(
      (row) => row.collected === time && row.value.kind === 'quantity' && !row.value.comparator,
    );
    for (const { codes, differs, tolerance } of identities) {
      const parts = codes.map((any) => only(group, any));
      if (parts.some((part) => part === undefined)) continue;
      if (differs(parts.map((part) => part!.value.number!)) > tolerance) {
        for (const part of parts) found.add(part!.item);
      }
    }
    const parts = differential.map((any) => only(group, any)).filter((part) => part !== undefined && part.ucum === '%');
    const sum = parts.reduce((total, part) => total + part!.value.number!, 0);
    if (parts.length === differential.length && (sum < 90 || sum > 104)) {
      for (const part of parts) found.add(part!.item);
    }
  }
  return found;
}

/** The one row of these codes; undefined when there is none, several, or one in another unit. */
function only(rows: readonly LabRow[], codes: readonly string[]): LabRow | undefined {
  const matching = rows.filter(({ loinc }) => loinc !== undefined && codes.includes(loinc));
  const row = matching[0];
  const expected = row?.loinc ? units[row.loinc] : undefined;
  return matching.length === 1 && (!expected || expected.includes(row?.ucum ?? '')) ? row : undefined;
}
