import type { Resource } from '@medplum/fhirtypes';
import { parse, serialize } from './content.ts';
import type { Database } from './database.ts';
import { refuse } from './refusal.ts';
import type { SearchIndex } from './search-index.ts';

export type Stored<T extends Resource = Resource> = T & {
  id: string;
  meta: { versionId: string; lastUpdated: string };
};

export interface Version {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** FHIR instant. */
  readonly updated: string;
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Absent when this version is a deletion. */
  readonly resource?: Stored;
}

export interface Written {
  readonly resource: Stored;
  readonly created: boolean;
}

/** Resources and their history. Synchronous: each call is one transaction, or a part of the one that is open. */
export interface Store {
  read(type: string, id: string): Stored;
  readVersion(type: string, id: string, versionId: string): Stored;
  /** Creates with a new id, or with `assignedId`. */
  create(resource: Resource, assignedId?: string): Stored;
  /** Creates when there is none of this id: a client may assign ids. */
  update(resource: Resource & { id: string }, ifMatch?: string): Written;
  /** Returns the version that says so; `undefined` when there was nothing to delete. */
  remove(type: string, id: string, ifMatch?: string): number | undefined;
  history(query: HistoryQuery): {
    readonly versions: readonly Version[];
    readonly total: number;
    readonly next?: number;
  };
  /** By `Type/id`; what does not exist or was deleted is left out. */
  readKeys(keys: readonly string[]): Stored[];
  readRow(rid: number): Stored;
}

export interface HistoryQuery {
  readonly type?: string;
  readonly id?: string;
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
  /** Continue below this version row. */
  readonly before?: number;
}

interface ResourceRow {
  rid: number;
  vid: number;
  version: number;
  deleted: number;
}

interface VersionRow {
  vid: number;
  type: string;
  id: string;
  version: number;
  updated: number;
  method: Version['method'];
  content: string | null;
  data: Uint8Array | null;
}

/** One version that was written. */
export interface WriteEvent {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly interaction: 'create' | 'update' | 'delete';
}

interface StoreOptions {
  readonly database: Database;
  readonly index: SearchIndex;
  readonly clock: () => Date;
  readonly generateId: () => string;
  /** Told the type of everything that is written, before it is. */
  readonly onWrite?: (type: string) => void;
  /** Told of every version once it is committed. Must neither throw nor write. */
  readonly onCommit?: (event: WriteEvent) => void;
}

