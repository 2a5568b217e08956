import type { ActiveAnalysis } from '../analyses/active.ts';
import type { AnalysisTools } from '../analyses/catalog.ts';
import type { PlannedJob } from '../analyses/plan.ts';
import type { CdsServiceDefinition } from '../cds-hooks/service.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Queue } from '../queue/queue.ts';
import type { Embedded, Servers } from '../servers.ts';
import type { Config } from '../settings.ts';
import type { Traces } from '../traces.ts';
import type { FhirServers } from './fhir-servers.ts';
import type { Trust } from './trust.ts';

/** What the routers of the service are built from. */
export interface ServiceWorld {
  readonly config: Config;
  /** Base URL that this process listens on. */
  readonly address: string;
  /** Base URL of this service as clients know it, without trailing slash. */
  readonly publicUrl: string;
  /** The services of cds-services.json, read and checked once. */
  readonly definitions: readonly CdsServiceDefinition[];
  readonly trust: Trust;
  readonly servers: Servers;
  /** Which FHIR servers callers may mean, and whose charts those are. */
  readonly fhirServers: FhirServers;
  readonly embedded: Embedded | undefined;
  readonly analyses: readonly ActiveAnalysis[];
  readonly tools: AnalysisTools;
  readonly metrics: Metrics;
  readonly queue: Queue;
  readonly log: Log;
  readonly clock: () => Date;
  readonly ids: () => string;
  readonly traces: Traces;
  /** Names of what is not ready; empty when the service can do its work. */
  notReady(): Promise<readonly string[]>;
  /** Asks for what is due without keeping the caller. */
  request(planned: readonly PlannedJob[]): void;
}
