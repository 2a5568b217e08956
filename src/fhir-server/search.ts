import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Catalog } from './catalog.ts';
import { type Condition, conditionOf } from './condition.ts';
import { afterCursor, type Cursor, decodeCursor, encodeCursor } from './cursor.ts';
import type { Database } from './database.ts';
import { type Hit, includeHits } from './include.ts';
import { FAR_FUTURE, FAR_PAST } from './period.ts';
import type { Query, SortRule } from './query.ts';
import { recentOf } from './recent.ts';
import { all, type Sql, sql } from './sql.ts';
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

/** Up to this many candidates a criterion is worth starting from without looking for a better one. */
const FEW = 64;

/** With more candidates than this a patient's latest are walked by their date, instead of sorting all. */
const MANY = 500;

/** Totals that nobody asked for are counted up to this. */
const CHEAP_TOTAL = 1000;

type Row = Hit & Record<`k${number}`, string | number>;

/** Where rows come from, and what they must fulfil; `r` is the resource. */
interface Plan {
  readonly from: string;
  readonly where: Sql;
  /** The first sort key, where the rows come in its order. */
  readonly inOrder?: string;
}

export function createSearch({ database, catalog, store, base, clock }: SearchOptions): Search {
  const context = { base, clock };

  function planOf(query: Query): Plan {
    const criteria = new Map(query.criteria.map((criterion) => [criterion, conditionOf(criterion, context)]));
    const conditions = [...criteria.values()];
    const driver = chooseDriver(conditions);
    const recent = driver && driver.candidates > MANY ? recentOf(database, query, base) : undefined;
    if (recent) {
      criteria.delete(recent.criterion);
      return {
        from: 'recent o CROSS JOIN resource r ON r.rid = o.rid',
        where: all([
          sql('o.target = ? AND o.sort = ? AND r.deleted = 0', recent.target, recent.sort),
          ...[...criteria.values()].map(({ test }) => test),
        ]),
        inOrder: 'o.value',
      };
    }
    return {
      from: 'resource r',
      where: all([
        // the plus keeps SQLite from walking all resources of the type when a criterion leads to few
        sql(`${driver ? '+' : ''}r.type = ? AND r.deleted = 0`, query.type),
        ...conditions.map((condition) =>
          condition === driver?.condition
            ? sql(`r.rid IN (${condition.set!.text})`, ...condition.set!.values)
            : condition.test,
        ),
      ]),
    };
  }

  /** The criterion that leaves the fewest candidates, by counting up to a bound. */
  function chooseDriver(
    conditions: readonly Condition[],
  ): { readonly condition: Condition; readonly candidates: number } | undefined {
    let best: Condition | undefined;
    let bound = 4096;
    for (const condition of conditions.filter(({ set }) => set !== undefined)) {
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
    return best && { condition: best, candidates: bound };
  }

  function count({ from, where }: Plan): number {
    return database.get<{ n: number }>(`SELECT count(*) AS n FROM ${from} WHERE ${where.text}`, ...where.values)!.n;
  }

  /** Undefined when there are more than are soon counted. */
  function cheapCount({ from, where }: Plan): number | undefined {
    const { n } = database.get<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${from} WHERE ${where.text} LIMIT ?)`,
      ...where.values,
      CHEAP_TOTAL + 1,
    )!;
    return n > CHEAP_TOTAL ? undefined : n;
  }

  function totalOf({ total }: Query, plan: Plan, found: number, more: boolean): number | undefined {
    if (total === 'none') {
      return undefined;
    }
    return !more ? found : total === 'accurate' ? count(plan) : cheapCount(plan);
  }

  /** The first rows behind the cursor, one more than the page holds. */
  function rowsOf(query: Query, plan: Plan, cursor: Cursor | undefined): Row[] {
    const { from, where, inOrder } = plan;
    const limit = query.count + 1;
    const bounded = cursor ? sql('AND r.rid <= ?', cursor.bound) : sql('');
    if (inOrder) {
      const [value, rid] = cursor?.last ?? [];
      const after = cursor
        ? sql(`AND ${inOrder} <= ? AND (${inOrder} < ? OR r.rid > ?)`, value!, value!, rid!)
        : sql('');
      return database.all<Row>(
        `SELECT r.rid, r.key, ${inOrder} AS k0 FROM ${from} WHERE ${where.text} ${after.text} ${bounded.text}
         ORDER BY ${inOrder} DESC, o.rid LIMIT ?`,
        ...where.values,
        ...after.values,
        ...bounded.values,
        limit,
      );
    }
    const keys = query.sort.map(sortKey);
    const after = cursor ? afterCursor(query.sort, cursor.last) : sql('1');
    const columns = ['r.rid', 'r.key', ...keys.map(({ text }, i) => `${text} AS k${i}`)].join(', ');
    const order = [...query.sort.map(({ descending }, i) => `k${i} ${descending ? 'DESC' : 'ASC'}`), 'rid'].join(', ');
    return database.all<Row>(
      `SELECT * FROM (SELECT ${columns} FROM ${from} WHERE ${where.text} ${bounded.text})
       WHERE ${after.text} ORDER BY ${order} LIMIT ?`,
      ...keys.flatMap(({ values }) => values),
      ...where.values,
      ...bounded.values,
      ...after.values,
      limit,
    );
  }

  function page(query: Query): Bundle {
    const plan = planOf(query);
    if (query.summary === 'count' || query.count === 0) {
      return bundleOf(query, [], count(plan));
    }
    const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.sort.length);
    const bound = cursor?.bound ?? database.get<{ n: number }>('SELECT coalesce(max(rid), 0) AS n FROM resource')!.n;
    const rows = rowsOf(query, plan, cursor);
    const hits = rows.slice(0, query.count);
    const more = rows.length > query.count;
    const total = cursor ? cursor.total : totalOf(query, plan, hits.length, more);
    const next = more ? encodeCursor({ last: lastOf(hits.at(-1)!, query.sort.length), bound, total }) : undefined;
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
      const { from, where } = planOf(query);
      return database.all<Hit>(
        `SELECT r.rid, r.key FROM ${from} WHERE ${where.text} ORDER BY r.rid LIMIT ?`,
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

function lastOf(row: Hit, keys: number): (string | number)[] {
  return [...Array.from({ length: keys }, (_, i) => (row as Row)[`k${i}`]!), row.rid];
}
