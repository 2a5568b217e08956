import { IntervalError } from '../errors.ts';
import { isLoopbackAddress, isLoopbackHost } from '../loopback.ts';
import type { Registration } from './clients.ts';

/** What a call shows of who makes it. */
export interface Credentials {
  readonly method: string;
  /** The endpoint that was called, as the public knows it: what a JWT's `aud` must equal. */
  readonly endpoint: string;
  /** The Authorization header. Never kept, never logged. */
  readonly authorization?: string;
  /** Address of the peer at the other end of the connection. */
  readonly remoteAddress?: string;
  /** Host header without port. */
  readonly host?: string;
}

/** The EHR on whose behalf a call is made. Carries no token. */
export interface Client {
  readonly id: string;
  /** False in development mode: nobody has proved anything. */
  readonly authenticated: boolean;
  readonly tenant?: string;
  /** What the site registered for it; absent in development mode. */
  readonly registration?: Registration;
}

/** One for discovery, service calls and feedback alike. Throws `unauthenticated` without saying why (J19). */
export type Authenticate = (credentials: Credentials) => Promise<Client>;

/**
 * Development mode: takes every call that comes from this machine, without a JWT, and says so. It refuses to exist on
 * an address that others can reach unless `network` is `any-network` (a closed test network). The Host header is
 * checked too: a web page whose name was made to resolve to 127.0.0.1 is not this machine's user.
 */
export function developmentAuthentication(options: {
  readonly boundTo: string;
  readonly network: 'loopback-only' | 'any-network';
  readonly announce: (warning: string) => void;
}): Authenticate {
  const open = options.network === 'any-network';
  if (!open && !isLoopbackAddress(options.boundTo)) {
    throw new IntervalError(
      'config-invalid',
      'Without client authentication the service listens on a loopback address only: change host, or set unauthenticated to any-network on a closed test network.',
    );
  }
  options.announce(
    open
      ? 'Development mode: every call from any network is answered without authentication. Not for patient data.'
      : 'Development mode: calls from this machine are answered without authentication.',
  );
  const client: Client = { id: 'development', authenticated: false };
  return async ({ remoteAddress, host }) => {
    if (!open && !(isLoopbackAddress(remoteAddress ?? '') && isLoopbackHost(host ?? ''))) {
      throw new IntervalError('unauthenticated', 'Authentication is required.');
    }
    return client;
  };
}
