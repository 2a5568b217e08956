import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { IntervalError } from '../errors.ts';
import shipped from './critical-values.json' with { type: 'json' };
import { type LabTest, labTests } from './lab-tests.ts';
import type { Comparator } from './numbers.ts';
import { convert } from './units.ts';

/** One line of a table of critical values. */
export interface CriticalLimit {
  /** Keys of the lab dictionary. */
  readonly tests: readonly string[];
  /** UCUM; results in other units of the same kind are converted. */
  readonly unit: string;
  /** Critical below this, above that. */
  readonly low?: number;
  readonly high?: number;
  /** The limits themselves are critical too. */
  readonly including?: boolean;
  /** Ages to which it applies, `from` included and `to` not: a number with `d`, `wk`, `mo` or `a`, such as `28 d`. */
  readonly from?: string;
  readonly to?: string;
  /** For whom the limits were made; said where the patient may be another. */
  readonly population?: 'adults';
  /** Where the limits come from, where it is not the source of the table. */
  readonly source?: string;
}

/** Limits beyond which somebody must be told at once. */
export interface CriticalTable {
  /** Where it comes from; shown beside what it calls critical. */
  readonly source: string;
  readonly limits: readonly CriticalLimit[];
}

/** Default for adults, applied from the age of one year on: reference labs.md, section 8. An institution's own table wins. */
export const defaultCriticalTable = shipped as CriticalTable;

const number = { type: 'number' } as const;
const text = { type: 'string', minLength: 1, maxLength: 300 } as const;
const age = { type: 'string', pattern: '^\\d{1,4} ?(d|wk|mo|a)$' } as const;
const validate = new Ajv2020({ allErrors: false, strict: true, strictRequired: false }).compile({
  type: 'object',
  properties: {
    source: text,
    limits: {
      type: 'array',
      minItems: 1,
      maxItems: 1000,
      items: {
        type: 'object',
        properties: {
          tests: { type: 'array', minItems: 1, items: text },
          unit: text,
          low: number,
          high: number,
          including: { type: 'boolean' },
          from: age,
          to: age,
          population: { const: 'adults' },
          source: text,
        },
        required: ['tests', 'unit'],
        anyOf: [{ required: ['low'] }, { required: ['high'] }],
        additionalProperties: false,
      },
    },
  },
  required: ['source', 'limits'],
  additionalProperties: false,
});

/** Throws `critical-values-invalid` when the file cannot be read or its table is not right; the line at fault is named. */
export function readCriticalTable(file: string): CriticalTable {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new IntervalError('critical-values-invalid', 'The file of critical values cannot be read.', { cause });
  }
  return parseCriticalTable(content);
}

/** Throws as `readCriticalTable`. */
export function parseCriticalTable(content: string): CriticalTable {
  let table: unknown;
  try {
    table = JSON.parse(content);
  } catch (cause) {
    throw new IntervalError('critical-values-invalid', 'The table of critical values is no JSON.', { cause });
  }
  if (!validate(table)) {
    const [first] = validate.errors ?? [];
    const path = first?.instancePath.split('/') ?? [];
    const where = path[1] === 'limits' && path[2] !== undefined ? `line ${Number(path[2]) + 1}` : 'table';
    const field = path.slice(where === 'table' ? 1 : 3).join('.');
    throw new IntervalError(
      'critical-values-invalid',
      `Critical values, ${where}${field ? `, ${field}` : ''}: ${first?.message ?? 'not right'}.`,
    );
  }
  const right = table as unknown as CriticalTable;
  right.limits.forEach((limit, index) => {
    const wrong = faultOf(limit);
    if (wrong) {
      throw new IntervalError('critical-values-invalid', `Critical values, line ${index + 1}: ${wrong}.`);
    }
  });
  return right;
}

