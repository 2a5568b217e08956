import type { Bundle } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import type { FetchQuery } from './prefetch.ts';

export interface PageReach {
  readonly fhirServer?: string;
  readonly fetchQuery?: FetchQuery;
  readonly maxPages: number;
  /** The `_count` of the query: with so many entries it is answered, whatever else there is. */
  readonly enough?: number;
  /** The end of the time for all pages together. */
  readonly signal: () => AbortSignal;
}

/** A Bundle and the pages that its `next` links lead to; not `complete` when some could not be had. */
export async function allPages(
  first: Bundle,
  reach: PageReach,
): Promise<{ pages: readonly Bundle[]; complete: boolean }> {
  const pages = [first];
  let next = nextQuery(first, reach.fhirServer);
  const enough = reach.enough ?? Number.POSITIVE_INFINITY;
  while (next !== undefined && pages.reduce((sum, { entry }) => sum + (entry?.length ?? 0), 0) < enough) {
    if (next === 'elsewhere' || reach.fetchQuery === undefined || pages.length >= reach.maxPages) {
      return { pages, complete: false };
    }
    try {
      const signal = reach.signal();
      const page = await within(reach.fetchQuery(next.query, signal), signal);
      if (page.resourceType !== 'Bundle') {
        return { pages, complete: false };
      }
      pages.push(page);
      next = nextQuery(page, reach.fhirServer);
    } catch {
      return { pages, complete: false };
    }
  }
  return { pages, complete: true };
}

/** The part of a `next` link behind the base; `elsewhere` when it leads to another server (X5, P6). */
function nextQuery(
  bundle: Bundle,
  fhirServer: string | undefined,
): { readonly query: string } | 'elsewhere' | undefined {
  const links = Array.isArray(bundle.link) ? bundle.link : [];
  const next = links.find((link) => link?.relation === 'next')?.url;
  if (typeof next !== 'string') {
    return undefined;
  }
  if (fhirServer === undefined || !URL.canParse(next, `${fhirServer}/`)) {
    return 'elsewhere';
  }
  const { origin, pathname, search, username, password } = new URL(next, `${fhirServer}/`);
  const base = new URL(fhirServer);
  const prefix = base.pathname.replace(/\/$/, '');
  const inside =
    origin === base.origin && `${pathname}/`.startsWith(`${prefix}/`) && username === '' && password === '';
  return inside ? { query: pathname.slice(prefix.length).replace(/^\//, '') + search } : 'elsewhere';
}

/** Stops waiting when the signal is aborted, whether or not the other side heeds it. */
export function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(new IntervalError('fhir-timeout', 'The FHIR server did not answer in time.'));
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
