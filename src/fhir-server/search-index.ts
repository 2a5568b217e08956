import type { Resource } from '@medplum/fhirtypes';
import type { Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import { indexRows } from './index-rows.ts';
import { recentRows } from './recent.ts';

/** The tables that searches read. Call it inside the transaction that writes the resource. */
export interface SearchIndex {
  add(rid: number, resource: Resource): void;
  clear(rid: number): void;
  /** Indexes again what an older catalog or another base has indexed. */
  refresh(load: (vid: number) => Resource): void;
}

const insertInto = {
  token: 'INSERT OR IGNORE INTO token (rid, param, grp, system, code) VALUES (?,?,?,?,?)',
  reference: 'INSERT OR IGNORE INTO reference (rid, param, grp, target) VALUES (?,?,?,?)',
  date: 'INSERT OR IGNORE INTO date (rid, param, grp, low, high) VALUES (?,?,?,?,?)',
  string: 'INSERT OR IGNORE INTO string (rid, param, grp, folded, exact) VALUES (?,?,?,?,?)',
  quantity: 'INSERT OR IGNORE INTO quantity (rid, param, grp, low, high, system, code, unit) VALUES (?,?,?,?,?,?,?,?)',
  uri: 'INSERT OR IGNORE INTO uri (rid, param, grp, value) VALUES (?,?,?,?)',
} as const;
const indexTables = Object.keys(insertInto) as (keyof typeof insertInto)[];
const insertRecent = 'INSERT OR IGNORE INTO recent (target, sort, value, rid) VALUES (?,?,?,?)';

export function createSearchIndex(database: Database, catalog: Catalog, base: string): SearchIndex {
  function clear(rid: number): void {
    for (const table of indexTables) {
      database.run(`DELETE FROM ${table} WHERE rid = ?`, rid);
    }
    database.run('DELETE FROM recent WHERE rid = ?', rid);
  }

  function add(rid: number, resource: Resource): void {
    const rows = indexRows(catalog, resource, base);
    for (const table of indexTables) {
      for (const row of rows[table]) {
        database.run(insertInto[table], rid, ...row);
      }
    }
    for (const row of recentRows(catalog, resource.resourceType, rows)) {
      database.run(insertRecent, ...row, rid);
    }
  }

  /** A file that was indexed by other definitions, or under another base, is indexed again as far as that matters. */
  function refresh(load: (vid: number) => Resource): void {
    const property = (name: string) =>
      database.get<{ value: string }>('SELECT value FROM property WHERE name = ?', name)?.value;
    const keep = (name: string, value: string) =>
      database.run('INSERT OR REPLACE INTO property (name, value) VALUES (?, ?)', name, value);
    const oldCatalog = property('catalog');
    const oldBase = property('base') ?? base;
    if (oldCatalog === catalog.fingerprint && oldBase === base) {
      return;
    }
    database.transaction(() => {
      const all = oldCatalog !== catalog.fingerprint;
      const rows = database.all<{ rid: number; vid: number }>(
        `SELECT r.rid, r.vid FROM resource r JOIN version v ON v.vid = r.vid
         WHERE r.deleted = 0 AND (? OR instr(v.content, ?) > 0 OR instr(v.content, ?) > 0)`,
        Number(all),
        `"${oldBase}/`,
        `"${base}/`,
      );
      for (const { rid, vid } of rows) {
        clear(rid);
        add(rid, load(vid));
      }
      keep('catalog', catalog.fingerprint);
      keep('base', base);
    });
  }

  return { add, clear, refresh };
}
