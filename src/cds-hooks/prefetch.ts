import type { Bundle, Resource } from '@medplum/fhirtypes';
import { type ErrorCode, IntervalError } from '../errors.ts';
import { allPages, within } from './pages.ts';
import { belongsTo } from './patient.ts';
import type { HookRequest } from './request.ts';
import type { CdsServiceDefinition, PrefetchValue } from './service.ts';
import { resolveTemplate } from './template.ts';

/**
 * Asks the FHIR server of the call. `query` is relative to its base: `Type/id`, `Type?…`, or what a `next` link has
 * behind the base. Whoever makes it holds the access token; it is not known here.
 */
export type FetchQuery = (query: string, signal: AbortSignal) => Promise<Resource | Bundle>;

export interface MissingPrefetch {
  readonly key: string;
  readonly reason: MissingReason;
}

export type MissingReason =
  /** Neither sent nor could it be asked for. */
  | 'no-access'
  /** The client sent an OperationOutcome in its place. */
  | 'client-failed'
  /** All that was sent is about another patient. */
  | 'other-patient'
  /** The context lacks a value that the template needs. */
  | 'no-context'
  /** There are further pages that could not be had; the first are used. */
  | 'further-pages'
  /** Asking failed with this code. */
  | ErrorCode;

export interface PrefetchOptions {
  readonly definition: CdsServiceDefinition;
  readonly request: HookRequest;
  readonly fetchQuery?: FetchQuery;
  /** Whether the request's fhirServer is one that we talk to. Without fhirServer it does not matter. */
  readonly trusted: boolean;
  /** Time for all fetching together, in milliseconds. */
  readonly budgetMs: number;
  readonly maxPages: number;
  readonly signal?: AbortSignal;
}

export interface ResolvedPrefetch {
  readonly values: Readonly<Record<string, PrefetchValue>>;
  readonly missing: readonly MissingPrefetch[];
  /** Resources left out because they do not belong to the patient of the context. */
  readonly dropped: number;
  /** Keys that were asked for at the FHIR server. */
  readonly fetched: readonly string[];
}

type Found = { readonly value: PrefetchValue; readonly dropped: number; readonly missing?: MissingReason };
type Lost = { readonly value?: undefined; readonly dropped: number; readonly missing: MissingReason };
type Outcome = (Found | Lost) & { readonly fetched: boolean };

/** To a read these say that there is nothing; to a search, that this server does not know what it was asked. */
const absentCodes: ReadonlySet<string> = new Set(['fhir-not-found', 'fhir-gone']);

/**
 * One state machine per key of the definition: supplied, null, OperationOutcome, absent, paged. Keys that are not in
 * the definition are ignored. Throws `prefetch-missing` (412) when a required key can be had in no way,
 * `fhir-server-untrusted` when fhirServer is not ours to talk to, `patient-mismatch` when a required key holds another
 * patient's data only.
 */
export async function resolvePrefetch(options: PrefetchOptions): Promise<ResolvedPrefetch> {
  const { definition, request } = options;
  const untrusted = request.fhirServer !== undefined && !options.trusted;
  const fetchQuery = untrusted ? undefined : options.fetchQuery;
  const signal = startingNow(options);
  const keys = Object.entries(definition.prefetch ?? {});
  const outcomes = await Promise.all(
    keys.map(async ([key, template]): Promise<[string, Outcome]> => {
      const required = definition.required?.includes(key) ?? false;
      return [key, await resolveKey(key, template, required, { ...options, fetchQuery, signal })];
    }),
  );
  for (const [key, { value, missing }] of outcomes) {
    if (value === undefined && definition.required?.includes(key)) {
      throw missing === 'other-patient'
        ? new IntervalError('patient-mismatch', `prefetch ${key} is about another patient than the context.`)
        : new IntervalError('prefetch-missing', `Required data was neither sent nor could it be fetched: ${key}.`);
    }
  }
  if (untrusted) {
    throw new IntervalError('fhir-server-untrusted', 'fhirServer is not a server that this service works with.');
  }
  return {
    values: Object.fromEntries(
      outcomes.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value] as const])),
    ),
    missing: outcomes.flatMap(([key, { missing }]) => (missing === undefined ? [] : [{ key, reason: missing }])),
    dropped: outcomes.reduce((sum, [, { dropped }]) => sum + dropped, 0),
    fetched: outcomes.flatMap(([key, { fetched }]) => (fetched ? [key] : [])),
  };
}

