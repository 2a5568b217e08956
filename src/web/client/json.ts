/** JSON from this service. Throws an Error with the sentence of its OperationOutcome. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return bodyOf<T>(await fetch(path, { headers: { accept: 'application/json' }, signal: signal ?? null }));
}

/** The same for what changes something. */
export async function postJson<T>(path: string, value: object): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  return bodyOf<T>(await fetch(path, { method: 'POST', headers, body: JSON.stringify(value) }));
}

async function bodyOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const outcome = body as { issue?: readonly { details?: { text?: string } }[] } | undefined;
    throw new Error(outcome?.issue?.[0]?.details?.text ?? `The service answered ${response.status}.`);
  }
  return body as T;
}
