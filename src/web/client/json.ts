/** JSON from this service. Throws an Error with the sentence of its OperationOutcome. */
export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { headers: { accept: 'application/json' }, signal: signal ?? null });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const outcome = body as { issue?: readonly { details?: { text?: string } }[] } | undefined;
    throw new Error(outcome?.issue?.[0]?.details?.text ?? `The service answered ${response.status}.`);
  }
  return body as T;
}
