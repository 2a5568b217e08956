import type { SQLInputValue } from 'node:sqlite';
import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Catalog } from './catalog.ts';
import { type Condition, conditionOf } from './condition.ts';
import type { Database } from './database.ts';
import { type Hit, includeHits } from './include.ts';
import { FAR_FUTURE, FAR_PAST } from './period.ts';
import type { Query, SortRule } from './query.ts';
import { refuse } from './refusal.ts';
import { type Sql, sql } from './sql.ts';
import type { Store } from './store.ts';
import { subset } from './subset.ts';

export interface Search {
  /** One page as a searchset Bundle. */
  page(query: Query): Bundle;
  /** Rows that match, at most so many, in the order of writing: for conditional operations. */
  match(query: Query, limit: number): Hit[];
}

interface SearchOptions {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly store: Store;
  readonly base: string;
  readonly clock: () => Date;
}

/** Where a page ended. Later pages show nothing that was written after the first. */
interface Cursor {
  /** Sort keys of the last row, then its rid. */
  readonly last: readonly (string | number)[];
  /** Highest rid at the time of the first page. */
  readonly bound: number;
  readonly total?: number;
}

/** Up to this many candidates a criterion is worth starting from without looking for a better one. */
const FEW = 64;

type Row = Hit & Record<`k${number}`, string | number>;

export function createSearch({ database, catalog, store, base, clock }: SearchOptions): Search {
  const context = { base, clock };

  function whereOf(query: Query): Sql {
    const conditions = query.criteria.map((criterion) => conditionOf(criterion, context));
    const driver = chooseDriver(conditions);
    const parts = [
      // the plus keeps SQLite from walking all resources of the type when a criterion leads to few
      sql(`${driver ? '+' : ''}r.type = ? AND r.deleted = 0`, query.type),
      ...conditions.map((condition) =>
        condition === driver ? sql(`r.rid IN (${driver.set!.text})`, ...driver.set!.values) : condition.test,
      ),
    ];
    return sql(parts.map(({ text }) => text).join(' AND '), ...parts.flatMap(({ values }) => values));
  }

  /** The criterion that leaves the fewest candidates, by counting up to a bound. */
  function chooseDriver(conditions: readonly Condition[]): Condition | undefined {
    const able = conditions.filter(({ set }) => set !== undefined);
    if (able.length < 2) {
      return able[0];
    }
    let best: Condition | undefined;
    let bound = 4096;
    for (const condition of able) {
      const { text, values } = condition.set!;
      const { n } = database.get<{ n: number }>(`SELECT count(*) AS n FROM (${text} LIMIT ?)`, ...values, bound)!;
      if (best === undefined || n < bound) {
        best = condition;
        bound = Math.max(n, 1);
      }
      if (n <= FEW) {
        break;
      }
    }
    return best;
  }

  function count(where: Sql): number {
    return database.get<{ n: number }>(`SELECT count(*) AS n FROM resource r WHERE ${where.text}`, ...where.values)!.n;
  }

  function page(query: Query): Bundle {
    const where = whereOf(query);
    if (query.summary === 'count' || query.count === 0) {
      return bundleOf(query, [], count(where));
    }
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.sort.length);
    const keys = query.sort.map(sortKey);
    const bound = cursor?.bound ?? database.get<{ n: number }>('SELECT coalesce(max(rid), 0) AS n FROM resource')!.n;
    const after = cursor ? afterCursor(query.sort, cursor.last) : sql('1');
    const columns = ['r.rid', 'r.key', ...keys.map(({ text }, i) => `${text} AS k${i}`)].join(', ');
    const order = [...query.sort.map(({ descending }, i) => `k${i} ${descending ? 'DESC' : 'ASC'}`), 'rid'].join(', ');
    const bounded = cursor ? sql('AND r.rid <= ?', bound) : sql('');
    const rows = database.all<Row>(
      `SELECT * FROM (SELECT ${columns} FROM resource r WHERE ${where.text} ${bounded.text})
       WHERE ${after.text} ORDER BY ${order} LIMIT ?`,
      ...keys.flatMap(({ values }) => values),
      ...where.values,
      ...bounded.values,
      ...after.values,
      query.count + 1,
    );
    const hits = rows.slice(0, query.count);
    const more = rows.length > query.count;
    const total = cursor ? cursor.total : !query.total ? undefined : more ? count(where) : hits.length;
    const next = more ? encodeCursor({ last: lastOf(hits.at(-1)!, keys.length), bound, total }) : undefined;
    return bundleOf(query, hits, total, next);
  }

  function bundleOf(query: Query, hits: readonly Hit[], total: number | undefined, next?: string): Bundle {
    const entry = (mode: 'match' | 'include') => (hit: Hit) => {
      const resource = store.readRow(hit.rid);
      return {
        fullUrl: `${base}/${hit.key}`,
        resource: mode === 'match' ? subset(resource, query) : resource,
        search: { mode },
      };
    };
    const included = hits.length > 0 ? includeHits(database, catalog, hits, query) : [];
    const entries = [...hits.map(entry('match')), ...included.map(entry('include'))] as BundleEntry<Resource>[];
    return {
      resourceType: 'Bundle',
      type: 'searchset',
      ...(total === undefined ? undefined : { total }),
      link: [
        { relation: 'self', url: urlOf(query, query.cursor) },
        ...(next ? [{ relation: 'next', url: urlOf(query, next) }] : []),
      ],
      ...(entries.length > 0 ? { entry: entries } : undefined),
    };
  }

  function urlOf(query: Query, cursor: string | undefined): string {
    const pairs = [...query.pairs, ...(cursor ? [['_cursor', cursor] as const] : [])];
    const text = new URLSearchParams(pairs.map(([key, value]) => [key, value])).toString();
    return `${base}/${query.type}${text ? `?${text}` : ''}`;
  }

  return {
    page,
    match: (query, limit) => {
      const where = whereOf(query);
      return database.all<Hit>(
        `SELECT r.rid, r.key FROM resource r WHERE ${where.text} ORDER BY r.rid LIMIT ?`,
        ...where.values,
        limit,
      );
    },
  };
}

