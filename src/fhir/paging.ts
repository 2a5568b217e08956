import type { Bundle, BundleLink } from '@medplum/fhirtypes';
import { IntervalError } from '../errors.ts';
import { isInsideBase, withoutTrailingSlash } from './base.ts';

/** Absolute URL of the next page of a search; only inside the server's base, and never one that was read. */
export function nextPage(bundle: Bundle, base: URL, seen: ReadonlySet<string>): string | undefined {
  const links: readonly (BundleLink | null)[] = Array.isArray(bundle.link) ? bundle.link : [];
  const link = links.find((one) => one?.relation === 'next')?.url;
  if (link === undefined) {
    return undefined;
  }
  const url = URL.parse(link, `${withoutTrailingSlash(base.href)}/`);
  // Stopping quietly would look like a complete answer.
  if (url === null || !isInsideBase(url, base) || seen.has(url.href)) {
    throw new IntervalError(
      'fhir-bad-answer',
      'The FHIR server gave a next page outside its base, or one already read.',
    );
  }
  return url.href;
}
