import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Resource } from '@medplum/fhirtypes';
import type { WriteEvent } from '../store.ts';
import type { Active } from './subscription.ts';

export interface Notification {
  readonly event: WriteEvent;
  /** Absent when it was deleted. */
  readonly resource?: Resource;
}

export interface DeliveryOptions {
  readonly fetch: typeof fetch;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly retryMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Sends one notification as Medplum sends it: POST, the resource or `{}` after a deletion, the signature over those very
 * bytes. Returns undefined when it arrived, else why it did not.
 */
export async function deliver(
  to: Active,
  { event, resource }: Notification,
  options: DeliveryOptions,
): Promise<string | undefined> {
  const body = to.payload ? JSON.stringify(resource ?? {}) : '';
  const headers = new Headers(to.headers.map(([name, value]) => [name, value]));
  headers.set('X-Medplum-Subscription', to.id);
  headers.set('X-Medplum-Interaction', event.interaction);
  if (event.interaction === 'delete') {
    headers.set('X-Medplum-Deleted-Resource', `${event.type}/${event.id}`);
  }
  if (body !== '') {
    headers.set('Content-Type', 'application/fhir+json');
  }
  if (to.secret !== undefined) {
    headers.set('X-Signature', createHmac('sha256', to.secret).update(body).digest('hex'));
  }
  for (let attempt = 1; ; attempt++) {
    const failure = await send(to.endpoint, { body, headers }, options);
    if (failure === undefined || attempt >= options.attempts || options.signal.aborted) {
      return failure;
    }
    await sleep(options.retryMs * 2 ** (attempt - 1), undefined, { signal: options.signal, ref: false }).catch(
      () => undefined,
    );
  }
}

async function send(
  endpoint: URL,
  { body, headers }: { readonly body: string; readonly headers: Headers },
  { fetch, timeoutMs, signal }: DeliveryOptions,
): Promise<string | undefined> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers,
      ...(body === '' ? {} : { body }),
      // Whoever redirects sends us where nobody asked us to go.
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `The endpoint answered ${response.status}.`;
  } catch {
    return 'The endpoint could not be reached.';
  }
}
