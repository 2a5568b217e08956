import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { IntervalError } from './errors.ts';
import type { Config } from './settings.ts';

/** Of a connection, in milliseconds: who sends slowly does not hold one for ever; a proxy may keep it for a minute. */
export const TIMES = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 } as const;

/** Resolves with the base URL that answers. Throws `config-invalid` where the port cannot be had. */
export async function listen(server: Server, config: Pick<Config, 'host' | 'port'>): Promise<string> {
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (cause) {
    throw new IntervalError(
      'config-invalid',
      `Setting "port": ${config.host}:${config.port} cannot be listened on (${(cause as NodeJS.ErrnoException).code}).`,
      { cause },
    );
  }
  const { port } = server.address() as AddressInfo;
  // What listens on every address is reached over loopback by its own worker.
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
