import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Change, FindingCode } from '../../analyses/chest-xray-comparison/finding.ts';
import { refuseDataset } from '../refuse.ts';
import type { CsvRow } from './csv.ts';
import type { Label, LabelledPair } from './labelled-pair.ts';

/** Names of MS-CXR-T (Bannur et al., https://physionet.org/content/ms-cxr-t/1.0.0/) → codes of the analysis. */
const findings: Readonly<Record<string, FindingCode>> = {
  consolidation: 'consolidation',
  edema: 'pulmonary-edema',
  pleural_effusion: 'pleural-effusion',
  pneumonia: 'pneumonia',
  pneumothorax: 'pneumothorax',
};

const changes: Readonly<Record<string, Change>> = {
  improving: 'improved',
  stable: 'stable',
  worsening: 'worsened',
};

/**
 * Rows of MS-CXR-T's image classification table with the films of MIMIC-CXR, laid out as PhysioNet does:
 * `files/p10/p10000032/s50414267/<dicom_id>.dcm` or `.jpg`. Both need a data use agreement; nothing of either is shipped.
 * Throws `dataset-invalid` for a row without ids or with a progression of another name, and where a film is missing.
 */
export function msCxrTPairs(rows: readonly CsvRow[], images: string, file: string): readonly LabelledPair[] {
  return rows.flatMap((row, at): LabelledPair[] => {
    const place = `row ${at + 2}`;
    const labels = Object.fromEntries(
      Object.entries(findings).flatMap(([name, finding]): [FindingCode, Label][] => {
        const said = row[`${name}_progression`] ?? '';
        if (said === '') {
          return [];
        }
        const change = changes[said.toLowerCase()];
        if (!change) {
          throw refuseDataset(file, `${place}: ${name}_progression is improving, stable or worsening.`);
        }
        return [[finding, { change }]];
      }),
    );
    if (Object.keys(labels).length === 0) {
      return [];
    }
    const film = (study: string, dicom: string): string => filmOf(images, row, study, dicom, place, file);
    return [
      {
        id: `pair-${at + 1}`,
        patient: row.subject_id!,
        filedUnder: row.subject_id!,
        prior: film('previous_study_id', 'previous_dicom_id'),
        current: film('study_id', 'dicom_id'),
        views: {},
        labels,
      },
    ];
  });
}

function filmOf(images: string, row: CsvRow, study: string, dicom: string, place: string, file: string): string {
  const subject = bare(row.subject_id, 'p');
  const at = bare(row[study], 's');
  const id = row[dicom] ?? '';
  if (!/^\d+$/.test(subject) || !/^\d+$/.test(at) || !/^[0-9a-f-]+$/i.test(id)) {
    throw refuseDataset(file, `${place}: subject_id, ${study} and ${dicom} do not name a film.`);
  }
  const path = join(images, `files/p${subject.slice(0, 2)}/p${subject}/s${at}/${id}`);
  const found = ['.dcm', '.jpg'].map((ending) => path + ending).find((one) => existsSync(one));
  if (!found) {
    throw refuseDataset(file, `${place}: the film of ${dicom} is not in the folder of images.`);
  }
  return found;
}

/** Ids come with and without their letter, and as numbers that a spreadsheet has made decimal. */
function bare(text: string | undefined, letter: string): string {
  return (text ?? '').replace(new RegExp(`^${letter}`), '').replace(/\.0$/, '');
}
