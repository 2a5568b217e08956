import type { SQLInputValue } from 'node:sqlite';

/** A piece of SQL and what its question marks stand for. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

export function union(sets: readonly Sql[]): Sql {
  return sql(sets.map(({ text }) => text).join(' UNION '), ...sets.flatMap(({ values }) => values));
}

/** Fulfilled by all of them together. */
export function all(tests: readonly Sql[]): Sql {
  return sql(tests.map(({ text }) => text).join(' AND '), ...tests.flatMap(({ values }) => values));
}

/** Fulfilled by any of them. */
export function anyOf(tests: readonly Sql[]): Sql {
  const text = tests.map((test) => test.text).join(' OR ');
  return sql(tests.length === 1 ? text : `(${text})`, ...tests.flatMap(({ values }) => values));
}

export function sql(text: string, ...values: readonly SQLInputValue[]): Sql {
  return { text, values };
}
