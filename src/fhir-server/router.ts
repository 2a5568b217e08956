import { allOk, created, notModified, type Operation } from '@medplum/core';
import { type FhirRequest, type FhirResponse, FhirRouter, type HttpMethod } from '@medplum/fhir-router';
import type { Binary, Bundle, Parameters, Resource } from '@medplum/fhirtypes';
import { processBundle } from './bundle.ts';
import { capabilityStatement } from './capability.ts';
import { historyBundle, parseHistoryQuery } from './history.ts';
import { everything, validate } from './operations.ts';
import { refuse } from './refusal.ts';
import type { SqliteRepository } from './repository.ts';

type Interaction = (request: FhirRequest, repository: SqliteRepository) => FhirResponse;

/**
 * Medplum's router with the interactions of this server. Its own are taken out: they lose repeated and unknown search
 * parameters while parsing, answer a created PUT like an updated one, and limit transactions.
 */
export function createRouter(): FhirRouter {
  const router = new FhirRouter();
  router.router.routes.splice(0);
  const add = (method: HttpMethod, path: string, name: Parameters_[3], interaction: Interaction) => {
    const handler: Parameters_[2] = async (request, repository) => {
      const own = repository as SqliteRepository;
      return own.exclusive(() => interaction(request, own));
    };
    router.add(method, path, handler, name);
  };

  add('GET', 'metadata', 'operation', (_request, { parts }) => [allOk, capabilityStatement(parts)]);
  add('GET', ':type', 'search-type', (request, repository) => search(request, repository, queryOf(request)));
  add('POST', ':type/_search', 'search-type', (request, repository) =>
    search(request, repository, [...queryOf(request), ...(request.body as URLSearchParams)]),
  );
  add('GET', ':type/:id', 'read', read);
  add('GET', ':type/:id/_history/:vid', 'vread', ({ params }, { parts }) => [
    allOk,
    parts.store.readVersion(params.type!, params.id!, params.vid!),
  ]);
  add('GET', ':type/:id/_history', 'history-instance', history);
  add('GET', ':type/_history', 'history-type', history);
  add('GET', '_history', 'history-system', history);
  add('POST', ':type', 'create', create);
  add('PUT', ':type/:id', 'update', update);
  add('PUT', ':type', 'update', updateConditionally);
  add('PATCH', ':type/:id', 'patch', ({ params, body, headers }, repository) => [
    allOk,
    repository.patch(params.type!, params.id!, patchOf(body), ifMatch(headers)),
  ]);
  add('PATCH', ':type', 'patch', (request, repository) => {
    const found = repository.findOne(request.params.type!, queryText(request));
    if (!found) throw refuse('not-found', 'No resource fulfils the condition.');
    return [allOk, repository.patch(found.resourceType, found.id, patchOf(request.body), ifMatch(request.headers))];
  });
  add('DELETE', ':type/:id', 'delete', ({ params, headers }, { parts }) => {
    held(params.type!, parts.catalog.types);
    parts.store.remove(params.type!, params.id!, ifMatch(headers));
    return [allOk];
  });
  add('DELETE', ':type', 'delete', (request, repository) => {
    const found = repository.findOne(request.params.type!, queryText(request));
    if (found) repository.parts.store.remove(found.resourceType, found.id, ifMatch(request.headers));
    return [allOk];
  });
  add('POST', ':type/$validate', 'operation', (request, { parts }) => [allOk, validate(parts, request)]);
  add('POST', ':type/:id/$validate', 'operation', (request, { parts }) => [allOk, validate(parts, request)]);
  add('GET', 'Patient/:id/$everything', 'operation', (request, { parts }) => [
    allOk,
    everything(parts, request.params.id!, new URLSearchParams(queryText(request))),
  ]);
  router.add(
    'POST',
    '',
    async (request, repository) => [
      allOk,
      await processBundle(router, repository as SqliteRepository, request.body as Bundle),
    ],
    'transaction',
  );
  return router;
}

type Parameters_ = globalThis.Parameters<FhirRouter['add']>;

