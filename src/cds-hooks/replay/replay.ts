/**
 * Remembers which JWTs were used (J15). One store for all replicas, or a token taken from one could be used on another.
 * Keys are hashes: neither a JWT nor any of its claims is kept.
 */
export interface ReplayStore {
  /**
   * True for the first call with this key, false for every later one until `until`. Throws `replay-store-unavailable` when it
   * cannot know: a token that may have been used is not taken.
   *
   * @param until epoch milliseconds at which the token would be refused as expired anyway
   */
  firstUse(key: string, until: number): Promise<boolean>;
  /** Resolves when the store answers. */
  ready(): Promise<void>;
  close(): Promise<void>;
}
