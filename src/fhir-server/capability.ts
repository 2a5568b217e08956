import type { CapabilityStatement, CapabilityStatementRestResource } from '@medplum/fhirtypes';
import type { Parts } from './parts.ts';

/** What this server does, and no more. */
export function capabilityStatement({ base, catalog, clock, subscribes }: Parts): CapabilityStatement {
  const resource = catalog.types.map((type): CapabilityStatementRestResource => {
    const parameters = [...catalog.parameters(type).values()];
    return {
      type,
      interaction: (
        [
          'read',
          'vread',
          'update',
          'patch',
          'delete',
          'history-instance',
          'history-type',
          'create',
          'search-type',
        ] as const
      ).map((code) => ({ code })),
      versioning: 'versioned-update',
      readHistory: true,
      updateCreate: true,
      conditionalCreate: true,
      conditionalRead: 'full-support',
      conditionalUpdate: true,
      conditionalDelete: 'single',
      referencePolicy: ['literal', 'logical', 'local'],
      searchInclude: parameters.filter(({ kind }) => kind === 'reference').map(({ code }) => `${type}:${code}`),
      searchParam: [
        { name: '_id', type: 'token' as const },
        { name: '_lastUpdated', type: 'date' as const },
        ...parameters
          .filter(({ code }) => code !== '_id' && code !== '_lastUpdated')
          .map(({ code, kind, url }) => ({ name: code, type: kind, ...(url ? { definition: url } : undefined) })),
      ],
      operation: [
        { name: 'validate', definition: 'http://hl7.org/fhir/OperationDefinition/Resource-validate' },
        ...(type === 'Patient'
          ? [{ name: 'everything', definition: 'http://hl7.org/fhir/OperationDefinition/Patient-everything' }]
          : []),
      ],
    };
  });
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: clock().toISOString(),
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    patchFormat: ['application/json-patch+json', 'application/fhir+json'],
    software: { name: 'Interval embedded FHIR server' },
    implementation: {
      description: 'Embedded server for demonstration, tests and small sites: one process, SQLite, no access control.',
      url: base,
    },
    rest: [
      {
        mode: 'server',
        documentation:
          'Base R4 structure and invariants are checked on write, terminology bindings are not. References need not ' +
          'resolve. Dates without a zone are read as UTC. No XML, no system-wide search, no terminology modifiers. ' +
          (subscribes
            ? 'Subscriptions: rest-hook, to this machine and the address of the service only.'
            : 'Subscriptions are stored, not delivered.'),
        resource,
        interaction: [{ code: 'transaction' }, { code: 'batch' }, { code: 'history-system' }],
      },
    ],
  };
}
