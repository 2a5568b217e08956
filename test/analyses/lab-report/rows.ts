import type { LabFinding, LabRow } from '../../../src/analyses/lab-report/finding.ts';
import { toUcum } from '../../../src/terminology/units.ts';

/** "Potassium 6.8 mmol/L" as a row that no page backs, for checks that look at numbers alone. */
export function rowOf(printed: string, more: Partial<LabRow> = {}): LabRow {
  const [, name = '', sign, number = '', unit] = /^(.+?) ([<>])?(-?[\d.]+)(?: (\S+))?$/.exec(printed) ?? [];
  return {
    item: `${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.${unit === '%' ? 'share' : 0}`,
    name,
    value: {
      kind: 'quantity',
      text: `${sign ?? ''}${number}`,
      number: Number(number),
      ...(sign ? { comparator: sign as '<' | '>' } : {}),
    },
    ...(unit ? { unit, ucum: toUcum(unit)?.code ?? unit } : {}),
    page: 1,
    boxes: { name: [0, 0, 9, 1], value: [12, 0, 15, 1] },
    confidence: 0.9,
    issues: [],
    ...more,
  };
}

export function findingOf(rows: readonly LabRow[], document: Partial<LabFinding['document']> = {}): LabFinding {
  return { document: { decimal: 'dot', patient: {}, caveats: [], ...document }, rows, unread: [] };
}
