import type { Resource } from '@medplum/fhirtypes';
import type { Summary } from '../summary.ts';
import type { Client } from './authenticate.ts';
import type { HookContext } from './context.ts';
import type { MissingPrefetch } from './prefetch.ts';

/** A service as discovery serves it (CDS Hooks 2.0.1, "Discovery"), and which of its prefetch keys it cannot do without. */
export interface CdsServiceDefinition {
  readonly hook: HookName;
  readonly id: string;
  readonly title?: string;
  readonly description: string;
  readonly usageRequirements?: string;
  readonly prefetch?: Readonly<Record<string, string>>;
  /** Keys of `prefetch` without which there is no answer but 412. Not part of the discovery answer. */
  readonly required?: readonly string[];
}

export const hookNames = ['patient-view', 'order-select', 'order-sign'] as const;
export type HookName = (typeof hookNames)[number];

/** A resource, a searchset Bundle with its further pages joined in, or null: looked for, and there is nothing. */
export type PrefetchValue = Resource | null;

/** A request that passed every check. It carries no access token: what could be fetched has been fetched. */
export type HookCall<Context extends HookContext = HookContext> = Context & {
  readonly hookInstance: string;
  /** Base URL without trailing slash; trusted. */
  readonly fhirServer?: string;
  /** Only what belongs to the patient of the context. A key that could not be had is absent here and listed in `missing`. */
  readonly prefetch: Readonly<Record<string, PrefetchValue>>;
  readonly missing: readonly MissingPrefetch[];
  readonly client: Client;
  readonly requestId: string;
  /** Aborted a little before the answer is due: return then what there is. */
  readonly signal: AbortSignal;
  /** Epoch milliseconds at which `signal` is aborted. */
  readonly deadline: number;
};

export interface ServiceAnswer {
  readonly summaries: readonly Summary[];
  /** Sentences that say in what way this answer is incomplete; without patient data. */
  readonly notes?: readonly string[];
  /** True when there was something to read and the readers declined all of it: no result, and said so. */
  readonly abstained?: boolean;
}

export interface CdsService {
  readonly definition: CdsServiceDefinition;
  handle(call: HookCall): Promise<ServiceAnswer>;
}
