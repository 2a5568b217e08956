import { randomUUID } from 'node:crypto';
import type { StructureDefinition } from '@medplum/fhirtypes';
import { buildCatalog } from './catalog.ts';
import { openDatabase } from './database.ts';
import { answer, type HttpRequest } from './http.ts';
import type { Parts } from './parts.ts';
import { SqliteRepository } from './repository.ts';
import { createRouter } from './router.ts';
import { createRoutes } from './routes.ts';
import { createSearch } from './search.ts';
import { createSearchIndex } from './search-index.ts';
import { createStore } from './store.ts';
import { createSubscriptions, type SubscriptionOptions } from './subscriptions/subscriptions.ts';
import type { Validate } from './validation.ts';
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
  /** Default 64 MiB: a radiograph as a Binary is up to 30. */
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

/** An embedded FHIR R4 server for demonstration, tests and small sites. It knows no users: bind it to loopback. */
export function createFhirServer(options: FhirServerOptions): FhirServer {
  const base = options.base.replace(/\/+$/, '');
  const clock = options.clock ?? (() => new Date());
  const generateId = options.generateId ?? randomUUID;
  const catalog = buildCatalog();
  const database = openDatabase(options.file);
  const store = createStore({
    database,
    index: createSearchIndex(database, catalog, base),
    clock,
    generateId,
    onWrite: (event) => subscriptions?.written(event),
  });
  const search = createSearch({ database, catalog, store, base, clock });
  const parts: Parts = {
    base,
    clock,
    generateId,
    validate: options.validate,
    profiles: options.profiles ?? [],
    maxBodyBytes: options.maxBodyBytes ?? 64 * 1024 * 1024,
    onError: options.onError,
    database,
    catalog,
    store,
    search,
    lock: createWriteLock(),
    subscribes: options.subscriptions !== undefined,
  };
  const subscriptions = options.subscriptions && createSubscriptions(parts, options.subscriptions);
  const repository = new SqliteRepository(parts);
  const router = createRouter();
  const handle = (request: HttpRequest) => answer(router, repository, request);

  return {
    base,
    repository,
    router: createRoutes(handle, parts.maxBodyBytes),
    async fetch(input, init) {
      const request = new Request(input, init);
      const path = pathBelow(base, request.url);
      if (path === undefined) {
        throw new TypeError('The embedded FHIR server answers URLs below its base only.');
      }
      request.signal.throwIfAborted();
      const body = new Uint8Array(await request.arrayBuffer());
      const {
        status,
        headers,
        body: content,
      } = await handle({ method: request.method, path, headers: request.headers, body });
      return new Response((content ?? null) as BodyInit | null, { status, headers: { ...headers } });
    },
    revision(types) {
      const others = database.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
      return `${types.reduce((sum, type) => sum + store.written(type), 0)}.${others}`;
    },
    delivered: async () => subscriptions?.idle(),
    close() {
      subscriptions?.close();
      database.close();
    },
  };
}

function pathBelow(base: string, url: string): string | undefined {
  if (!url.startsWith(base) || !['', '/', '?'].includes(url.charAt(base.length))) {
    return undefined;
  }
  const [path = ''] = url.slice(base.length).split('#');
  return path.replace(/^\//, '');
}
