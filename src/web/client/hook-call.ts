import type { HookPrefetch } from '../hook-prefetch.ts';
import type { Card } from './card-view.ts';
import type { DraftOrder } from './draft-orders.ts';
import { getJson } from './json.ts';

export interface HookCall {
  readonly service: string;
  readonly hook: string;
  readonly url: string;
  readonly request: object;
  readonly status: number;
  readonly milliseconds: number;
  readonly response: unknown;
  readonly cards: readonly Card[];
}

export interface HookOccasion {
  readonly service: string;
  readonly patientId: string;
  /** Orders under way; for order-select the selected one is the last. */
  readonly orders?: readonly DraftOrder[];
  readonly withPrefetch: boolean;
}

/** Does what an EHR does: resolves the prefetch, posts the hook request, takes the cards. */
export async function callHook(occasion: HookOccasion): Promise<HookCall> {
  const { service, patientId, orders = [] } = occasion;
  const prepared = await getJson<HookPrefetch>(
    `/ehr/patients/${encodeURIComponent(patientId)}/prefetch/${encodeURIComponent(service)}`,
  );
  const { hook } = prepared.service;
  const last = orders.at(-1);
  const request = {
    hook,
    hookInstance: uuid(),
    fhirServer: prepared.fhirServer,
    context: {
      userId: prepared.userId,
      patientId,
      ...(hook === 'order-select' && last ? { selections: [`ServiceRequest/${last.id}`] } : {}),
      ...(hook === 'patient-view'
        ? {}
        : {
            draftOrders: {
              resourceType: 'Bundle',
              type: 'collection',
              entry: orders.map(({ resource }) => ({ resource })),
            },
          }),
    },
    ...(occasion.withPrefetch ? { prefetch: prepared.prefetch } : {}),
  };
  const url = `/cds-services/${service}`;
  const begun = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(request),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  return {
    service,
    hook,
    url,
    request,
    status: response.status,
    milliseconds: performance.now() - begun,
    response: answer,
    cards: (answer as { cards?: readonly Card[] } | undefined)?.cards ?? [],
  };
}

/** Tells the service what became of a card (CDS Hooks feedback); nobody waits for it. */
export function sendFeedback(service: string, entry: object): void {
  void fetch(`/cds-services/${service}/feedback`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ feedback: [{ ...entry, outcomeTimestamp: new Date().toISOString() }] }),
  }).catch(() => undefined);
}

/** Version 4; crypto.randomUUID exists in secure contexts only. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
