/** What must answer before the service can do its work. */
export interface Readiness {
  readonly store: { capabilities(options: { readonly timeoutMs: number }): Promise<unknown> };
  readonly worker: { ready(): Promise<void> } | undefined;
  readonly trust: { ready(): Promise<void> };
  /** Where it is another process. */
  readonly queue: { stats(): Promise<unknown> } | undefined;
}

const TIMEOUT_MS = 2000;

/** Names of what is not ready. */
export async function notReady({ store, worker, trust, queue }: Readiness): Promise<readonly string[]> {
  const within = <T>(promise: Promise<T>) =>
    Promise.race([promise, new Promise<never>((_, reject) => setTimeout(reject, TIMEOUT_MS).unref())]);
  const checks: readonly [string, Promise<unknown>][] = [
    ['store', store.capabilities({ timeoutMs: TIMEOUT_MS })],
    ['worker', worker?.ready() ?? Promise.resolve()],
    ['trust', trust.ready()],
    ['queue', queue?.stats() ?? Promise.resolve()],
  ];
  const results = await Promise.allSettled(checks.map(([, check]) => within(check)));
  return checks.filter((_, i) => results[i]?.status === 'rejected').map(([name]) => name);
}
