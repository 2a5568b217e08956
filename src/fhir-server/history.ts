import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import type { Parts } from './parts.ts';
import { parseDate } from './period.ts';
import { MAX_COUNT } from './query.ts';
import { refuse } from './refusal.ts';
import type { HistoryQuery, Version } from './store.ts';

/** Versions, newest first, as a history Bundle. */
export function historyBundle({ base, store }: Parts, query: HistoryQuery, parameters = new URLSearchParams()): Bundle {
  const { versions, total, next } = store.history(query);
  const path = [base, query.type, query.id, '_history'].filter((segment) => segment !== undefined).join('/');
  const link = (pairs: URLSearchParams) => `${path}${pairs.size > 0 ? `?${pairs}` : ''}`;
  const following = new URLSearchParams(parameters);
  following.set('_cursor', String(next));
  return {
    resourceType: 'Bundle',
    type: 'history',
    total,
    link: [
      { relation: 'self', url: link(parameters) },
      ...(next === undefined ? [] : [{ relation: 'next', url: link(following) }]),
    ],
    ...(versions.length > 0 ? { entry: versions.map((version) => entryOf(base, version)) } : undefined),
  };
}

export function parseHistoryQuery(parameters: URLSearchParams, type?: string, id?: string): HistoryQuery {
  let count = 100;
  let since: number | undefined;
  let before: number | undefined;
  for (const [key, value] of parameters) {
    switch (key) {
      case '_count':
        count = Math.min(wholeNumber(key, value), MAX_COUNT);
        break;
      case '_cursor':
        before = wholeNumber(key, value);
        break;
      case '_since': {
        const span = parseDate(value.replace(/ (?=\d{2}:\d{2}$)/, '+'));
        if (!span) throw refuse('invalid', '_since is not a FHIR instant.');
        since = span[0];
        break;
      }
      case '_format':
      case '_pretty':
        break;
      default:
        throw refuse('not-supported', `History has no parameter ${key}.`);
    }
  }
  return { type, id, count, since, before };
}

function wholeNumber(key: string, value: string): number {
  if (!/^\d{1,15}$/.test(value)) {
    throw refuse('invalid', `${key} must be a whole number.`);
  }
  return Number(value);
}

function entryOf(base: string, { type, id, version, updated, method, resource }: Version): BundleEntry<Resource> {
  const status = method === 'DELETE' ? '204' : version === 1 ? '201' : '200';
  return {
    fullUrl: `${base}/${type}/${id}`,
    ...(resource ? { resource: resource as Resource } : undefined),
    request: { method, url: method === 'POST' ? type : `${type}/${id}` },
    response: { status, etag: `W/"${version}"`, lastModified: updated },
  };
}
