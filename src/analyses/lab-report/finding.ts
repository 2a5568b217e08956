import type { Box } from '../../documents/page.ts';

/** The printed value of a result, by what it is. `text` is always as printed. */
export interface LabValue {
  readonly kind: 'quantity' | 'ratio' | 'range' | 'text' | 'absent';
  readonly text: string;
  /** quantity */
  readonly number?: number;
  readonly comparator?: '<' | '<=' | '>=' | '>';
  /** ratio, such as a titre 1:80 */
  readonly numerator?: number;
  readonly denominator?: number;
  /** range, such as 5-10 per field */
  readonly low?: number;
  readonly high?: number;
  /** absent: code of FHIR's data-absent-reason */
  readonly reason?: string;
}

export interface LabRange {
  readonly text: string;
  readonly low?: number;
  readonly high?: number;
}

/** Boxes in the units of the page, [x0, y0, x1, y1], origin at the top left. */
export interface LabBoxes {
  readonly name: Box;
  readonly value: Box;
  readonly unit?: Box;
  readonly range?: Box;
  readonly flag?: Box;
}

export interface LabRow {
  /** [A-Za-z0-9.-], unique within the finding: normalised printed name and ordinal. */
  readonly item: string;
  /** As printed. */
  readonly name: string;
  readonly value: LabValue;
  /** As printed. */
  readonly unit?: string;
  readonly ucum?: string;
  readonly range?: LabRange;
  /** `code` of v3-ObservationInterpretation when the print is in the vocabulary. */
  readonly flag?: { readonly text: string; readonly code?: string };
  /** Computed from value and range; never written as an interpretation. */
  readonly flagDerived?: string;
  readonly specimen?: string;
  readonly panel?: string;
  readonly method?: string;
  /** FHIR date or local dateTime without zone, as printed for this row or its column. */
  readonly collected?: string;
  /** An earlier result printed beside this one, as printed; `number` in the unit of this row. */
  readonly previous?: { readonly text: string; readonly number?: number };
  readonly loinc?: string;
  readonly display?: string;
  /** 1-based. */
  readonly page: number;
  readonly boxes: LabBoxes;
  /** Probability that name, value and unit are right, 0 to 1; of the reader itself an order only, until the guards have calibrated it. */
  readonly confidence: number;
  readonly issues: readonly string[];
}

/** Something that looked like a result and was not taken, with its reason. */
export interface UnreadRow {
  readonly text: string;
  readonly page: number;
  readonly box: Box;
  readonly reason: string;
}

/** A result that the chart holds already, from whoever measured it: read, and not written again. */
export interface KnownRow {
  readonly name: string;
  readonly page: number;
  readonly box: Box;
  /** Reference of the chart's Observation. */
  readonly reference: string;
}

/** Who a page says that it is about. */
export interface PrintedPatient {
  readonly name?: string;
  /** FHIR date. */
  readonly birthDate?: string;
  readonly identifier?: string;
}

export interface LabFinding {
  readonly document: {
    /** FHIR date, or dateTime without zone (site time). */
    readonly reported?: string;
    readonly collected?: string;
    readonly received?: string;
    readonly laboratory?: string;
    /** `dot` or `comma`: the decimal mark that was decided for the whole document. */
    readonly decimal: 'dot' | 'comma';
    /** The first print of each fact; `others` are patients printed elsewhere that cannot be the same person. */
    readonly patient: PrintedPatient & { readonly others?: readonly (PrintedPatient & { readonly page: number })[] };
    readonly caveats: readonly string[];
  };
  readonly rows: readonly LabRow[];
  readonly unread: readonly UnreadRow[];
  readonly known?: readonly KnownRow[];
}

const text = { type: 'string', minLength: 1, maxLength: 400 } as const;
const date = { type: 'string', pattern: '^\\d{4}(-\\d{2}(-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?)?)?)?$' } as const;
const box = { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 } as const;
const strict = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

const page = { type: 'integer', minimum: 1 } as const;
const printedPatient = { name: text, birthDate: date, identifier: text };

/** JSON Schema (draft 2020-12) of a LabFinding. */
export const findingSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...strict(
    {
      document: strict(
        {
          reported: date,
          collected: date,
          received: date,
          laboratory: text,
          decimal: { enum: ['dot', 'comma'] },
          patient: strict(
            { ...printedPatient, others: { type: 'array', items: strict({ ...printedPatient, page }, ['page']) } },
            [],
          ),
          caveats: { type: 'array', items: text },
        },
        ['decimal', 'patient', 'caveats'],
      ),
      rows: {
        type: 'array',
        maxItems: 5000,
        items: strict(
          {
            item: { type: 'string', pattern: '^[A-Za-z0-9.-]{1,80}$' },
            name: text,
            value: strict(
              {
                kind: { enum: ['quantity', 'ratio', 'range', 'text', 'absent'] },
                text,
                number: { type: 'number' },
                comparator: { enum: ['<', '<=', '>=', '>'] },
                numerator: { type: 'number' },
                denominator: { type: 'number' },
                low: { type: 'number' },
                high: { type: 'number' },
                reason: text,
              },
              ['kind', 'text'],
            ),
            unit: text,
            ucum: text,
            range: strict({ text, low: { type: 'number' }, high: { type: 'number' } }, ['text']),
            flag: strict({ text, code: text }, ['text']),
            flagDerived: text,
            specimen: text,
            panel: text,
            method: text,
            collected: date,
            previous: strict({ text, number: { type: 'number' } }, ['text']),
            loinc: { type: 'string', pattern: '^\\d{1,7}-\\d$' },
            display: text,
            page,
            boxes: strict({ name: box, value: box, unit: box, range: box, flag: box }, ['name', 'value']),
            confidence: { type: 'number', minimum: 0, maximum: 1 },
            issues: { type: 'array', items: text },
          },
          ['item', 'name', 'value', 'page', 'boxes', 'confidence', 'issues'],
        ),
      },
      unread: {
        type: 'array',
        items: strict({ text, page, box, reason: text }, ['text', 'page', 'box', 'reason']),
      },
      known: {
        type: 'array',
        items: strict({ name: text, page, box, reference: text }, ['name', 'page', 'box', 'reference']),
      },
    },
    ['document', 'rows', 'unread'],
  ),
} as const;
