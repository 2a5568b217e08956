import type { Limits, Place } from './limits.ts';
import type { Admit } from './queue-options.ts';

/** A worker that died leaves its place after so long. */
const LEASE_MS = 60_000;
const AGAIN_MS = 2000;

/** Lets no more than `most` jobs of these readers run at the same time, all workers counted. */
export function admitByReader(limits: Limits, most: number, readers: readonly string[]): Admit {
  return async ({ reader }) => {
    if (!readers.includes(reader)) {
      return { release: async () => undefined };
    }
    const place = await limits.place(reader, most, LEASE_MS);
    return place ? kept(place) : { againMs: AGAIN_MS };
  };
}

function kept(place: Place): { release(): Promise<void> } {
  const timer = setInterval(() => place.renew().catch(() => false), LEASE_MS / 3);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await place.release();
    },
  };
}
