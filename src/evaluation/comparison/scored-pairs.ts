import { join } from 'node:path';
import type { Change } from '../../analyses/chest-xray-comparison/finding.ts';
import { refuseDataset } from '../refuse.ts';
import type { CsvRow } from './csv.ts';
import type { LabelledPair } from './labelled-pair.ts';
import { numberOf, viewsOf } from './site-pairs.ts';

const changes: Readonly<Record<string, Change>> = { better: 'improved', same: 'stable', worse: 'worsened' };

/** Brixia zones A to F stand in the order of the analysis' zones: right upper, middle, lower, then left. */
const zoneLetters = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const readers = ['senior', 'junior'] as const;

export interface ScoredTables {
  /** pairs.csv: patient, prior, current, score_change, label, readers_agree. */
  readonly pairs: readonly CsvRow[];
  /** images.csv, where there is one: file and the six Brixia zones of both readers. */
  readonly images: readonly CsvRow[];
  /** negatives.csv, where there is one: pairs that must be refused. */
  readonly negatives: readonly CsvRow[];
}

/** Films that experts scored at two dates; the films lie in images/. Throws `dataset-invalid`. */
export function scoredPairs({ pairs, images, negatives }: ScoredTables, folder: string): readonly LabelledPair[] {
  const scores = new Map(images.map((row) => [row.file ?? '', zoneScores(row)]));
  const path = (name: string | undefined, place: string): string => {
    if (!name || /[\\/]/.test(name)) {
      throw refuseDataset('pairs.csv', `${place}: a film is no file of images/.`);
    }
    return join(folder, 'images', name);
  };
  const scored = pairs.map((row, at): LabelledPair => {
    const place = `row ${at + 2}`;
    const change = changes[row.label ?? ''];
    if (!change) {
      throw refuseDataset('pairs.csv', `${place}: label is better, same or worse.`);
    }
    if (!row.patient) {
      throw refuseDataset('pairs.csv', `${place}: there is no patient, by which pairs are resampled.`);
    }
    const [before, after] = [scores.get(row.prior ?? ''), scores.get(row.current ?? '')];
    return {
      id: `pair-${at + 1}`,
      patient: row.patient,
      filedUnder: row.patient,
      prior: path(row.prior, place),
      current: path(row.current, place),
      views: viewsOf(row),
      labels: {
        overall: {
          change,
          ...(row.score_change ? { score: numberOf(row.score_change, place, 'pairs.csv') } : {}),
        },
      },
      ...(before && after ? { zoneScores: after.map((value, zone) => value - before[zone]!) } : {}),
      ...(row.readers_agree ? { group: `readers agree: ${row.readers_agree}` } : {}),
    };
  });
  return [
    ...scored,
    ...negatives.map(
      (row, at): LabelledPair => ({
        id: `negative-${at + 1}`,
        patient: `negative-${at + 1}`,
        prior: path(row.prior, `negatives.csv, row ${at + 2}`),
        current: path(row.current, `negatives.csv, row ${at + 2}`),
        views: {},
        labels: {},
        refuse: true,
      }),
    ),
  ];
}

/** Mean of the readers per zone; undefined where nobody scored the film. */
function zoneScores(row: CsvRow): readonly number[] | undefined {
  const zones = zoneLetters.map((letter) =>
    readers.flatMap((reader) => {
      const text = row[`brixia_${reader}_${letter}`] ?? '';
      return text === '' ? [] : [numberOf(text, 'a zone', 'images.csv')];
    }),
  );
  return zones.every((values) => values.length > 0)
    ? zones.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
    : undefined;
}
