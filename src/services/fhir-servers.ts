import { withBreaker } from '../fhir/breaker.ts';
import type { FhirClient } from '../fhir/client.ts';
import { createFhirClient } from '../fhir/medplum-client.ts';
import { trustedServer } from '../fhir/trust.ts';
import type { ServiceWorld } from './world.ts';

export interface FhirServers {
  /** Whether a call's fhirServer is our source, under whichever of its names; a call without one means the source. */
  isSource(fhirServer: string | undefined): boolean;
  /** A client for a server that a call names; undefined when that server is not ours to talk to. */
  clientFor(fhirServer: string, token: string | undefined): FhirClient | undefined;
}

/** Which FHIR servers a hook may name, and what it may make us ask there. */
export function createFhirServers(
  world: Pick<ServiceWorld, 'config' | 'address' | 'servers' | 'embedded'>,
): FhirServers {
  const { config, address, servers, embedded } = world;
  const sourceIsEmbedded = embedded !== undefined && servers.source.base === embedded.base;
  // A browser or an EHR on this machine may call the embedded server by another of its names.
  const names = [
    servers.source.base,
    ...(sourceIsEmbedded
      ? [`${address.replace('//127.0.0.1:', '//localhost:')}/fhir/R4`, `${config.publicUrl || address}/fhir/R4`]
      : []),
  ];
  const listed = config.trustedFhirServers;
  const isSource = (fhirServer: string | undefined) =>
    fhirServer === undefined || names.includes(fhirServer.replace(/\/+$/, ''));

  /** Made per call, for its token; what is known of the server's health is kept over calls. */
  const guarded = (client: FhirClient) => withBreaker(client, servers.breakers);

  return {
    isSource,
    clientFor(fhirServer, token) {
      const bearer = token === undefined ? {} : { token: async () => token };
      if (isSource(fhirServer)) {
        if (sourceIsEmbedded) {
          return servers.source;
        }
        // Never our own credentials on behalf of a caller who showed none: without a token the source is asked as anybody.
        return guarded(createFhirClient({ base: servers.source.base, ...bearer }));
      }
      const trust = trustedServer(fhirServer, { listed, development: config.unauthenticated === 'loopback-only' });
      return trust.trusted ? guarded(createFhirClient({ base: trust.base, ...bearer })) : undefined;
    },
  };
}
