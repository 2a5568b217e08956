import type { Bundle, Resource } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { DraftOrder, HookContext } from './context.ts';
import { namesAnother } from './patient.ts';
import { compile } from './schemas/compile.ts';
import { contextSchemas, requestSchema } from './schemas/request.ts';
import type { CdsServiceDefinition } from './service.ts';

/** Lives as long as the call: never stored, queued, logged, or given to a service. */
export interface FhirAuthorization {
  readonly access_token: string;
  readonly scope?: string;
  readonly subject?: string;
  readonly patient?: string;
}

export type HookRequest = HookContext & {
  readonly hookInstance: string;
  /** Without trailing slash. Not yet trusted. */
  readonly fhirServer?: string;
  readonly fhirAuthorization?: FhirAuthorization;
  /** As sent: any key, any resource, null. */
  readonly prefetch: Readonly<Record<string, Resource | Bundle | null>>;
  /** Draft orders that named another patient. */
  readonly droppedOrders: number;
};

const checkRequest = compile(requestSchema);
const checkContext = {
  'patient-view': compile(contextSchemas['patient-view']),
  'order-select': compile(contextSchemas['order-select']),
  'order-sign': compile(contextSchemas['order-sign']),
};

const MAX_DEPTH = 100;

const optional = ['fhirServer', 'fhirAuthorization', 'prefetch'];

/**
 * The body of a service call, checked. Throws `request-malformed`, `hook-mismatch`, `context-invalid` or
 * `patient-mismatch`; messages name fields, never values.
 */
export function readRequest(body: unknown, definition: CdsServiceDefinition): HookRequest {
  const given = withoutNulls(body, optional);
  refuse('request-malformed', checkRequest(given));
  const request = given as Raw;
  if (request.hook !== definition.hook) {
    throw new IntervalError('hook-mismatch', `This service answers the hook ${definition.hook}.`);
  }
  const context = withoutNulls(request.context, ['encounterId']);
  const problem = checkContext[definition.hook](context);
  refuse('context-invalid', problem && `context: ${problem}`);
  const { userId, patientId, encounterId } = context as RawContext;
  // A field that this hook does not have was not checked either, and is left alone.
  const draftOrders = definition.hook === 'patient-view' ? undefined : (context as RawContext).draftOrders;
  const selections = definition.hook === 'order-select' ? (context as RawContext).selections : undefined;
  refuse(
    'context-invalid',
    isDeeper(draftOrders, MAX_DEPTH) ? `context: draftOrders is nested deeper than ${MAX_DEPTH} levels` : undefined,
  );
  const authorization = request.fhirAuthorization;
  if (authorization?.patient !== undefined && lastPart(authorization.patient) !== patientId) {
    throw new IntervalError('patient-mismatch', 'fhirAuthorization is for another patient than the context.');
  }
  const fhirServer = request.fhirServer?.replace(/\/+$/, '');
  const orders = ordersOf(draftOrders);
  const own = orders.filter((order) => !namesAnother(order, { patientId, fhirServer }));
  return {
    hook: definition.hook,
    context: {
      userId,
      patientId,
      ...(encounterId === undefined ? {} : { encounterId }),
      ...(selections === undefined ? {} : { selections }),
      ...(draftOrders === undefined ? {} : { draftOrders: own }),
    },
    hookInstance: request.hookInstance,
    ...(fhirServer === undefined ? {} : { fhirServer }),
    ...(authorization === undefined ? {} : { fhirAuthorization: authorization }),
    prefetch: request.prefetch ?? {},
    droppedOrders: orders.length - own.length,
  } as HookRequest;
}

interface Raw {
  readonly hook: string;
  readonly hookInstance: string;
  readonly context: object;
  readonly fhirServer?: string;
  readonly fhirAuthorization?: FhirAuthorization;
  readonly prefetch?: Record<string, Resource | Bundle | null>;
}

interface RawContext {
  readonly userId: string;
  readonly patientId: string;
  readonly encounterId?: string;
  readonly selections?: readonly string[];
  readonly draftOrders?: { readonly entry?: readonly { readonly resource?: DraftOrder }[] };
}

/** Optional fields that a client sent as null instead of leaving them out. */
function withoutNulls(value: unknown, keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).filter(([key, one]) => one !== null || !keys.includes(key)));
}

function refuse(code: 'request-malformed' | 'context-invalid', problem: string | undefined): void {
  if (problem !== undefined) {
    throw new IntervalError(code, `The request is not valid: ${problem}.`);
  }
}

function ordersOf(bundle: RawContext['draftOrders']): readonly DraftOrder[] {
  return (bundle?.entry ?? []).flatMap((entry) => (entry.resource === undefined ? [] : [entry.resource]));
}

/** Orders are read and repeated recursively: nesting that no resource has ends here, not in the stack. */
function isDeeper(value: unknown, levels: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)))
  );
}

/** Some clients send `Patient/id` where the specification has the id. */
function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
