import { asIntervalError, IntervalError } from '../errors.ts';
import type { CallOptions, FhirClient } from './client.ts';

export interface BreakerOptions {
  /** Failures one after the other until the server is left alone. */
  readonly failures: number;
  /** How long it is left alone, in milliseconds; then one call tries again. */
  readonly openMs: number;
  /** A call that its caller gave up after so many milliseconds counts as a failure: hooks wait less long than servers take. */
  readonly slowMs: number;
  readonly clock: () => number;
  /** Told when a server is no longer asked, and when it is again. */
  readonly onChange: (server: string, open: boolean) => void;
}

/** Guards calls to servers, each by its base URL. */
export type Breakers = (base: string) => <T>(work: () => Promise<T>, signal?: AbortSignal | null) => Promise<T>;

interface State {
  failed: number;
  /** Until then nothing is asked; undefined while the server answers. */
  openUntil: number | undefined;
  /** One call is trying whether it answers again. */
  trying: boolean;
}

/** What says that a server is down or drowning; a refusal is an answer. */
const failures: ReadonlySet<string> = new Set(['fhir-unavailable', 'fhir-timeout', 'fhir-throttled']);

/**
 * A server that keeps failing is left alone for a while: a hook that would wait for it in vain answers at once with what it
 * has, and the server is not called on by every open chart while it tries to come back.
 */
export function createBreakers(options: BreakerOptions): Breakers {
  /** Of servers that failed last: callers may name many addresses below one that is listed. */
  const states = new Map<string, State>();

  return (base) => {
    function answered(): void {
      const state = states.get(base);
      states.delete(base);
      if (state?.openUntil !== undefined) {
        options.onChange(base, false);
      }
    }

    function failed(): void {
      const state = states.get(base) ?? { failed: 0, openUntil: undefined, trying: false };
      states.set(base, state);
      state.failed += 1;
      if (state.openUntil !== undefined || state.failed >= options.failures) {
        const first = state.openUntil === undefined;
        state.openUntil = options.clock() + options.openMs;
        if (first) {
          options.onChange(base, true);
        }
      }
    }

    return async (work, signal) => {
      const begun = options.clock();
      const state = states.get(base);
      const openUntil = state?.openUntil;
      if (openUntil !== undefined && (state?.trying || begun < openUntil)) {
        throw new IntervalError('fhir-unavailable', 'The FHIR server kept failing and is left alone for a while.', {
          retryAfterMs: Math.max(1000, openUntil - begun),
        });
      }
      const trial = openUntil === undefined ? undefined : state;
      if (trial) {
        trial.trying = true;
      }
      try {
        const result = await work();
        answered();
        return result;
      } catch (error) {
        const { code } = asIntervalError(error);
        const slow = signal?.aborted === true && options.clock() - begun >= options.slowMs;
        if (failures.has(code) || slow) {
          failed();
        } else if (code !== 'cancelled') {
          answered();
        }
        throw error;
      } finally {
        if (trial) {
          trial.trying = false;
        }
      }
    };
  };
}

/** The same client, its server guarded. Binaries of other origins are not this server's fault, so they are not guarded. */
export function withBreaker(client: FhirClient, breakers: Breakers): FhirClient {
  const guard = breakers(client.base);
  const guarded = <T>(work: () => Promise<T>, options?: CallOptions) => guard(work, options?.signal);
  return {
    ...client,
    read: (type, id, options) => guarded(() => client.read(type, id, options), options),
    search: (type, query, options) => guarded(() => client.search(type, query, options), options),
    create: (resource, options) => guarded(() => client.create(resource, options), options),
    createAll: (entries, options) => guarded(() => client.createAll(entries, options), options),
    createIfNoneExist: (resource, query, options) =>
      guarded(() => client.createIfNoneExist(resource, query, options), options),
    update: (resource, options) => guarded(() => client.update(resource, options), options),
    createBinary: (bytes, type, options) => guarded(() => client.createBinary(bytes, type, options), options),
  };
}
