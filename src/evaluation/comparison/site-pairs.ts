import { join } from 'node:path';
import { type Change, changes, findingCodes } from '../../analyses/chest-xray-comparison/finding.ts';
import { refuseDataset } from '../refuse.ts';
import type { CsvRow } from './csv.ts';
import type { Label, LabelledPair, Target } from './labelled-pair.ts';

/** Columns that may hold a label. */
const targets: readonly Target[] = ['overall', ...findingCodes];

const others: ReadonlySet<string> = new Set([
  ...['patient', 'prior', 'current', 'view_prior', 'view_current', 'group', 'expect'],
]);

/**
 * A site's own pairs: docs/evaluation.md. Throws `dataset-invalid` for a column, a change or a score that is not one, a row
 * without a label, and a path that leaves the folder.
 */
export function sitePairs(rows: readonly CsvRow[], folder: string, file: string): readonly LabelledPair[] {
  const unknown = Object.keys(rows[0] ?? {}).find(
    (name) => !others.has(name) && !targets.includes(name.replace(/_score$/, '') as Target),
  );
  if (unknown !== undefined) {
    throw refuseDataset(file, `the column ${unknown} is not one of the format.`);
  }
  return rows.map((row, at) => {
    const place = `row ${at + 2}`;
    const path = (role: 'prior' | 'current'): string => {
      const name = row[role] ?? '';
      if (name === '' || name.startsWith('/') || name.split(/[\\/]/).includes('..')) {
        throw refuseDataset(file, `${place}: ${role} is no path inside the folder.`);
      }
      return join(folder, name);
    };
    if (!row.patient) {
      throw refuseDataset(file, `${place}: there is no patient, by which pairs are resampled.`);
    }
    if (row.expect && row.expect !== 'refuse') {
      throw refuseDataset(file, `${place}: expect may be refuse or empty.`);
    }
    const labels = Object.fromEntries(
      targets.flatMap((target) => {
        const label = labelOf(row[target], row[`${target}_score`], `${place}, ${target}`, file);
        return label ? [[target, label] as const] : [];
      }),
    );
    if (Object.keys(labels).length === 0 && row.expect !== 'refuse') {
      throw refuseDataset(file, `${place}: nothing is labelled.`);
    }
    return {
      id: `pair-${at + 1}`,
      patient: row.patient,
      filedUnder: row.patient,
      prior: path('prior'),
      current: path('current'),
      views: viewsOf(row),
      labels,
      ...(row.group ? { group: row.group } : {}),
      ...(row.expect === 'refuse' ? { refuse: true as const } : {}),
    };
  });
}

function labelOf(
  change: string | undefined,
  score: string | undefined,
  place: string,
  file: string,
): Label | undefined {
  if (!change) {
    if (score) {
      throw refuseDataset(file, `${place}: a score without a change.`);
    }
    return undefined;
  }
  if (!changes.includes(change as Change)) {
    throw refuseDataset(file, `${place}: a change is improved, stable or worsened.`);
  }
  return { change: change as Change, ...(score ? { score: numberOf(score, place, file) } : {}) };
}

/** A decimal number; throws `dataset-invalid`. */
export function numberOf(text: string, place: string, file: string): number {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) {
    throw refuseDataset(file, `${place}: a score is no number.`);
  }
  return Number(text);
}

/** PA or AP, however it is written; anything else is not known. */
export function viewsOf(row: CsvRow): LabelledPair['views'] {
  const view = (text: string | undefined): string | undefined => /^\s*(PA|AP)\b/i.exec(text ?? '')?.[1]?.toUpperCase();
  const [prior, current] = [view(row.view_prior), view(row.view_current)];
  return { ...(prior ? { prior } : {}), ...(current ? { current } : {}) };
}
