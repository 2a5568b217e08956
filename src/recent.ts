/** Values by key, the least recently used of which leave when their bytes or their number exceed a limit. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  /** Without `bytes` only the number of values counts. */
  set(key: string, value: Value, bytes?: number): void;
  delete(key: string): void;
  /** Most recently used first. */
  entries(): readonly (readonly [string, Value])[];
  readonly bytes: number;
}

export function createRecent<Value>(maxBytes: number, maxEntries = Number.POSITIVE_INFINITY): Recent<Value> {
  const kept = new Map<string, { readonly value: Value; readonly bytes: number }>();
  let bytes = 0;
  const remove = (key: string) => {
    bytes -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (found) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found?.value;
    },
    set(key, value, size = 0) {
      remove(key);
      if (size > maxBytes) return;
      kept.set(key, { value, bytes: size });
      bytes += size;
      for (const oldest of kept.keys()) {
        if (bytes <= maxBytes && kept.size <= maxEntries) break;
        remove(oldest);
      }
    },
    delete: remove,
    entries: () => [...kept].reverse().map(([key, { value }]) => [key, value] as const),
    get bytes() {
      return bytes;
    },
  };
}
