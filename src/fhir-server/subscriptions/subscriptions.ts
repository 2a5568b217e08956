import type { Resource, Subscription } from '@medplum/fhirtypes';
import type { Catalog } from '../catalog.ts';
import type { Database } from '../database.ts';
import { parseQuery } from '../query.ts';
import type { Search } from '../search.ts';
import type { Store, Stored, WriteEvent } from '../store.ts';
import type { WriteLock } from '../write-lock.ts';
import { type DeliveryOptions, deliver, type Notification } from './deliver.ts';
import { type Active, readSubscription, whyNot } from './subscription.ts';

export interface SubscriptionOptions extends Partial<Pick<DeliveryOptions, 'fetch' | 'attempts' | 'retryMs'>> {
  /** Whether this endpoint may be called: whoever writes a Subscription names it. */
  readonly mayCall: (endpoint: URL) => boolean;
}

export interface Subscriptions {
  /** Takes note of a version that is committed. Nothing is done before the writer has its answer. */
  written(event: WriteEvent): void;
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>;
  close(): void;
}

interface SubscriptionParts {
  readonly database: Database;
  readonly catalog: Catalog;
  readonly store: Store;
  readonly search: Search;
  readonly lock: WriteLock;
  readonly onError?: (error: unknown) => void;
}

/** Notifications that may wait for one endpoint; what comes beyond is lost, and said so. */
const WAITING = 1000;
/** Notifications given up in a row after which an endpoint is left alone, until somebody asks for it again. */
const GIVEN_UP = 10;
const TIMEOUT_MS = 10_000;

interface Line {
  readonly waiting: Notification[];
  running?: Promise<void>;
  failures: number;
}

/**
 * R4 Subscriptions over rest-hook, behind the writes. What waits lives in this process: who must not miss anything looks
 * again after a restart.
 */
export function createSubscriptions(parts: SubscriptionParts, options: SubscriptionOptions): Subscriptions {
  const { database, catalog, store, search, lock } = parts;
  const stop = new AbortController();
  const delivery: DeliveryOptions = {
    fetch: options.fetch ?? fetch,
    attempts: options.attempts ?? 4,
    retryMs: options.retryMs ?? 500,
    timeoutMs: TIMEOUT_MS,
    signal: stop.signal,
  };
  const lines = new Map<string, Line>();
  const events: WriteEvent[] = [];
  let draining: Promise<void> | undefined;
  let known: { readonly revision: string; readonly active: readonly Active[] } | undefined;

  const failed = (error: unknown) => parts.onError?.(error);

  async function drain(): Promise<void> {
    // The writer's answer goes first.
    await new Promise((resolve) => setImmediate(resolve));
    for (let next = events.shift(); next !== undefined && !stop.signal.aborted; next = events.shift()) {
      const event = next;
      await lock.run(() => (event.type === 'Subscription' ? judge(event.id) : note(event))).catch(failed);
    }
    draining = undefined;
  }

  function note(event: WriteEvent): void {
    for (const subscription of active()) {
      const resource = subscription.type === event.type ? matching(event, subscription) : undefined;
      if (resource !== undefined) {
        queue(subscription, { event, ...(resource === 'deleted' ? {} : { resource }) });
      }
    }
  }

  /** A deletion is told to everybody who watches the type: what is gone fulfils no criteria. */
  function matching(
    { type, id, version, interaction }: WriteEvent,
    { query }: Active,
  ): Resource | 'deleted' | undefined {
    if (interaction === 'delete') {
      return 'deleted';
    }
    const resource = store.readVersion(type, id, String(version));
    if (query !== undefined) {
      const [current] = store.readKeys([`${type}/${id}`]);
      if (current?.meta.versionId !== resource.meta.versionId) {
        return undefined; // what it has become since is told by the later version
      }
      const same = parseQuery(catalog, type, [...query.pairs, ['_id', id]]);
      if (search.match(same, 1).length === 0) {
        return undefined;
      }
    }
    return resource;
  }

  function active(): readonly Active[] {
    const others = database.get<{ data_version: number }>('PRAGMA data_version')?.data_version;
    const revision = `${store.written('Subscription')}.${others}`;
    if (known?.revision !== revision) {
      const hits = search.match(parseQuery(catalog, 'Subscription', [['status', 'active']]), 1000);
      known = {
        revision,
        active: hits.flatMap(({ rid }) => {
          try {
            return [
              readSubscription(store.readRow(rid) as Stored<Subscription>, { catalog, mayCall: options.mayCall }),
            ];
          } catch {
            return []; // written before this rule was there
          }
        }),
      };
    }
    return known.active;
  }

  /** R4: the server turns what was requested into active, or into error and says why. */
  function judge(id: string): void {
    const [subscription] = store.readKeys([`Subscription/${id}`]) as Stored<Subscription>[];
    if (subscription?.status !== 'requested' && subscription?.status !== 'active') {
      return;
    }
    try {
      readSubscription(subscription, { catalog, mayCall: options.mayCall });
    } catch (error) {
      store.update({ ...subscription, status: 'error', error: whyNot(error) });
      return;
    }
    if (subscription.status === 'requested') {
      const { error: _error, ...rest } = subscription;
      store.update({ ...rest, status: 'active' });
      lines.delete(id);
    }
  }

  function queue(subscription: Active, notification: Notification): void {
    const line: Line = lines.get(subscription.id) ?? { waiting: [], failures: 0 };
    lines.set(subscription.id, line);
    if (line.waiting.length >= WAITING) {
      record(subscription.id, 'Too many notifications waited for the endpoint, and some were lost.');
      return;
    }
    line.waiting.push(notification);
    line.running ??= run(subscription, line);
  }

  async function run(subscription: Active, line: Line): Promise<void> {
    for (let next = line.waiting.shift(); next !== undefined; next = line.waiting.shift()) {
      const failure = await deliver(subscription, next, delivery);
      if (stop.signal.aborted) {
        break;
      }
      const worked = line.failures > 0 && failure === undefined;
      line.failures = failure === undefined ? 0 : line.failures + 1;
      if (failure !== undefined || worked) {
        await lock.run(() => record(subscription.id, failure, line.failures >= GIVEN_UP)).catch(failed);
      }
      if (line.failures >= GIVEN_UP) {
        line.waiting.length = 0;
      }
    }
    line.running = undefined;
  }

  function record(id: string, failure: string | undefined, giveUp = false): void {
    const [found] = store.readKeys([`Subscription/${id}`]) as Stored<Subscription>[];
    if (found === undefined || (found.error === failure && !giveUp)) {
      return;
    }
    const { error: _error, ...rest } = found;
    const status = giveUp ? 'error' : found.status;
    store.update({ ...rest, status, ...(failure === undefined ? {} : { error: failure }) });
  }

  return {
    written(event) {
      events.push(event);
      draining ??= drain();
    },
    async idle() {
      for (;;) {
        const running = [draining, ...[...lines.values()].map((line) => line.running)].filter(
          (one) => one !== undefined,
        );
        if (running.length === 0) {
          return;
        }
        await Promise.all(running);
      }
    },
    close() {
      stop.abort();
      events.length = 0;
      for (const { waiting } of lines.values()) {
        waiting.length = 0;
      }
    },
  };
}
