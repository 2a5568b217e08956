import { IntervalError } from '../errors.ts';
import { isLoopbackHost } from '../loopback.ts';
import { connect, openServiceKeys, type Servers } from '../servers.ts';
import type { Config } from '../settings.ts';

/** Source and store as a command reaches them: the embedded server over HTTP, inside the service that runs here. */
export async function reach(config: Config): Promise<Servers> {
  const embedded =
    config.sourceUrl === '' || config.storeUrl === '' ? { base: `${localUrl(config)}/fhir/R4` } : undefined;
  return connect(config, embedded, { keys: await openServiceKeys(config) });
}

/** Where the service listens on this machine. */
export function localUrl({ host, port }: Pick<Config, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** Base URL of the service as the source reaches it. Throws `config-invalid` where nobody can know it. */
export function publicUrlFor(config: Config, source: string, given: string | undefined): string {
  const url = (
    given ??
    (config.publicUrl || (isLoopbackHost(new URL(source).hostname) ? localUrl(config) : ''))
  ).replace(/\/+$/, '');
  if (url === '') {
    throw new IntervalError(
      'config-invalid',
      'Where the source reaches this service is not known: give --public-url, or set "publicUrl" (INTERVAL_PUBLIC_URL).',
    );
  }
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.search || parsed.hash) {
    throw new IntervalError('config-invalid', 'Option --public-url must be an http or https URL.');
  }
  const closed = isLoopbackHost(parsed.hostname) || config.unauthenticated === 'any-network';
  if (parsed.protocol !== 'https:' && !closed) {
    throw new IntervalError(
      'config-invalid',
      'The public URL must be https, since what is sent there is a chart; http is for loopback and closed test networks (unauthenticated: any-network).',
    );
  }
  return url;
}
