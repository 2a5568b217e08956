import type { Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import type { Include, Query } from './query.ts';
import { refuse } from './refusal.ts';

/** A resource that came with a search, by `Type/id` and row. */
export interface Hit {
  readonly rid: number;
  readonly key: string;
}

const MAX_INCLUDED = 2000;
const MAX_ROUNDS = 6;

/** Rows that `_include` and `_revinclude` add to the hits, each once, none of the hits again. */
export function includeHits(database: Database, catalog: Catalog, hits: readonly Hit[], query: Query): Hit[] {
  const seen = new Set(hits.map(({ rid }) => rid));
  const added: Hit[] = [];
  let base = hits;
  for (let round = 0; base.length > 0 && round < MAX_ROUNDS; round++) {
    const active = (includes: readonly Include[]) => includes.filter(({ iterate }) => round === 0 || iterate);
    const found = [
      ...active(query.include).flatMap((include) => forward(database, catalog, base, include)),
      ...active(query.revinclude).flatMap((include) => backward(database, catalog, base, include)),
    ];
    const fresh: Hit[] = [];
    for (const hit of found) {
      if (!seen.has(hit.rid)) {
        seen.add(hit.rid);
        fresh.push(hit);
      }
    }
    added.push(...fresh);
    if (added.length > MAX_INCLUDED) {
      throw refuse('not-supported', `More than ${MAX_INCLUDED} resources would be included: ask for fewer at a time.`);
    }
    base = fresh;
  }
  return added;
}

function forward(
  database: Database,
  catalog: Catalog,
  base: readonly Hit[],
  { type, parameter, target }: Include,
): Hit[] {
  const ids = parametersOf(catalog, type, parameter);
  return base
    .filter(({ key }) => key.startsWith(`${type}/`))
    .flatMap(({ rid }) =>
      database.all<Hit>(
        `SELECT t.rid, t.key FROM reference x JOIN resource t ON t.key = x.target
         WHERE x.rid = ? AND x.param IN (${ids.join(',')}) AND t.deleted = 0`,
        rid,
      ),
    )
    .filter(({ key }) => target === undefined || key.startsWith(`${target}/`));
}

function backward(
  database: Database,
  catalog: Catalog,
  base: readonly Hit[],
  { type, parameter, target }: Include,
): Hit[] {
  const ids = parametersOf(catalog, type, parameter);
  return base
    .filter(({ key }) => target === undefined || key.startsWith(`${target}/`))
    .flatMap(({ key }) =>
      database.all<Hit>(
        `SELECT s.rid, s.key FROM reference x JOIN resource s ON s.rid = x.rid
         WHERE x.target = ? AND x.param IN (${ids.join(',')}) AND s.deleted = 0 ORDER BY s.rid`,
        key,
      ),
    );
}

function parametersOf(catalog: Catalog, type: string, parameter: Include['parameter']): number[] {
  if (parameter !== '*') {
    return [parameter.id];
  }
  return [...catalog.parameters(type).values()].filter(({ kind }) => kind === 'reference').map(({ id }) => id);
}
