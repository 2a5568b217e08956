import type { CallOptions } from './client.ts';

export interface WriteOptions extends CallOptions {
  /** Throws when the job's subject has changed since: asked before anything is overwritten that another job wrote. */
  readonly check?: () => Promise<void>;
}
