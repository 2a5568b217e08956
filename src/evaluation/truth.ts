import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { refuseDataset } from './refuse.ts';

/** One current result as it is printed. The format is described in docs/evaluation.md. */
export interface TruthTest {
  readonly name: string;
  /** With its comparator: `<0.01`, `1:80`, `2+`, `Negative`. */
  readonly value: string;
  readonly unit?: string;
  readonly range?: string;
  readonly flag?: string;
  readonly specimen?: string;
  readonly method?: string;
  readonly panel?: string;
  /** ISO date or local dateTime; only where it differs from the document's. */
  readonly collected?: string;
  readonly loinc?: string;
  /** Earlier value printed beside it. */
  readonly previous?: string;
  /** 1-based. */
  readonly page?: number;
}

export interface Truth {
  readonly layout: string;
  readonly generator: string;
  readonly route: 'text' | 'scan';
  readonly language: string;
  /** Kind of degradation; scans only. */
  readonly scan?: string;
  /** Patient of the chart in which the document is filed; absent: identity is not checked. */
  readonly patient?: { readonly name?: string; readonly birthDate?: string; readonly identifier?: string };
  readonly collected?: string;
  /** Abstention or error code with which the document must be refused. */
  readonly expect?: string;
  readonly tests: readonly TruthTest[];
}

const text = { type: 'string', minLength: 1, maxLength: 400 } as const;
const label = { type: 'string', minLength: 1, maxLength: 60 } as const;
const time = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?)?$' } as const;
const strict = (properties: Record<string, object>, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** JSON Schema (draft 2020-12) of a truth file. */
const truthSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...strict(
    {
      layout: label,
      generator: label,
      route: { enum: ['text', 'scan'] },
      language: { type: 'string', pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' },
      scan: label,
      patient: strict(
        { name: text, birthDate: { type: 'string', pattern: '^\\d{4}(-\\d{2}(-\\d{2})?)?$' }, identifier: text },
        [],
      ),
      collected: time,
      expect: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      tests: {
        type: 'array',
        maxItems: 5000,
        items: strict(
          {
            name: text,
            value: text,
            unit: text,
            range: text,
            flag: text,
            specimen: text,
            method: text,
            panel: text,
            collected: time,
            loinc: { type: 'string', pattern: '^\\d{1,7}-\\d$' },
            previous: text,
            page: { type: 'integer', minimum: 1 },
          },
          ['name', 'value'],
        ),
      },
    },
    ['route', 'tests'],
  ),
} as const;

type Written = Omit<Truth, 'layout' | 'generator' | 'language'> & Partial<Truth>;

/** Compiled with the first truth: most commands read none. */
let compiled: ValidateFunction<Written> | undefined;

/** Labels that the file leaves out. */
const notGiven = { layout: 'not given', generator: 'not given', language: 'und' } as const;

/**
 * Text of a truth file → truth. `file` is its name for the error. Throws where it is no JSON or breaks the format: the
 * message names file, place and rule, never what stands there, for that is a patient's.
 */
export function parseTruth(json: string, file: string): Truth {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw refuseDataset(file, 'is no JSON.');
  }
  compiled ??= new Ajv2020({ allErrors: false, strict: true }).compile<Written>(truthSchema);
  const validate = compiled;
  if (!validate(value)) {
    const [first] = validate.errors ?? [];
    const missing =
      first?.keyword === 'required' ? ` ${(first.params as { missingProperty: string }).missingProperty}` : '';
    throw refuseDataset(
      file,
      `breaks the format at ${first?.instancePath || '/'} (${first?.keyword ?? 'unknown rule'}${missing}).`,
    );
  }
  if (value.expect !== undefined && value.tests.length > 0) {
    throw refuseDataset(file, 'a document that must be refused has no tests.');
  }
  return { ...notGiven, ...value };
}
