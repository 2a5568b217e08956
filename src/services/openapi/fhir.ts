import { headers, pathParameter } from './parts.ts';

const fhir = { 'application/fhir+json': { schema: { type: 'object' } } } as const;
const type = pathParameter('type', 'Resource type.', { type: 'string', pattern: '^[A-Z][A-Za-z]+$' });
const id = pathParameter('id', 'Id.', { type: 'string', pattern: '^[A-Za-z0-9.-]{1,64}$' });
const version = pathParameter('version', 'Version.');

function does(summary: string, methods: Readonly<Record<string, string>>, parameters: readonly object[] = []) {
  const operations = Object.entries(methods).map(([method, operationId]) => [
    method,
    {
      operationId,
      summary: `${summary} (${method.toUpperCase()})`,
      tags: ['Embedded FHIR server'],
      security: [],
      ...(method === 'post' || method === 'put' || method === 'patch' ? { requestBody: { content: fhir } } : {}),
      responses: {
        '2XX': { description: 'As FHIR R4 has it.', content: fhir, headers },
        default: { description: 'OperationOutcome.', content: fhir, headers },
      },
    },
  ]);
  return { ...(parameters.length === 0 ? {} : { parameters }), ...Object.fromEntries(operations) };
}

/** The embedded FHIR R4 server, where it is used: FHIR describes itself at `/metadata`, this only says where it is. */
export const fhirPaths = {
  '/fhir/R4': does('Batch and transaction', { post: 'fhirBatch' }),
  '/fhir/R4/metadata': does('CapabilityStatement', { get: 'fhirMetadata' }),
  '/fhir/R4/_history': does('History of all', { get: 'fhirHistory' }),
  '/fhir/R4/{type}': does(
    'Search, create, and conditional update and delete',
    {
      get: 'fhirSearch',
      post: 'fhirCreate',
      put: 'fhirUpdateWhere',
      patch: 'fhirPatchWhere',
      delete: 'fhirDeleteWhere',
    },
    [type],
  ),
  '/fhir/R4/{type}/_search': does('Search by form', { post: 'fhirSearchForm' }, [type]),
  '/fhir/R4/{type}/_history': does('History of a type', { get: 'fhirTypeHistory' }, [type]),
  '/fhir/R4/{type}/$validate': does('Validate', { post: 'fhirValidate' }, [type]),
  '/fhir/R4/{type}/{id}': does(
    'Read, update, patch, delete',
    { get: 'fhirRead', put: 'fhirUpdate', patch: 'fhirPatch', delete: 'fhirDelete' },
    [type, id],
  ),
  '/fhir/R4/{type}/{id}/_history': does('History of a resource', { get: 'fhirResourceHistory' }, [type, id]),
  '/fhir/R4/{type}/{id}/_history/{version}': does('Read of a version', { get: 'fhirVersion' }, [type, id, version]),
  '/fhir/R4/{type}/{id}/$validate': does('Validate for a resource', { post: 'fhirValidateFor' }, [type, id]),
  '/fhir/R4/Patient/{id}/$everything': does('All of a patient', { get: 'fhirEverything' }, [id]),
};