type Reach = Omit<PrefetchOptions, 'signal'> & { readonly signal: () => AbortSignal };

/** The end of the time for fetching, from now on. Made when something is fetched: mostly nothing is. */
function startingNow({ budgetMs, signal }: PrefetchOptions): () => AbortSignal {
  const begun = performance.now();
  let made: AbortSignal | undefined;
  return () => {
    if (made === undefined) {
      const timeout = AbortSignal.timeout(Math.max(0, Math.round(begun + budgetMs - performance.now())));
      made = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    }
    return made;
  };
}

async function resolveKey(key: string, template: string, required: boolean, reach: Reach): Promise<Outcome> {
  const { request, fetchQuery } = reach;
  const given = Object.hasOwn(request.prefetch, key) ? request.prefetch[key] : undefined;
  if (given === null) {
    return { value: null, dropped: 0, fetched: false };
  }
  if (given !== undefined && given.resourceType !== 'OperationOutcome') {
    return { ...(await own(given, template, reach)), fetched: false };
  }
  const reason: MissingReason = given === undefined ? 'no-access' : 'client-failed';
  // An OperationOutcome is sent to spare a query that would fail again: it is tried once, and only where we must.
  if (fetchQuery === undefined || (given !== undefined && !required)) {
    return { missing: reason, dropped: 0, fetched: false };
  }
  const query = resolveTemplate(template, request);
  if (query === undefined) {
    return { missing: 'no-context', dropped: 0, fetched: false };
  }
  try {
    const signal = reach.signal();
    const answer = await within(fetchQuery(query, signal), signal);
    return answer.resourceType === 'OperationOutcome'
      ? { missing: 'fhir-bad-answer', dropped: 0, fetched: true }
      : { ...(await own(answer, template, reach)), fetched: true };
  } catch (thrown) {
    const code = codeOf(thrown, reach.signal());
    return absentCodes.has(code) && !query.includes('?')
      ? { value: null, dropped: 0, fetched: true }
      : { missing: code, dropped: 0, fetched: true };
  }
}

/** What of a resource or Bundle belongs to the patient, further pages joined in. */
async function own(given: Resource | Bundle, template: string, reach: Reach): Promise<Found | Lost> {
  const { patientId } = reach.request.context;
  const scope = { patientId, fhirServer: reach.request.fhirServer };
  if (given.resourceType !== 'Bundle') {
    return belongsTo(given, scope) ? { value: given, dropped: 0 } : { dropped: 1, missing: 'other-patient' };
  }
  const { pages, complete } = await allPages(given, {
    ...reach,
    fhirServer: scope.fhirServer,
    enough: countOf(template),
  });
  const entries = pages.flatMap(entriesOf);
  const kept = entries.filter(({ resource }) => belongsTo(resource, scope));
  const dropped = entries.length - kept.length;
  if (kept.length === 0 && dropped > 0) {
    return { dropped, missing: 'other-patient' };
  }
  const { link: _pages, entry: _first, ...rest } = given;
  return { value: { ...rest, entry: kept }, dropped, ...(complete ? {} : { missing: 'further-pages' }) };
}

/** What a template asks for at most: the newest so many are all that is wanted. */
function countOf(template: string): number | undefined {
  const count = /[?&]_count=(\d+)/.exec(template)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Entries with a resource; an OperationOutcome in a searchset is the server talking, not data. */
function entriesOf(bundle: Bundle) {
  const entries = Array.isArray(bundle.entry) ? bundle.entry : [];
  return entries.flatMap((entry) => {
    const resource = entry?.resource;
    return typeof resource?.resourceType === 'string' && resource.resourceType !== 'OperationOutcome'
      ? [{ ...entry, resource }]
      : [];
  });
}

/** A fetch that failed before there was an answer throws whatever the runtime throws. */
function codeOf(thrown: unknown, signal: AbortSignal): ErrorCode {
  if (signal.aborted) {
    return 'fhir-timeout';
  }
  return thrown instanceof IntervalError ? thrown.code : 'fhir-unavailable';
}
