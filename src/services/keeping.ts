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

/** Records that may wait for the store, and the pause after each, in which hooks are answered. */
const WAITING = 5000;
const PAUSE_MS = 2;
const BUSY_PAUSE_MS = 50;

export function createKeeping(
  world: Pick<ServiceWorld, 'config' | 'address' | 'trust' | 'servers' | 'log' | 'metrics' | 'clock'>,
): Keeping {
  const { config, trust, servers, log, metrics, clock } = world;
  const optionsOf = clientOptions(config, trust.registrations);
  const background = createBackground({
    limit: WAITING,
    pauseMs: PAUSE_MS,
    busyPauseMs: BUSY_PAUSE_MS,
    attempts: 3,
    retryMs: 500,
    onLost(kind, error) {
      metrics.recordLost({ kind });
      log.error('a record could not be kept', { reason: kind }, error);
    },
  });
  const publicUrl = () => config.publicUrl || world.address;
  const audit = createAudit({ store: servers.store, background, optionsOf, clock, publicUrl });
  return { background, audit, optionsOf };
}
