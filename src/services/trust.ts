import { type Authenticate, developmentAuthentication } from '../cds-hooks/authenticate.ts';
import { type Registration, readClients } from '../cds-hooks/clients.ts';
import { jwtAuthentication } from '../cds-hooks/jwt.ts';
import { createMemoryReplayStore } from '../cds-hooks/replay/memory.ts';
import type { ReplayStore } from '../cds-hooks/replay/replay.ts';
import { IntervalError } from '../errors.ts';
import { trustedServer } from '../fhir/trust.ts';
import type { Log } from '../log.ts';
import type { Config } from '../settings.ts';

/** Who may call, and how that is found out. */
export interface Trust {
  readonly authenticate: Authenticate;
  readonly registrations: readonly Registration[];
  /** Resolves when what authentication needs answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Of the configuration: JWTs of registered clients in production, everybody on this machine in development. */
export async function createTrust(config: Config, log: Log): Promise<Trust> {
  if (config.mode === 'development') {
    const authenticate = developmentAuthentication({
      boundTo: config.host,
      network: config.unauthenticated,
      announce: (warning) => log.warn(warning),
    });
    return { authenticate, registrations: [], async ready() {}, async close() {} };
  }
  const registrations = readClients(config.clients);
  for (const one of registrations) {
    checkAgainst(config, one);
    log.info('client', { client: one.id, count: one.fhirServers.length });
  }
  const replay = await openReplayStore(config, log);
  return {
    authenticate: jwtAuthentication({ registrations, replay, clock: Date.now }),
    registrations,
    ready: replay.ready,
    close: replay.close,
  };
}

function checkAgainst(config: Config, { id, writeBack, fhirServers, privateNetwork }: Registration): void {
  for (const base of fhirServers) {
    const trust = trustedServer(base, { listed: [base], development: privateNetwork });
    if (!trust.trusted) {
      throw new IntervalError('config-invalid', `Setting "clients": a FHIR server of ${id} ${trust.reason}.`);
    }
  }
  if (writeBack === 'full' && config.writeBack !== 'full') {
    throw new IntervalError(
      'config-invalid',
      `Setting "clients": ${id} has writeBack full, which needs the setting "writeBack" to be full too.`,
    );
  }
}

async function openReplayStore({ replayUrl }: Config, log: Log): Promise<ReplayStore> {
  if (replayUrl === '') {
    log.warn('Which JWTs were used is kept in this process: with more than one replica, set replayUrl.');
    return createMemoryReplayStore({ clock: Date.now });
  }
  const { createRedisReplayStore } = await import('../cds-hooks/replay/redis.ts');
  return createRedisReplayStore({
    url: replayUrl,
    clock: Date.now,
    onTrouble: (error) => log.warn('the store of used tokens cannot be reached', {}, error),
  });
}