function read({ params, headers }: FhirRequest, { parts }: SqliteRepository): FhirResponse {
  held(params.type!, parts.catalog.types);
  const resource = parts.store.read(params.type!, params.id!);
  const known = headers?.['if-none-match'];
  const since = headers?.['if-modified-since'];
  const unchanged =
    known !== undefined
      ? known === `W/"${resource.meta.versionId}"`
      : since !== undefined && Date.parse(resource.meta.lastUpdated) < Date.parse(since) + 1000;
  return unchanged ? [notModified] : [allOk, resource];
}

function search(
  { params }: FhirRequest,
  repository: SqliteRepository,
  pairs: Iterable<readonly [string, string]>,
): FhirResponse {
  held(params.type!, repository.parts.catalog.types);
  return [allOk, repository.parts.search.page(repository.query(params.type!, pairs))];
}

function history(request: FhirRequest, { parts }: SqliteRepository): FhirResponse {
  const { type, id } = request.params;
  if (type !== undefined) held(type, parts.catalog.types);
  const parameters = new URLSearchParams(queryText(request));
  return [allOk, historyBundle(parts, parseHistoryQuery(parameters, type, id), parameters)];
}

function create({ params, body, headers }: FhirRequest, repository: SqliteRepository): FhirResponse {
  const resource = ofType(body, params.type!);
  const condition = headers?.['if-none-exist'];
  if (condition !== undefined) {
    const found = repository.findOne(params.type!, String(condition).replace(/^[^=]*\?/, ''));
    if (found) {
      return [allOk, found];
    }
  }
  // the client's id has no meaning on a create
  const { id: _id, ...rest } = resource;
  return [created, repository.create(rest as Resource)];
}

function update({ params, body, headers }: FhirRequest, repository: SqliteRepository): FhirResponse {
  const resource = ofType(body, params.type!);
  if (resource.id !== undefined && resource.id !== params.id) {
    throw refuse('invalid', 'The id in the resource is not the id in the URL.');
  }
  const written = repository.update({ ...resource, id: params.id! }, ifMatch(headers));
  return [written.created ? created : allOk, written.resource];
}

/** https://hl7.org/fhir/R4/http.html#cond-update */
function updateConditionally(request: FhirRequest, repository: SqliteRepository): FhirResponse {
  const resource = ofType(request.body, request.params.type!);
  const found = repository.findOne(request.params.type!, queryText(request));
  if (found && resource.id !== undefined && resource.id !== found.id) {
    throw refuse('invalid', 'The id in the resource is not that of the resource which fulfils the condition.');
  }
  if (!found && resource.id === undefined) {
    return [created, repository.create(resource)];
  }
  const written = repository.update({ ...resource, id: found?.id ?? resource.id! }, ifMatch(request.headers));
  return [written.created ? created : allOk, written.resource];
}

function ofType(body: unknown, type: string): Resource {
  const resource = body as Resource | undefined;
  if (typeof resource !== 'object' || resource === null || resource.resourceType !== type) {
    throw refuse('invalid', `The body is not a ${type} resource.`);
  }
  return resource;
}

function patchOf(body: unknown): Operation[] | Parameters {
  if (Array.isArray(body) || (body as Resource | undefined)?.resourceType === 'Parameters') {
    return body as Operation[] | Parameters;
  }
  if ((body as Resource | undefined)?.resourceType === 'Binary') {
    // how a Bundle carries a JSON Patch
    return patchOf(JSON.parse(Buffer.from((body as Binary).data ?? '', 'base64').toString('utf8')));
  }
  throw refuse('invalid', 'A patch is a JSON Patch array or a FHIRPath Patch Parameters resource.');
}

function held(type: string, types: readonly string[]): void {
  if (!types.includes(type)) {
    throw refuse('not-found', `${type} is not a resource type of this server.`);
  }
}

function ifMatch(headers: FhirRequest['headers']): string | undefined {
  const value = headers?.['if-match'];
  return value === undefined ? undefined : (/"([^"]*)"/.exec(value)?.[1] ?? value);
}

function queryText({ url }: FhirRequest): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

function queryOf(request: FhirRequest): URLSearchParams {
  return new URLSearchParams(queryText(request));
}
