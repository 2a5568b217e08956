import type { StructureDefinition } from '@medplum/fhirtypes';
import type { Catalog } from './catalog.ts';
import type { Database } from './database.ts';
import type { Search } from './search.ts';
import type { Store } from './store.ts';
import type { Validate } from './validation.ts';
import type { WriteLock } from './write-lock.ts';

/** What the server is made of. */
export interface Parts {
  /** Absolute, without trailing slash. */
  readonly base: string;
  readonly clock: () => Date;
  readonly generateId: () => string;
  readonly validate?: Validate;
  /** Profiles that `$validate` knows besides those that are stored. */
  readonly profiles: readonly StructureDefinition[];
  readonly maxBodyBytes: number;
  /** Told of what is nobody's fault but ours; the caller gets a 500 without its words. */
  readonly onError?: (error: unknown) => void;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly store: Store;
  readonly search: Search;
  readonly lock: WriteLock;
  /** Whether Subscriptions are delivered. */
  readonly subscribes: boolean;
}
