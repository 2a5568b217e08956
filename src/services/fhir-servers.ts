import type { Client } from '../cds-hooks/authenticate.ts';
import { withBreaker } from '../fhir/breaker.ts';
import type { FhirClient } from '../fhir/client.ts';
import { createFhirClient } from '../fhir/medplum-client.ts';
import type { TokenSource } from '../fhir/transport.ts';
import { trustedServer } from '../fhir/trust.ts';
import type { ServiceWorld } from './world.ts';

/** Of one answer while a hook waits: a page of fifty resources is a hundredth of it. */
const MAX_BYTES = 16 * 1024 * 1024;

/** As far as it says whose ids a call names. */
export interface FromClient {
  readonly fhirServer?: string;
  readonly client: Client;
}

export interface Charts {
  /** Whether its patients are our source's. */
  readonly ours: boolean;
  /**
   * A reference of the call as the store has it: as our source's, or written out below the other server's base, since short it
   * would name somebody of ours. Of a client that does not say which server it means, below a URL of our own that names the client.
   */
  toStore(reference: string): string;
}

export interface FhirServers {
  /**
   * Whether a call's fhirServer is our source, under whichever of its names: only then are its patients ours. A call without
   * one means the server of its client, or in development mode the source.
   */
  isSource(fhirServer: string | undefined, client: Client): boolean;
  /** What ids of such a call mean, for results, records and audit alike. */
  chartsOf(call: FromClient): Charts;
  /** A client for a server that a call names; undefined when that server is not ours to talk to for this caller. */
  clientFor(fhirServer: string, token: TokenSource, client: Client): FhirClient | undefined;
}

/** Which FHIR servers a hook may name, and what it may make us ask there. */
export function createFhirServers(
  world: Pick<ServiceWorld, 'config' | 'address' | 'publicUrl' | 'servers' | 'embedded'>,
): FhirServers {
  const { config, address, publicUrl, servers, embedded } = world;
  const sourceIsEmbedded = embedded !== undefined && servers.source.base === embedded.base;
  // A browser or an EHR on this machine may call the embedded server by another of its names.
  const names = [
    servers.source.base,
    ...(sourceIsEmbedded ? [`${address.replace('//127.0.0.1:', '//localhost:')}/fhir/R4`, `${publicUrl}/fhir/R4`] : []),
  ];
  const isNamed = (fhirServer: string) => names.includes(fhirServer.replace(/\/+$/, ''));
  const trustFor = (fhirServer: string, { registration }: Client) =>
    trustedServer(fhirServer, {
      // What a site lists for one client is not open to another.
      listed: registration?.fhirServers ?? config.trustedFhirServers,
      development: registration?.privateNetwork ?? config.unauthenticated === 'loopback-only',
    });

  /** Made per call, for its token; what is known of the server's health is kept over calls. */
  const guarded = (client: FhirClient) => withBreaker(client, servers.breakers);

  const serverOf = (fhirServer: string | undefined, { registration }: Client) =>
    fhirServer ?? (registration?.fhirServers.length === 1 ? registration.fhirServers[0] : undefined);

  function isSource(fhirServer: string | undefined, client: Client): boolean {
    if (client.registration === undefined) {
      return fhirServer === undefined || isNamed(fhirServer);
    }
    // Another EHR's patients have other ids, or worse, the same ones.
    const meant = serverOf(fhirServer, client);
    return meant !== undefined && isNamed(meant) && trustFor(meant, client).trusted;
  }

  return {
    isSource,
    chartsOf({ fhirServer, client }) {
      if (isSource(fhirServer, client)) {
        return { ours: true, toStore: servers.form.toStore };
      }
      const base = serverOf(fhirServer, client) ?? `${publicUrl}/clients/${client.id}`;
      return { ours: false, toStore: (reference) => `${base}/${reference}` };
    },
    clientFor(fhirServer, token, client) {
      if (client.registration === undefined && isNamed(fhirServer)) {
        // Never our own credentials on behalf of a caller who showed none: without a token the source is asked as anybody.
        return sourceIsEmbedded
          ? servers.source
          : guarded(createFhirClient({ base: servers.source.base, token, maxBytes: MAX_BYTES }));
      }
      const trust = trustFor(fhirServer, client);
      return trust.trusted ? guarded(createFhirClient({ base: trust.base, token, maxBytes: MAX_BYTES })) : undefined;
    },
  };
}
