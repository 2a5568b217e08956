import { bold, gridLines, wrapped } from './grid.ts';

/** One result of a message or coded document, every field as it is sent. */
export interface ResultRow {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly range?: string;
  readonly flag?: string;
  readonly specimen?: string;
  /** "YYYY-MM-DD" or "YYYY-MM-DD HH:MM". */
  readonly collected?: string;
}

/** What was ordered or reported together. */
export interface ResultGroup {
  readonly heading?: string;
  readonly rows: readonly ResultRow[];
  /** Below the table, each in its own lines. */
  readonly comments: readonly string[];
}

/** A laboratory report that came as data. Dates as in `ResultRow`. */
export interface ReportText {
  readonly title?: string;
  readonly patient: {
    readonly name?: string;
    readonly birthDate?: string;
    readonly identifier?: string;
    readonly sex?: string;
  };
  readonly laboratory?: string;
  readonly received?: string;
  readonly reported?: string;
  readonly groups: readonly ResultGroup[];
}

const columns = [
  ['Test', 'name'],
  ['Result', 'value'],
  ['Units', 'unit'],
  ['Reference range', 'range'],
  ['Flag', 'flag'],
  ['Date/time', 'collected'],
] as const;

const labels = (pairs: readonly (readonly [string, string | undefined])[]) =>
  pairs.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []));

/**
 * The report as lines of text, laid out as a laboratory prints it: patient and dates as labelled lines, one table for
 * each group and specimen below its heading, comments below the table. Columns of which nothing is known are left out; a
 * collection time that all results share stands above and not in the rows.
 */
export function reportLines(report: ReportText): readonly string[] {
  const times = new Set(report.groups.flatMap(({ rows }) => rows.map((row) => row.collected)));
  const [collected] = times.size === 1 ? [...times] : [];
  const { patient } = report;
  return [
    ...(report.laboratory ? [bold(report.laboratory)] : []),
    bold(report.title ?? 'Laboratory report'),
    '',
    ...labels([
      ['Patient', patient.name],
      ['Date of birth', patient.birthDate],
      ['Sex', patient.sex],
      ['Patient ID', patient.identifier],
      ['Collected', collected],
      ['Received', report.received],
      ['Reported', report.reported],
    ]),
    ...report.groups.flatMap((group) => ['', ...groupLines(group, collected === undefined)]),
  ];
}

function groupLines({ heading, rows, comments }: ResultGroup, timed: boolean): readonly string[] {
  // A specimen holds until another is named: results without one come first.
  const specimens = [
    ...new Set([...(rows.some((row) => !row.specimen) ? [undefined] : []), ...rows.map((row) => row.specimen)]),
  ];
  const notes = comments.flatMap((comment) =>
    comment
      .split('\n')
      .flatMap((line) => wrapped(line, 120))
      .map((line, index) => `  ${index === 0 ? 'Comment: ' : ''}${line}`),
  );
  return [
    ...(heading ? [bold(heading)] : []),
    ...specimens.flatMap((specimen) => [
      ...labels([['Specimen', specimen]]),
      ...tableLines(
        rows.filter((row) => row.specimen === specimen),
        timed,
      ),
    ]),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ];
}

function tableLines(rows: readonly ResultRow[], timed: boolean): readonly string[] {
  const used = columns.filter(
    ([, key]) => key === 'name' || key === 'value' || ((key !== 'collected' || timed) && rows.some((row) => row[key])),
  );
  return gridLines([
    used.map(([title]) => ({ lines: [bold(title)] })),
    ...rows.map((row) => used.map(([, key]) => ({ lines: wrapped(row[key] ?? '', key === 'name' ? 120 : 60) }))),
  ]);
}

/**
 * Value and flag where the flag says that the value lies off the scale of the instrument ("<" and ">" in HL7's table of
 * abnormal flags): the sign belongs to the value, as it would be printed, and 500 with ">" is >500.
 */
export function withSign(value: string, flag: string | undefined): Pick<ResultRow, 'value' | 'flag'> {
  if (flag !== '<' && flag !== '>') {
    return { value, ...(flag ? { flag } : {}) };
  }
  return { value: /^[\d.,]+$/.test(value) ? `${flag}${value}` : value };
}

/**
 * An HL7 time stamp as printed: "20250301083000+0100" → "2025-03-01 08:30", the clock of the place that it came from.
 * Undefined for what is no date.
 */
export function printedTime(stamp: string | undefined): string | undefined {
  const match = /^\s*(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2}))?/.exec(stamp ?? '');
  if (!match) {
    return undefined;
  }
  const [, year, month, day, hour, minute] = match;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (Number(month) < 1 || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    return undefined;
  }
  const timed = hour !== undefined && Number(hour) < 24 && Number(minute) < 60;
  return `${year}-${month}-${day}${timed ? ` ${hour}:${minute}` : ''}`;
}

/** The specimen that a LOINC name ends with: "Glucose [Mass/volume] in Serum or Plasma" → "Serum or Plasma". */
export function systemOfName(name: string | undefined): string | undefined {
  return /\s(?:in|of)\s+((?:Serum|Plasma|Blood|Urine|Cerebral|Stool|Body|Arterial|Venous|Capillary|Red|Platelet|Saliva|Semen|Synovial|Pleural|Peritoneal|Amniotic|Sputum)\b[^[\]]*?)(?:\s+by\b.*)?$/i.exec(
    name ?? '',
  )?.[1];
}