/** One comparable value per resource: the least of several ascending, the greatest descending; none sorts last. */
function sortKey({ by, descending }: SortRule): Sql {
  if (by === '_id') return sql('r.id');
  if (by === '_lastUpdated') return sql('r.updated');
  const pick = descending ? 'max' : 'min';
  const [table, column, missing] = (
    {
      token: ['token', 'code', descending ? '' : '\u{10FFFF}'],
      reference: ['reference', 'target', descending ? '' : '\u{10FFFF}'],
      string: ['string', 'folded', descending ? '' : '\u{10FFFF}'],
      uri: ['uri', 'value', descending ? '' : '\u{10FFFF}'],
      date: ['date', descending ? 'high' : 'low', descending ? FAR_PAST : FAR_FUTURE],
      quantity: ['quantity', descending ? 'high' : 'low', descending ? FAR_PAST : FAR_FUTURE],
      number: ['quantity', descending ? 'high' : 'low', descending ? FAR_PAST : FAR_FUTURE],
    } as const
  )[by.kind as Exclude<typeof by.kind, 'composite'>];
  return sql(
    `coalesce((SELECT ${pick}(s.${column}) FROM ${table} s WHERE s.rid = r.rid AND s.param = ?), ?)`,
    by.id,
    missing,
  );
}

/** Rows behind the last one in the order of the sort keys, then of writing. */
function afterCursor(sort: readonly SortRule[], last: readonly (string | number)[]): Sql {
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

function lastOf(row: Hit, keys: number): (string | number)[] {
  return [...Array.from({ length: keys }, (_, i) => (row as Row)[`k${i}`]!), row.rid];
}

function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.bound, cursor.total ?? null, ...cursor.last])).toString('base64url');
}

function decodeCursor(text: string, keys: number): Cursor {
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
