import type { SQLInputValue } from 'node:sqlite';
import type { Parameter } from './catalog.ts';
import { type Criterion, split, unescapeValue } from './query.ts';
import { refuse } from './refusal.ts';
import { type ConditionContext, dateTest, prefixTest, rowTest, tokenTest } from './row-test.ts';
import { anyOf, type Sql, sql, union } from './sql.ts';

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
