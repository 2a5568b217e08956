import type { SQLInputValue } from 'node:sqlite';
import type { SortRule } from './query.ts';
import { refuse } from './refusal.ts';
import { type Sql, sql } from './sql.ts';

/** Where a page ended. Later pages show nothing that was written after the first. */
export interface Cursor {
  /** Sort keys of the last row, then its rid. */
  readonly last: readonly (string | number)[];
  /** Highest rid at the time of the first page. */
  readonly bound: number;
  readonly total?: number;
}

/** Rows behind the last one in the order of the sort keys, then of writing. */
export function afterCursor(sort: readonly SortRule[], last: readonly (string | number)[]): Sql {
  const alternatives: string[] = [];
  const values: SQLInputValue[] = [];
  for (let i = 0; i <= sort.length; i++) {
    const equal = sort.slice(0, i).map((_rule, j) => `k${j} = ?`);
    const beyond = i === sort.length ? 'rid > ?' : `k${i} ${sort[i]!.descending ? '<' : '>'} ?`;
    alternatives.push(`(${[...equal, beyond].join(' AND ')})`);
    values.push(...last.slice(0, i + 1));
  }
  return sql(`(${alternatives.join(' OR ')})`, ...values);
}

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.bound, cursor.total ?? null, ...cursor.last])).toString('base64url');
}

export function decodeCursor(text: string, keys: number): Cursor {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    parts = undefined;
  }
  if (
    !Array.isArray(parts) ||
    parts.length !== keys + 3 ||
    !parts.slice(2).every(isKey) ||
    typeof parts[0] !== 'number'
  ) {
    throw refuse('invalid', 'The page link is not one of this server.');
  }
  const [bound, total, ...last] = parts;
  return { bound, last, ...(typeof total === 'number' ? { total } : undefined) };
}

function isKey(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
