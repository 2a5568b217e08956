import {
  applyPatch,
  fhirpathPatchTypedValue,
  formatSearchQuery,
  normalizeOperationOutcome,
  type Operation,
  OperationOutcomeError,
  parseFhirPathPatchParameters,
  type SearchRequest,
  toTypedValue,
  type WithId,
} from '@medplum/core';
import {
  type CreateResourceOptions,
  type DeleteResourceOptions,
  FhirRepository,
  type ReadHistoryOptions,
  type UpdateResourceOptions,
} from '@medplum/fhir-router';
import type { Bundle, Parameters, Reference, Resource } from '@medplum/fhirtypes';
import { resolveConditionalReferences } from './conditional-reference.ts';
import { historyBundle } from './history.ts';
import type { Parts } from './parts.ts';
import { parseQuery, type Query } from './query.ts';
import { refuse } from './refusal.ts';
import type { Stored, Written } from './store.ts';
import { assertValid } from './validation.ts';

/**
 * Medplum's repository interface over the store. What a method does, it does between two turns of the event loop; only
 * `withTransaction` waits for its callback, and until that ends everyone else waits. Inside a transaction use the
 * repository that the callback is given: the outer one waits for the transaction, which would wait for it.
 */
export class SqliteRepository extends FhirRepository {
  readonly parts: Parts;
  readonly #inTransaction: boolean;
  readonly #checks: boolean;

  constructor(parts: Parts, { inTransaction = false, checks = true } = {}) {
    super();
    this.parts = parts;
    this.#inTransaction = inTransaction;
    this.#checks = checks;
  }

