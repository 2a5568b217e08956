import type { Box, Page, Word } from '../../documents/page.ts';
import { isUcum } from '../../terminology/units.ts';
import { abstain } from '../analysis.ts';
import { consistent } from './agreement.ts';
import { calibration } from './confidence.ts';
import { keep, type LabGuard, withCaveat } from './guard-tools.ts';
import { nearHistory } from './history.ts';
import { notInChart } from './in-chart.ts';
import { laboratoryReport } from './kind-of-document.ts';
import { limitsFit, physically, signed } from './plausibility.ts';
import { comparePatient } from './same-patient.ts';
import { onePatient } from './several-patients.ts';

/** The document must be of the patient in whose chart it is filed. */
const ofThisPatient: LabGuard = (finding, { patient }) => {
  if (!patient) return finding;
  const identity = comparePatient(finding.document.patient, patient);
  if (identity === 'other') {
    return abstain('patient-mismatch', 'The patient printed on the document is not the patient of this chart.');
  }
  const { name, birthDate, identifier } = finding.document.patient;
  const silent = !name && !birthDate && !identifier;
  return identity === 'unproven' && !silent
    ? withCaveat(finding, 'The patient printed on the document could be compared with the chart only in part.')
    : finding;
};

const exactly = (text: string) => text;

/** Recognition takes one decimal sign for the other and drops accents; digits and letters must stand on the page all the same. */
const asRecognised = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll(',', '.');

/** Letters of names that recognition takes for digits are told from them by the dictionary: "Haemo8lobin". */
const asLetters = (text: string) =>
  asRecognised(text)
    .replace(/0/g, 'o')
    .replace(/[1il|]/g, 'l')
    .replace(/5/g, 's')
    .replace(/[689gb]/g, 'b');

/** Every value, and the name beside it, must stand on the page where it is said to stand. */
const onThePage: LabGuard = (finding, { document }) => {
  const pages = new Map(document.pages.map((page) => [page.number, byHeight(page)]));
  const scanned = new Set(document.pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
  return keep(finding, (row) => {
    const page = pages.get(row.page);
    if (!page) return 'page-unknown';
    const fold = scanned.has(row.page) ? asRecognised : exactly;
    if (!printed(page, row.boxes.value, row.value.text, fold)) return 'value-not-on-page';
    return printed(page, row.boxes.name, row.name, scanned.has(row.page) ? asLetters : fold) ? row : 'name-not-on-page';
  });
};

/** The number must be what the text says: a reader may not change it on the way. */
const sameNumber: LabGuard = (finding) =>
  keep(finding, (row) => {
    const digits = (text: string) => text.replace(/\D/g, '').replace(/^0+|0+$/g, '');
    if (row.value.kind !== 'quantity' || /[eE×x*^]/.test(row.value.text)) return row;
    return row.value.number !== undefined && digits(String(row.value.number)) === digits(row.value.text)
      ? row
      : 'number-not-as-printed';
  });

/** Units that are no UCUM stay as text only. */
const validUnit: LabGuard = (finding) =>
  keep(finding, (row) =>
    row.ucum === undefined || isUcum(row.ucum)
      ? row
      : { ...row, ucum: undefined, issues: [...row.issues, 'unit-unknown'] },
  );

/** Below this a row rests on too little to be shown as a value at all. */
const leastConfidence = 0.25;
const sureEnough: LabGuard = (finding) =>
  keep(finding, (row) => (row.confidence < leastConfidence ? 'confidence-low' : row));

/** A document that is a report but holds not one result that passes is not "all normal"; what was left out is counted. */
const notEmpty: LabGuard = (finding) => {
  const { length } = finding.unread;
  if (finding.rows.length === 0) {
    return abstain(
      'no-result-rows',
      length > 0 ? 'No result could be read with certainty.' : 'The document holds no result that could be read.',
    );
  }
  return length > 0
    ? withCaveat(finding, `${length} ${length === 1 ? 'line' : 'lines'} that may hold a result could not be read.`)
    : finding;
};

/** In this order: identity first, so that nothing of another patient is looked at further. */
export const guards: readonly LabGuard[] = [
  onePatient,
  ofThisPatient,
  laboratoryReport,
  onThePage,
  sameNumber,
  signed,
  validUnit,
  physically,
  limitsFit,
  consistent,
  notInChart,
  nearHistory,
  sureEnough,
  calibration,
  notEmpty,
];

/** Words of a page with the height of their middles, from top to bottom: a table of thousands of rows is asked for each. */
type ByHeight = readonly { readonly word: Word; readonly middle: number }[];

function byHeight({ words }: Page): ByHeight {
  return words.map((word) => ({ word, middle: (word.box[1] + word.box[3]) / 2 })).sort((a, b) => a.middle - b.middle);
}

/** Words whose middles lie between two heights. */
function between(page: ByHeight, top: number, bottom: number): readonly Word[] {
  let [low, high] = [0, page.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (page[half]!.middle > top) high = half;
    else low = half + 1;
  }
  const found: Word[] = [];
  for (let at = low; at < page.length && page[at]!.middle < bottom; at++) found.push(page[at]!.word);
  return found;
}

/** Whether the words whose middle lies in the box spell the text, spaces aside. */
function printed(page: ByHeight, box: Box, text: string, fold: (text: string) => string): boolean {
  const slack = Math.max(0.2, (box[3] - box[1]) * 0.3);
  const inside = between(page, box[1] - slack, box[3] + slack).filter(
    ({ box: [x0, , x1] }) => Math.min(x1, box[2] + slack) - Math.max(x0, box[0] - slack) > 0,
  );
  const squeeze = (value: string) => fold(value.replace(/\s+/g, ''));
  const sorted = [...inside].sort((a, b) =>
    Math.abs(a.box[1] - b.box[1]) > slack * 2 ? a.box[1] - b.box[1] : a.box[0] - b.box[0],
  );
  const spelled = squeeze(sorted.map((word) => word.text).join(''));
  return text.split(/\s+/).every((part) => spelled.includes(squeeze(part)));
}
