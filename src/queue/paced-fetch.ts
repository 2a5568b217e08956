import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from './limits.ts';

/** Sends no more requests below `base` than its limit allows, all workers counted; others as they come. */
export function pacedFetch(
  send: typeof fetch,
  { limits, base, perSecond }: { readonly limits: Limits; readonly base: string; readonly perSecond: number },
): typeof fetch {
  return async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`)) {
      const wait = await limits.take(base, perSecond);
      await sleep(wait, undefined, init?.signal ? { signal: init.signal } : {});
    }
    return send(input, init);
  };
}
