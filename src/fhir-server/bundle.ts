import { getStatus, OperationOutcomeError } from '@medplum/core';
import type { FhirRequest, FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { Bundle, BundleEntry, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { outcomeOfError, refusalStatus, refuse } from './refusal.ts';
import type { SqliteRepository } from './repository.ts';

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  304: 'Not Modified',
  400: 'Bad Request',
  404: 'Not Found',
  410: 'Gone',
  412: 'Precondition Failed',
  422: 'Unprocessable Entity',
};

/** R4's order: what is deleted makes room for what is created, and reads see all of it. */
const order: readonly HttpMethod[] = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'];

/** A batch does each entry on its own; a transaction does all of them or none, and nobody sees it half done. */
export async function processBundle(router: FhirRouter, repository: SqliteRepository, bundle: Bundle): Promise<Bundle> {
  if (bundle?.resourceType !== 'Bundle' || (bundle.type !== 'batch' && bundle.type !== 'transaction')) {
    throw refuse('invalid', 'The body is not a Bundle of type batch or transaction.');
  }
  const entries = bundle.entry ?? [];
  const type = `${bundle.type}-response` as const;
  if (bundle.type === 'transaction') {
    const entry = await repository.withTransaction((inner) => processTransaction(router, inner, entries));
    return { resourceType: 'Bundle', type, entry };
  }
  const entry: BundleEntry[] = [];
  for (const each of entries) {
    try {
      entry.push(await processEntry(router, repository, each));
    } catch (error) {
      if (!(error instanceof OperationOutcomeError)) repository.parts.onError?.(error);
      const outcome = outcomeOfError(error);
      entry.push({ response: { status: statusLine(outcome), outcome: withoutId(outcome) } });
    }
  }
  return { resourceType: 'Bundle', type, entry };
}

async function processTransaction(
  router: FhirRouter,
  repository: SqliteRepository,
  entries: readonly BundleEntry[],
): Promise<BundleEntry[]> {
  const done = new Array<BundleEntry>(entries.length);
  const indexes = entries.map((_entry, i) => i);
  const step = async (i: number, entry: BundleEntry) => {
    try {
      done[i] = await processEntry(router, repository, entry);
    } catch (error) {
      if (!(error instanceof OperationOutcomeError)) throw error;
      const { outcome } = error;
      throw new OperationOutcomeError({
        ...outcome,
        issue: outcome.issue.map((issue) => ({
          ...issue,
          expression: [`Bundle.entry[${i}]`, ...(issue.expression ?? [])],
        })),
      });
    }
  };
  for (const i of indexes.filter((i) => entries[i]!.request?.method === 'DELETE')) {
    await step(i, entries[i]!);
  }
  const identified = identify(repository, entries);
  for (const method of order.slice(1)) {
    for (const i of indexes.filter((i) => (entries[i]!.request?.method ?? 'GET') === method)) {
      await step(i, identified[i]!);
    }
  }
  return done;
}

/**
 * Decides the id of everything that a transaction writes, so that its entries may refer to each other by `fullUrl` in any
 * order, and writes those references out. What a conditional create finds becomes a read.
 */
function identify(repository: SqliteRepository, entries: readonly BundleEntry[]): BundleEntry[] {
  const references = new Map<string, string>();
  const targets = new Set<string>();
  const byCondition = new Map<string, string>();
  const urns = entries.flatMap(({ fullUrl }) => (fullUrl?.startsWith('urn:') ? [fullUrl] : []));

  function plan(entry: BundleEntry): BundleEntry {
    const { request, resource, fullUrl } = entry;
    const [path = '', criteria] = (request?.url ?? '').split(/\?(.*)/s);
    const [type = '', id] = path.split('/');
    const creates = request?.method === 'POST' && id === undefined;
    if (!request || !resource || type === '' || (!creates && request.method !== 'PUT')) {
      return entry;
    }
    const condition = rewrite(creates ? request.ifNoneExist : criteria, references);
    const known = condition && (byCondition.get(`${type}?${condition}`) ?? repository.findOne(type, condition)?.id);
    const given = creates ? undefined : (id ?? resource.id);
    const assigned = known ?? given ?? repository.generateId();
    const key = `${type}/${assigned}`;
    if (fullUrl) references.set(fullUrl, key);
    if (condition) byCondition.set(`${type}?${condition}`, assigned);
    if (known !== undefined && creates) {
      return { ...entry, resource: undefined, request: { method: 'GET', url: key } };
    }
    if (targets.has(key)) {
      throw refuse('invalid', `The transaction writes ${key} twice.`);
    }
    targets.add(key);
    const { ifMatch } = request;
    return {
      ...entry,
      resource: { ...resource, id: assigned } as Resource,
      request: { method: 'PUT', url: key, ...(ifMatch ? { ifMatch } : undefined) },
    };
  }

  // a condition may name another entry: those are decided when the others are
  const dependent = (entry: BundleEntry) => {
    const condition = `${entry.request?.ifNoneExist ?? ''} ${entry.request?.url ?? ''}`.replaceAll(/%3A/gi, ':');
    return urns.some((urn) => condition.includes(urn));
  };
  const planned = new Map<BundleEntry, BundleEntry>();
  for (const entry of entries.toSorted((a, b) => Number(dependent(a)) - Number(dependent(b)))) {
    planned.set(entry, plan(entry));
  }
  return entries.map((entry) => rewrite(planned.get(entry)!, references));
}

/** Every string that is the `fullUrl` of an entry, and every urn inside a URL or a condition, becomes `Type/id`. */
function rewrite<T>(value: T, references: ReadonlyMap<string, string>): T {
  if (typeof value === 'string') {
    const whole = references.get(value);
    if (whole !== undefined || !/urn(:|%3A)uuid/i.test(value)) {
      return (whole ?? value) as T;
    }
    return value.replace(/urn(?::|%3A)uuid(?::|%3A)[0-9a-f-]{36}/gi, (urn) => {
      return references.get(urn.replaceAll(/%3A/gi, ':')) ?? urn;
    }) as T;
  }
  if (Array.isArray(value)) {
    return value.map((item) => rewrite(item, references)) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rewrite(member, references)])) as T;
  }
  return value;
}

