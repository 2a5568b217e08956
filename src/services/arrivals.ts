import type { Resource, Task } from '@medplum/fhirtypes';
import type { Router } from 'express';
import { asIntervalError, IntervalError } from '../errors.ts';
import { identifierSystem } from '../fhir/codes.ts';
import { requestForPatient } from '../jobs/arrivals.ts';
import type { Ledger } from '../jobs/request.ts';
import { type Coalesce, createCoalesce } from '../subscriptions/coalesce.ts';
import { patientsOf } from '../subscriptions/patients-of.ts';
import { subscriptionsRouter } from '../subscriptions/routes.ts';
import { type WatchedType, watched, watchedTypes } from '../subscriptions/watched.ts';
import type { ServiceWorld } from './world.ts';

export interface Arrivals {
  /** Absent where nobody could prove that they may send: then the endpoint does not exist. */
  readonly router: Router | undefined;
  /** Asks for what arrived while the service was not there. */
  catchUp(): Promise<void>;
  /** Resolves when everything that was told has been looked at. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A burst about one patient – a panel, a study with its report – comes within a second or two. */
const BURST = { quietMs: 300, patienceMs: 3000 } as const;
/** How far before the last sign of life to look again: clocks differ, and what was told last may not have been looked at. */
const OVERLAP_MS = 10 * 60_000;
/** What arrived in a longer absence is for `interval backfill`. */
const LONGEST_ABSENCE_MS = 7 * 24 * 3_600_000;
/** Of one look at a type. */
const MAX_CHANGED = 5000;

/**
 * What FHIR servers tell by Subscription: the resource is read again from the source, then the chart of its patient, once for
 * a burst, and what is due is asked for before anything of a back-fill.
 */
export function createArrivals(
  world: Pick<ServiceWorld, 'config' | 'servers' | 'analyses' | 'log' | 'clock'>,
  ledger: Ledger,
): Arrivals {
  const { config, servers, analyses, log, clock } = world;
  const lookedAt = new Map<string, Date>();
  const lost = (kind: string) => (_key: string, error: IntervalError) =>
    log.error('an arrival could not be looked at', { reason: kind, code: error.code }, error);
  // A source that is away for two hours is waited for.
  const common = { concurrency: 4, limit: 10_000, attempts: 32, retryMs: 1000, longestMs: 5 * 60_000 } as const;

  const patients = createCoalesce({
    ...common,
    ...BURST,
    // Charts are large: two at a time leave the hooks their share of the source.
    concurrency: 2,
    async work(patient) {
      const count = await requestForPatient(
        patient,
        { source: servers.source, analyses, ledger },
        { priority: 'arrival' },
      );
      log.info('arrival looked at', { due: count });
    },
    onLost: lost('patient'),
  });
  const resources = createCoalesce({
    ...common,
    quietMs: 50,
    patienceMs: 500,
    async work(reference) {
      for (const patient of await patientsOf(reference, servers)) {
        orFull(patients, patient);
      }
    },
    onLost: lost('resource'),
  });
  const types = createCoalesce({ ...common, ...BURST, concurrency: 1, work: sweep, onLost: lost('type') });

  /** Whatever of a type has changed since it was last looked at. */
  async function sweep(type: string): Promise<void> {
    const begun = clock();
    const since = new Date((lookedAt.get(type) ?? begun).getTime() - OVERLAP_MS);
    const changed = await servers.source.search<Resource>(
      type as WatchedType,
      {
        _lastUpdated: `ge${since.toISOString()}`,
        status: watched[type as WatchedType],
        _elements: 'id,status',
        _count: '200',
      },
      { maxResources: MAX_CHANGED, maxPages: 100 },
    );
    for (const { resourceType, id } of changed) {
      if (resourceType === type && id !== undefined) {
        orFull(resources, `${type}/${id}`);
      }
    }
    lookedAt.set(type, begun);
  }

  return {
    router: exists(config)
      ? subscriptionsRouter({
          ...(config.subscriptionSecret === ''
            ? {}
            : {
                proof: {
                  secret: config.subscriptionSecret,
                  ...(config.subscriptionHeader === '' ? {} : { header: config.subscriptionHeader }),
                },
              }),
          bodyBytes: config.bodyLimitKb * 1024,
          arrived({ references, anyOf }) {
            for (const reference of references) {
              orFull(resources, reference);
            }
            if (anyOf !== undefined) {
              orFull(types, anyOf);
            }
          },
          onAnswered: ({ type, ...fields }) => log.info('notification answered', { resourceType: type, ...fields }),
        })
      : undefined,

    async catchUp() {
      if (config.subscriptionSecret === '') {
        return;
      }
      try {
        const query = { identifier: `${identifierSystem.job}|`, _sort: '-_lastUpdated', _count: '1' };
        const [newest] = await servers.store.search<Task>('Task', query, { maxResources: 1, maxPages: 1 });
        const seen = Date.parse(newest?.meta?.lastUpdated ?? '');
        // A store without a Task has never been at work: what was there before is for a back-fill.
        if (!Number.isNaN(seen)) {
          const since = new Date(Math.max(seen, clock().getTime() - LONGEST_ABSENCE_MS));
          for (const type of watchedTypes) {
            lookedAt.set(type, since);
            types.add(type);
          }
        }
      } catch (error) {
        log.warn('what arrived meanwhile could not be asked for', { code: asIntervalError(error).code }, error);
      }
    },

    async idle() {
      await types.idle();
      await resources.idle();
      await patients.idle();
    },
    async close() {
      await Promise.all([types.close(), resources.close(), patients.close()]);
    },
  };
}

/** Anybody on a network could make us read charts all day: without a secret only this machine is listened to. */
function exists(config: Pick<ServiceWorld['config'], 'subscriptionSecret' | 'mode' | 'unauthenticated'>): boolean {
  return (
    config.subscriptionSecret !== '' || (config.mode === 'development' && config.unauthenticated === 'loopback-only')
  );
}

function orFull(line: Coalesce, key: string): void {
  if (!line.add(key)) {
    throw new IntervalError('queue-full', 'Too many arrivals are waiting.');
  }
}
