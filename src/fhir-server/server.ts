import { randomUUID } from 'node:crypto';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { buildCatalog } from './catalog.ts';
import { openDatabase } from './database.ts';
import { answer, type HttpRequest } from './http.ts';
import type { HttpAnswer } from './http-answer.ts';
import { localFetch } from './local-fetch.ts';
import type { Parts } from './parts.ts';
import { SqliteRepository } from './repository.ts';
import { createRouter } from './router.ts';
import { createRoutes } from './routes.ts';
import { createSearch } from './search.ts';
import { createSearchIndex } from './search-index.ts';
import { createStore, type WriteEvent } from './store.ts';
import { createSubscriptions, type SubscriptionOptions } from './subscriptions/subscriptions.ts';
import type { Validate } from './validation.ts';
import { createWriteCounts, type SharedCounts } from './write-counts.ts';
import { createWriteLock } from './write-lock.ts';

export interface FhirServerOptions {
  /** Absolute URL under which clients reach it, such as `http://localhost:8080/fhir/R4`. */
  readonly base: string;
  /** SQLite file; in memory when absent. */
  readonly file?: string;
  readonly clock?: () => Date;
  readonly generateId?: () => string;
  /** Checked on every write besides base R4; an issue of severity error refuses it. */
  readonly validate?: Validate;
  /** Profiles with snapshots that `$validate` knows besides those that are stored. */
  readonly profiles?: readonly StructureDefinition[];
  /** Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** Delivers Subscriptions; without it they are only kept. */
  readonly subscriptions?: SubscriptionOptions;
  /** Told of unexpected errors; the caller gets a 500 without their words. */
  readonly onError?: (error: unknown) => void;
}

export interface FhirServer {
  readonly base: string;
  /** Answers URLs below `base` in this process as they are answered over HTTP. */
  readonly fetch: typeof fetch;
  /** Mount it where `base` points to. */
  readonly router: ReturnType<typeof createRoutes>;
  readonly repository: SqliteRepository;
  /**
   * Says something else after every write of these types, and of any by another process: what was read of them before may
   * then have changed.
   */
  revision(types: readonly string[]): string;
  /** Resolves when no notification of a Subscription is on its way any more. */
  delivered(): Promise<void>;
  close(): void;
}

/** With what a thread around it needs. */
export interface FhirServerInside extends FhirServer {
  handle(request: HttpRequest): Promise<HttpAnswer>;
  readonly writes: SharedCounts;
  /** Takes note of what other processes wrote to the file. */
  lookAround(): void;
}

/** A radiograph as a Binary is up to 30 MB. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/** An embedded FHIR R4 server for demonstration, tests and small sites. It knows no users: bind it to loopback. */
export function createFhirServer(options: FhirServerOptions): FhirServerInside {
  const base = options.base.replace(/\/+$/, '');
  const clock = options.clock ?? (() => new Date());
  const generateId = options.generateId ?? randomUUID;
  const catalog = buildCatalog();
  const database = openDatabase(options.file);
  const writes = createWriteCounts(catalog.types);
  const index = createSearchIndex(database, catalog, base);
  const onCommit = (event: WriteEvent) => subscriptions?.written(event);
  const store = createStore({ database, index, clock, generateId, onWrite: writes.add, onCommit });
  const search = createSearch({ database, catalog, store, base, clock });
  const parts: Parts = {
    base,
    clock,
    generateId,
    validate: options.validate,
    profiles: options.profiles ?? [],
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    onError: options.onError,
    database,
    catalog,
    store,
    search,
    lock: createWriteLock(),
    subscribes: options.subscriptions !== undefined,
  };
  const repository = new SqliteRepository(parts);
  const router = createRouter();
  const handle = (request: HttpRequest) => answer(router, repository, request);

  const lookAround = () =>
    writes.others(database.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0);
  const revision = (types: readonly string[]) => {
    lookAround();
    return writes.revision(types);
  };
  const subscriptions = options.subscriptions && createSubscriptions({ ...parts, revision }, options.subscriptions);

  return {
    base,
    repository,
    handle,
    writes: writes.shared,
    lookAround,
    router: createRoutes(handle, parts.maxBodyBytes),
    fetch: localFetch(base, handle),
    revision,
    delivered: async () => subscriptions?.idle(),
    close() {
      subscriptions?.close();
      database.close();
    },
  };
}