export function createStore(options: StoreOptions): Store {
  const { database, index, clock, generateId, onWrite = () => undefined, onCommit } = options;
  const tell = (event: WriteEvent) => onCommit && database.afterCommit(() => onCommit(event));

  const find = (type: string, id: string) =>
    database.get<ResourceRow>('SELECT rid, vid, version, deleted FROM resource WHERE key = ?', `${type}/${id}`);

  const load = (vid: number): Stored => {
    const row = database.get<{ content: string; data: Uint8Array | null }>(
      'SELECT content, data FROM version WHERE vid = ?',
      vid,
    );
    return parse(row!);
  };

  /** Writes the next version; the caller has checked that it may. */
  function write(row: ResourceRow | undefined, resource: Resource & { id: string }, method: 'POST' | 'PUT'): Stored {
    const version = (row?.version ?? 0) + 1;
    const now = clock();
    const { resourceType: type, id } = resource;
    const stored = {
      ...resource,
      meta: { ...resource.meta, versionId: String(version), lastUpdated: now.toISOString() },
    } as Stored;
    const { content, data } = serialize(stored);
    onWrite(type);
    return database.transaction(() => {
      const rid =
        row?.rid ??
        database.run(
          'INSERT INTO resource (type, id, key, vid, version, updated, deleted) VALUES (?,?,?,0,0,0,0)',
          type,
          id,
          `${type}/${id}`,
        ).lastInsertRowid;
      const { lastInsertRowid: vid } = database.run(
        'INSERT INTO version (rid, type, version, updated, method, content, data) VALUES (?,?,?,?,?,?,?)',
        rid,
        type,
        version,
        now.getTime(),
        method,
        content,
        data,
      );
      database.run(
        'UPDATE resource SET vid = ?, version = ?, updated = ?, deleted = 0 WHERE rid = ?',
        vid,
        version,
        now.getTime(),
        rid,
      );
      if (row !== undefined && row.deleted === 0) {
        index.clear(rid);
      }
      index.add(rid, stored);
      tell({ type, id, version, interaction: row === undefined || row.deleted === 1 ? 'create' : 'update' });
      return stored;
    });
  }

  index.refresh(load);

  return {
    read(type, id) {
      const row = find(type, id);
      if (row === undefined) {
        throw refuse('not-found', `${type}/${id} is not known.`);
      }
      if (row.deleted === 1) {
        throw refuse('gone', `${type}/${id} was deleted.`);
      }
      return load(row.vid);
    },

    readVersion(type, id, versionId) {
      const row = find(type, id);
      const version =
        row &&
        database.get<{ content: string | null; data: Uint8Array | null }>(
          'SELECT content, data FROM version WHERE rid = ? AND version = ?',
          row.rid,
          /^\d{1,15}$/.test(versionId) ? Number(versionId) : -1,
        );
      if (!version) {
        throw refuse('not-found', `${type}/${id} has no version ${versionId}.`);
      }
      if (version.content === null) {
        throw refuse('gone', `Version ${versionId} of ${type}/${id} is its deletion.`);
      }
      return parse({ content: version.content, data: version.data });
    },

    create(resource, assignedId) {
      const id = assignedId ?? generateId();
      if (find(resource.resourceType, id)) {
        throw refuse('invalid', `The id ${id} is in use.`);
      }
      return write(undefined, { ...resource, id }, 'POST');
    },

    update(resource, ifMatch) {
      const row = find(resource.resourceType, resource.id);
      const exists = row !== undefined && row.deleted === 0;
      checkVersion(exists ? row.version : undefined, ifMatch);
      return { resource: write(row, resource, 'PUT'), created: !exists };
    },

    remove(type, id, ifMatch) {
      const row = find(type, id);
      const exists = row !== undefined && row.deleted === 0;
      checkVersion(exists ? row.version : undefined, ifMatch);
      if (!exists) {
        return undefined;
      }
      const version = row.version + 1;
      const now = clock().getTime();
      onWrite(type);
      return database.transaction(() => {
        const { lastInsertRowid: vid } = database.run(
          "INSERT INTO version (rid, type, version, updated, method) VALUES (?,?,?,?,'DELETE')",
          row.rid,
          type,
          version,
          now,
        );
        database.run(
          'UPDATE resource SET vid = ?, version = ?, updated = ?, deleted = 1 WHERE rid = ?',
          vid,
          version,
          now,
          row.rid,
        );
        index.clear(row.rid);
        tell({ type, id, version, interaction: 'delete' });
        return version;
      });
    },

    history({ type, id, count, since, before }) {
      const conditions: string[] = [];
      const values: (string | number)[] = [];
      if (type !== undefined && id !== undefined) {
        const row = find(type, id);
        if (!row) {
          throw refuse('not-found', `${type}/${id} is not known.`);
        }
        conditions.push('v.rid = ?');
        values.push(row.rid);
      } else if (type !== undefined) {
        conditions.push('v.type = ?');
        values.push(type);
      }
      if (since !== undefined) {
        conditions.push('v.updated >= ?');
        values.push(since);
      }
      const where = (all: readonly string[]) => (all.length > 0 ? `WHERE ${all.join(' AND ')}` : '');
      const total = database.get<{ n: number }>(
        `SELECT count(*) AS n FROM version v ${where(conditions)}`,
        ...values,
      )!.n;
      if (before !== undefined) {
        conditions.push('v.vid < ?');
        values.push(before);
      }
      const rows = database.all<VersionRow>(
        `SELECT v.vid, v.type, r.id, v.version, v.updated, v.method, v.content, v.data
         FROM version v JOIN resource r ON r.rid = v.rid ${where(conditions)} ORDER BY v.vid DESC LIMIT ?`,
        ...values,
        count + 1,
      );
      const page = rows.slice(0, count);
      const versions = page.map((row) => ({
        type: row.type,
        id: row.id,
        version: row.version,
        updated: new Date(row.updated).toISOString(),
        method: row.method,
        ...(row.content === null ? undefined : { resource: parse({ content: row.content, data: row.data }) }),
      }));
      return { versions, total, ...(rows.length > count && count > 0 ? { next: page.at(-1)!.vid } : undefined) };
    },

    readKeys(keys) {
      return keys.flatMap((key) => {
        const row = database.get<{ vid: number }>('SELECT vid FROM resource WHERE key = ? AND deleted = 0', key);
        return row ? [load(row.vid)] : [];
      });
    },

    readRow(rid) {
      return load(database.get<{ vid: number }>('SELECT vid FROM resource WHERE rid = ?', rid)!.vid);
    },
  };
}

function checkVersion(current: number | undefined, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && String(current) !== ifMatch) {
    throw refuse('precondition-failed', `The current version is ${current ?? 'none'}, not ${ifMatch}.`);
  }
}