function faultOf({ tests, unit, low, high, from, to }: CriticalLimit): string | undefined {
  for (const key of tests) {
    const entry = labTests.find((one) => one.key === key);
    if (!entry) return `"${key}" is no test of the dictionary`;
    const known = entry.variants.flatMap(({ units }) => units);
    if (!known.some((own) => convertible(entry, unit, own))) {
      return `"${unit}" is no UCUM unit in which "${key}" is measured, such as ${known[0] ?? '(none)'}`;
    }
  }
  if (low !== undefined && high !== undefined && low >= high) return 'low must be below high';
  return from && to && daysOf(from) >= daysOf(to) ? 'from must be before to' : undefined;
}

function convertible(entry: LabTest, from: string, to: string): boolean {
  return convert(1, from, to, molar(entry)) !== undefined;
}

/** `28 d`, `6 wk`, `3 mo`, `18 a` in days. */
function daysOf(given: string): number {
  const unit = /[a-z]+$/.exec(given)?.[0];
  return Number.parseInt(given, 10) * (unit === 'a' ? 365.25 : unit === 'mo' ? 30.4375 : unit === 'wk' ? 7 : 1);
}

export interface CriticalQuery {
  readonly value: number;
  readonly ucum: string;
  readonly comparator?: Comparator;
  /** LOINC system of the result, where it is known. The tables are about blood: urine and other fluids are never critical. */
  readonly system?: string;
  /** Age of the patient at the time of the result; unknown counts as an adult. */
  readonly ageDays?: number;
}

export interface CriticalFinding {
  readonly flag: 'LL' | 'HH';
  /** What said so. */
  readonly source: string;
  /** Set where the limits are for adults and the patient is none. */
  readonly adultLimits?: true;
}

const adult = daysOf('18 a');

/** What the table says of one result: `none` within all limits; undefined without a limit, or where a comparator leaves it open. */
export function criticalIn(
  table: CriticalTable,
  entry: LabTest,
  query: CriticalQuery,
): CriticalFinding | 'none' | undefined {
  if (query.system !== undefined && !/^(?:Ser|Plas|PPP|Bld|RBC)/.test(query.system)) return undefined;
  const ageDays = query.ageDays ?? adult;
  const answers = table.limits
    .filter(
      ({ tests, from, to }) =>
        tests.includes(entry.key) && (!from || daysOf(from) <= ageDays) && (!to || ageDays < daysOf(to)),
    )
    .map((limit) => ({ limit, answer: against(limit, entry, query) }))
    .filter(({ answer }) => answer !== undefined);
  const found = answers.find(({ answer }) => answer === 'LL' || answer === 'HH');
  if (found) {
    return {
      flag: found.answer as 'LL' | 'HH',
      source: found.limit.source ?? table.source,
      ...(found.limit.population === 'adults' && ageDays < adult ? { adultLimits: true as const } : {}),
    };
  }
  return answers.length > 0 && answers.every(({ answer }) => answer === 'none') ? 'none' : undefined;
}

function against(
  { unit, low, high, including = false }: CriticalLimit,
  entry: LabTest,
  { value, ucum, comparator }: CriticalQuery,
): 'LL' | 'HH' | 'none' | 'open' | undefined {
  const converted = convert(value, ucum, unit, molar(entry));
  if (converted === undefined) return undefined;
  const below = (inclusive: boolean) => low !== undefined && (inclusive ? converted <= low : converted < low);
  const above = (inclusive: boolean) => high !== undefined && (inclusive ? converted >= high : converted > high);
  if (comparator === '<' || comparator === '<=') {
    if (below(including || comparator === '<')) return 'LL';
    return low !== undefined || above(including) ? 'open' : 'none';
  }
  if (comparator === '>' || comparator === '>=') {
    if (above(including || comparator === '>')) return 'HH';
    return high !== undefined || below(including) ? 'open' : 'none';
  }
  return below(including) ? 'LL' : above(including) ? 'HH' : 'none';
}

function molar({ molarMass }: LabTest): { readonly molarMass?: number } {
  return molarMass === undefined ? {} : { molarMass };
}
