import { getStatus, isOk, normalizeOperationOutcome } from '@medplum/core';
import type { FhirRequest, FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { Binary, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { outcomeOf, refusalStatus, refuse } from './refusal.ts';
import type { SqliteRepository } from './repository.ts';

export interface HttpRequest {
  readonly method: string;
  /** Below the base, without leading slash: `Patient/1`, `Observation?code=x`. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

const FHIR_JSON = 'application/fhir+json; charset=utf-8';

/** One request in, one answer out; never throws. */
export async function answer(
  router: FhirRouter,
  repository: SqliteRepository,
  request: HttpRequest,
): Promise<HttpAnswer> {
  try {
    return await dispatch(router, repository, request);
  } catch (error) {
    return answerOutcome(normalizeOperationOutcome(error));
  }
}

async function dispatch(router: FhirRouter, repository: SqliteRepository, request: HttpRequest): Promise<HttpAnswer> {
  if (request.body.length > repository.parts.maxBodyBytes) {
    throw refuse('content-too-large', 'The body is larger than this server takes.');
  }
  const parameters = new URLSearchParams(request.path.split('?')[1] ?? '');
  acceptable(parameters.get('_format') ?? request.headers.get('accept') ?? '', parameters.has('_format'), request.path);
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as HttpMethod;
  const route = router.find(method, request.path);
  if (!route) {
    const others = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).some((other) =>
      router.find(other, request.path),
    );
    throw others
      ? refuse('method-not-allowed', `${request.method} is not possible here.`)
      : refuse('not-found', 'There is nothing at this address.');
  }
  const fhirRequest: FhirRequest = {
    method,
    url: request.path,
    pathname: '',
    params: {},
    query: {},
    body: bodyOf(request),
    headers: Object.fromEntries(request.headers),
  };
  const [outcome, resource] = await router.handleRequest(fhirRequest, repository);
  const written = method === 'POST' || method === 'PUT' || method === 'PATCH';
  return answerResource(outcome, resource, request, {
    base: repository.parts.base,
    locate: written && route.data?.interaction !== 'operation' && route.data?.interaction !== 'transaction',
    pretty: parameters.get('_pretty') === 'true',
  });
}

function answerResource(
  outcome: OperationOutcome,
  resource: Resource | undefined,
  request: HttpRequest,
  { base, locate, pretty }: { base: string; locate: boolean; pretty: boolean },
): HttpAnswer {
  if (!isOk(outcome) || resource === undefined) {
    return answerOutcome(outcome);
  }
  const { versionId, lastUpdated } = resource.meta ?? {};
  const path = `${resource.resourceType}/${resource.id}`;
  const versioned = resource.id !== undefined && versionId !== undefined;
  const headers: Record<string, string> = {
    ...(versioned ? { etag: `W/"${versionId}"` } : undefined),
    ...(versioned && lastUpdated ? { 'last-modified': new Date(lastUpdated).toUTCString() } : undefined),
    ...(locate && versioned ? { location: `${base}/${path}/_history/${versionId}` } : undefined),
  };
  const status = getStatus(outcome);
  const preference = locate ? /return=(\w+)/.exec(request.headers.get('prefer') ?? '')?.[1] : undefined;
  if (preference === 'minimal' || request.method === 'HEAD') {
    return { status, headers, body: undefined };
  }
  if (preference === 'OperationOutcome') {
    return { ...answerOutcome(outcome), headers: { ...headers, 'content-type': FHIR_JSON } };
  }
  if (resource.resourceType === 'Binary' && request.method === 'GET' && !wantsFhir(request)) {
    const { contentType, data } = resource as Binary;
    return {
      status,
      // the bytes came from a client: no browser may run or sniff them
      headers: {
        ...headers,
        'content-type': contentType,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "sandbox; default-src 'none'",
      },
      body: Buffer.from(data ?? '', 'base64'),
    };
  }
  return {
    status,
    headers: { ...headers, 'content-type': FHIR_JSON },
    body: JSON.stringify(resource, null, pretty ? 2 : undefined),
  };
}

function answerOutcome(outcome: OperationOutcome): HttpAnswer {
  const { id: _id, ...rest } = outcome;
  const status = refusalStatus(outcome) ?? getStatus(outcome);
  if (status === 304) {
    return { status, headers: {}, body: undefined };
  }
  // an exception's own words may hold anything
  const shown = status >= 500 ? outcomeOf('unprocessable', 'The server failed.').issue : rest.issue;
  return {
    status,
    headers: { 'content-type': FHIR_JSON },
    body: JSON.stringify({ ...rest, issue: shown }),
  };
}

function bodyOf({ method, path, headers, body }: HttpRequest): unknown {
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') {
    return undefined;
  }
  const contentType = headers.get('content-type') ?? '';
  const [media = ''] = contentType.toLowerCase().split(';');
  if (/^[^?]*\/_search$/.test(path.split('?')[0]!)) {
    if (body.length > 0 && media !== 'application/x-www-form-urlencoded') {
      throw refuse('unsupported-media-type', 'A search is posted as application/x-www-form-urlencoded.');
    }
    return new URLSearchParams(decode(body));
  }
  const binary = /^Binary(\/[^/?]+)?$/.test(path);
  const json = ['application/fhir+json', 'application/json', 'application/json-patch+json', ''].includes(media.trim());
  if (binary && method !== 'PATCH') {
    const parsed = json ? tryParse(body) : undefined;
    if ((parsed as Resource | undefined)?.resourceType === 'Binary') {
      return parsed;
    }
    if (media.trim() !== 'application/fhir+json') {
      return rawBinary(path, contentType, body, headers.get('x-security-context'));
    }
  }
  if (!json) {
    throw refuse('unsupported-media-type', 'This server reads application/fhir+json.');
  }
  const parsed = tryParse(body);
  if (parsed === undefined || typeof parsed !== 'object' || parsed === null) {
    throw refuse('invalid', 'The body is not a JSON object.');
  }
  return parsed;
}

/** https://hl7.org/fhir/R4/binary.html#rest: any content, held as it came. */
function rawBinary(path: string, contentType: string, body: Uint8Array, context: string | null): Binary {
  const id = path.split('/')[1];
  return {
    resourceType: 'Binary',
    ...(id ? { id } : undefined),
    contentType: contentType || 'application/octet-stream',
    ...(context ? { securityContext: { reference: context } } : undefined),
    ...(body.length > 0 ? { data: Buffer.from(body).toString('base64') } : undefined),
  };
}

function tryParse(body: Uint8Array): unknown {
  try {
    return JSON.parse(decode(body));
  } catch {
    return undefined;
  }
}

function decode(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function wantsFhir({ headers, path }: HttpRequest): boolean {
  const format = new URLSearchParams(path.split('?')[1] ?? '').get('_format');
  return /fhir\+json|^json$/.test(format ?? '') || /application\/(fhir\+)?json/.test(headers.get('accept') ?? '');
}

function acceptable(wanted: string, asked: boolean, path: string): void {
  const binary = path.startsWith('Binary/');
  if (wanted === '' || /json|\*\/\*|application\/\*/.test(wanted) || (binary && !asked)) {
    return;
  }
  throw refuse('not-acceptable', 'This server answers application/fhir+json.');
}
