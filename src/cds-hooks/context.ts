import type { Resource } from '@medplum/fhirtypes';

/** A draft order as clients send it: any field beside resourceType may be missing. */
export type DraftOrder = Resource;

interface PatientContext {
  /** `Type/id` */
  readonly userId: string;
  /** Safe to put into a URL: see `idPattern`. */
  readonly patientId: string;
  readonly encounterId?: string;
}

export type HookContext =
  | { readonly hook: 'patient-view'; readonly context: PatientContext }
  | { readonly hook: 'order-select'; readonly context: PatientContext & OrderSelection }
  | { readonly hook: 'order-sign'; readonly context: PatientContext & Orders };

interface Orders {
  /** Entries of `draftOrders`; those that name another patient were left out. */
  readonly draftOrders: readonly DraftOrder[];
}

interface OrderSelection extends Orders {
  /** `Type/id` of those draft orders that were selected just now. */
  readonly selections: readonly string[];
}
