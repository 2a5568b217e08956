import type { Calendar, Moment } from './calendar.ts';
import type { Person } from './person.ts';
import type { ExpectedResult } from './sample.ts';

/** One line of a lab report, as printed, and what it means. */
export interface LabRow {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly range: string;
  /** As printed: H, L, HH, +, High … Empty when the value is unremarkable. */
  readonly flag: string;
  /** An earlier value that the report repeats; never a result of this report. */
  readonly previous?: string;
  readonly loinc: string;
  readonly ucum?: string;
}

export interface LabPanel {
  readonly title: string;
  readonly specimen: string;
  readonly rows: readonly LabRow[];
}

/** A lab report before it is laid out. */
export interface LabDocument {
  readonly lab: { readonly name: string; readonly lines: readonly string[] };
  readonly patient: {
    readonly given: string;
    readonly family: string;
    /** YYYY-MM-DD */
    readonly birthDate: string;
    readonly sex: 'F' | 'M';
    readonly mrn: string;
  };
  readonly collected: Moment;
  readonly received: Moment;
  readonly reported: Moment;
  /** Date of the column of previous results. */
  readonly previous?: Moment;
  readonly accession: string;
  readonly orderedBy: string;
  readonly panels: readonly LabPanel[];
}

/** Printed on every page, so that no page can be taken for a real one. */
export const NOTICE = 'SYNTHETIC SAMPLE - NOT A REAL PATIENT';

/** name, printed value, printed unit, printed range, printed flag, LOINC, UCUM. */
export function row(
  name: string,
  value: string,
  unit: string,
  range: string,
  flag: string,
  loinc: string,
  ucum?: string,
  previous?: string,
): LabRow {
  return { name, value, unit, range, flag, loinc, ucum, previous };
}

/** The truth of a document: what a reader must find in it. `decimal` is the document's decimal mark. */
export function expectedResults(document: LabDocument, decimal: '.' | ',' = '.'): readonly ExpectedResult[] {
  const number = (printed: string) => Number(decimal === ',' ? printed.replace(',', '.') : printed);
  return document.panels.flatMap((panel) =>
    panel.rows.map((line) => {
      const [, comparator, digits] = /^([<>]=?)?\s*(.+)$/.exec(line.value)!;
      const between = /^([\d.,]+)\s*[-–]\s*([\d.,]+)$/.exec(line.range);
      const below = /^(?:<|bis)\s*([\d.,]+)$/.exec(line.range);
      const above = /^(?:>=?|ab)\s*([\d.,]+)$/.exec(line.range);
      const low = between?.[1] ?? above?.[1];
      const high = between?.[2] ?? below?.[1];
      const interpretation = flagCodes[line.flag];
      return {
        name: line.name,
        printed: line.value,
        loinc: line.loinc,
        value: number(digits!),
        ...(comparator ? { comparator: comparator as ExpectedResult['comparator'] } : {}),
        ...(line.ucum ? { unit: line.ucum } : {}),
        ...(low ? { low: number(low) } : {}),
        ...(high ? { high: number(high) } : {}),
        ...(interpretation ? { interpretation } : {}),
      };
    }),
  );
}

const flagCodes: Readonly<Record<string, ExpectedResult['interpretation']>> = {
  H: 'H',
  HIGH: 'H',
  '+': 'H',
  L: 'L',
  LOW: 'L',
  '-': 'L',
  HH: 'HH',
  LL: 'LL',
  A: 'A',
};

/** The printed report of a person: collected so many days ago, received and reported the same day. */
export function labDocument(
  of: Person,
  calendar: Calendar,
  report: {
    readonly lab: LabDocument['lab'];
    readonly daysAgo: number;
    readonly accession: string;
    readonly orderedBy: string;
    readonly previousDaysAgo?: number;
    readonly panels: readonly LabPanel[];
  },
): LabDocument {
  return {
    lab: report.lab,
    patient: of,
    collected: calendar.daysAgo(report.daysAgo, '07:40'),
    received: calendar.daysAgo(report.daysAgo, '09:15'),
    reported: calendar.daysAgo(report.daysAgo, '13:05'),
    ...(report.previousDaysAgo === undefined ? {} : { previous: calendar.daysAgo(report.previousDaysAgo, '08:00') }),
    accession: report.accession,
    orderedBy: report.orderedBy,
    panels: report.panels,
  };
}
