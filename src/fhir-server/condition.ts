import type { SQLInputValue } from 'node:sqlite';
import type { Parameter } from './catalog.ts';
import { fold, normalizeReference } from './index-rows.ts';
import { parseDate } from './period.ts';
import { type Criterion, split, unescapeValue } from './query.ts';
import { refuse } from './refusal.ts';

export interface Sql {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

export interface Condition {
  /** A truth value about the resource row `r`. */
  readonly test: Sql;
  /** The same as a set of `rid`; absent when it is a negation, which no index can list. */
  readonly set?: Sql;
}

const tableOf = {
  token: 'token',
  reference: 'reference',
  date: 'date',
  string: 'string',
  quantity: 'quantity',
  number: 'quantity',
  uri: 'uri',
} as const;

export interface ConditionContext {
  readonly base: string;
  readonly clock: () => Date;
}

/** SQL of one criterion. */
export function conditionOf(criterion: Criterion, context: ConditionContext): Condition {
  switch (criterion.kind) {
    case 'id': {
      const keys = criterion.values.map((id) => (id.includes('/') ? id : `${criterion.type}/${id}`));
      const set = sql(`SELECT y.rid FROM resource y WHERE y.key IN (${keys.map(() => '?').join(',')})`, ...keys);
      return criterion.negated ? { test: sql(`r.rid NOT IN (${set.text})`, ...set.values) } : inSet(set);
    }
    case 'updated':
      return { test: anyOf(criterion.values.map((value) => dateTest(value, 'r.updated', 'r.updated', context))) };
    case 'value':
      return valueCondition(criterion.parameter, criterion.modifier, criterion.values, context);
    case 'chain':
      return inSet(
        union(
          criterion.links.map(({ type, criterion: inner }) => {
            const { test, set } = conditionOf(inner, context);
            return sql(
              `SELECT link.rid FROM resource r JOIN reference link ON link.target = r.key AND link.param = ?
               WHERE ${set ? `r.rid IN (${set.text}) AND +r.type = ?` : `r.type = ? AND ${test.text}`} AND r.deleted = 0`,
              criterion.parameter.id,
              ...(set ? [...set.values, type] : [type, ...test.values]),
            );
          }),
        ),
      );
    case 'has': {
      const { test, set } = conditionOf(criterion.criterion, context);
      return inSet(
        sql(
          `SELECT subject.rid FROM resource r JOIN reference link ON link.rid = r.rid AND link.param = ?
           JOIN resource subject ON subject.key = link.target
           WHERE ${set ? `r.rid IN (${set.text}) AND +r.type = ?` : `r.type = ? AND ${test.text}`} AND r.deleted = 0`,
          criterion.parameter.id,
          ...(set ? [...set.values, criterion.type] : [criterion.type, ...test.values]),
        ),
      );
    }
  }
}

function valueCondition(
  parameter: Parameter,
  modifier: string,
  values: readonly string[],
  context: ConditionContext,
): Condition {
  if (parameter.kind === 'composite') {
    return inSet(union(values.flatMap((value) => compositeSets(parameter, value, context))));
  }
  if (modifier === 'missing') {
    const any = rowsWhere(tableOf[parameter.kind], parameter.id, sql('1'));
    return values[0] === 'true' ? { test: sql(`NOT ${any.test.text}`, ...any.test.values) } : any;
  }
  if (modifier === 'not') {
    const some = rowsWhere('token', parameter.id, anyOf(values.map((value) => tokenTest(value))));
    return { test: sql(`NOT ${some.test.text}`, ...some.test.values) };
  }
  if (modifier === 'text') {
    return rowsWhere('string', parameter.id, anyOf(values.map((value) => prefixTest(unescapeValue(value)))));
  }
  if (modifier === 'identifier') {
    return rowsWhere('token', parameter.id, anyOf(values.map((value) => tokenTest(value))));
  }
  return rowsWhere(
    tableOf[parameter.kind],
    parameter.id,
    anyOf(values.map((value) => rowTest(parameter, modifier, value, context))),
  );
}

/** What one row of a parameter's table, called `x`, must fulfil. */
function rowTest(parameter: Parameter, modifier: string, value: string, context: ConditionContext, x = 'x'): Sql {
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

function tokenTest(value: string, x = 'x'): Sql {
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

function prefixTest(text: string, x = 'x'): Sql {
  const folded = fold(text);
  return sql(`(${x}.folded >= ? AND ${x}.folded < ?)`, folded, `${folded}\u{10FFFF}`);
}

type Comparator = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

function comparatorOf(value: string): [Comparator, string] {
  const match = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(.+)$/.exec(value);
  return match ? [match[1] as Comparator, match[2]!] : ['eq', value];
}

/** https://hl7.org/fhir/R4/search.html#prefix, with the resource's value as the span from `low` to `high`. */
function dateTest(value: string, low: string, high: string, { clock }: ConditionContext): Sql {
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

/** Every component must be fulfilled by the same element of the resource. */
function compositeSets(parameter: Parameter, value: string, context: ConditionContext): Sql[] {
  const parts = split(value, '$');
  return (parameter.contexts ?? []).map(({ elements, components }) => {
    if (parts.length !== components.length) {
      throw refuse('invalid', `${parameter.code} takes ${components.length} values, separated by $.`);
    }
    const texts: string[] = [];
    const values: SQLInputValue[] = [];
    components.forEach((component, i) => {
      const table = tableOf[component.kind as keyof typeof tableOf];
      const test = rowTest(component, '', parts[i]!, context, `c${i}`);
      const same = i === 0 ? '' : ` AND c${i}.rid = c0.rid${elements ? ` AND c${i}.grp = c0.grp` : ''}`;
      texts.push(i === 0 ? `FROM ${table} c0` : `JOIN ${table} c${i} ON c${i}.param = ? AND ${test.text}${same}`);
      values.push(...(i === 0 ? [] : [component.id, ...test.values]));
    });
    const first = rowTest(components[0]!, '', parts[0]!, context, 'c0');
    return sql(
      `SELECT c0.rid ${texts.join(' ')} WHERE c0.param = ? AND ${first.text}`,
      ...values,
      components[0]!.id,
      ...first.values,
    );
  });
}

function rowsWhere(table: string, parameter: number, test: Sql): Condition {
  return {
    test: sql(
      `EXISTS (SELECT 1 FROM ${table} x WHERE x.rid = r.rid AND x.param = ? AND ${test.text})`,
      parameter,
      ...test.values,
    ),
    set: sql(`SELECT x.rid FROM ${table} x WHERE x.param = ? AND ${test.text}`, parameter, ...test.values),
  };
}

function inSet(set: Sql): Condition {
  return { set, test: sql(`r.rid IN (${set.text})`, ...set.values) };
}

function union(sets: readonly Sql[]): Sql {
  return sql(sets.map(({ text }) => text).join(' UNION '), ...sets.flatMap(({ values }) => values));
}

function anyOf(tests: readonly Sql[]): Sql {
  const text = tests.map((test) => test.text).join(' OR ');
  return sql(tests.length === 1 ? text : `(${text})`, ...tests.flatMap(({ values }) => values));
}

export function sql(text: string, ...values: readonly SQLInputValue[]): Sql {
  return { text, values };
}
