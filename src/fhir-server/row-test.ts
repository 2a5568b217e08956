import type { Parameter } from './catalog.ts';
import { fold, normalizeReference } from './index-rows.ts';
import { parseDate } from './period.ts';
import { split, unescapeValue } from './query.ts';
import { refuse } from './refusal.ts';
import { type Sql, sql } from './sql.ts';

export interface ConditionContext {
  readonly base: string;
  readonly clock: () => Date;
}

/** What one row of a parameter's table, called `x`, must fulfil. */
export function rowTest(
  parameter: Parameter,
  modifier: string,
  value: string,
  context: ConditionContext,
  x = 'x',
): Sql {
  switch (parameter.kind) {
    case 'token':
      return tokenTest(value, x);
    case 'reference':
      return referenceTest(parameter, unescapeValue(value), context, x);
    case 'date':
      return dateTest(value, `${x}.low`, `${x}.high`, context);
    case 'string': {
      const text = unescapeValue(value);
      if (modifier === 'exact') return sql(`${x}.exact = ?`, text);
      if (modifier === 'contains') return sql(`instr(${x}.folded, ?) > 0`, fold(text));
      return prefixTest(text, x);
    }
    case 'quantity':
    case 'number':
      return quantityTest(value, x);
    case 'uri': {
      const uri = unescapeValue(value);
      if (modifier === 'below') return sql(`(${x}.value = ? OR substr(${x}.value, 1, ?) = ?)`, uri, uri.length, uri);
      if (modifier === 'above') return sql(`substr(?, 1, length(${x}.value)) = ${x}.value`, uri);
      return sql(`${x}.value = ?`, uri);
    }
    case 'composite':
      throw refuse('not-supported', 'A composite parameter cannot be a part of another.');
  }
}

export function tokenTest(value: string, x = 'x'): Sql {
  const [first = '', second] = split(value, '|').map(unescapeValue);
  if (second === undefined) return sql(`${x}.code = ?`, first);
  if (second === '') return sql(`${x}.system = ?`, first);
  return sql(`(${x}.code = ? AND ${x}.system = ?)`, second, first);
}

function referenceTest(parameter: Parameter, value: string, { base }: ConditionContext, x: string): Sql {
  const target = normalizeReference(value, base);
  if (/^[A-Za-z0-9.-]{1,64}$/.test(target) && !target.includes('/')) {
    const keys = parameter.targets.map((type) => `${type}/${target}`);
    return sql(`${x}.target IN (${[target, ...keys].map(() => '?').join(',')})`, target, ...keys);
  }
  return sql(`${x}.target = ?`, target);
}

export function prefixTest(text: string, x = 'x'): Sql {
  const folded = fold(text);
  return sql(`(${x}.folded >= ? AND ${x}.folded < ?)`, folded, `${folded}\u{10FFFF}`);
}

type Comparator = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

function comparatorOf(value: string): [Comparator, string] {
  const match = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(.+)$/.exec(value);
  return match ? [match[1] as Comparator, match[2]!] : ['eq', value];
}

/** https://hl7.org/fhir/R4/search.html#prefix, with the resource's value as the span from `low` to `high`. */
export function dateTest(value: string, low: string, high: string, { clock }: ConditionContext): Sql {
  const [comparator, text] = comparatorOf(unescapeValue(value));
  // a plus sign in a query string that was not escaped arrives as a space
  const span = parseDate(text.replace(/ (?=\d{2}:\d{2}$)/, '+'));
  if (!span) {
    throw refuse('invalid', 'A date in the search is not a FHIR date.');
  }
  if (comparator === 'ap') {
    const slack = Math.abs(clock().getTime() - span[0]) * 0.1;
    return sql(`(${high} >= ? AND ${low} <= ?)`, Math.round(span[0] - slack), Math.round(span[1] + slack));
  }
  return spanTest(comparator, span, low, high);
}

function spanTest(
  comparator: Exclude<Comparator, 'ap'>,
  [from, to]: readonly [number, number],
  low: string,
  high: string,
) {
  const inside = `(${low} >= ? AND ${high} <= ?)`;
  switch (comparator) {
    case 'eq':
      return sql(inside, from, to);
    case 'ne':
      return sql(`NOT ${inside}`, from, to);
    case 'gt':
      return sql(`${high} > ?`, to);
    case 'lt':
      return sql(`${low} < ?`, from);
    case 'ge':
      return sql(`(${high} > ? OR ${inside})`, to, from, to);
    case 'le':
      return sql(`(${low} < ? OR ${inside})`, from, from, to);
    case 'sa':
      return sql(`${low} > ?`, to);
    case 'eb':
      return sql(`${high} < ?`, from);
  }
}

/** `[prefix]number|system|code`. A number stands for the span of its last digit: 5.4 is 5.35 to 5.45. */
function quantityTest(value: string, x: string): Sql {
  const [amount = '', system, code] = split(value, '|').map(unescapeValue);
  const [comparator, text] = comparatorOf(amount);
  if (!/^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) {
    throw refuse('invalid', 'A number in the search is not a number.');
  }
  const number = Number(text);
  const tests: Sql[] = [numberTest(comparator, number, precisionOf(text), x)];
  if (system) tests.push(sql(`${x}.system = ?`, system));
  if (code)
    tests.push(sql(system ? `${x}.code = ?` : `(${x}.code = ? OR ${x}.unit = ?)`, ...(system ? [code] : [code, code])));
  return sql(`(${tests.map((test) => test.text).join(' AND ')})`, ...tests.flatMap((test) => test.values));
}

function precisionOf(text: string): number {
  const [, digits = '', exponent = '0'] = /^[+-]?\d+(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  return 10 ** (Number(exponent) - digits.length) / 2;
}

function numberTest(comparator: Comparator, number: number, half: number, x: string): Sql {
  const low = `${x}.low`;
  const high = `${x}.high`;
  switch (comparator) {
    case 'eq':
      // half open, so that 5.4 and 5.5 share no value
      return sql(`(${low} >= ? AND ${high} < ?)`, number - half, number + half);
    case 'ne':
      return sql(`NOT (${low} >= ? AND ${high} < ?)`, number - half, number + half);
    case 'ap': {
      const slack = Math.abs(number) * 0.1;
      return sql(`(${high} >= ? AND ${low} <= ?)`, number - slack, number + slack);
    }
    // ordered comparisons take the number as exact
    case 'gt':
      return sql(`${high} > ?`, number);
    case 'lt':
      return sql(`${low} < ?`, number);
    case 'ge':
      return sql(`${high} >= ?`, number);
    case 'le':
      return sql(`${low} <= ?`, number);
    case 'sa':
      return sql(`${low} > ?`, number);
    case 'eb':
      return sql(`${high} < ?`, number);
  }
}
