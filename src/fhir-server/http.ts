import { OperationOutcomeError } from '@medplum/core';
import type { FhirRequest, FhirRouter, HttpMethod } from '@medplum/fhir-router';
import type { Resource } from '@medplum/fhirtypes';
import { answerOutcome, answerResource, type HttpAnswer } from './http-answer.ts';
import { bodyOf } from './http-body.ts';
import { outcomeOfError, refuse } from './refusal.ts';
import type { SqliteRepository } from './repository.ts';

export interface HttpRequest {
  readonly method: string;
  /** Below the base, without leading slash: `Patient/1`, `Observation?code=x`. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
  /** Whether its writer vouches for the form of what it writes: only this process can say so. */
  readonly checked?: boolean;
}

/** One request in, one answer out; never throws. */
export async function answer(
  router: FhirRouter,
  repository: SqliteRepository,
  request: HttpRequest,
): Promise<HttpAnswer> {
  try {
    return await dispatch(router, request.checked ? repository.unchecked() : repository, request);
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) {
      repository.parts.onError?.(error);
    }
    return answerOutcome(outcomeOfError(error));
  }
}

async function dispatch(router: FhirRouter, repository: SqliteRepository, request: HttpRequest): Promise<HttpAnswer> {
  const { maxBodyBytes, base } = repository.parts;
  if (request.body.length > maxBodyBytes) {
    throw refuse('content-too-large', 'The body is larger than this server takes.');
  }
  const [encoded = '', query = ''] = request.path.split(/\?(.*)/s);
  const path = decodePath(encoded);
  const parameters = new URLSearchParams(query);
  checkAcceptable(parameters.get('_format'), request.headers.get('accept') ?? '', path);
  const method = request.method === 'HEAD' ? 'GET' : request.method;
  const route = router.find(method as HttpMethod, path);
  if (!route) {
    const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
    throw others.some((other) => router.find(other, path))
      ? refuse('method-not-allowed', `${request.method} is not possible here.`)
      : refuse('not-found', 'There is nothing at this address.');
  }
  const { body, raw } = bodyOf(method, path, request.headers, request.body);
  const fhirRequest: FhirRequest = {
    method: method as HttpMethod,
    url: query === '' ? path : `${path}?${query}`,
    pathname: route.path,
    params: route.params,
    query: {},
    body,
    headers: Object.fromEntries(request.headers),
  };
  const [outcome, resource] = await route.handler(fhirRequest, repository, router);
  const interaction = route.data?.interaction ?? '';
  const writes = ['create', 'update', 'patch'].includes(interaction);
  const format = parameters.get('_format') ?? '';
  return answerResource(outcome, resource, {
    base,
    head: request.method === 'HEAD',
    preference: writes || isDone(resource) ? preferred(request.headers) : undefined,
    locate: writes,
    native: method === 'GET' && interaction === 'read' && !/json/.test(format || (request.headers.get('accept') ?? '')),
    withoutData: raw,
    pretty: parameters.get('_pretty') === 'true',
  });
}

/** A transaction that was done was done as a whole; in a batch each entry may have failed on its own. */
function isDone(resource: Resource | undefined): boolean {
  return resource?.resourceType === 'Bundle' && resource.type === 'transaction-response';
}

function preferred(headers: Headers): string | undefined {
  return /return=(\w+)/.exec(headers.get('prefer') ?? '')?.[1];
}

/** `%24validate` is `$validate`; what cannot be decoded names nothing. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw refuse('not-found', 'There is nothing at this address.');
  }
}

function checkAcceptable(format: string | null, accept: string, path: string): void {
  const wanted = format ?? accept;
  const native = path.startsWith('Binary/') && format === null;
  if (wanted !== '' && !native && !/json|\*\/\*|application\/\*/.test(wanted)) {
    throw refuse('not-acceptable', 'This server answers application/fhir+json.');
  }
}
