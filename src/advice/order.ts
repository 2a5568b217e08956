import type { ServiceRequest } from '@medplum/fhirtypes';
import { type Concept, conceptOf, isRecord } from './concept.ts';
import { loincImaging } from './imaging-terms.ts';
import type { AdviceInput } from './input.ts';
import { labTests } from './lab-tests.ts';
import { moment } from './moment.ts';

/** A draft that is advised on. */
export interface Order {
  /** As the client sent it. */
  readonly resource: ServiceRequest;
  /** `ServiceRequest/id`; a draft without id cannot be removed or replaced by a suggestion. */
  readonly reference?: string;
  /** How the client names it. */
  readonly label: string;
  readonly concept: Concept;
  /** Names of the order and its details. Notes are not read: they speak of other days and of allergies. */
  readonly texts: readonly string[];
  /** When it is to be done, epoch milliseconds; now, when the order does not say or says a time past. */
  readonly at: number;
}

const ended: ReadonlySet<unknown> = new Set(['revoked', 'entered-in-error', 'completed', 'on-hold']);

/** The drafts that count: ServiceRequests, selected ones where a selection is given, asking for something. */
export function ordersOf({ orders, selections = [], now }: AdviceInput): readonly Order[] {
  const requests = orders.filter(
    (order): order is ServiceRequest =>
      isRecord(order) && order.resourceType === 'ServiceRequest' && !ended.has(order.status) && !order.doNotPerform,
  );
  const selected = requests.filter((order) => selections.includes(`ServiceRequest/${order.id}`));
  const time = moment(now) ?? 0;
  return (selections.length > 0 ? selected : requests).map((resource) => orderOf(resource, time));
}

export function orderOf(resource: ServiceRequest, now: number): Order {
  const concept = conceptOf(resource.code);
  return {
    resource,
    ...(typeof resource.id === 'string' && resource.id !== '' ? { reference: `ServiceRequest/${resource.id}` } : {}),
    label: concept.texts[0] ?? nameOf(concept) ?? 'Order without a name',
    concept,
    texts: [...concept.texts, ...conceptOf(resource.orderDetail).texts],
    at: Math.max(now, moment(resource.occurrenceDateTime ?? resource.occurrencePeriod?.start) ?? now),
  };
}

/** An order that carries a code alone. */
function nameOf({ loinc }: Concept): string | undefined {
  const test = labTests.find((one) => one.loinc.some((code) => loinc.includes(code)));
  return test?.title ?? loinc.flatMap((code) => loincImaging[code]?.name ?? [])[0];
}
