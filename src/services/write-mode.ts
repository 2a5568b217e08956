import type { Client } from '../cds-hooks/authenticate.ts';
import type { WriteMode } from '../fhir/write-back.ts';
import type { Servers } from '../servers.ts';

/** How results reach the EHR of this client: as it was registered, else as the service is set. */
export function writeModeFor({ registration }: Client, servers: Pick<Servers, 'mode'>): WriteMode {
  return registration?.writeBack ?? servers.mode;
}
