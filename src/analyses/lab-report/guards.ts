import type { Box, Page } from '../../documents/page.ts';
import { plausible, resolveTest } from '../../terminology/lab-dictionary.ts';
import { isUcum } from '../../terminology/units.ts';
import { abstain, type Guard } from '../analysis.ts';
import type { LabFinding, LabRow } from './finding.ts';
import { contradicted } from './identities.ts';
import type { LabInput } from './input.ts';
import { comparePatient } from './same-patient.ts';

type LabGuard = Guard<LabInput, LabFinding>;

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

/** Every value, and the name beside it, must stand on the page where it is said to stand. */
const onThePage: LabGuard = (finding, { document }) =>
  keep(finding, (row) => {
    const page = document.pages.find(({ number }) => number === row.page);
    if (!page) return 'page-unknown';
    if (!printed(page, row.boxes.value, row.value.text)) return 'value-not-on-page';
    return printed(page, row.boxes.name, row.name) ? row : 'name-not-on-page';
  });

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

/** "Base excess   - 3.2": a dash apart from its number is a sign where the value may be below zero, elsewhere a leader. */
const signed: LabGuard = (finding, { document }) =>
  keep(finding, (row) => {
    const { number, text } = row.value;
    if (number === undefined || number <= 0 || !/^\d/.test(text)) return row;
    const [left, top, , bottom] = row.boxes.value;
    const page = document.pages.find((one) => one.number === row.page);
    const dash = page?.words.some(({ text, box: [, y0, x1, y1] }) => {
      const [middle, gap] = [(y0 + y1) / 2, left - x1];
      return /^[-–−]$/.test(text) && middle > top && middle < bottom && gap >= 0 && gap < 1.5 * (bottom - top);
    });
    const below = (row.range?.low ?? 0) < 0 || isPlausible(row, -number) === true;
    return dash && below ? 'sign-doubtful' : row;
  });

/** Whether a patient may have this number in the row's test and unit; undefined where that is not known. */
function isPlausible({ name, specimen, panel, unit, ucum }: LabRow, number: number): boolean | undefined {
  const entry = ucum ? resolveTest({ name, specimen, panel, unit })?.entry : undefined;
  return entry && ucum ? plausible(entry, number, ucum) : undefined;
}

/** A value that no living patient has is a misread digit, a lost decimal sign or a wrong unit. */
const physically: LabGuard = (finding, { document }) => {
  const scans = new Set(document.pages.filter(({ source }) => source === 'ocr').map(({ number }) => number));
  // Where some numbers of a scan have lost their sign, "118" beside "40-110" may be 11.8 beside 4.0-11.0 as well.
  const leaking = new Set(
    finding.rows.filter((row) => scans.has(row.page) && lostDecimal(row)).map(({ page }) => page),
  );
  return keep(finding, (row) => {
    const { kind, number } = row.value;
    if (kind !== 'quantity' || number === undefined) return row;
    if (isPlausible(row, number) === false) return 'implausible';
    const bare = !/[.,]/.test(`${row.value.text}${row.range?.text ?? ''}`) && number >= 10;
    return (scans.has(row.page) && lostDecimal(row)) || (leaking.has(row.page) && bare) ? 'decimal-sign-doubtful' : row;
  });
};

/**
 * A printed flag and limits that say the opposite: on a scan the limits have lost their decimal sign ("115 - 145" for
 * 11.5 - 14.5), elsewhere the print contradicts itself. The limits then stay as text and say nothing.
 */
const limitsFit: LabGuard = (finding) =>
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

const consistent: LabGuard = (finding) => {
  const bad = contradicted(finding.rows);
  return keep(finding, (row) =>
    bad.has(row.item)
      ? { ...row, confidence: row.confidence * 0.6, issues: [...row.issues, 'contradicts-other-results'] }
      : row,
  );
};

/** Below this a row rests on too little to be shown as a value at all. */
const leastConfidence = 0.25;
const sureEnough: LabGuard = (finding) =>
  keep(finding, (row) => (row.confidence < leastConfidence ? 'confidence-low' : row));

/** A document that is a report but holds not one result that passes is not "all normal". */
const notEmpty: LabGuard = (finding) =>
  finding.rows.length > 0
    ? finding
    : abstain(
        'no-result-rows',
        finding.unread.length > 0
          ? 'No result could be read with certainty.'
          : 'The document holds no result that could be read.',
      );

/** In this order: identity first, so that nothing of another patient is looked at further. */
export const guards: readonly LabGuard[] = [
  ofThisPatient,
  onThePage,
  sameNumber,
  signed,
  validUnit,
  physically,
  limitsFit,
  consistent,
  sureEnough,
  notEmpty,
];

/** Rows that pass, changed or not; what a check names a reason for goes to `unread` with it. */
function keep(finding: LabFinding, check: (row: LabRow) => LabRow | string): LabFinding {
  const rows: LabRow[] = [];
  const unread = [...finding.unread];
  for (const row of finding.rows) {
    const checked = check(row);
    if (typeof checked === 'string') {
      unread.push({
        text: `${row.name}  ${row.value.text}`.slice(0, 400),
        page: row.page,
        box: row.boxes.value,
        reason: checked,
      });
    } else {
      rows.push(checked);
    }
  }
  return { ...finding, rows, unread };
}

function withCaveat(finding: LabFinding, caveat: string): LabFinding {
  return { ...finding, document: { ...finding.document, caveats: [...finding.document.caveats, caveat] } };
}

/** Whether the words whose middle lies in the box spell the text, spaces aside. */
function printed(page: Page, box: Box, text: string): boolean {
  const slack = Math.max(0.2, (box[3] - box[1]) * 0.3);
  const inside = page.words.filter(({ box: [x0, y0, x1, y1] }) => {
    const across = Math.min(x1, box[2] + slack) - Math.max(x0, box[0] - slack);
    const middle = (y0 + y1) / 2;
    return across > 0 && middle > box[1] - slack && middle < box[3] + slack;
  });
  const squeeze = (value: string) => value.replace(/\s+/g, '');
  const sorted = [...inside].sort((a, b) =>
    Math.abs(a.box[1] - b.box[1]) > slack * 2 ? a.box[1] - b.box[1] : a.box[0] - b.box[0],
  );
  const spelled = squeeze(sorted.map((word) => word.text).join(''));
  return text.split(/\s+/).every((part) => spelled.includes(squeeze(part)));
}

/** A scanned "71" beside a range of 6.4 – 8.3: the engine drops decimal signs without lowering its confidence. */
function lostDecimal({ value, range }: LabRow): boolean {
  const { number, text } = value;
  if (number === undefined || range === undefined || /[.,]/.test(text)) return false;
  const decimals = /\d[.,]\d/.test(range.text);
  const high = range.high ?? (range.low === undefined ? undefined : range.low * 3);
  return decimals && high !== undefined && high > 0 && number > 4 * high;
}
