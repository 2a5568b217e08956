import type { DicomHeader } from '../../imaging/image.ts';
import type { FilmReading } from './finding.ts';
import {
  bedsideWords,
  chestWords,
  derivedWords,
  frontalWords,
  lateralWords,
  otherBodyWords,
  remadeWords,
  wordsOf,
} from './words.ts';

const projectionModalities: ReadonlySet<string> = new Set(['CR', 'DX', 'DR', 'RG', 'RF', 'XR', 'OT']);

/** Whether projection images of a modality are read; a missing one is judged by the pixels. */
export function isProjection(modality: string | undefined): boolean {
  return !modality || projectionModalities.has(modality.toUpperCase());
}

/** What a header says of the projection. Headers lie; the pixels are looked at as well. */
export function viewOf(header: DicomHeader): FilmReading['view'] {
  const position = header.viewPosition?.toUpperCase().trim();
  if (position === 'PA' || position === 'AP') {
    return position;
  }
  const words = wordsOf(header.seriesDescription, header.protocolName, header.studyDescription);
  return / (ap|anteroposterior) /.test(words) || bedsideWords.test(words)
    ? 'AP'
    : / pa /.test(words)
      ? 'PA'
      : 'unknown';
}

/** A header that says lateral or oblique and does not say frontal. */
export function saysLateral(header: DicomHeader): boolean {
  const position = header.viewPosition?.toUpperCase().trim() ?? '';
  if (position !== '') {
    return /^(LL|RL|LAT|LATERAL|LLO|RLO|LAO|RAO|LPO|RPO|LLD|RLD)$/.test(position);
  }
  const words = wordsOf(header.seriesDescription, header.protocolName);
  if (lateralWords.test(words) || frontalWords.test(words)) {
    return lateralWords.test(words) && !frontalWords.test(words);
  }
  // the rows of a lateral film run to the front or the back of the patient
  return /^[AP]/.test(header.patientOrientation?.[0]?.toUpperCase() ?? '');
}

/**
 * A header by which the film is stored mirrored, lying or head down: the rows of a frontal film run to the patient's left,
 * its columns to the feet (PS3.3 C.7.6.1.1.1). Sides would be told wrongly.
 */
export function saysTurned(header: DicomHeader): boolean {
  const [rows = '', columns = ''] = (header.patientOrientation ?? []).map((one) => one.toUpperCase());
  return rows !== '' && columns !== '' && !/^[AP]/.test(rows) && !(rows.startsWith('L') && columns.startsWith('F'));
}

/** A header that names another modality, or another part of the body and not the chest. */
export function saysNoChest(header: DicomHeader): boolean {
  if (!isProjection(header.modality)) {
    return true;
  }
  const part = wordsOf(header.bodyPartExamined);
  const words = wordsOf(header.bodyPartExamined, header.seriesDescription, header.protocolName);
  return (otherBodyWords.test(part) || otherBodyWords.test(words)) && !chestWords.test(words);
}

/** Not the film but something made from it, by its image type. Weak: some archives write it on everything they send. */
export function saysDerived(header: DicomHeader): boolean {
  // CR and DX write DERIVED\PRIMARY for every processed film: only SECONDARY says that it is no acquisition
  return header.imageType[1]?.toUpperCase() === 'SECONDARY' && header.sopClassUid !== SECONDARY_CAPTURE;
}

/** A header that says in words what was done to the film, or that its values are the detector's and not for the eye. */
export function saysProcessed(header: DicomHeader): boolean {
  return (
    header.presentationIntent?.toUpperCase() === 'FOR PROCESSING' ||
    derivedWords.test(wordsOf(header.seriesDescription)) ||
    remadeWords.test(wordsOf(header.derivationDescription, ...header.imageType))
  );
}

/** Secondary capture: how many small sites store their films; its image type says nothing. */
const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