async function processEntry(
  router: FhirRouter,
  repository: SqliteRepository,
  entry: BundleEntry,
): Promise<BundleEntry> {
  const { resource: body } = entry;
  const request = entry.request && { ...entry.request, url: relative(entry.request.url ?? '', repository.parts.base) };
  const route =
    request?.method && request.url !== undefined ? router.find(request.method, request.url.split('?')[0]!) : undefined;
  if (!request || !route || route.data?.interaction === 'transaction') {
    throw refuse('invalid', 'The entry has no request that this server knows.');
  }
  const fhirRequest: FhirRequest = {
    method: request.method,
    url: request.url,
    pathname: route.path,
    params: route.params,
    query: {},
    body,
    headers: {
      ...(request.ifMatch ? { 'if-match': request.ifMatch } : undefined),
      ...(request.ifNoneMatch ? { 'if-none-match': request.ifNoneMatch } : undefined),
      ...(request.ifModifiedSince ? { 'if-modified-since': request.ifModifiedSince } : undefined),
      ...(request.ifNoneExist ? { 'if-none-exist': request.ifNoneExist } : undefined),
    },
  };
  const [outcome, resource] = await route.handler(fhirRequest, repository, router);
  const versionId = resource?.id ? resource.meta?.versionId : undefined;
  return {
    ...(resource?.id ? { fullUrl: `${repository.parts.base}/${resource.resourceType}/${resource.id}` } : undefined),
    ...(resource ? { resource } : undefined),
    response: {
      status: statusLine(outcome),
      ...(versionId && resource
        ? {
            location: `${resource.resourceType}/${resource.id}/_history/${versionId}`,
            etag: `W/"${versionId}"`,
            lastModified: resource.meta?.lastUpdated,
          }
        : undefined),
    },
  };
}

function relative(url: string, base: string): string {
  return (url.startsWith(`${base}/`) ? url.slice(base.length) : url).replace(/^\//, '');
}

function statusLine(outcome: OperationOutcome): string {
  const status = refusalStatus(outcome) ?? getStatus(outcome);
  return phrases[status] ? `${status} ${phrases[status]}` : String(status);
}

function withoutId({ id: _id, ...outcome }: OperationOutcome): OperationOutcome {
  return outcome;
}
