import { createRecords } from '../fhir/create-records.ts';
import { type Audit, createAudit } from './audit.ts';
import { type Background, createBackground } from './background.ts';
import { type ClientOptionsOf, clientOptions } from './client-options.ts';
import type { ServiceWorld } from './world.ts';

/** What is kept of what was shown and judged, by all routers of the service alike. */
export interface Keeping {
  readonly background: Background;
  readonly audit: Audit;
  readonly optionsOf: ClientOptionsOf;
}

/** Answers whose records may wait for the store, how many are written at once, and the pause in which others join them. */
const WAITING = 5000;
const TOGETHER = 20;
const PAUSE_MS = 2;
const BUSY_PAUSE_MS = 50;

export function createKeeping(
  world: Pick<ServiceWorld, 'config' | 'publicUrl' | 'trust' | 'servers' | 'log' | 'metrics' | 'clock' | 'ids'>,
): Keeping {
  const { config, trust, servers, log, metrics, clock, ids, publicUrl } = world;
  const optionsOf = clientOptions(config, trust.registrations);
  const background = createBackground({
    limit: WAITING,
    write: (entries, alone) =>
      alone ? createRecords(servers.store, entries) : servers.store.createAll(entries, { checked: true }),
    together: TOGETHER,
    pauseMs: PAUSE_MS,
    busyPauseMs: BUSY_PAUSE_MS,
    attempts: 3,
    retryMs: 500,
    onLost(kind, error) {
      metrics.recordLost({ kind });
      log.error('a record could not be kept', { reason: kind }, error);
    },
  });
  const audit = createAudit({ background, optionsOf, clock, ids, publicUrl });
  return { background, audit, optionsOf };
}