  /** The same, for a writer that vouches for the form of what it writes. */
  unchecked(): SqliteRepository {
    return new SqliteRepository(this.parts, { inTransaction: this.#inTransaction, checks: false });
  }

  /** Runs without anything in between, and not inside someone else's transaction. */
  async exclusive<T>(work: () => T): Promise<T> {
    return this.#inTransaction ? work() : this.parts.lock.run(work);
  }

  setMode(): void {
    // one connection reads and writes
  }

  generateId(): string {
    return this.parts.generateId();
  }

  async createResource<T extends Resource>(resource: T, options?: CreateResourceOptions): Promise<WithId<T>> {
    return this.exclusive(() => this.create(resource, options?.assignedId ? resource.id : undefined) as WithId<T>);
  }

  async updateResource<T extends Resource>(resource: T, options?: UpdateResourceOptions): Promise<WithId<T>> {
    return this.exclusive(() => this.update(resource, options?.ifMatch).resource as WithId<T>);
  }

  async readResource<T extends Resource>(resourceType: string, id: string): Promise<WithId<T>> {
    return this.exclusive(() => this.parts.store.read(resourceType, id) as unknown as WithId<T>);
  }

  async readVersion<T extends Resource>(resourceType: string, id: string, vid: string): Promise<WithId<T>> {
    return this.exclusive(() => this.parts.store.readVersion(resourceType, id, vid) as unknown as WithId<T>);
  }

  async readReference<T extends Resource>(reference: Reference<T>): Promise<WithId<T>> {
    const [type, id] = reference.reference?.split('/') ?? [];
    if (!type || !id) {
      throw refuse('invalid', 'The reference is not Type/id.');
    }
    return this.readResource<T>(type, id);
  }

  async readReferences<T extends Resource>(references: readonly Reference<T>[]): Promise<(T | Error)[]> {
    return Promise.all(references.map((reference) => this.readReference<T>(reference).catch((error: Error) => error)));
  }

  async readHistory<T extends Resource>(
    resourceType: string,
    id: string,
    options?: ReadHistoryOptions,
  ): Promise<Bundle<WithId<T>>> {
    return this.exclusive(
      () =>
        historyBundle(this.parts, {
          type: resourceType,
          id,
          count: options?.limit ?? 1000,
        }) as Bundle<WithId<T>>,
    );
  }

  async deleteResource(resourceType: string, id: string, options?: DeleteResourceOptions): Promise<void> {
    await this.exclusive(() => this.parts.store.remove(resourceType, id, options?.ifMatch));
  }

  async patchResource<T extends Resource>(
    resourceType: T['resourceType'],
    id: string,
    patch: Operation[] | Parameters,
    options?: UpdateResourceOptions,
  ): Promise<WithId<T>> {
    return this.exclusive(() => this.patch(resourceType, id, patch, options?.ifMatch) as unknown as WithId<T>);
  }

  async search<T extends Resource>(request: SearchRequest<T>): Promise<Bundle<WithId<T>>> {
    const pairs = new URLSearchParams(
      formatSearchQuery(request as SearchRequest).replace(/(?<=[?&])_fields=/, '_elements='),
    );
    return this.exclusive(() => this.parts.search.page(this.query(request.resourceType, pairs)) as Bundle<WithId<T>>);
  }

  async searchByReference<T extends Resource>(
    request: SearchRequest<T>,
    field: string,
    references: string[],
  ): Promise<Record<string, WithId<T>[]>> {
    const found = await Promise.all(
      references.map(async (value) => {
        const filters = [...(request.filters ?? []), { code: field, operator: 'eq' as const, value }];
        return [value, await this.searchResources<T>({ ...request, filters })] as const;
      }),
    );
    return Object.fromEntries(found);
  }

  async withTransaction<TResult>(callback: (repository: this) => Promise<TResult>): Promise<TResult> {
    const release = this.#inTransaction ? () => undefined : await this.parts.lock.acquire();
    const { database } = this.parts;
    try {
      database.begin();
      try {
        const result = await callback(
          new SqliteRepository(this.parts, { inTransaction: true, checks: this.#checks }) as this,
        );
        database.commit();
        return result;
      } catch (error) {
        database.rollback();
        throw error;
      }
    } finally {
      release();
    }
  }

  // What follows is synchronous: call it inside `exclusive`.

  query(type: string, pairs: Iterable<readonly [string, string]>): Query {
    return parseQuery(this.parts.catalog, type, pairs);
  }

  create(resource: Resource, assignedId?: string): Stored {
    const complete = this.#prepare(resource);
    return this.parts.store.create(complete, assignedId);
  }

  update(resource: Resource, ifMatch?: string): Written {
    const { id } = resource;
    if (id === undefined || !/^[A-Za-z0-9.-]{1,64}$/.test(id)) {
      throw refuse('invalid', 'An id has 1 to 64 letters, digits, hyphens and dots.');
    }
    return this.parts.store.update({ ...this.#prepare(resource), id }, ifMatch);
  }

  patch(type: string, id: string, patch: Operation[] | Parameters, ifMatch?: string): Stored {
    const resource = this.parts.store.read(type, id) as Resource;
    try {
      if (Array.isArray(patch)) {
        const failed = applyPatch(resource, patch).filter((error) => error !== null);
        if (failed.length > 0) {
          throw refuse('unprocessable', failed.map((error) => error?.message ?? error?.name).join('; '));
        }
      } else {
        fhirpathPatchTypedValue(toTypedValue(resource), parseFhirPathPatchParameters(patch));
      }
    } catch (error) {
      throw error instanceof OperationOutcomeError
        ? error
        : new OperationOutcomeError(normalizeOperationOutcome(error));
    }
    if (resource.resourceType !== type || resource.id !== id) {
      throw refuse('unprocessable', 'A patch may not change the type or the id.');
    }
    return this.update(resource, ifMatch).resource;
  }

  /** The resource that a conditional operation means; refused when there are several. */
  findOne(type: string, criteria: string): Stored | undefined {
    const query = this.query(type, new URLSearchParams(criteria));
    if (query.criteria.length === 0) {
      throw refuse('precondition-failed', 'A conditional operation needs a search parameter.');
    }
    const found = this.parts.search.match(query, 2);
    if (found.length > 1) {
      throw refuse('multiple-matches', 'More than one resource fulfils the condition.');
    }
    return found[0] && this.parts.store.readRow(found[0].rid);
  }

  #prepare(resource: Resource): Resource {
    const { catalog, validate } = this.parts;
    if (!catalog.types.includes(resource.resourceType)) {
      throw refuse('not-found', `${resource.resourceType} is not held here.`);
    }
    const resolved = resolveConditionalReferences(resource, (type, criteria) => this.findOne(type, criteria));
    if (this.#checks) {
      assertValid(resolved, validate);
    }
    return resolved;
  }
}
