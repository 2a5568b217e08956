import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ofFolder, refuseDataset } from '../refuse.ts';
import { type CsvRow, parseCsv } from './csv.ts';
import type { LabelledPair } from './labelled-pair.ts';
import { msCxrTPairs } from './ms-cxr-t.ts';
import { scoredPairs } from './scored-pairs.ts';
import { sitePairs } from './site-pairs.ts';

export type PairFormat = 'site' | 'scored' | 'ms-cxr-t';

export interface PairDataset {
  readonly format: PairFormat;
  readonly pairs: readonly LabelledPair[];
}

/**
 * Reads a folder of labelled pairs; which format it is the columns tell. `images` is where the films of MS-CXR-T lie
 * (default: the folder itself). Throws `dataset-invalid` where nothing fits, a table breaks its format, or a film is not
 * there.
 */
export async function loadPairs(folder: string, images = folder): Promise<PairDataset> {
  const all = await ofFolder('dataset', () => readdir(folder));
  const names = all.filter((name) => name.toLowerCase().endsWith('.csv')).sort();
  const file = names.find((name) => name === 'pairs.csv') ?? names.find((name) => /ms.?cxr.?t.*\.csv$/i.test(name));
  if (file === undefined) {
    throw refuseDataset('dataset', 'the folder holds no pairs.csv and no table of MS-CXR-T.');
  }
  const table = async (name: string): Promise<readonly CsvRow[]> =>
    names.includes(name) ? parseCsv(await readFile(join(folder, name), 'utf8'), name) : [];
  const rows = await table(file);
  const columns = Object.keys(rows[0] ?? {});
  if (rows.length === 0) {
    throw refuseDataset(file, 'holds no pair.');
  }
  if (columns.includes('previous_dicom_id')) {
    return { format: 'ms-cxr-t', pairs: msCxrTPairs(rows, images, file) };
  }
  const scored = columns.includes('label') && columns.includes('score_change');
  const pairs = scored
    ? scoredPairs({ pairs: rows, images: await table('images.csv'), negatives: await table('negatives.csv') }, folder)
    : sitePairs(rows, folder, file);
  for (const { id, prior, current } of pairs) {
    for (const [role, path] of Object.entries({ prior, current })) {
      if (!existsSync(path)) {
        throw refuseDataset(file, `${id}: the ${role} film is not there.`);
      }
    }
  }
  return { format: scored ? 'scored' : 'site', pairs };
}
