import type { ServiceRequest } from '@medplum/fhirtypes';
import type { Suggestion } from '../summary.ts';
import { isRecord } from './concept.ts';
import type { Order } from './order.ts';

/** Take the draft out again; nothing for a draft without id, or with one that no server would find (R18). */
export function removal({ reference, label }: Order, recommended?: boolean): readonly Suggestion[] {
  return reference === undefined || !/^[A-Za-z]+\/[A-Za-z0-9.-]+$/.test(reference)
    ? []
    : [
        {
          label: `Remove ${label}`,
          ...(recommended === undefined ? {} : { recommended }),
          actions: [{ type: 'delete', description: `Remove the draft order ${label}`, resourceId: reference }],
        },
      ];
}

/**
 * The same draft with another code. An update carries the whole resource, so this is offered only where the draft was
 * valid as sent: clients send drafts that are not.
 */
export function replacement(
  { resource, label }: Order,
  code: { readonly system: string; readonly code: string; readonly display: string },
): readonly Suggestion[] {
  if (!isWhole(resource)) {
    return [];
  }
  const { orderDetail: _contrast, ...rest } = resource;
  const changed = { ...rest, code: { coding: [code], text: code.display } };
  return [
    {
      label: `Change to ${code.display}`,
      actions: [{ type: 'update', description: `Change ${label} to ${code.display}`, resource: changed }],
    },
  ];
}

/** A further draft for the same patient and encounter. */
export function addition(
  { resource }: Order,
  patient: string,
  code: { readonly system: string; readonly code: string; readonly display: string; readonly text: string },
): readonly Suggestion[] {
  const { text, ...coding } = code;
  const encounter = resource.encounter?.reference;
  const order: ServiceRequest = {
    resourceType: 'ServiceRequest',
    status: 'draft',
    intent: 'order',
    code: { coding: [coding], text },
    subject: { reference: patient },
    ...(encounter === undefined ? {} : { encounter: { reference: encounter } }),
  };
  return [{ label: `Add ${text}`, actions: [{ type: 'create', description: `Order ${text}`, resource: order }] }];
}

function isWhole(order: ServiceRequest): order is ServiceRequest & { id: string } {
  const { id, status, intent, subject, category, code } = order as unknown as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    id !== '' &&
    typeof status === 'string' &&
    typeof intent === 'string' &&
    isRecord(subject) &&
    (category === undefined || (Array.isArray(category) && category.length > 0)) &&
    isRecord(code) &&
    !hasEmpty(order)
  );
}

/** FHIR has no null, no empty string, array or object anywhere. */
function hasEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) {
    return value === null || value === '';
  }
  const parts = Object.values(value);
  return parts.length === 0 || parts.some(hasEmpty);
}
