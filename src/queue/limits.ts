/** What all workers together may ask of one server or one model. Named by what is limited, never by whom. */
export interface Limits {
  /** Takes the next request of `name`, of `perSecond` in a second. Returns how many milliseconds to wait before sending it. */
  take(name: string, perSecond: number): Promise<number>;
  /** One of `most` places at `name`, held until it is released or not renewed for `leaseMs`. Undefined when all are taken. */
  place(name: string, most: number, leaseMs: number): Promise<Place | undefined>;
  close(): Promise<void>;
}

export interface Place {
  /** False when it had run out: somebody else may have it. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/** So much of a second's requests may be sent at once, after a pause. */
export const BURST_MS = 200;

/** Limits of this process alone. `elapsed` gives milliseconds that only ever grow. */
export function createMemoryLimits(elapsed: () => number = () => performance.now()): Limits {
  /** When the next request of a name is due, if all came at even distances. */
  const due = new Map<string, number>();
  const places = new Map<string, Map<symbol, number>>();
  return {
    async take(name, perSecond) {
      const now = elapsed();
      const at = Math.max(now, due.get(name) ?? 0);
      due.set(name, at + 1000 / perSecond);
      return Math.max(0, at - BURST_MS - now);
    },
    async place(name, most, leaseMs) {
      const taken = places.get(name) ?? new Map<symbol, number>();
      places.set(name, taken);
      for (const [id, until] of taken) {
        if (until <= elapsed()) {
          taken.delete(id);
        }
      }
      if (taken.size >= most) {
        return undefined;
      }
      const mine = Symbol(name);
      taken.set(mine, elapsed() + leaseMs);
      return {
        async renew() {
          const held = (taken.get(mine) ?? 0) > elapsed();
          if (held) {
            taken.set(mine, elapsed() + leaseMs);
          }
          return held;
        },
        release: async () => void taken.delete(mine),
      };
    },
    close: async () => undefined,
  };
}
