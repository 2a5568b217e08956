import { AsyncLocalStorage } from 'node:async_hooks';
import type { FhirClient } from '../fhir/client.ts';

/** Lets a job's writes through only while the job is its own. */
export interface Fence {
  /** The same client; each of its writes first asks the job for which it is made. */
  guard(client: FhirClient): FhirClient;
  /** Runs `work`, whose writes wait for `assure`. */
  within<T>(assure: () => Promise<void>, work: () => Promise<T>): Promise<T>;
}

/**
 * A worker that was held up in the middle of writing (a machine put to sleep, a long pause) and that has lost its job
 * meanwhile must not write what it still had in hand. Clients live as long as the process, so the job that writes is told
 * by its asynchronous context.
 */
export function createFence(): Fence {
  const jobs = new AsyncLocalStorage<() => Promise<void>>();
  const assured = async <T>(write: () => Promise<T>): Promise<T> => {
    await jobs.getStore()?.();
    return write();
  };
  return {
    guard: (client) => ({
      ...client,
      create: (resource, options) => assured(() => client.create(resource, options)),
      createIfNoneExist: (resource, query, options) =>
        assured(() => client.createIfNoneExist(resource, query, options)),
      update: (resource, options) => assured(() => client.update(resource, options)),
      createBinary: (bytes, type, options) => assured(() => client.createBinary(bytes, type, options)),
    }),
    within: (assure, work) => jobs.run(assure, work),
  };
}
