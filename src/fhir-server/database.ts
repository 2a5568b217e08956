import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/**
 * One connection. Every call is synchronous, so what one function does between two calls nothing else can come between.
 */
export interface Database {
  get<T>(sql: string, ...values: readonly SQLInputValue[]): T | undefined;
  all<T>(sql: string, ...values: readonly SQLInputValue[]): T[];
  run(sql: string, ...values: readonly SQLInputValue[]): { readonly lastInsertRowid: number };
  /** Runs it in a transaction, or in a savepoint of the one that is open; undone when it throws. */
  transaction<T>(work: () => T): T;
  /** Runs once what is being written is committed; at once where nothing is open, never where it is undone. */
  afterCommit(work: () => void): void;
  begin(): void;
  commit(): void;
  rollback(): void;
  close(): void;
}

/**
 * `resource` names what exists or existed, `version` holds every version of it once, the other tables hold what is
 * searched by; `recent` has a patient's resources by date. Index rows belong to the current version only. Empty text stands for "none" in the index tables.
 */
const schema = `
CREATE TABLE IF NOT EXISTS property (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS resource (
  rid INTEGER PRIMARY KEY, type TEXT NOT NULL, id TEXT NOT NULL, key TEXT NOT NULL UNIQUE,
  vid INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL, deleted INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS resource_type ON resource (type, deleted, updated);
CREATE TABLE IF NOT EXISTS version (
  vid INTEGER PRIMARY KEY, rid INTEGER NOT NULL, type TEXT NOT NULL, version INTEGER NOT NULL,
  updated INTEGER NOT NULL, method TEXT NOT NULL, content TEXT, data BLOB);
CREATE UNIQUE INDEX IF NOT EXISTS version_of ON version (rid, version);
CREATE INDEX IF NOT EXISTS version_type ON version (type, vid);
CREATE TABLE IF NOT EXISTS token (
  rid INTEGER, param INTEGER, grp INTEGER, system TEXT, code TEXT,
  PRIMARY KEY (rid, param, grp, code, system)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS token_code ON token (param, code, rid, system);
CREATE TABLE IF NOT EXISTS reference (
  rid INTEGER, param INTEGER, grp INTEGER, target TEXT, PRIMARY KEY (rid, param, grp, target)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reference_target ON reference (target, param, rid);
CREATE TABLE IF NOT EXISTS date (
  rid INTEGER, param INTEGER, grp INTEGER, low INTEGER, high INTEGER,
  PRIMARY KEY (rid, param, grp, low, high)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS date_low ON date (param, low, high, rid);
CREATE TABLE IF NOT EXISTS recent (
  target TEXT, sort INTEGER, value INTEGER, rid INTEGER, PRIMARY KEY (target, sort, value DESC, rid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recent_rid ON recent (rid);
CREATE TABLE IF NOT EXISTS string (
  rid INTEGER, param INTEGER, grp INTEGER, folded TEXT, exact TEXT,
  PRIMARY KEY (rid, param, grp, exact)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS string_folded ON string (param, folded, rid);
CREATE TABLE IF NOT EXISTS quantity (
  rid INTEGER, param INTEGER, grp INTEGER, low REAL, high REAL, system TEXT, code TEXT, unit TEXT,
  PRIMARY KEY (rid, param, grp, low, high, system, code, unit)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quantity_low ON quantity (param, low, high, rid);
CREATE TABLE IF NOT EXISTS uri (
  rid INTEGER, param INTEGER, grp INTEGER, value TEXT, PRIMARY KEY (rid, param, grp, value)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uri_value ON uri (param, value, rid);
`;

/** Opens the file, or a database in memory. Another process may have it open too: writers wait for each other. */
export function openDatabase(file: string | undefined): Database {
  const connection = new DatabaseSync(file ?? ':memory:');
  // FULL: what was answered as written survives a power cut
  connection.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;',
  );
  connection.exec(schema);
  const statements = new Map<string, StatementSync>();
  let depth = 0;
  const committed: (() => void)[] = [];
  /** How many of them there were when each open transaction began. */
  const marks: number[] = [];

  function prepare(sql: string): StatementSync {
    let statement = statements.get(sql);
    if (statement === undefined) {
      statement = connection.prepare(sql);
      // searches are composed: keep what recurs, not everything that was ever asked
      if (statements.size >= 500) {
        statements.delete(statements.keys().next().value!);
      }
      statements.set(sql, statement);
    }
    return statement;
  }

  const database: Database = {
    get: <T>(sql: string, ...values: readonly SQLInputValue[]) => prepare(sql).get(...values) as T | undefined,
    all: <T>(sql: string, ...values: readonly SQLInputValue[]) => prepare(sql).all(...values) as T[],
    run: (sql, ...values) => ({ lastInsertRowid: Number(prepare(sql).run(...values).lastInsertRowid) }),
    transaction(work) {
      database.begin();
      try {
        const result = work();
        database.commit();
        return result;
      } catch (error) {
        database.rollback();
        throw error;
      }
    },
    afterCommit(work) {
      if (depth === 0) {
        work();
      } else {
        committed.push(work);
      }
    },
    begin() {
      connection.exec(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT s${depth}`);
      depth++;
      marks.push(committed.length);
    },
    commit() {
      depth--;
      connection.exec(depth === 0 ? 'COMMIT' : `RELEASE s${depth}`);
      marks.pop();
      if (depth === 0) {
        for (const work of committed.splice(0)) {
          work();
        }
      }
    },
    rollback() {
      depth--;
      committed.length = marks.pop() ?? 0;
      connection.exec(depth === 0 ? 'ROLLBACK' : `ROLLBACK TO s${depth}; RELEASE s${depth}`);
    },
    close: () => connection.close(),
  };
  return database;
}
